//go:build linux

package e2e

import (
	"fmt"
	"testing"

	"gocommunicator/app/e2e/server"
)

// change types a value into a field that takes effect when it is left.
func (p *phone) change(name, value string) {
	p.t.Helper()
	p.Fill(name, value)
	p.Evaluate(`document.activeElement.blur()`, nil)
}

// set sets something about calls and waits until it is in force.
func (p *phone) set(key string, value any, text string) {
	p.t.Helper()
	p.Publish("jsc/ua/settings", map[string]any{key: value})
	since := p.Now()
	p.Publish("jsc/ua/state", nil)
	p.Topic("jsc/ua/snapshot", fmt.Sprintf("d.settings[%q] === %q", key, text), since)
}

// again forgets the calls before.
func again(phones ...*phone) {
	for _, p := range phones {
		p.since = p.Now()
	}
}

// refused has a call end with a code and nothing heard of it at the other side.
func refused(t *testing.T, from, to *phone, code int) {
	t.Helper()
	again(from, to)
	from.Dial(to.Address(), false)
	if c := from.state("ended", "failed"); c.code() != code {
		t.Errorf("the caller is told %+v", c)
	}
	var rang bool
	to.Evaluate(fmt.Sprintf("e2e.topics.some((r) => r.topic === 'jsc/call/incoming' && r.time > %f)", to.since), &rang)
	if rang {
		t.Error("it rang")
	}
}

// policy goes through what a phone does with calls by itself: Bob's does it. Bob's own
// sounds are measured.
func policy(t *testing.T, alice, bob, carol *phone) {
	t.Helper()
	// Do not disturb.
	bob.Action("dnd")
	bob.Until(`document.querySelector('.status-words').innerText === 'Do not disturb'`)
	bob.Topic("jsc/ua/dnd/state", "d.on", 0)
	refused(t, alice, bob, 486)
	bob.Until(`document.querySelector('[data-region=history]').dataset.missed === '1'`)
	bob.Screenshot("dnd")
	bob.Action("dnd")

	// Forwarding.
	bob.Action("tab-settings")
	bob.Click("[data-action=call-settings]")
	bob.change("session.forward_always", "bob")
	bob.Until(`document.querySelector('.call-fields [aria-invalid=true]')?.dataset.input === 'session.forward_always'`)
	bob.change("session.forward_always", "carol")
	bob.Until(`document.querySelector('.status-words').innerText === 'Calls are forwarded'`)
	bob.Screenshot("settings")
	again(alice, carol)
	alice.Dial(bob.Address(), false)
	carol.Answer(false)
	alice.Talks()
	alice.Until(`document.querySelector('[data-region=call] .call-detour').innerText.includes('has forwarded to carol')`)
	alice.Screenshot("forwarded")
	alice.Hears(lowTone)
	alice.Hangup()
	carol.Idle()
	bob.set("forward_always", nil, "")

	// Who hides.
	again(alice, bob)
	alice.Action("anonymous")
	alice.Dial(bob.Address(), false)
	bob.Rung()
	bob.Until(`document.querySelector('.sheet h2').innerText === 'Anonymous caller' && !document.body.innerText.includes('alice')`)
	bob.Screenshot("anonymous")
	bob.Reject(603)
	alice.Idle()
	bob.set("reject_anonymous", true, "true")
	alice.Action("anonymous")
	refused(t, alice, bob, 433)

	// Answered by the phone, after a tone.
	bob.set("auto_answer_delay", 1, "1")
	bob.set("auto_answer", "always", "always")
	again(alice, bob)
	alice.Dial(bob.Address(), false)
	bob.sounds("880")
	bob.Talks()
	alice.Talks()
	alice.Hears(highTone)

	// Another call waits: it has a tone of its own, again and again.
	again(carol)
	carol.Dial(bob.Address(), false)
	bob.Topic("jsc/call/state", "d.state === 'incoming' && !d.auto_answer && d.peer.uri.includes('carol')", 0)
	for range 2 {
		bob.sounds("783.99")
		if ring := bob.loudest("1046.5", 2500); ring > 0.001 {
			t.Errorf("the ring is heard in a call: %v", ring)
		}
		bob.Until(`!sound.sounds(783.99)`)
	}
	carol.Hangup()
	alice.Hangup()
	bob.Idle()
	alice.Released()
	bob.Released()
}

func TestPhoneDealsWithCallsByItself(t *testing.T) {
	t.Run("embedded server", func(t *testing.T) {
		s := startServer(t)
		bob := openHeard(t, s.URL(), high, "bob", `{}`)
		policy(t, openDemo(t, s, newPage(t, low, "alice"), "alice"), bob, openDemo(t, s, newPage(t, low, "carol"), "carol"))
		bob.Action("dnd")
		bob.Open(s.URL() + "?account=bob") // the next visit
		bob.Topic("jsc/registration/state", "d.state === 'registered'", 0)
		bob.Until(`document.querySelector('.status-words').innerText === 'Do not disturb'`)
	})
	t.Run("Kamailio", func(t *testing.T) {
		k := server.StartKamailio(t)
		page := newPage(t, high, "bob")
		page.Before(listenIn)
		trusts := map[string]any{"session": map[string]any{"trust_identity": true}}
		policy(t, kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil), kamailioPhone(t, page, k.WS, "bob", trusts),
			kamailioPhone(t, newPage(t, low, "carol"), k.WS, "carol", nil))
	})
}
