//go:build linux

package e2e

import (
	"testing"

	"gocommunicator/app/e2e/native"
	"gocommunicator/app/e2e/server"
)

// A call is handed over in each of the three roles, by and to phones of others.
func TestTransferWithBaresip(t *testing.T) {
	k := server.StartKamailio(t)
	alice := kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil)
	carol := kamailioPhone(t, newPage(t, high, "carol"), k.WS, "carol", nil)
	bob := native.StartBaresip(t, k, "bob", "")

	// This side asks: baresip calls somebody else.
	alice.Dial(bob.Address(), false)
	bob.Answer()
	alice.Talks()
	alice.Publish("jsc/call/transfer", map[string]string{"to": carol.Address()})
	carol.Answer(false)
	alice.Idle()
	carol.Hears(native.BaresipHertz)
	alice.Released()
	carol.Hangup()
	carol.Idle()
	bob.Idle()

	// baresip asks: this side calls somebody else.
	alice.since, carol.since = alice.Now(), carol.Now()
	alice.Dial(bob.Address(), false)
	bob.Answer()
	alice.Talks()
	bob.Talks()
	bob.Transfer(carol.Address())
	alice.Topic("jsc/call/transfer/requested", "!d.over", alice.since)
	alice.Publish("jsc/call/transfer/answer", map[string]bool{"accept": true})
	carol.Answer(false)
	carol.Hears(lowTone)
	alice.Hears(highTone)
	bob.Idle()

	// baresip is where the call goes.
	alice.since = alice.Now()
	carol.Publish("jsc/call/transfer", map[string]string{"to": bob.Address()})
	alice.Topic("jsc/call/transfer/requested", "!d.over", alice.since)
	alice.Publish("jsc/call/transfer/answer", map[string]bool{"accept": true})
	bob.Answer()
	bob.Hears(lowTone)
	alice.Hears(native.BaresipHertz)
	carol.Idle()
	carol.Released()
	bob.Hangup()
	alice.Released()
}

// Linphone connects two calls of its own, and has a call of its own replaced.
func TestAttendedTransferWithLinphone(t *testing.T) {
	k := server.StartKamailio(t)
	alice := kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil)
	carol := kamailioPhone(t, newPage(t, high, "carol"), k.WS, "carol", nil)
	bob := native.StartLinphone(t, k, "bob", "")
	alice.Dial(bob.Address(), false)
	bob.Answer()
	alice.Talks()
	bob.Hears(lowTone)
	bob.Hold()
	alice.held(false, true)
	carol.Dial(bob.Address(), false)
	bob.AnswerSecond()
	carol.Talks()
	bob.Connect()
	alice.Topic("jsc/call/transfer/requested", "!d.over", alice.since)
	alice.Publish("jsc/call/transfer/answer", map[string]bool{"accept": true})
	alice.Hears(highTone)
	carol.Hears(lowTone)
	alice.Hangup()
	carol.Idle()
	bob.Idle()

	// And back: Linphone gives carol the place of alice.
	alice.since, carol.since = alice.Now(), carol.Now()
	carol.Dial(alice.Address(), false)
	alice.Answer(false)
	carol.Talks()
	alice.Click("[data-action=hold]")
	alice.held(true, false)
	var first, second struct{ ID string }
	alice.Evaluate(lastCall, &first)
	alice.since = alice.Now()
	alice.Publish("jsc/call/dial", map[string]string{"to": bob.Address()})
	bob.Answer()
	alice.Talks()
	alice.Evaluate(lastCall, &second)
	alice.Publish("jsc/call/transfer", map[string]string{"id": first.ID, "replaces": second.ID})
	carol.Topic("jsc/call/transfer/requested", "!d.over", carol.since)
	carol.Publish("jsc/call/transfer/answer", map[string]bool{"accept": true})
	alice.Released()
	carol.Hears(native.LinphoneHertz)
	bob.Hears(highTone)
	carol.Hangup()
	carol.Released()
}

// lastCall is what was told last of a call.
const lastCall = `e2e.topics.findLast((r) => r.topic === 'jsc/call/state').data`
