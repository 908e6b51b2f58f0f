package ui

import (
	"testing"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

func TestTones(t *testing.T) {
	tests := []struct {
		name  string
		calls []phone.Call
		want  dom.Tone
	}{
		{"nothing", nil, 0},
		{"calling", []phone.Call{out("a", phone.Trying)}, 0},
		{"it rings there", []phone.Call{out("a", phone.Ringing)}, dom.Ringback},
		{"sound from there takes its place", []phone.Call{out("a", phone.Ringing), out("a", phone.Early)}, 0},
		{"answered", []phone.Call{out("a", phone.Ringing), out("a", phone.Connecting)}, 0},
		{"it rings here", []phone.Call{in("a", phone.Incoming)}, dom.Ring},
		{"it rings here in a call", []phone.Call{out("a", phone.Active), in("b", phone.Incoming)}, dom.Waiting},
		{"it rings here while it rings there", []phone.Call{out("a", phone.Ringing), in("b", phone.Incoming)}, dom.Ringback | dom.Ring},
		{"given up", []phone.Call{in("a", phone.Incoming), in("a", phone.Ended)}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := loops(fold(tt.calls...)); got != tt.want {
				t.Errorf("tones %d, want %d", got, tt.want)
			}
		})
	}
}

func TestEndOfACallThatFailedIsHeard(t *testing.T) {
	failed := func(c phone.Call, code int) phone.Call {
		c.Cause = &phone.Cause{Code: code}
		return c
	}
	for _, tt := range []struct {
		name string
		call phone.Call
		want dom.Tone
	}{
		{"busy", failed(out("a", phone.Failed), 486), dom.Busy},
		{"declined", failed(out("a", phone.Failed), 603), dom.Busy},
		{"not reachable", failed(out("a", phone.Failed), 480), dom.Congestion},
		{"broken", out("a", phone.Failed), dom.Congestion},
		{"hung up", out("a", phone.Ended), 0},
		{"one that came in", failed(in("a", phone.Failed), 486), 0},
	} {
		v := fold(tt.call, tt.call) // told twice
		if got := react(fold(), v).sounds; got != tt.want {
			t.Errorf("%s: tones %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestMessageIsHeardWhenItComes(t *testing.T) {
	v := fold()
	v.chime(phone.Message{ID: "a", Direction: phone.In})
	v.chime(phone.Message{ID: "a", Direction: phone.In, Status: phone.MessageDisplayed})
	v.chime(phone.Message{ID: "b", Direction: phone.Out})
	if v.sounds != dom.Message {
		t.Errorf("tones %d", v.sounds)
	}
}

func TestFocusFollowsTheScreen(t *testing.T) {
	tests := []struct {
		name   string
		before View
		change func(*View)
		want   focus
	}{
		{"the first screen is the login", View{}, func(v *View) { v.Tab = TabPhone }, focusLogin},
		{
			"logged in",
			View{Tab: TabPhone},
			func(v *View) { v.foldAccount(phone.Account{LoggedIn: true}) }, focusAddress,
		},
		{"logged out", *fold(), func(v *View) { v.foldAccount(phone.Account{}) }, focusLogin},
		{"dialled", *fold(), func(v *View) { v.foldCall(out("a", phone.Trying)) }, focusCall},
		{"it rings there", *fold(out("a", phone.Trying)), func(v *View) { v.foldCall(out("a", phone.Ringing)) }, focusNone},
		{"over", *fold(out("a", phone.Active)), func(v *View) { v.foldCall(out("a", phone.Ended)) }, focusAddress},
		{"it rings here", *fold(), func(v *View) { v.foldCall(in("a", phone.Incoming)) }, focusIncoming},
		{"answered", *fold(in("a", phone.Incoming)), func(v *View) { v.foldCall(in("a", phone.Connecting)) }, focusCall},
		{"given up", *fold(in("a", phone.Incoming)), func(v *View) { v.foldCall(in("a", phone.Ended)) }, focusLost},
		{
			"registered while typing", *fold(),
			func(v *View) { v.Registration.State = phone.Registered }, focusNone,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			after := tt.before
			tt.change(&after)
			if got := react(&tt.before, &after).focus; got != tt.want {
				t.Errorf("focus %d, want %d", got, tt.want)
			}
		})
	}
}

func TestStatesAreSaidOnce(t *testing.T) {
	v := fold()
	said := func(change func(*View)) (polite, assertive string) {
		before := *v
		change(v)
		e := react(&before, v)
		return e.polite.Key, e.assertive.Key
	}
	call := func(c phone.Call) func(*View) { return func(v *View) { v.foldCall(c) } }
	muted := out("a", phone.Active)
	muted.AudioMuted = true
	steps := []struct {
		name              string
		change            func(*View)
		polite, assertive string
	}{
		{"dialled", call(out("a", phone.Trying)), "state_call_trying", ""},
		{"ringing", call(out("a", phone.Ringing)), "state_call_ringing", ""},
		{"ringing again", call(out("a", phone.Ringing)), "", ""},
		{"answered", call(out("a", phone.Active)), "state_call_active", ""},
		{"muted", call(muted), "", ""},
		{"the registration is refreshed", func(v *View) { v.Registration.State = phone.Registering }, "", ""},
		{"somebody calls", call(in("b", phone.Incoming)), "", "state_call_incoming"},
		{"and gives up", call(in("b", phone.Ended)), "", ""},
		{"over: the hint says so", call(out("a", phone.Ended)), "", ""},
		{"connection lost", func(v *View) { v.Link.State = phone.LinkUp }, "state_registration_registering", ""},
	}
	for _, s := range steps {
		if polite, assertive := said(s.change); polite != s.polite || assertive != s.assertive {
			t.Errorf("%s: said %q and %q, want %q and %q", s.name, polite, assertive, s.polite, s.assertive)
		}
	}
}

func TestStatusTellsWhetherCallsCanBeMade(t *testing.T) {
	in := phone.Account{LoggedIn: true}
	tests := []struct {
		name string
		view View
		want string
	}{
		{"logged out", View{}, "idle"},
		{"down", View{Account: in, Link: phone.Link{State: phone.LinkDown}}, "bad"},
		{"connecting", View{Account: in, Link: phone.Link{State: phone.LinkConnecting, Attempt: 1}}, "busy"},
		{"connecting again", View{Account: in, Link: phone.Link{State: phone.LinkConnecting, Attempt: 2}}, "bad"},
		{"down though registered", View{
			Account: in, Link: phone.Link{State: phone.LinkDown},
			Registration: phone.Registration{State: phone.Registered},
		}, "bad"},
		{"registering", View{
			Account: in, Link: phone.Link{State: phone.LinkUp},
			Registration: phone.Registration{State: phone.Registering},
		}, "busy"},
		{"registered", View{
			Account: in, Link: phone.Link{State: phone.LinkUp},
			Registration: phone.Registration{State: phone.Registered},
		}, "good"},
		{"refused", View{
			Account: in, Link: phone.Link{State: phone.LinkUp},
			Registration: phone.Registration{State: phone.RegistrationFailed},
		}, "bad"},
		{"not registered", View{Account: in, Link: phone.Link{State: phone.LinkUp}}, "idle"},
	}
	for _, tt := range tests {
		if got := statusOf(&tt.view); got.tone != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got.tone, tt.want)
		}
	}
}
