//go:build !js

package phone_test

import (
	"testing"

	"gocommunicator/app/fetch"
	"gocommunicator/app/phone"
)

// A visitor without an account calls, is heard, and is called back.
func TestVisitorTalksWithoutAnAccount(t *testing.T) {
	s := server(t)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	v := newUser(t, s, "carol", 440, nil, `{"guest": {"enrol_url": "`+s.URL()+`guest"}}`, func(d *phone.Deps) { d.Fetch = fetch.JSON })
	v.Logout()
	await(v, func(a phone.Account) bool { return !a.LoggedIn })
	_, err := v.Dial(phone.Dial{To: "bob", Guest: true})
	v.must(err)
	call := await(bob, state(phone.Incoming))
	bob.must(bob.Answer(call.ID, false))
	await(v, state(phone.Active))
	v.hears(660)
	bob.hears(440)
	v.must(v.Hangup(""))
	await(bob, state(phone.Ended))
	if call.Peer.URI != v.Snapshot().Account.AOR || !v.Snapshot().Account.Guest {
		t.Errorf("called by %s, who is %+v", call.Peer.URI, v.Snapshot().Account)
	}
	_, err = bob.Dial(phone.Dial{To: call.Peer.URI})
	bob.must(err)
	await(v, state(phone.Incoming))
	v.must(v.Reject("", 0))
	await(bob, state(phone.Failed))
}

// A server that lets nobody in says so by asking for a password.
func TestGuestIsToldThatAServerTakesNone(t *testing.T) {
	v := newUser(t, server(t), "carol", 440, nil, `{"guest": {"anonymous": true}}`)
	v.Logout()
	await(v, func(a phone.Account) bool { return !a.LoggedIn })
	_, err := v.Dial(phone.Dial{To: "sip:echo@localhost", Guest: true})
	v.must(err)
	if n := await(v, func(n phone.Notice) bool { return n.Code != "error_address" }); n.Code != "error_guest_refused" || n.CallID == "" {
		t.Errorf("%+v", n)
	}
}
