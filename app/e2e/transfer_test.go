//go:build linux

package e2e

import (
	"fmt"
	"testing"

	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/peers"
	"gocommunicator/app/e2e/server"
)

// transferred waits until the transfer of the call that was begun last is in a state.
func (p *phone) transferred(state string) {
	p.t.Helper()
	p.Topic("jsc/call/state", fmt.Sprintf("d.transfer?.state === %q", state), p.since)
}

// talksWith waits until the phone has this call alone, and talks in it.
func (p *phone) talksWith(address string) {
	p.t.Helper()
	p.inCall(address, 1)
}

// handOver opens the sheet of the call that is shown and types an address.
func (p *phone) handOver(address string) {
	p.t.Helper()
	p.Action("more")
	p.Click("[role=menu] [data-action=transfer]")
	p.Until("document.querySelector('[data-region=transfer]')?.contains(document.activeElement)")
	p.Fill("transfer-address", address)
}

// transfers has a call handed over among three of our pages: blindly, and after having
// asked first; in between, where it is to be unhappy, given back.
func transfers(t *testing.T, alice, bob, carol *phone, unhappy bool) {
	t.Helper()
	bobs, carols := shortOf(bob.address), shortOf(carol.address)
	now := func() {
		for _, p := range []*phone{alice, bob, carol} {
			p.since = p.Now()
		}
	}

	// Blindly; Bob is asked. Enter transfers.
	alice.Dial(bob.address, false)
	bob.Answer(false)
	alice.Talks()
	bob.Talks()
	alice.handOver(carol.address)
	alice.Enter()
	bob.Until("document.querySelector('[data-region=transfer-wish]')?.innerText.includes('carol')")
	bob.held(false, true)
	bob.Action("transfer-accept")
	alice.transferred("ringing")
	alice.Until("document.querySelector('[data-region=call] .call-state').innerText.includes('carol')")
	carol.Rung()
	carol.Until("document.querySelector('.sheet').innerText.includes('alice')") // at whose wish
	carol.Answer(false)
	alice.Idle()
	alice.Until("document.querySelector('[data-region=dialpad]').innerText.includes('carol')")
	bob.talksWith(carols)
	carol.talksWith(bobs)
	t.Logf("Bob hears Carol %v after saying yes", browser.Since(bob.LastClick("transfer-accept"), bob.Sound()))
	bob.Hears(lowTone)
	carol.Hears(highTone)
	alice.Released()
	bob.Action("hangup")
	carol.Idle()

	now()
	alice.Dial(bob.address, false)
	bob.Click("[data-state=incoming] [data-action=answer]")
	alice.inCall(bobs, 1)
	if unhappy {
		givenBack(t, alice, bob, carol)
	}

	// Asked first: Carol does not ring again, and stays muted.
	now()
	alice.handOver(carol.address)
	alice.Action("transfer-ask")
	carol.Click("[data-state=incoming] [data-action=answer]")
	alice.inCall(carols, 2)
	carol.inCall(shortOf(alice.address), 1)
	carol.Action("mute")
	carol.since = carol.Now()
	alice.Action("transfer-to")
	bob.Action("transfer-accept")
	carol.talksWith(bobs)
	bob.talksWith(carols)
	alice.Until("document.querySelectorAll('[data-region=call]').length === 0")
	var rang int
	carol.Evaluate(fmt.Sprintf("e2e.topics.filter((r) => r.topic === 'jsc/call/state' && r.time > %f && r.data.state === 'incoming').length", carol.since), &rang)
	if rang > 0 {
		t.Error("the target was rung again")
	}
	bob.Silence()
	carol.Hears(highTone)
	carol.Action("unmute")
	bob.Hears(lowTone)
	carol.Action("hangup")
	for _, p := range []*phone{alice, bob, carol} {
		p.Until("document.querySelectorAll('[data-region=call]').length === 0")
		p.Released()
	}
}

// givenBack has a call come back from nobody, and from somebody who would rather stay.
func givenBack(t *testing.T, alice, bob, carol *phone) {
	t.Helper()
	alice.handOver("nobody")
	alice.Action("transfer-blind")
	bob.Action("transfer-accept")
	alice.transferred("failed")
	alice.Until("document.querySelector('[data-notice=error_transfer_failed]')?.innerText.includes('nobody')")
	alice.inCall(shortOf(bob.address), 1)
	bob.inCall(shortOf(alice.address), 1)
	alice.Hears(highTone)
	bob.Hears(lowTone)
	// Bob would rather not; the pages around the phones ask and answer.
	alice.since, bob.since = alice.Now(), bob.Now()
	alice.Publish("jsc/call/transfer", map[string]any{"to": carol.address})
	bob.Topic("jsc/call/transfer/requested", "d.to.uri === "+quote(carol.address)+" && d.by.uri === "+quote(alice.address), bob.since)
	bob.Publish("jsc/call/transfer/answer", map[string]any{"accept": false})
	alice.transferred("failed")
	alice.Until("document.querySelector('[data-notice=error_transfer_declined]')")
	alice.inCall(shortOf(bob.address), 1)
}

