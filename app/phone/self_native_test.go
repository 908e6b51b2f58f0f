//go:build !js

package phone_test

import (
	"testing"

	"gocommunicator/app/phone"
)

// Who calls the own address rings, hears the own sound when it is answered, and a third
// call still finds the phone busy.
func TestCallToOneselfComesBack(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{"session": {"max_calls": 1}}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	out, err := alice.Dial(phone.Dial{To: "sip:alice@localhost"})
	alice.must(err)
	in := await(alice, state(phone.Incoming))
	if in.Peer.URI != "sip:alice@localhost" || in.ID == out {
		t.Errorf("comes in: %+v", in)
	}
	_, err = bob.Dial(phone.Dial{To: "alice"})
	bob.must(err)
	if c := await(bob, state(phone.Failed)); c.Cause == nil || c.Cause.Code != 486 {
		t.Errorf("a third call: %+v", c)
	}
	alice.must(alice.Answer("", false))
	active := map[string]bool{}
	await(alice, func(c phone.Call) bool {
		if c.State == phone.Active {
			active[c.ID] = true
		}
		return len(active) == 2
	})
	alice.hears(440)
	alice.must(alice.Hangup(out))
	ended := map[string]bool{}
	await(alice, func(c phone.Call) bool {
		if c.State == phone.Ended {
			ended[c.ID] = true
		}
		return len(ended) == 2
	})
	if n := len(alice.Snapshot().Calls); n != 0 {
		t.Errorf("%d calls are left", n)
	}
}
