//go:build !js

package phone_test

import (
	"errors"
	"testing"
	"time"

	"gocommunicator/app/phone"
	"gocommunicator/sipcore"
)

// digits waits for so many keys of a direction and returns them in order.
func (u *user) digits(d phone.Direction, n int) string {
	u.t.Helper()
	var got string
	for len(got) < n {
		got += await(u, func(e phone.Digit) bool { return e.Direction == d }).Digit
	}
	return got
}

func TestDigitsArriveInOrderAndOneAfterTheOther(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{"session": {"dtmf_duration": 40}}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	if err := alice.SendDTMF("", "1"); !errors.Is(err, phone.ErrNoCall) {
		t.Errorf("without a call: %v", err)
	}
	id, err := alice.Dial(phone.Dial{To: "bob"})
	alice.must(err)
	await(bob, state(phone.Incoming))
	await(alice, state(phone.Ringing))
	if err := alice.SendDTMF("", "1"); !errors.Is(err, phone.ErrNoCall) {
		t.Errorf("before the answer: %v", err)
	}
	alice.must(alice.SendDTMF(id, "1")) // that very call, which is not answered yet
	if n := await(alice, func(phone.Notice) bool { return true }); n.Code != "error_call_state" || n.CallID != id {
		t.Errorf("told %+v", n)
	}
	bob.must(bob.Answer("", false))
	await(alice, state(phone.Active))
	await(bob, state(phone.Active))

	begin := time.Now()
	alice.must(alice.SendDTMF(id, "0*b"))
	alice.must(alice.SendDTMF("", "#9"))
	if got := alice.digits(phone.Out, 5); got != "0*B#9" {
		t.Errorf("sent %s", got)
	}
	if took := time.Since(begin); took < 4*(40+70)*time.Millisecond {
		t.Errorf("sent in %v", took)
	}
	if got := bob.digits(phone.In, 5); got != "0*B#9" {
		t.Errorf("received %s", got)
	}
	for _, tones := range []string{"", "5x", "1 2", "5\r\nEvil: 1"} {
		if err := alice.SendDTMF(id, tones); !errors.Is(err, sipcore.ErrDigits) || phone.Explain(err).Code != "error_digits" {
			t.Errorf("%q: %v", tones, err)
		}
	}
	alice.must(alice.SendDTMF(id, "1234567890")) // ends with the call
	alice.must(alice.Hangup(id))
	await(alice, state(phone.Ended))
	await(bob, state(phone.Ended))
}

func TestEchoServiceSaysDigitsBack(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{}`)
	_, err := alice.Dial(phone.Dial{To: "echo"})
	alice.must(err)
	await(alice, state(phone.Active))
	alice.must(alice.SendDTMF("", "7#"))
	if got := alice.digits(phone.In, 2); got != "7#" {
		t.Errorf("said back %s", got)
	}
}

func TestWhoTakesNoDigitsIsToldOfOnceAndGetsNoMore(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{"session": {"dtmf_duration": 300}}`)
	id, err := alice.Dial(phone.Dial{To: "music"})
	alice.must(err)
	await(alice, state(phone.Active))
	alice.must(alice.SendDTMF(id, "12"))
	if n := await(alice, func(phone.Notice) bool { return true }); n.Code != "error_digits_refused" || n.CallID != id {
		t.Errorf("told %+v", n)
	}
	alice.must(alice.SendDTMF(id, "3"))
	if got := alice.digits(phone.Out, 1); got != "3" {
		t.Errorf("sent %s after the refusal", got)
	}
}

// Natively no keys can be sent in the sound: where the settings want nothing else, none
// are, and the person is told.
func TestDigitsGoAsInfoOnlyWhenTheSettingsLetThem(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{"session": {"dtmf_method": "rtp"}}`)
	bob := newUser(t, s, "bob", 660, nil, `{"session": {"dtmf_method": "info"}}`)
	id, err := alice.Dial(phone.Dial{To: "bob"})
	alice.must(err)
	await(bob, state(phone.Incoming))
	bob.must(bob.Answer("", false))
	await(alice, state(phone.Active))
	await(bob, state(phone.Active))
	alice.must(alice.SendDTMF(id, "1"))
	if n := await(alice, func(phone.Notice) bool { return true }); n.Code != "error_digits_refused" {
		t.Errorf("told %+v", n)
	}
	bob.must(bob.SendDTMF("", "0"))
	if got := alice.digits(phone.In, 1); got != "0" {
		t.Errorf("0 arrives as %s", got)
	}
	bob.must(bob.Hangup(""))
	await(alice, state(phone.Ended))
	for len(bob.events) > 0 {
		if d, ok := (<-bob.events).(phone.Digit); ok && d.Direction == phone.In {
			t.Errorf("%s was sent after all", d.Digit)
		}
	}
}

func TestKeysDialledAreSentAfterTheAnswer(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{"session": {"dtmf_duration": 40}}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	id, err := alice.Dial(phone.Dial{To: "sip:bob@localhost,1;2#;3"})
	alice.must(err)
	await(alice, func(c phone.Call) bool { return c.State == phone.Ringing && c.Tones == ",1;2#;3" })
	bob.must(bob.Answer("", false))
	begin := await(alice, state(phone.Active)).Answered
	if got := bob.digits(phone.In, 1); got != "1" || time.Since(begin) < 2*time.Second {
		t.Errorf("%s after %v", got, time.Since(begin))
	}
	await(alice, func(c phone.Call) bool { return c.Tones == ";2#;3" })
	alice.must(alice.SendDTMF(id, "9")) // does not wait
	if got := bob.digits(phone.In, 1); got != "9" {
		t.Errorf("pressed meanwhile: %s", got)
	}
	await(alice, func(c phone.Call) bool { return c.Tones == ";2#;3" })
	alice.must(alice.ConfirmDTMF("", true))
	if got := bob.digits(phone.In, 2); got != "2#" {
		t.Errorf("confirmed: %s", got)
	}
	await(alice, func(c phone.Call) bool { return c.Tones == ";3" })
	alice.must(alice.ConfirmDTMF("", false))
	await(alice, func(c phone.Call) bool { return c.Tones == "" })
	if err := alice.ConfirmDTMF("", true); !errors.Is(err, phone.ErrNoCall) {
		t.Errorf("confirmed twice: %v", err)
	}
	alice.must(alice.SendDTMF(id, "4,5"))
	if got := bob.digits(phone.In, 1); got != "4" {
		t.Errorf("none of what was dropped: %s", got)
	}
	await(alice, func(c phone.Call) bool { return c.Tones == ",5" || c.Tones == "4,5" })
	alice.must(alice.Hangup(id)) // and no more is sent
	if c := await(alice, state(phone.Ended)); c.Tones != "" {
		t.Errorf("after the end: %q", c.Tones)
	}
}
