package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

const (
	displayNameID        = "display-name"
	passwordID           = "password"
	rememberID           = "remember"
	rememberCredentialID = "remember-credential"
)

// login asks who is there. It stays in the page while somebody is logged in, so that
// whoever mistyped a password finds the rest as it was.
type login struct {
	app.Compo
	Screen *Screen
	T      texts
	Demo   Demo
	Shown  bool
	// Remember says that name and address are remembered.
	Remember bool

	hint Hint   // what is wrong with what was typed
	at   string // the field it was typed in
}

// Render draws the form. Enter goes from field to field and at the last one logs in.
func (l *login) Render() app.UI {
	user := l.Screen.deps.User
	return app.Section().ID(loginID).Class("panel", "login").
		DataSet("region", "login").
		Aria("labelledby", "login-title").
		TabIndex(-1).
		Hidden(!l.Shown).
		Body(
			app.H2().ID("login-title").Text(l.T.T("label_login")),
			app.Form().Attr("novalidate", "true").OnSubmit(l.submit).Body(
				l.field(displayNameID, "label_display_name", app.Input().Type("text").
					Attr("autocomplete", "name").Value(user.DisplayName)),
				l.field(sipAddressID, "label_sip_address", app.Input().Type("text").
					Attr("autocomplete", "username").Attr("inputmode", "email").
					Placeholder(l.T.T("hint_sip_address")).Value(plainURI(user.URI))),
				l.field(passwordID, "label_password", app.Input().Type("password").
					Attr("autocomplete", "current-password")),
				app.Div().Class("remember").Body(
					tick(rememberID, l.T.T("label_remember"), app.Input().Checked(l.Remember).OnChange(l.remember)),
					app.Div().Hidden(!l.Screen.deps.StayLoggedIn).Body(
						tick(rememberCredentialID, l.T.T("label_remember_credential"), app.Input().
							Disabled(!l.Remember).Aria("describedby", rememberCredentialID+"-hint").OnChange(l.rememberCredential)),
						app.P().ID(rememberCredentialID+"-hint").Class("quiet").Text(l.T.T("hint_remember_credential")),
					),
				),
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
	Login        func(phone.Login) error
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
	_ = d.Login(phone.Login{URI: "sip:" + d.Name + "@" + d.Domain, Password: d.Name})
}

// field is an input with its label, and what is wrong with it. What is typed stays in
// the page: nothing here holds it.
func (l *login) field(id, label string, input app.HTMLInput) app.UI {
	wrong := ""
	if l.at == id {
		wrong = l.T.hint(l.hint)
	}
	return app.Div().Class("field").Body(
		app.Label().For(id).Text(l.T.T(label)),
		input.ID(id).Name(id).DataSet("input", id).Dir("auto").
			Aria("describedby", id+"-hint").Aria("invalid", wrong != "").
			Attr("autocapitalize", "none").Attr("spellcheck", "false"),
		app.P().ID(id+"-hint").Class("hint", "hint-bad").Role("alert").Text(wrong),
	)
}

// submit comes of Enter in a field as well as of the button: then there is the next
// field first.
func (l *login) submit(_ app.Context, e app.Event) {
	e.PreventDefault()
	switch dom.Focused() {
	case displayNameID:
		dom.Focus(sipAddressID)
		return
	case sipAddressID:
		dom.Focus(passwordID)
		return
	}
	who := phone.Login{
		URI:         strings.TrimSpace(dom.Value(sipAddressID)),
		Password:    dom.Value(passwordID),
		DisplayName: strings.TrimSpace(dom.Value(displayNameID)),
		Remember:    l.Remember && dom.Checked(rememberCredentialID),
	}
	if user := l.Screen.deps.User; plainURI(user.URI) == plainURI(who.URI) {
		who.AuthUser = user.AuthUser
	}
	l.hint = Hint{}
	switch {
	case who.URI == "":
		l.wrong(sipAddressID, Hint{Key: "error_login_address", Bad: true})
	case who.Password == "":
		l.wrong(passwordID, Hint{Key: "error_login_password", Bad: true})
	default:
		if l.login(who) == nil && l.Remember {
			dom.Remember(rememberedAddress, plainURI(who.URI))
			dom.Remember(rememberedName, who.DisplayName)
		}
	}
}

func (l *login) login(who phone.Login) error {
	err := l.Screen.deps.Phone.Login(who)
	if err != nil {
		notice := phone.Explain(err)
		l.wrong(sipAddressID, Hint{Key: notice.Code, Params: notice.Params})
	}
	return err
}

// wrong says what is wrong with a field, and goes there.
func (l *login) wrong(field string, h Hint) {
	l.at, l.hint = field, h
	dom.Focus(field)
}

// plainURI is an address as people write it, without its scheme.
func plainURI(uri string) string { return strings.TrimPrefix(uri, "sip:") }