// shortOf is an address as it is shown.
func shortOf(address string) string { return address[len("sip:"):] }

func TestCallIsHandedOver(t *testing.T) {
	t.Run("embedded server", func(t *testing.T) {
		s := startServer(t)
		transfers(t, openDemo(t, s, newPage(t, low, "alice"), "alice"), openDemo(t, s, newPage(t, high, "bob"), "bob"),
			openDemo(t, s, newPage(t, low, "carol"), "carol"), true)
	})
	t.Run("Kamailio", func(t *testing.T) {
		k := server.StartKamailio(t)
		open := func(in *lazyBrowser, user string) *phone {
			return kamailioPhone(t, newPage(t, in, user), k.WS, user, nil)
		}
		transfers(t, open(low, "alice"), open(high, "bob"), open(low, "carol"), false)
	})
}

// With a client of others as the one who is handed over, as the one to whom, and as the one
// who does it.
func TestCallIsHandedOverWithAClientOfOthers(t *testing.T) {
	k := server.StartKamailio(t)
	for _, library := range []peers.Library{peers.JsSIP, peers.SIPjs} {
		t.Run(string(library), func(t *testing.T) {
			alice := kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil)
			carol := kamailioPhone(t, newPage(t, low, "carol"), k.WS, "carol", nil)
			bob := peers.Open(t, newPage(t, high, "bob"), library, peers.KamailioAccount(k.WS, "bob"))
			ended := func() {
				t.Helper()
				bob.Idle()
				for _, p := range []*phone{alice, carol} {
					p.Until("document.querySelectorAll('[data-region=call]').length === 0")
					p.since = p.Now()
				}
			}

			// Bob is handed over to Carol, who was asked before.
			alice.Dial(bob.Address(), false)
			bob.Answer(false)
			alice.Talks()
			alice.handOver(carol.address)
			alice.Action("transfer-ask")
			carol.Answer(false)
			alice.inCall(shortOf(carol.address), 2)
			alice.Action("transfer-to")
			carol.talksWith(shortOf(bob.Address()))
			carol.Hears(highTone)
			bob.Hears(lowTone)
			carol.Hangup()
			ended()

			// Carol is handed over to Bob, who was asked before.
			alice.Dial(carol.address, false)
			carol.Answer(false)
			alice.Talks()
			alice.handOver(bob.Address())
			alice.Action("transfer-ask")
			bob.Answer(false)
			alice.inCall(shortOf(bob.Address()), 2)
			alice.Action("transfer-to")
			carol.Action("transfer-accept")
			carol.talksWith(shortOf(bob.Address()))
			carol.Hears(highTone)
			bob.Hears(lowTone)
			carol.Hangup()
			ended()

			// Bob hands Alice over to Carol.
			bob.Dial(alice.address, false)
			alice.Answer(false)
			bob.Talks()
			bob.Refer(carol.address)
			alice.Action("transfer-accept")
			carol.Answer(false)
			bob.Referred()
			bob.Idle()
			alice.talksWith(shortOf(carol.address))
			alice.Hears(lowTone)
			alice.Hangup()
			ended()

			connects(alice, carol, bob)
			ended()
			alice.Released()
			bob.Close()
			alice.Close()
			carol.Close()
		})
	}
}

// connects has Bob, who has asked Carol before, connect Alice with her.
func connects(alice, carol *phone, bob *peers.Peer) {
	alice.t.Helper()
	bob.Dial(alice.address, false)
	alice.Answer(false)
	bob.Talks()
	bob.Consult(carol.address)
	carol.Answer(false)
	bob.Talks()
	carol.talksWith(shortOf(bob.Address()))
	bob.Connect()
	alice.Action("transfer-accept")
	alice.talksWith(shortOf(carol.address))
	carol.talksWith(shortOf(alice.address))
	alice.Hears(lowTone)
	carol.Hears(lowTone)
	carol.Hangup()
}
