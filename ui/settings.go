package ui

import (
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
	Sounds       sounds
	Speakers     []dom.Device
	InCall       bool
	Configured   int
}

// Render draws the choices; each takes effect at once.
func (s *settings) Render() app.UI {
	return app.Section().Class("panel", "settings").DataSet("region", "settings").
		Aria("labelledby", "settings-title").
		Body(
			app.H2().ID("settings-title").Class("panel-title").Text(s.T.T("label_settings")),
			&account{Screen: s.Screen, T: s.T, Account: s.Account, Registration: s.Registration, Link: s.Link},
			app.Div().Body(app.If(s.Screen.deps.Own != nil, func() app.UI {
				return &own{Screen: s.Screen, T: s.T, InCall: s.InCall, Edition: s.Configured}
			})),
			app.Div().Class("field").Hidden(len(s.Screen.deps.Languages) < 2).Body(
				app.Label().For("language").Text(s.T.T("action_language")),
				app.Select().ID("language").DataSet("action", "language").OnChange(s.setLanguage).
					Body(app.Range(s.Screen.deps.Languages).Slice(s.language)),
			),
			app.Div().Class("field").Body(
				app.Label().For("theme").Text(s.T.T("label_theme")),
				app.Select().ID("theme").DataSet("action", "theme").OnChange(s.setTheme).
					Body(app.Range(themes).Slice(s.theme)),
			),
			s.sounds(),
			app.Div().Body(app.If(s.Account.LoggedIn, s.location)),
			app.Div().Class("pages").Body(
				pageLink(s.T, PageHelp, "label_help", "circle-question-mark").OnClick(s.openHelp),
				app.If(s.Screen.deps.Trace, func() app.UI {
					return pageLink(s.T, PageTrace, "label_trace", "scroll-text").OnClick(s.openTrace)
				}),
			),
		)
}

func (s *settings) language(i int) app.UI {
	l := s.Screen.deps.Languages[i]
	return app.Option().Value(l.Tag).Lang(l.Tag).Selected(l.Tag == s.T.Lang()).Text(l.Name)
}

// themes are the values of data-theme; the first follows the system.
var themes = []string{"system", "light", "dark"}

func (s *settings) theme(i int) app.UI {
	chosen := dom.Recall(themeKey)
	return app.Option().Value(themes[i]).
		Selected(themes[i] == chosen || i == 0 && chosen == "").
		Text(s.T.T("label_theme_" + themes[i]))
}

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
