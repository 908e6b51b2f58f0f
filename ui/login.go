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
	return tag("section", "id="+loginID+"|class=panel login|data-region=login|aria-labelledby=login-title|tabindex=-1",
		text("h2", "id=login-title", l.T.T("label_login")),
		tag("form", "novalidate=true",
			l.field(displayNameID, "label_display_name", "type=text|autocomplete=name", user.DisplayName, ""),
			l.field(sipAddressID, "label_sip_address", "type=text|autocomplete=username|inputmode=email",
				plainURI(user.URI), l.T.T("hint_sip_address")),
			l.field(passwordID, "label_password", "type=password|autocomplete=current-password", "", ""),
			tag("div", "class=remember",
				tick("class=tick", l.T.T("label_remember"),
					tag("input", inputOf(rememberID)).Attr("checked", l.Remember).OnChange(l.remember)),
				tag("div", "",
					tick("class=tick", l.T.T("label_remember_credential"),
						tag("input", inputOf(rememberCredentialID)+"|aria-describedby="+rememberCredentialID+"-hint").
							Attr("disabled", !l.Remember).OnChange(l.rememberCredential)),
					text("p", "id="+rememberCredentialID+"-hint|class=quiet", l.T.T("hint_remember_credential")),
				).Hidden(!l.Screen.deps.StayLoggedIn),
			),
			tag("button", "type=submit|class=wide primary|data-action=login",
				icon("log-in"), text("span", "", l.T.T("action_login"))),
		).OnSubmit(l.submit),
		tag("div", "class=demo", control("guest", "wide secondary", "user", l.T.T("action_guest"), true, l.Screen.enter)).
			Hidden(!l.Screen.deps.Guests),
		app.If(len(l.Demo.Names) > 0, func() app.UI {
			return tag("div", "class=demo",
				text("p", "class=quiet", l.T.T("label_demo_accounts")),
				tag("div", "class=demo-names", app.Range(l.Demo.Names).Slice(func(i int) app.UI {
					return &demoAccount{Login: l.login, Domain: l.Demo.Domain, Name: l.Demo.Names[i]}
				})),
			)
		}),
	).Hidden(!l.Shown)
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
	return control("login-demo", "secondary", "", d.Name, true, d.click).Attr("data-id", d.Name)
}

func (d *demoAccount) click(app.Context, app.Event) {
	_ = d.Login(phone.Login{URI: "sip:" + d.Name + "@" + d.Domain, Password: d.Name})
}

// field is a field of the form with what it begins with, an example where it is empty,
// and what is wrong with it. What is typed stays in the page: nothing here holds it.
func (l *login) field(id, label, attributes, value, example string) app.UI {
	wrong := ""
	if l.at == id {
		wrong = l.T.hint(l.hint)
	}
	return field("class=field", id, l.T.T(label), wrong,
		tag("input", inputOf(id)+"|autocapitalize=none|spellcheck=false|"+attributes).
			Attr("value", value).Attr("placeholder", example))
}

// inputOf are the attributes of an input of the form, by which browsers know it again.
func inputOf(id string) string { return "id=" + id + "|name=" + id + "|data-input=" + id }

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
	case who.Password == "" && (strings.Contains(who.URI, "@") || !strings.Contains(who.URI, ".")):
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

// wrong says what is wrong with a field, in place of what was wrong before, and goes there.
func (l *login) wrong(field string, h Hint) {
	l.at, l.hint = field, h
	l.Screen.change(func(v *View) { v.settled("registration") })
	dom.Focus(field)
}

// plainURI is an address as people write it, without its scheme.
func plainURI(uri string) string { return strings.TrimPrefix(uri, "sip:") }
