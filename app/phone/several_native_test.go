//go:build !js

package phone_test

import (
	"errors"
	"testing"

	"gocommunicator/app/phone"
)

// Of several calls one is talked in: whoever is answered, dialled or taken off hold, the
// others are held.
func TestOfSeveralCallsOneIsTalkedIn(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	carol := newUser(t, s, "carol", 880, nil, `{}`)
	toBob, err := alice.Dial(phone.Dial{To: "bob"})
	alice.must(err)
	if _, err := alice.Dial(phone.Dial{To: "carol"}); err == nil {
		// It was too quick to know of the first; the loop knows.
		if c := await(alice, state(phone.Failed)); c.Cause == nil || c.Cause.Code != 486 {
			t.Errorf("dialled twice at once: %+v", c)
		}
	} else if !errors.Is(err, phone.ErrBusy) {
		t.Errorf("dialled twice at once: %v", err)
	}
	await(bob, state(phone.Incoming))
	bob.must(bob.Answer("", false))
	await(alice, state(phone.Active))
	alice.hears(660)

	_, err = carol.Dial(phone.Dial{To: "alice"})
	carol.must(err)
	in := await(alice, state(phone.Incoming))
	alice.must(alice.Answer(in.ID, false))
	await(bob, func(c phone.Call) bool { return c.RemoteHold })
	await(carol, state(phone.Active))
	alice.hears(880)
	carol.hears(440)
	if calls := alice.Snapshot().Calls; len(calls) != 2 || !calls[0].LocalHold || calls[1].LocalHold {
		t.Errorf("%+v", calls)
	}

	alice.must(alice.Hold(toBob, false))
	await(carol, func(c phone.Call) bool { return c.RemoteHold })
	await(bob, func(c phone.Call) bool { return !c.RemoteHold })
	alice.hears(660)
	bob.hears(440)
	alice.must(alice.Hangup(toBob))
	await(bob, state(phone.Ended))
	await(alice, state(phone.Ended))
	if calls := alice.Snapshot().Calls; len(calls) != 1 || !calls[0].LocalHold {
		t.Errorf("after the end of one: %+v", calls)
	}
}

// A call that is being made cannot be held: it gives way to one that is answered. So two
// who call each other have one call once either answers.
func TestCallBeingMadeGivesWayToOneThatIsAnswered(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	out, err := alice.Dial(phone.Dial{To: "bob"})
	alice.must(err)
	await(bob, state(phone.Incoming))
	_, err = bob.Dial(phone.Dial{To: "alice"})
	bob.must(err)
	in := await(alice, state(phone.Incoming))
	alice.must(alice.Answer(in.ID, false))
	await(alice, func(c phone.Call) bool { return c.ID == out && c.State.Final() })
	await(bob, func(c phone.Call) bool { return c.Direction == phone.In && c.State.Final() })
	await(bob, state(phone.Active))
	alice.hears(660)
	bob.hears(440)
	if a, b := alice.Snapshot().Calls, bob.Snapshot().Calls; len(a) != 1 || len(b) != 1 {
		t.Errorf("Alice has %+v, Bob %+v", a, b)
	}
}

// Who has been taken off hold while another was called is held again once that one answers.
func TestWhoAnswersIsTalkedTo(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	carol := newUser(t, s, "carol", 880, nil, `{}`)
	toBob, err := alice.Dial(phone.Dial{To: "bob"})
	alice.must(err)
	await(bob, state(phone.Incoming))
	bob.must(bob.Answer("", false))
	await(alice, state(phone.Active))
	_, err = alice.Dial(phone.Dial{To: "carol"})
	alice.must(err)
	await(carol, state(phone.Incoming))
	await(bob, func(c phone.Call) bool { return c.RemoteHold })
	alice.must(alice.Hold(toBob, false))
	await(bob, func(c phone.Call) bool { return !c.RemoteHold })
	carol.must(carol.Answer("", false))
	await(bob, func(c phone.Call) bool { return c.RemoteHold })
	await(carol, state(phone.Active))
	alice.hears(880)
	carol.hears(440)
}
