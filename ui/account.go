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
	return tag("div", "", app.If(a.Account.LoggedIn, func() app.UI {
		return tag("div", "class=account",
			text("p", "class=quiet", a.T.T("label_account")),
			tag("p", "class=account-address", text("bdi", "", peerAddress(phone.Peer{URI: a.Account.AOR}))),
			text("p", "class=quiet|data-registration="+string(a.Registration.State), a.T.T(registrationKey(a.Registration))),
			tag("div", "", app.If(a.Registration.Cause != nil, a.cause)),
			tag("div", "", app.If(len(a.Registration.Others) > 0, a.devices)),
			tag("div", "class=account-actions",
				app.If(a.Screen.deps.UserControl, a.control),
				control("logout", "wide secondary", "log-out", a.T.T("action_logout"), true, a.logout),
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
	return tag("details", "class=account-details",
		text("summary", "", a.T.T("label_details")),
		tag("p", "class=quiet", text("bdi", "", said)),
		tag("p", "class=quiet", text("bdi", "", printable(a.Registration.Server))),
	)
}

// control is the button to register or to unregister. Nothing can be asked for while
// the registrar is being asked; one that cannot be reached can be given up.
func (a *account) control() app.UI {
	action, symbol := "register", "phone"
	if a.unregisters() {
		action, symbol = "unregister", "phone-off"
	}
	return control(action, "wide secondary", symbol, a.T.T("action_"+action), true, a.register).
		Attr("disabled", a.Registration.State == phone.Registering && a.Link == phone.LinkUp)
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
	return tag("div", "class=account-devices|data-region=devices",
		text("p", "", a.T.N("state_devices", len(others))),
		tag("ul", "", app.Range(others).Slice(func(i int) app.UI {
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
	return tag("li", "",
		app.If(name != "", func() app.UI { return text("bdi", "class=row-name", name) }),
		text("bdi", "", printable(d.Device.Contact)),
		text("span", "class=quiet", d.T.T("label_until", "Time", d.Device.Until.Local().Format("15:04"))),
	).Attr("data-id", d.Device.Contact)
}
