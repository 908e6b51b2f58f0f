//go:build linux

package e2e

import (
	"fmt"
	"strings"
	"testing"

	"gocommunicator/app/e2e/browser"
)

// digitsIn are the keys that jsc/call/dtmf told of.
func digitsIn(p *phone) string {
	p.t.Helper()
	var digits strings.Builder
	for _, r := range p.Topics() {
		if r.Topic == "jsc/call/dtmf" {
			digits.WriteString(strings.Trim(string(r.Data), `"`))
		}
	}
	return digits.String()
}

// shows waits until the call panel says of the keys what is wanted.
func (p *phone) shows(digits string) {
	p.t.Helper()
	p.Until(`document.querySelector('.call-digits').innerText.replace(/\s+/g, ' ').includes(` + quote(digits) + `)`)
}

// key presses a key of the keyboard.
func (p *phone) key(key string) {
	p.t.Helper()
	p.Evaluate(`void document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: `+quote(key)+`, bubbles: true }))`, nil)
}

// box is where a control is.
func (p *phone) box(action string) (b struct{ X, Y, Width, Height float64 }) {
	p.t.Helper()
	p.Evaluate(fmt.Sprintf(`document.querySelector('.call [data-action=%s]').getBoundingClientRect().toJSON()`, action), &b)
	return b
}

// recordEvents notes every telephone event that the browser is asked for.
const recordEvents = `window.inserted = [];
	const insert = RTCDTMFSender.prototype.insertDTMF;
	RTCDTMFSender.prototype.insertDTMF = function (...a) { inserted.push(a.join(' ')); return insert.apply(this, a); };`

func TestKeysToTheEchoServiceAreSaidBack(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(recordEvents + `window.JSCommSettings = { session: { dtmf_duration: 120 } };`)
	alice := openDemo(t, s, page, "alice")
	alice.Dial("sip:echo@localhost", false)
	alice.Talks()
	hangup, mute := alice.box("hangup"), alice.box("mute")
	alice.Action("dtmf-pad")
	want := "1*D"
	for _, key := range []string{"key-1", "key-star", "key-D"} {
		alice.Click(".pad [data-action=" + key + "]")
	}
	for _, key := range []string{"5", "#", "b"} { // of the keyboard
		alice.key(key)
		want += strings.ToUpper(key)
	}
	alice.Evaluate(`void document.querySelector('.pad [data-action=key-0]').click()`, nil) // no pointer
	want += "0"
	alice.shows("Sent " + want)
	alice.shows("Received " + want)
	if got := digitsIn(alice); got != want {
		t.Errorf("said back %q, want %q", got, want)
	}
	var inserted []string
	alice.Evaluate("inserted", &inserted)
	if len(inserted) != len(want) || inserted[0] != "1 120 70" {
		t.Errorf("telephone events: %q", inserted)
	}
	if h, m := alice.box("hangup"), alice.box("mute"); h != hangup || m != mute {
		t.Errorf("the keys moved hang-up from %v to %v, mute from %v to %v", hangup, h, mute, m)
	}
	alice.Screenshot("pad")

	alice.Publish("jsc/call/dtmf/send", map[string]string{"tones": "5x"})
	alice.Topic("jsc/error", "d.code === 'error_digits'", 0)
	alice.key("Escape") // the notice
	alice.key("Escape") // the keys
	alice.Until(`document.querySelector('.pad').hidden`)
	alice.key("7")
	alice.Publish("jsc/call/dtmf/send", map[string]string{"tones": "99"})
	alice.shows("Received " + want + "99")
	alice.Action("dtmf-pad")
	alice.Action("hangup") // the keys do not cover it
	alice.Idle()
	alice.Released()
	alice.Until(`!document.querySelector('.pad')`)
}

