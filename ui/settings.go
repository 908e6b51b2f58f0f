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
}

// Render draws the choices; each takes effect at once.
func (s *settings) Render() app.UI {
	return app.Section().Class("panel", "settings").DataSet("region", "settings").
		Aria("labelledby", "settings-title").
		Body(
			app.H2().ID("settings-title").Class("panel-title").Text(s.T.T("label_settings")),
			app.Div().Body(app.If(s.Account.LoggedIn, s.account)),
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
		)
}

func (s *settings) account() app.UI {
	action, symbol := "register", "phone"
	if s.registered() {
		action, symbol = "unregister", "phone-off"
	}
	return app.Div().Class("account").Body(
		app.P().Class("quiet").Text(s.T.T("label_account")),
		app.P().Class("account-address").Body(
			app.Elem("bdi").Text(peerAddress(phone.Peer{URI: s.Account.AOR})),
		),
		app.P().Class("quiet").DataSet("registration", string(s.Registration.State)).Text(s.T.T(registrationKey(s.Registration))),
		app.Div().Class("account-actions").Body(
			app.If(s.Screen.deps.UserControl, func() app.UI {
				return app.Button().Type("button").Class("wide", "secondary").DataSet("action", action).
					OnClick(s.register).Body(icon(symbol), app.Span().Text(s.T.T("action_"+action)))
			}),
			app.Button().Type("button").Class("wide", "secondary").DataSet("action", "logout").
				OnClick(s.logout).Body(icon("log-out"), app.Span().Text(s.T.T("action_logout"))),
		),
	)
}

func (s *settings) registered() bool { return s.Registration.State == phone.Registered }

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

func (s *settings) register(app.Context, app.Event) {
	if s.registered() {
		s.Screen.told(s.Screen.deps.Phone.Unregister())
		return
	}
	s.Screen.told(s.Screen.deps.Phone.Register())
}

func (s *settings) logout(app.Context, app.Event) { s.Screen.deps.Phone.Logout() }

func (s *settings) setLanguage(ctx app.Context, _ app.Event) {
	s.Screen.deps.SetLanguage(ctx.JSSrc().Get("value").String())
}

func (s *settings) setTheme(ctx app.Context, _ app.Event) {
	theme := ctx.JSSrc().Get("value").String()
	dom.Remember(themeKey, theme)
	dom.Theme(theme)
}
