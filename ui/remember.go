package ui

import (
	"slices"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// What the page remembers of the login form. An address there means that it does.
const (
	rememberedAddress = "gocommunicator.address"
	rememberedName    = "gocommunicator.name"
)

// Remembers reports whether somebody wanted to be remembered in this browser.
func Remembers() bool { return dom.Recall(rememberedAddress) != "" }

// rememberedUser puts whoever is remembered into the login form, unless the settings
// name somebody.
func (s *Screen) rememberedUser() {
	if s.remember = Remembers(); s.remember && s.deps.User.URI == "" {
		s.deps.User.URI, s.deps.User.DisplayName = dom.Recall(rememberedAddress), dom.Recall(rememberedName)
	}
}

// remember is the tick to remember name and address. Taken away, everything is forgotten
// at once.
func (l *login) remember(ctx app.Context, _ app.Event) {
	s := l.Screen
	if s.remember = ctx.JSSrc().Get("checked").Bool(); !s.remember {
		dom.Remember(rememberedAddress, "")
		dom.Remember(rememberedName, "")
		dom.Check(rememberCredentialID, false)
		s.deps.Phone.ForgetLogin()
	}
	s.change(func(*View) {})
}

// loginField is where somebody who logs in has to type.
func (s *Screen) loginField() string {
	if dom.Value(sipAddressID) != "" {
		return passwordID
	}
	return displayNameID
}

// passwordDone tells when the password in the form is not needed any more: it was right,
// or whoever typed it has logged out. One that was refused is left to be mended.
func passwordDone(before, after *View) bool {
	refused := slices.ContainsFunc(after.Notices, func(n Notice) bool { return n.Code == "error_registration_password" })
	return after.Registration.State == phone.Registered && before.Registration.State != phone.Registered ||
		before.Account.LoggedIn && !after.Account.LoggedIn && !refused
}

// rememberCredential is the tick to stay logged in.
func (l *login) rememberCredential(ctx app.Context, _ app.Event) {
	if !ctx.JSSrc().Get("checked").Bool() {
		l.Screen.deps.Phone.ForgetLogin()
	}
}