// Who takes no telephone events at the clock of the sound gets INFO, both ways.
func TestKeysBetweenPagesGoInTheSoundOrAsInfo(t *testing.T) {
	const withoutEvents = `const set = RTCPeerConnection.prototype.setLocalDescription;
		RTCPeerConnection.prototype.setLocalDescription = function (d) {
			return set.call(this, d && { type: d.type, sdp: d.sdp.replace(/a=rtpmap:\d+ telephone-event\/48000\r\n/, '') });
		};`
	for _, test := range []struct {
		name   string
		method string // set for who sends
		script string // of who receives
		events bool
		info   bool
	}{
		{"sound", "auto", "", true, false},
		{"INFO", "auto", withoutEvents, false, true},
		{"INFO as set", "info", "", false, true},
		{"sound as set", "rtp", withoutEvents, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := startServer(t)
			page := newPage(t, low, "alice")
			page.Before(recordEvents + `window.JSCommSettings = { session: { dtmf_method: '` + test.method + `' } };`)
			alice := openDemo(t, s, page, "alice")
			other := newPage(t, high, "bob")
			other.Before(test.script)
			bob := openDemo(t, s, other, "bob")
			alice.Dial(bob.Address(), false)
			bob.Answer(false)
			alice.Talks()
			bob.Talks()
			alice.Action("dtmf-pad")
			alice.Click(".pad [data-action=key-4]")
			alice.Click(".pad [data-action=key-2]")
			if test.events || test.info {
				alice.shows("Sent 42")
			} else {
				alice.Until(told + `.includes('does not take keys')`)
				alice.Action("dismiss")
			}
			var inserted []string
			alice.Evaluate("inserted", &inserted)
			if (len(inserted) == 2) != test.events {
				t.Errorf("telephone events: %q", inserted)
			}
			if test.info {
				bob.shows("Received 42")
				if got := digitsIn(bob); got != "42" {
					t.Errorf("bob was told %q", got)
				}
			}
			bob.Hangup()
			alice.Idle()
			alice.Until(`!document.querySelector('.pad')`) // was open
			alice.Released()
			alice.Dial("sip:echo@localhost", false)
			alice.Talks()
			alice.Until(`document.querySelector('.pad').hidden`)
		})
	}
}

// widgetInCall opens the phone in a frame of that size, in a call with the echo service.
func widgetInCall(t *testing.T, width, height int) *browser.Page {
	t.Helper()
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Open(s.URL() + "arbiter.js") // a page without anything of its own
	page.Evaluate(fmt.Sprintf(`void (() => {
		const widget = document.createElement('iframe');
		widget.allow = 'microphone';
		widget.style.cssText = 'position: fixed; inset: 0 auto auto 0; border: 0; width: %dpx; height: %dpx';
		widget.src = '/?account=alice';
		document.body.replaceChildren(widget);
	})()`, width, height), nil)
	page.Until(`frames[0].e2e?.topics.some((r) => r.topic === 'jsc/registration/state' && r.data.state === 'registered')`)
	page.Evaluate(`void frames[0].Arbiter.publish('jsc/call/dial', { to: 'sip:echo@localhost' })`, nil)
	page.Until(`frames[0].e2e.topics.some((r) => r.topic === 'jsc/call/state' && r.data.state === 'active')`)
	return page
}

// Every key can be hit, and the end of the call too, however small the widget is.
func TestKeysFitWhereThereIsLittleRoom(t *testing.T) {
	for _, size := range []struct{ width, height int }{{320, 480}, {640, 360}, {1000, 700}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			page := widgetInCall(t, size.width, size.height)
			page.Evaluate(`void frames[0].document.querySelector('[data-action=dtmf-pad]').click()`, nil)
			page.Evaluate(`void frames[0].Arbiter.publish('jsc/call/dtmf/send', { tones: '12' })`, nil)
			page.Until(`frames[0].document.querySelector('.call-digits').innerText.includes('Received 12')`)
			page.Screenshot("pad")
			var hidden []string
			page.Evaluate(`((words) => [...frames[0].document.querySelectorAll('.pad button, .controls button:not([hidden], .menu *)')].filter((b) => {
				const r = b.getBoundingClientRect(), at = (x, y) => frames[0].document.elementFromPoint(x, y)?.closest('button') === b;
				return r.height < 36 || r.y < words || r.width < 44 || !at(r.x + r.width / 2, r.y + 4) || !at(r.x + r.width / 2, r.bottom - 4);
			}).map((b) => b.dataset.action))(frames[0].document.querySelector('.call-digits').getBoundingClientRect().bottom)`, &hidden)
			if len(hidden) > 0 {
				t.Errorf("cannot be hit: %v", hidden)
			}
			page.Evaluate(`void frames[0].document.querySelector('[data-action=hangup]').click()`, nil)
		})
	}
}

// What is dialled behind an address is sent after the answer, with pauses, and the person is
// asked where it is to wait.
func TestKeysDialledBehindTheAddressAreSent(t *testing.T) {
	alice := openDemo(t, startServer(t), newPage(t, low, "alice"), "alice")
	alice.Dial("sip:echo@localhost,12;34#", false)
	alice.Talks()
	alice.Until(`document.querySelector('.call-who').innerText.includes('Sends 12 34# next')`)
	alice.shows("Received 12")
	alice.Until(`document.querySelector('.call-tones')?.innerText.includes('Send 34# now?')`)
	alice.Screenshot("asked")
	alice.Action("tones-send")
	alice.shows("Received 1234#")
	alice.Until(`!document.querySelector('.call-tones')`)
	alice.Hangup()
	alice.Released()
}
