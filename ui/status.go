package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// status is whether calls can be made, in one word and one colour.
type status struct {
	key  string // of its words
	tone string // for the style: "good", "busy", "bad", "idle"
}

func statusOf(v *View) status {
	switch {
	case !v.Account.LoggedIn && v.Link.State == phone.LinkConnecting: // to nobody yet: a domain is asked
		return status{"state_link_connecting", "busy"}
	case !v.Account.LoggedIn:
		return status{"state_logged_out", "idle"}
	case v.Link.State == phone.LinkConnecting && v.Link.Attempt > 1:
		return status{"state_link_down", "bad"}
	case v.Link.State == phone.LinkConnecting:
		return status{"state_link_connecting", "busy"}
	case v.Link.State != phone.LinkUp:
		return status{"state_link_down", "bad"}
	}
	switch v.Registration.State {
	case phone.Registering:
		return status{"state_registration_registering", "busy"}
	case phone.Registered:
		return answering(v)
	case phone.RegistrationFailed:
		return status{"state_registration_failed", "bad"}
	case phone.Unregistered:
	}
	return status{"state_registration_unregistered", "idle"}
}

// answering is what becomes of calls that come in.
func answering(v *View) status {
	switch {
	case v.DND:
		return status{"state_dnd", "away"}
	case v.Forwards:
		return status{"state_forwarding", "away"}
	}
	return status{"state_registration_registered", "good"}
}

// bar is the line on top: whose phone this is, and whether it can call.
type bar struct {
	app.Compo
	Screen       *Screen
	DND          bool
	T            texts
	Account      phone.Account
	Registration phone.RegistrationState
	Link         phone.LinkState
	Server       string
	Key, Tone    string
}

// Render draws the bar.
func (b *bar) Render() app.UI {
	who := b.T.T("label_application")
	if b.Account.LoggedIn {
		who = peerName(phone.Peer{URI: b.Account.AOR, Name: b.Account.Name})
	}
	return tag("header", "class=bar",
		tag("span", "class=bar-mark", icon("phone")),
		tag("div", "class=bar-who",
			tag("h1", "class=bar-name", text("bdi", "", who)),
			text("bdi", "class=bar-address", peerAddress(phone.Peer{URI: b.Account.AOR})),
		),
		tag("button", "type=button|class=status status-"+b.Tone+"|data-region=status|data-action=dnd|data-link="+string(b.Link)+
			"|data-registration="+string(b.Registration)+"|aria-pressed="+strconv.FormatBool(b.DND),
			tag("span", "class=status-dot|aria-hidden=true"),
			text("span", "class=status-words", b.T.T(b.Key)),
			text("span", "class=unseen", b.T.T("state_dnd")),
			icon("moon"),
		).Attr("title", b.T.T("state_dnd")+when(b.Server != "", " · "+b.Server)).Attr("disabled", !b.Account.LoggedIn).OnClick(b.toggleDND),
	)
}
