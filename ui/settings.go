package ui

import (
	"cmp"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// themeKey is where the page remembers the theme; the loader reads it too.
const themeKey = "gocommunicator.theme"

// settings are the few things to choose for now, and the way out.
type settings struct {
	app.Compo
	Screen       *Screen
	T            texts
	Account      phone.Account
	Registration phone.Registration
	Link         phone.LinkState
	Locating     bool
	DND          bool
	Sounds       sounds
	InCall       bool
	Configured   int
}

// Render draws the choices, each of which takes effect at once, and the way to the pages.
func (s *settings) Render() app.UI {
	body := []app.UI{text("h2", "id=settings-title|class=panel-title", s.T.T("label_settings"))}
	if s.Screen.deps.has(panelSettings) {
		body = append(body, s.choices()...)
	}
	return tag("section", "class=panel settings|data-region=settings|aria-labelledby=settings-title", append(body,
		tag("div", "class=pages",
			s.pageLink(PageShare, "label_share", "share-2", s.openShare),
			s.pageLink(PageCheck, "label_check", "stethoscope", s.openCheck),
			s.pageLink(PageDesktop, "label_desktop", "bell", s.openDesktop),
			s.pageLink(PageDevices, "label_devices", "headphones", s.openDevices),
			s.pageLink(PageShortcuts, "label_shortcuts", "keyboard", s.openShortcuts),
			s.pageLink(PageHelp, "label_help", "circle-question-mark", s.openHelp),
			s.pageLink(PageTrace, "label_trace", "scroll-text", s.openTrace),
		),
	)...)
}

func (s *settings) choices() []app.UI {
	return []app.UI{
		&account{Screen: s.Screen, T: s.T, Account: s.Account, Registration: s.Registration, Link: s.Link},
		tag("div", "", app.If(s.Screen.deps.Own != nil, func() app.UI {
			return &own{Screen: s.Screen, T: s.T, InCall: s.InCall, Edition: s.Configured}
		})),
		tag("div", "class=field",
			text("label", "for=language", s.T.T("action_language")),
			tag("select", "id=language|data-action=language", app.Range(s.Screen.deps.Languages).Slice(s.language)).
				OnChange(s.setLanguage),
		).Hidden(len(s.Screen.deps.Languages) < 2),
		tag("div", "class=field",
			text("label", "for=theme", s.T.T("label_theme")),
			tag("select", "id=theme|data-action=theme", app.Range(themes).Slice(s.theme)).OnChange(s.setTheme),
		),
		&callSettings{Screen: s.Screen, T: s.T, DND: s.DND, Edition: s.Configured},
		s.sounds(),
		tag("div", "", app.If(s.Account.LoggedIn, s.location)),
	}
}

func (s *settings) language(i int) app.UI {
	l := s.Screen.deps.Languages[i]
	return text("option", "value="+l.Tag+"|lang="+l.Tag, l.Name).Attr("selected", l.Tag == s.T.Lang())
}

// themes are the values of data-theme; the first follows the system.
var themes = []string{"system", "light", "dark", "contrast"}

// theme is that which holds.
func (s *Screen) theme() string { return cmp.Or(dom.Recall(themeKey), s.deps.Theme, themes[0]) }

func (s *settings) theme(i int) app.UI {
	return text("option", "value="+themes[i], s.T.T("label_theme_"+themes[i])).Attr("selected", themes[i] == s.Screen.theme())
}

func (s *settings) openDesktop(app.Context, app.Event) { s.Screen.openPage(PageDesktop) }
func (s *settings) openDevices(app.Context, app.Event) { s.Screen.openPage(PageDevices) }

func (s *settings) openShortcuts(app.Context, app.Event) { s.Screen.openPage(PageShortcuts) }

func (s *settings) openShare(app.Context, app.Event) { s.Screen.openPage(PageShare) }

func (s *settings) openCheck(app.Context, app.Event) { s.Screen.openPage(PageCheck) }

func (s *settings) openHelp(app.Context, app.Event)  { s.Screen.openPage(PageHelp) }
func (s *settings) openTrace(app.Context, app.Event) { s.Screen.openPage(PageTrace) }

func (s *settings) setLanguage(ctx app.Context, _ app.Event) {
	s.Screen.deps.SetLanguage(ctx.JSSrc().Get("value").String())
}

func (s *settings) setTheme(ctx app.Context, _ app.Event) {
	theme := ctx.JSSrc().Get("value").String()
	dom.Remember(themeKey, theme)
	dom.Theme(theme)
}
