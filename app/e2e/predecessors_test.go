//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// What went wrong in the phones before this one, as far as no other test would find it.

// sockets keeps the page's WebSockets, so that a test can cut the last one.
const sockets = `window.sockets = [];
	window.WebSocket = class extends WebSocket { constructor(...args) { super(...args); sockets.push(this); } };`

func TestConnectionLostInACallTakesNoControlAway(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(sockets)
	alice := openDemo(t, s, page, "alice")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Dial("bob", true)
	bob.Answer(true)
	alice.Talks()
	bob.Talks()

	inCall := func() {
		t.Helper()
		alice.Until(`['[data-action=hangup]', '[data-media=remote]', '[data-action=mute]']
			.every((c) => document.querySelector('[data-region=call] ' + c)?.checkVisibility())`)
	}
	inCall()
	cut := alice.Now()
	alice.Evaluate("sockets.at(-1).close()", nil)
	alice.Topic("jsc/link/state", "d.state !== 'up'", cut)
	inCall()
	alice.Topic("jsc/link/state", "d.state === 'up'", cut)
	inCall()
	alice.Hears(highTone)
	for _, r := range alice.Topics() {
		if r.Topic == "jsc/ua/idle" && r.Time > cut {
			t.Error("in the call the phone said that it is idle")
		}
	}
	alice.Hangup()
	alice.Idle()
	bob.Idle()
}

func TestLockedDestinationStaysLockedAndStaysThere(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(sockets)
	settings := `{"dialing": {"edit_destination": false, "auto_dial": {"default_destination": "echo"}}}`
	page.Before("window.JSCommSettings = " + settings)
	alice := openDemo(t, s, page, "alice")
	locked := func() {
		t.Helper()
		alice.Until(`(({ readOnly, value }) => readOnly && value === 'echo')(document.getElementById('address'))`)
	}
	locked()
	cut := alice.Now()
	alice.Evaluate("sockets.at(-1).close()", nil)
	alice.Topic("jsc/link/state", "d.state !== 'up'", cut)
	alice.Topic("jsc/link/state", "d.state === 'up'", cut)
	locked()
	alice.Evaluate("void document.getElementById('address').focus()", nil)
	locked()
	alice.since = alice.Now()
	alice.Action("dial-audio")
	alice.Talks()
	alice.Hangup()
	alice.Idle()
	locked()
}

func TestCallWithoutPictureAsksForNoneAndOffersNone(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(`window.asked = []; window.offers = [];
		const media = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
		navigator.mediaDevices.getUserMedia = (c) => { asked.push(!!c.video); return media(c); };
		const set = RTCPeerConnection.prototype.setLocalDescription;
		RTCPeerConnection.prototype.setLocalDescription = function (d) { offers.push(d.sdp); return set.call(this, d); };`)
	alice := openDemo(t, s, page, "alice")
	alice.Dial("echo", false)
	alice.Talks()
	var asked []bool
	var offers []string
	page.Evaluate("asked", &asked)
	page.Evaluate("offers", &offers)
	if len(asked) == 0 || strings.Contains(fmt.Sprint(asked), "true") {
		t.Errorf("the camera was asked for: %v", asked)
	}
	if len(offers) == 0 || strings.Contains(offers[0], "m=video") || !strings.Contains(offers[0], "UDP/TLS/RTP/SAVPF") {
		t.Errorf("offered: %q", offers)
	}
	alice.Hangup()
	alice.Idle()
	alice.Until("document.querySelector('[data-region=dialpad]').checkVisibility()")
}

func TestEveryKeyWritesItself(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	names := strings.Fields("1 2 3 4 5 6 7 8 9 star 0 hash")
	for _, name := range names {
		alice.Action("key-" + name)
	}
	alice.Until("document.getElementById('address').value === '123456789*0#'")
}

// With everything logged that can be, neither the password nor what proves it is in the
// console.
func TestConsoleHoldsNoSecret(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(`window.lines = []; window.JSCommSettings = { log: { level: 'debug' } };
		for (const f of ['log', 'debug', 'info', 'warn', 'error']) {
			const original = console[f];
			console[f] = (...args) => { lines.push(args.join(' ')); original(...args); };
		}`)
	page.Open(s.URL())
	page.Fill("sip-address", "carol@localhost")
	page.Fill("password", "carol")
	page.Action("login")
	page.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	var lines []string
	page.Evaluate("lines", &lines)
	all := strings.Join(lines, "\n")
	if !strings.Contains(all, "REGISTER") {
		t.Errorf("nothing was logged that could have held it:\n%s", all)
	}
	for _, secret := range []string{`response="`, `response=\"`, `cnonce="`, `cnonce=\"`, `password=carol`} {
		if strings.Contains(all, secret) {
			t.Errorf("%s stands in the console", secret)
		}
	}
	topics, err := json.Marshal(page.Topics())
	if err != nil || strings.Contains(string(topics), "response=") {
		t.Errorf("topics: %s (%v)", topics, err)
	}
}
