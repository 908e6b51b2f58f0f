package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"gocommunicator/app/phone"
	"gocommunicator/sipcore"
)

func (l *line) Transfer(id, to string) error {
	_, err := sipcore.ParseAddress(to, "localhost")
	return errors.Join(err, l.note("transfer "+id+" "+to))
}

func (l *line) TransferTo(id, other string) error { return l.note("connect " + id + " " + other) }

func (l *line) AnswerTransfer(id string, accept bool) error {
	return l.note("wish " + id + map[bool]string{true: " yes", false: " no"}[accept])
}

func handedTo(c phone.Call, state phone.TransferState) phone.Call {
	c.Transfer = &phone.Transfer{To: phone.Peer{URI: "sip:carol@localhost"}, State: state}
	return c
}

func TestCallIsHandedOverInWords(t *testing.T) {
	held := out("a", phone.Held)
	held.LocalHold = true
	for state, want := range map[phone.TransferState]string{
		phone.TransferAsked:   "state_transfer_asked carol",
		phone.TransferTrying:  "state_transfer_asked carol",
		phone.TransferRinging: "state_transfer_ringing carol",
		phone.TransferFailed:  "state_call_held " + peerName(held.Peer),
	} {
		h := stateHint(handedTo(held, state))
		if got := h.Key + " " + h.Params["Name"]; got != want {
			t.Errorf("%s: %s, want %s", state, got, want)
		}
	}
	over := handedTo(out("a", phone.Ended), phone.TransferDone)
	if h := outcome(over); h.Key != "state_transfer_done" || h.Params["Name"] != "carol" || h.Params["Peer"] != peerName(over.Peer) {
		t.Errorf("%+v", h)
	}
}

func TestWhatWasSaidOfATransferGoesWithTheNext(t *testing.T) {
	for name, next := range map[string]phone.Call{
		"another": handedTo(out("a", phone.Held), phone.TransferAsked),
		"the end": handedTo(out("a", phone.Ended), phone.TransferDone),
	} {
		v := fold(handedTo(out("a", phone.Active), phone.TransferFailed))
		v.foldNotice(phone.Notice{Code: "error_transfer_busy", CallID: "a", Params: map[string]string{"Name": "Carol\u202e"}})
		if len(v.Notices) != 1 || v.Notices[0].Params["Name"] != "Carol" {
			t.Fatalf("%+v", v.Notices)
		}
		v.foldCall(next)
		if len(v.Notices) > 0 || name == "the end" && v.Hint.Key != "state_transfer_done" {
			t.Errorf("%s: %+v, %+v", name, v.Notices, v.Hint)
		}
	}
}

func TestTransferSheet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l, engine := newScreen(t)
		s.change(func(v *View) {
			v.foldAccount(phone.Account{LoggedIn: true})
			v.foldCall(out("a", phone.Active))
		})
		before := s.view
		s.handOver("a")
		if nextFocus(&before, &s.view) != focusTransfer {
			t.Error("the keyboard is not in the field")
		}
		engine.ConsumeAll()
		s.transferTyped("a") // nothing is in the field
		if s.view.Handing.Call != "a" || s.view.Handing.Wrong.Key != "error_address_empty" {
			t.Errorf("%+v", s.view.Handing)
		}
		engine.ConsumeAll()
		s.escape()
		if s.view.Handing.Call != "" {
			t.Errorf("%+v", s.view.Handing)
		}

		// Asked first: the new call offers to connect both, once it is answered.
		s.handOver("a")
		s.askFirst("a") // the line calls it a, too
		if s.view.Handing.Call != "" || len(s.view.Consults) != 1 {
			t.Errorf("%+v", s.view)
		}
		s.view.Consults[0][0] = "b"
		about := func(c phone.Call) string {
			s.change(func(v *View) { v.foldCall(c) })
			engine.ConsumeAll()
			return s.view.about(c).ID
		}
		if got := about(out("b", phone.Ringing)); got != "" {
			t.Errorf("while it rings: about %q", got)
		}
		if got := about(out("b", phone.Active)); got != "a" {
			t.Errorf("answered: about %q", got)
		}
		if o := s.view.others(out("b", phone.Active)); len(o) != 1 || o[0].ID != "a" {
			t.Errorf("%+v", o)
		}
		s.connect("a", "b")
		s.change(func(v *View) { v.foldCall(handedTo(out("a", phone.Held), phone.TransferTrying)) })
		if got := s.view.about(out("b", phone.Active)).ID; got != "" {
			t.Errorf("under way: about %q", got)
		}
		s.handOver("a")
		s.change(func(v *View) { v.foldCall(out("a", phone.Ended)) })
		if len(s.view.Consults) != 0 || s.view.Handing.Call != "" {
			t.Errorf("%+v", s.view)
		}
		if got := strings.Join(l.done, ","); got != "transfer a ,dial ,connect a b" {
			t.Errorf("done: %q", got)
		}
		s.deps.Bus.Close()
	})
}

func TestWishIsAskedUntilItIsDecided(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l, engine := newScreen(t)
		w := phone.TransferWish{CallID: "a", By: phone.Peer{Name: "Bob\u202e"}, To: phone.Peer{URI: "sip:carol@localhost"}}
		s.change(func(v *View) {
			v.foldAccount(phone.Account{LoggedIn: true})
			v.foldCall(out("a", phone.Active))
		})
		before := s.view
		s.change(func(v *View) { v.foldWish(w) })
		engine.ConsumeAll()
		after := s.view
		if e := react(&before, &after); e.focus != focusWish || e.assertive.Key != "label_transfer_wish" || e.assertive.Params["Peer"] != "Bob" {
			t.Errorf("%+v", e)
		}
		s.change(func(v *View) { v.foldCall(out("a", phone.Ended)) })
		if len(s.view.Wishes) != 1 {
			t.Error("the wish ended with the call")
		}
		s.answerWish("a", true)
		s.escape()
		w.Over = true
		s.change(func(v *View) { v.foldWish(w) })
		engine.ConsumeAll()
		if len(s.view.Wishes) != 0 || !slices.Equal(l.done, []string{"wish a yes", "wish a no"}) {
			t.Errorf("%+v, %v", s.view.Wishes, l.done)
		}
		s.deps.Bus.Close()
	})
}
