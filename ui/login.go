package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

const (
	displayNameID = "display-name"
	passwordID    = "password"
	loginHintID   = "login-hint"
)

// login asks who is there. It stays in the page while somebody is logged in, so that
// whoever mistyped a password finds the rest as it was.
type login struct {
	app.Compo
	Screen *Screen
	T      texts
	Demo   Demo
	Shown  bool

	hint Hint // what is wrong with what was typed
}

// Render draws the form.
func (l *login) Render() app.UI {
	return app.Section().ID(loginID).Class("panel", "login").
		DataSet("region", "login").
		Aria("labelledby", "login-title").
		TabIndex(-1).
		Hidden(!l.Shown).
		Body(
			app.H2().ID("login-title").Text(l.T.T("label_login")),
			app.Form().Attr("novalidate", "true").OnSubmit(l.submit).Body(
				l.field(sipAddressID, "label_sip_address", app.Input().Type("text").
					Attr("autocomplete", "username").Attr("inputmode", "email").
					Placeholder(l.T.T("hint_sip_address")).Value(plainURI(l.Screen.deps.User.URI))),
				l.field(passwordID, "label_password", app.Input().Type("password").
					Attr("autocomplete", "current-password")),
				l.field(displayNameID, "label_display_name", app.Input().Type("text").
					Attr("autocomplete", "name").Value(l.Screen.deps.User.DisplayName)),
				app.P().ID(loginHintID).Class("hint", "hint-bad").Role("alert").Text(l.T.hint(l.hint)),
				app.Button().Type("submit").Class("wide", "primary").DataSet("action", "login").Body(
					icon("log-in"), app.Span().Text(l.T.T("action_login")),
				),
			),
			app.If(len(l.Demo.Names) > 0, func() app.UI {
				return app.Div().Class("demo").Body(
					app.P().Class("quiet").Text(l.T.T("label_demo_accounts")),
					app.Div().Class("demo-names").Body(app.Range(l.Demo.Names).Slice(func(i int) app.UI {
						return &demoAccount{Login: l.login, Domain: l.Demo.Domain, Name: l.Demo.Names[i]}
					})),
				)
			}),
		)
}

// demoAccount is a button that logs an account for trying out in.
type demoAccount struct {
	app.Compo
	Login        func(phone.Login)
	Domain, Name string
}

// CompoID keeps the buttons apart.
func (d *demoAccount) CompoID() string { return d.Name }

// Render draws the button.
func (d *demoAccount) Render() app.UI {
	return app.Button().Type("button").Class("secondary").
		DataSet("action", "login-demo").DataSet("id", d.Name).
		OnClick(d.click).Body(app.Span().Text(d.Name))
}

func (d *demoAccount) click(app.Context, app.Event) {
	d.Login(phone.Login{URI: "sip:" + d.Name + "@" + d.Domain, Password: d.Name})
}

// field is an input with its label. What is typed stays in the page: nothing here
// holds it.
func (l *login) field(id, label string, input app.HTMLInput) app.UI {
	return app.Div().Class("field").Body(
		app.Label().For(id).Text(l.T.T(label)),
		input.ID(id).Name(id).DataSet("input", id).Dir("auto").
			Attr("autocapitalize", "none").Attr("spellcheck", "false"),
	)
}

func (l *login) submit(_ app.Context, e app.Event) {
	e.PreventDefault()
	who := phone.Login{
		URI:         strings.TrimSpace(dom.Value(sipAddressID)),
		Password:    dom.Value(passwordID),
		DisplayName: strings.TrimSpace(dom.Value(displayNameID)),
	}
	if user := l.Screen.deps.User; plainURI(user.URI) == plainURI(who.URI) {
		who.AuthUser = user.AuthUser
	}
	l.hint = Hint{}
	switch {
	case who.URI == "":
		l.hint = Hint{Key: "error_login_address", Bad: true}
		dom.Focus(sipAddressID)
	case who.Password == "":
		l.hint = Hint{Key: "error_login_password", Bad: true}
		dom.Focus(passwordID)
	default:
		l.login(who)
	}
}

func (l *login) login(who phone.Login) {
	if err := l.Screen.deps.Phone.Login(who); err != nil {
		notice := phone.Explain(err)
		l.hint = Hint{Key: notice.Code, Params: notice.Params}
		dom.Focus(sipAddressID)
	}
}

// plainURI is an address as people write it, without its scheme.
func plainURI(uri string) string { return strings.TrimPrefix(uri, "sip:") }
