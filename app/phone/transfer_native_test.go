//go:build !js

package phone_test

import (
	"testing"

	"gocommunicator/app/phone"
)

// Alice hands Bob over to Carol, blindly and after having asked her: in the end the two hear
// each other, and Alice is free.
func TestThreePhonesTransfer(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{}`)
	bob := newUser(t, s, "bob", 660, nil, `{"session": {"transfer": "allow"}}`)
	carol := newUser(t, s, "carol", 880, nil, `{}`)
	call := func(from *user, to *user) string {
		t.Helper()
		id, err := from.Dial(phone.Dial{To: to.name})
		from.must(err)
		to.must(to.Answer(await(to, state(phone.Incoming)).ID, false))
		await(to, state(phone.Active))
		await(from, func(c phone.Call) bool { return c.ID == id && c.State == phone.Active })
		return id
	}
	together := func() {
		t.Helper()
		bob.hears(880)
		carol.hears(660)
		carol.must(carol.Hangup(""))
		await(bob, state(phone.Ended))
	}
	done := func(c phone.Call) bool {
		return c.State == phone.Ended && c.Transfer != nil && c.Transfer.State == phone.TransferDone
	}

	call(alice, bob)
	alice.must(alice.Transfer("", "carol"))
	in := await(carol, state(phone.Incoming))
	if in.Peer.Name != "BOB" || in.ReferredBy == nil || in.ReferredBy.URI != "sip:alice@localhost" {
		t.Errorf("%+v, at the wish of %+v", in.Peer, in.ReferredBy)
	}
	carol.must(carol.Answer("", false))
	await(alice, done)
	together()

	first := call(alice, bob)
	second := call(alice, carol)
	alice.must(alice.TransferTo(first, second))
	taken := await(carol, func(c phone.Call) bool { return c.Peer.Name == "BOB" })
	if taken.State == phone.Incoming || taken.Direction != phone.In {
		t.Errorf("%+v", taken)
	}
	await(alice, done)
	together()
	if calls := alice.Snapshot().Calls; len(calls) > 0 {
		t.Errorf("%+v", calls)
	}
}
