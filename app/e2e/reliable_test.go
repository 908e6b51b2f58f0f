//go:build linux

package e2e

import (
	"testing"

	"gocommunicator/app/e2e/peers"
	"gocommunicator/app/e2e/server"
)

// recordWire notes each SIP message of a page: `> ` before those sent, `< ` before those
// received.
const recordWire = `window.wire = [];
	const note = (to, data) => wire.push(to + (typeof data === 'string' ? data : new TextDecoder().decode(data)));
	const Native = WebSocket;
	window.WebSocket = class extends Native {
		constructor(...a) { super(...a); this.addEventListener('message', ({ data }) => note('< ', data)); }
		send(data) { note('> ', data); super.send(data); }
	};`

// wired waits until a message has gone, `> `, or come, `< `, that begins so and has all
// the parts.
func (p *phone) wired(begin string, parts ...string) {
	p.t.Helper()
	p.Until(`wire.some((m) => m.startsWith(` + quote(begin) + `) && ` + quoteJSON(append([]string{}, parts...)) + `.every((p) => m.includes(p)))`)
}

// SIP.js rings reliably and is heard before it answers; it calls only who does likewise.
func TestReliableRingingWithSIPjs(t *testing.T) {
	k := server.StartKamailio(t)
	page := newPage(t, low, "alice")
	page.Before(recordWire)
	alice := kamailioPhone(t, page, k.WS, "alice", nil)
	strict := peers.KamailioAccount(k.WS, "bob")
	strict.Reliable = true
	bob := peers.Open(t, newPage(t, high, "bob"), peers.SIPjs, strict)

	alice.Dial(bob.Address(), false)
	bob.Early()
	alice.state("early")
	alice.wired("> PRACK ")
	alice.wired("< SIP/2.0 200", " PRACK\r\n")
	alice.Hears(highTone)
	bob.Answer(false)
	alice.Talks()
	bob.Hears(lowTone)
	bob.Hangup()
	alice.Idle()

	alice.since = alice.Now()
	bob.Dial(alice.Address(), false)
	alice.Rung()
	alice.wired("< PRACK ")
	alice.wired("> SIP/2.0 200", " PRACK\r\n")
	bob.Rings()
	alice.Answer(false)
	bob.Talks()
	alice.Hears(highTone)
	alice.Hangup()
	alice.Released()
}

// The session timer is agreed on with JsSIP in either direction, raised where the server
// demands it, and JsSIP offers anew by UPDATE.
func TestSessionTimersWithJsSIP(t *testing.T) {
	k := server.StartKamailio(t)
	page := newPage(t, low, "alice")
	page.Before(recordWire)
	alice := kamailioPhone(t, page, k.WS, "alice", nil)
	dave := peers.Open(t, newPage(t, high, "dave"), peers.JsSIP, peers.KamailioAccount(k.WS, "dave"))

	alice.Dial(dave.Address(), false)
	dave.Answer(false)
	alice.Talks()
	alice.wired("< SIP/2.0 422", "Min-SE: 3600")
	alice.wired("> INVITE ", "Session-Expires: 3600", "Min-SE: 3600")
	alice.wired("< SIP/2.0 200", " INVITE\r\n", "Session-Expires: 3600;refresher=")
	dave.Talks()
	dave.Update()
	alice.wired("< UPDATE ", "application/sdp")
	alice.wired("> SIP/2.0 200", " UPDATE\r\n", "a=sendrecv")
	alice.Hears(highTone)
	dave.Hears(lowTone)
	alice.Hangup()
	dave.Idle()

	alice.since = alice.Now()
	alice.Evaluate("void (wire.length = 0)", nil)
	dave.Dial(alice.Address(), false)
	alice.Answer(false)
	alice.Talks()
	alice.wired("< INVITE ", "Session-Expires: ")
	alice.wired("> SIP/2.0 200", " INVITE\r\n", "Session-Expires: ", ";refresher=", "Require: timer")
	dave.Hears(lowTone)
	dave.Hangup()
	alice.Released()
}
