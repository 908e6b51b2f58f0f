package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// account is the box about who is logged in: how the registration stands, on which
// other devices the address rings, and the way out.
type account struct {
	app.Compo
	Screen       *Screen
	T            texts
	Account      phone.Account
	Registration phone.Registration
	Link         phone.LinkState
}

// Render draws the box while somebody is logged in.
func (a *account) Render() app.UI {
	return app.Div().Body(app.If(a.Account.LoggedIn, func() app.UI {
		return app.Div().Class("account").Body(
			app.P().Class("quiet").Text(a.T.T("label_account")),
			app.P().Class("account-address").Body(
				app.Elem("bdi").Text(peerAddress(phone.Peer{URI: a.Account.AOR})),
			),
			app.P().Class("quiet").DataSet("registration", string(a.Registration.State)).
				Text(a.T.T(registrationKey(a.Registration))),
			app.Div().Body(app.If(a.Registration.Cause != nil, a.cause)),
			app.Div().Body(app.If(len(a.Registration.Others) > 0, a.devices)),
			app.Div().Class("account-actions").Body(
				app.If(a.Screen.deps.UserControl, a.control),
				app.Button().Type("button").Class("wide", "secondary").DataSet("action", "logout").
					OnClick(a.logout).Body(icon("log-out"), app.Span().Text(a.T.T("action_logout"))),
			),
		)
	}))
}

// cause is what the server said, for whoever asks.
func (a *account) cause() app.UI {
	c := a.Registration.Cause
	said := printable(c.Reason)
	if c.Code > 0 {
		said = strconv.Itoa(c.Code) + " " + said
	}
	return app.Details().Class("account-details").Body(
		app.Summary().Text(a.T.T("label_details")),
		app.P().Class("quiet").Body(app.Elem("bdi").Text(said)),
		app.P().Class("quiet").Body(app.Elem("bdi").Text(printable(a.Registration.Server))),
	)
}

// control is the button to register or to unregister. Nothing can be asked for while
// the registrar is being asked; one that cannot be reached can be given up.
func (a *account) control() app.UI {
	action, symbol := "register", "phone"
	if a.unregisters() {
		action, symbol = "unregister", "phone-off"
	}
	return app.Button().Type("button").Class("wide", "secondary").DataSet("action", action).
		Disabled(a.Registration.State == phone.Registering && a.Link == phone.LinkUp).
		OnClick(a.register).Body(icon(symbol), app.Span().Text(a.T.T("action_"+action)))
}

func (a *account) unregisters() bool {
	return a.Registration.State == phone.Registered ||
		a.Registration.State == phone.Registering && a.Link != phone.LinkUp
}

func (a *account) register(app.Context, app.Event) {
	if a.unregisters() {
		a.Screen.told(a.Screen.deps.Phone.Unregister())
		return
	}
	a.Screen.told(a.Screen.deps.Phone.Register())
}

func (a *account) logout(app.Context, app.Event) { a.Screen.deps.Phone.Logout() }

// devices is what the registrar says of the others.
func (a *account) devices() app.UI {
	others := a.Registration.Others
	return app.Div().Class("account-devices").DataSet("region", "devices").Body(
		app.P().Text(a.T.N("state_devices", len(others))),
		app.Ul().Body(app.Range(others).Slice(func(i int) app.UI {
			return &device{T: a.T, Index: i, Device: others[i]}
		})),
	)
}

// device is one of them.
type device struct {
	app.Compo
	T      texts
	Index  int
	Device phone.Device
}

// CompoID keeps the rows apart.
func (d *device) CompoID() string { return strconv.Itoa(d.Index) + d.Device.Contact }

// Render draws where it is called, and how long it is registered for.
func (d *device) Render() app.UI {
	name := printable(d.Device.Name)
	return app.Li().DataSet("id", d.Device.Contact).Body(
		app.If(name != "", func() app.UI { return app.Elem("bdi").Class("row-name").Text(name) }),
		app.Elem("bdi").Text(printable(d.Device.Contact)),
		app.Span().Class("quiet").Text(d.T.T("label_until", "Time", d.Device.Until.Local().Format("15:04"))),
	)
}
