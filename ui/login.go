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

// login asks who is there.
type login struct {
	app.Compo
	Screen *Screen
	T      texts

	hint Hint // what is wrong with what was typed
}

// Render draws the form.
func (l *login) Render() app.UI {
	return app.Section().ID(loginID).Class("panel", "login").
		DataSet("region", "login").
		Aria("labelledby", "login-title").
		TabIndex(-1).
		Body(
			app.H1().ID("login-title").Text(l.T.T("label_login")),
			app.Form().Attr("novalidate", "true").OnSubmit(l.submit).Body(
				l.field(sipAddressID, "label_sip_address", app.Input().Type("text").
					Attr("autocomplete", "username").Attr("inputmode", "email").
					Placeholder(l.T.T("hint_sip_address"))),
				l.field(passwordID, "label_password", app.Input().Type("password").
					Attr("autocomplete", "current-password")),
				l.field(displayNameID, "label_display_name", app.Input().Type("text").
					Attr("autocomplete", "name")),
				app.P().ID(loginHintID).Class("hint", "hint-bad").Role("alert").Text(l.T.hint(l.hint)),
				app.Button().Type("submit").Class("wide", "primary").DataSet("action", "login").Body(
					icon("log-in"), app.Span().Text(l.T.T("action_login")),
				),
			),
		)
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
	l.hint = Hint{}
	if who.URI == "" {
		l.hint = Hint{Key: "error_address_form", Params: map[string]string{"Address": ""}}
		dom.Focus(sipAddressID)
		return
	}
	if err := l.Screen.deps.Phone.Login(who); err != nil {
		notice := phone.Explain(err)
		l.hint = Hint{Key: notice.Code, Params: notice.Params}
		dom.Focus(sipAddressID)
	}
}
