//go:build linux

package e2e

import (
	"slices"
	"testing"
	"time"
)

// The ways a call ends without two people having hung up.
func TestCallThatComesToNothing(t *testing.T) {
	for _, test := range []struct {
		name     string
		settings string // of the caller, as JavaScript
		does     func(t *testing.T, alice, bob *phone)
		codes    []int // the caller is told one of them
	}{
		{name: "the caller gives up before it rings", codes: []int{0, 487}, does: func(_ *testing.T, alice, bob *phone) {
			alice.Dial(bob.Address(), false)
			alice.Hangup()
		}},
		{name: "the caller gives up while it rings", codes: []int{0, 487}, does: func(_ *testing.T, alice, bob *phone) {
			alice.Dial(bob.Address(), false)
			alice.Rings()
			bob.Rung()
			alice.Hangup()
			bob.Idle()
		}},
		{name: "the callee rejects it", codes: []int{486, 603}, does: func(_ *testing.T, alice, bob *phone) {
			alice.Dial(bob.Address(), false)
			bob.Reject(603)
			bob.Idle()
		}},
		{name: "the callee is busy", codes: []int{486}, does: func(_ *testing.T, alice, bob *phone) {
			alice.Dial(bob.Address(), false)
			bob.Rung()
			bob.Publish("jsc/call/reject", map[string]any{"code": 486})
			bob.Idle()
		}},
		{name: "nobody answers", settings: "{ dialing: { no_answer_timeout: 2 } }", codes: []int{0, 408, 480, 487}, does: func(t *testing.T, alice, bob *phone) {
			alice.Dial(bob.Address(), false)
			alice.Rings()
			bob.Rung()
			within(t, 30*time.Second, "giving up after 2 s", func() { alice.Idle() })
			bob.Idle()
		}},
		{name: "the callee's tab is closed while it rings", codes: []int{0, 480, 486, 487, 603}, does: func(_ *testing.T, alice, bob *phone) {
			alice.Dial(bob.Address(), false)
			bob.Rung()
			bob.Close()
		}},
		{name: "nobody is there", codes: []int{480}, does: func(_ *testing.T, alice, _ *phone) {
			alice.Dial("sip:carol@localhost", false)
		}},
		{name: "there is no such person", codes: []int{404}, does: func(_ *testing.T, alice, _ *phone) {
			alice.Dial("sip:zoe@localhost", false)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := startServer(t)
			page := newPage(t, low, "alice")
			if test.settings != "" {
				page.Before("window.JSCommSettings = " + test.settings)
			}
			alice := openDemo(t, s, page, "alice")
			bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
			test.does(t, alice, bob)
			end := alice.state("ended", "failed")
			if !slices.Contains(test.codes, end.code()) {
				t.Errorf("the caller is told %d, want one of %v", end.code(), test.codes)
			}
			alice.Released()
		})
	}
}

// No ghost stays when a tab goes in the middle of a call.
func TestTabClosedInCallEndsTheOtherSide(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	bob.Talks()
	bob.Hears(lowTone)
	alice.Close()
	bob.Idle()
	bob.Released()
}
