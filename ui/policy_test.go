package ui

import (
	"testing"

	"gocommunicator/app/i18n"
	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

func TestStatusTellsWhatBecomesOfCalls(t *testing.T) {
	for want, v := range map[string]View{
		"state_registration_registered": {},
		"state_dnd":                     {DND: true, Forwards: true},
		"state_forwarding":              {Forwards: true},
	} {
		v.Account.LoggedIn, v.Link.State, v.Registration.State = true, phone.LinkUp, phone.Registered
		if got := statusOf(&v).key; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		v.Link.State = phone.LinkDown
		if got := statusOf(&v).key; got != "state_link_down" {
			t.Errorf("without a connection: %s", got)
		}
	}
}

func TestCallThatThePhoneAnswersIsAnnouncedInPlaceOfTheRing(t *testing.T) {
	var v View
	in := phone.Call{ID: "1", Direction: phone.In, State: phone.Incoming}
	v.foldCall(in)
	if loops(&v) != dom.Ring || v.sounds != 0 {
		t.Errorf("before: %v %v", loops(&v), v.sounds)
	}
	in.AutoAnswer = true
	v.foldCall(in)
	if loops(&v) != 0 || v.sounds != dom.Announce {
		t.Errorf("announced: %v %v", loops(&v), v.sounds)
	}
	v.sounds = 0
	v.foldCall(in)
	if v.sounds != 0 {
		t.Error("it is announced twice")
	}
}

func TestWhoHidesHasAWordForANameAndNoAddress(t *testing.T) {
	hidden := phone.Peer{URI: "sip:anonymous@anonymous.invalid", Name: "Anonymous"}
	if words := englishTexts(t); words.name(hidden) != "Anonymous caller" || peerAddress(hidden) != "" ||
		words.hint(Hint{Key: "state_call_incoming", Params: map[string]string{"Name": peerName(hidden)}}) != "Anonymous caller is calling" {
		t.Errorf("%q %q", words.name(hidden), peerAddress(hidden))
	}
	var v View
	v.foldCall(phone.Call{ID: "1", Peer: hidden, State: phone.Active})
	if v.offerCallPeer(""); v.Open != "" {
		t.Errorf("a conversation with %s is offered", v.Open)
	}
}

func TestDetoursAreTold(t *testing.T) {
	alice, carol := phone.Peer{URI: "sip:alice@x", Name: "Alice"}, phone.Peer{URI: "sip:carol@x"}
	words := englishTexts(t)
	for want, c := range map[string]phone.Call{
		"Alice has forwarded to carol": {Peer: alice, Forwarded: &carol},
		"Forwarded by carol":           {Peer: alice, ForwardedBy: &carol},
		"":                             {Peer: alice},
	} {
		if got := detour(words, c); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	sentOn := phone.Call{Direction: phone.In, State: phone.Ended, Cause: &phone.Cause{Code: 302}}
	if h := past(sentOn); h.Key != "label_call_forwarded" || h.Bad {
		t.Errorf("in the history: %+v", h)
	}
}

func englishTexts(t *testing.T) texts {
	t.Helper()
	bundle, err := i18n.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return texts{Localizer: bundle.Localizer("en")}
}
