//go:build linux

package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// listenIn measures what the page itself plays, at the ends of its audio graphs: the
// amplitude of a tone in the last 170 ms, and what ever was the loudest since a reset.
const listenIn = `(() => {
	const taps = new Map(), connect = AudioNode.prototype.connect;
	AudioNode.prototype.connect = function (to, ...rest) {
		if (to instanceof AudioDestinationNode || to instanceof MediaStreamAudioDestinationNode) {
			if (!taps.has(to)) taps.set(to, new AnalyserNode(this.context, { fftSize: 8192 }));
			connect.call(this, taps.get(to));
		}
		return connect.call(this, to, ...rest);
	};
	const amplitude = (tap, hertz) => {
		const samples = new Float32Array(tap.fftSize), k = 2 * Math.cos(2 * Math.PI * hertz / tap.context.sampleRate);
		tap.getFloatTimeDomainData(samples);
		let s1 = 0, s2 = 0;
		samples.forEach((sample, i) => {
			const hann = 1 - Math.cos(2 * Math.PI * i / samples.length);
			[s1, s2] = [sample * hann + k * s1 - s2, s1];
		});
		return 2 * Math.sqrt(Math.max(0, s1 * s1 + s2 * s2 - k * s1 * s2)) / samples.length;
	};
	const ends = (kind) => [...taps].filter(([to]) => !kind || to instanceof kind).map(([, tap]) => tap);
	const at = (hertz, kind) => Math.max(0, ...ends(kind).map((tap) => amplitude(tap, hertz)));
	let loudest = {};
	const watch = (hertz) => { loudest[hertz] = Math.max(loudest[hertz] ?? 0, at(hertz)); return loudest[hertz]; };
	window.sound = { at, sounds: (...all) => all.every((hertz) => at(hertz) > 0.01), watch, reset: () => { loudest = {}; },
		running: () => ends().some((tap) => tap.context.state === 'running') };
})();`

// Frequencies in Hz by which the tones are known.
const (
	ringTone     = "783.99"
	messageTone  = "1567.98"
	ringbackTone = "425"
)

// sounds waits until all these frequencies are heard at once.
func (p *phone) sounds(hertz ...string) {
	p.t.Helper()
	p.Until(`sound.sounds(` + strings.Join(hertz, ", ") + `)`)
}

// loudest is the greatest amplitude of a frequency within that time in ms.
func (p *phone) loudest(hertz string, ms int) (amplitude float64) {
	p.t.Helper()
	p.Evaluate(fmt.Sprintf(`(async () => {
		sound.reset();
		for (const end = performance.now() + %d; performance.now() < end;) {
			sound.watch(%s);
			await new Promise((resolve) => setTimeout(resolve, 40));
		}
		return sound.watch(%[2]s);
	})()`, ms, hertz), &amplitude)
	return amplitude
}

// openHeard opens a page whose own sounds are measured, with settings as JavaScript.
func openHeard(t *testing.T, url string, in *lazyBrowser, name, settings string) *phone {
	t.Helper()
	page := newPage(t, in, name)
	page.Before(listenIn + "window.JSCommSettings = " + settings)
	return openPhone(t, page, url+"?account="+name, "sip:"+name+"@localhost", nil)
}

func TestRingIsHeardWhateverElseSounds(t *testing.T) {
	s := startServer(t)
	alice := openHeard(t, s.URL(), low, "alice", `{}`)
	bob := openHeard(t, s.URL(), high, "bob", `{}`)
	alice.Dial(bob.Address(), false)
	bob.Rung()
	bob.sounds(ringTone)
	alice.sounds(ringbackTone)
	alice.Publish("jsc/message/send", map[string]string{"to": bob.Address(), "text": "are you there?"})
	bob.sounds(ringTone, messageTone)
	bob.Click(`.dialpad [data-action=key-5]`)
	bob.sounds(ringTone) // goes on
	bob.sounds("659.26")
	bob.Until(`document.title.includes('is calling')`)
	bob.Answer(false)
	alice.Talks()
	bob.Until(`!sound.sounds(659.26) && !sound.sounds(783.99) && !sound.sounds(1046.5)`)
	if ring := bob.loudest(ringTone, 3300); ring > 0.001 {
		t.Errorf("after the answer the ring is heard: %v", ring)
	}
	bob.Hangup()
	alice.Idle()
}

// A call that is refused is over at once; its tone is heard to the end.
func TestRefusalIsHeardToItsEnd(t *testing.T) {
	s := startServer(t)
	alice := openHeard(t, s.URL(), low, "alice", `{}`)
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	for _, test := range []struct {
		name, to string
		length   float64 // ms from the beginning of the tone to the end of its last beep
	}{
		{"busy", bob.Address(), 3500},
		{"not there", "sip:zoe@localhost", 2750},
	} {
		t.Run(test.name, func(t *testing.T) {
			alice.Dial(test.to, false)
			if test.to == bob.Address() {
				bob.Reject(603)
			}
			alice.Idle()
			var heard float64
			alice.Evaluate(lastOfTone, &heard)
			if heard < test.length-250 || heard > test.length+500 {
				t.Errorf("heard for %.0f ms of %.0f", heard, test.length)
			}
		})
	}
}

// lastOfTone waits until the tone of the network has begun and ended: the time between in
// ms. Its pauses are shorter than what counts as its end.
const lastOfTone = `(async () => {
	let first, last;
	do {
		await new Promise((resolve) => setTimeout(resolve, 10));
		if (sound.at(425) > 0.05) { first ??= performance.now(); last = performance.now(); }
	} while (first === undefined || performance.now() - last < 900);
	return last - first;
})()`

func TestSoundsAreSetByThePerson(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	bob := openHeard(t, s.URL(), high, "bob", `{ sounds: { ring_volume: 40 } }`)
	bob.Action("tab-settings")
	play := func() float64 {
		bob.Action("play-ring")
		return bob.loudest("1046.5", 2000)
	}
	bob.Until(`document.querySelector('[data-input=ring-volume]').value === '40'`)
	quiet := play()
	bob.Evaluate(`void ((i) => { i.value = 80; i.dispatchEvent(new Event('change', { bubbles: true })); })(document.querySelector('[data-input=ring-volume]'))`, nil)
	loud := play()
	if quiet < 0.01 || loud < 3*quiet || loud > 5*quiet {
		t.Errorf("at 40 %% the ring has the amplitude %v, at 80 %% %v", quiet, loud)
	}
	bob.Screenshot("settings")
	bob.Click(`[data-input=ring-on]`)
	bob.Until(`!document.querySelector('[data-action=play-ring]').checkVisibility({ visibilityProperty: true })`)
	alice.Dial(bob.Address(), false)
	bob.Rung()
	alice.Publish("jsc/message/send", map[string]string{"to": bob.Address(), "text": "pick it up"})
	bob.sounds(messageTone) // is not the ring
	if ring := bob.loudest(ringTone, 3300); ring > 0.0001 {
		t.Errorf("a ring that is off has the amplitude %v", ring)
	}
	alice.Hangup()
	bob.Idle()

	bob.Open(s.URL() + "?account=bob") // the next visit
	bob.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	bob.Action("tab-settings")
	bob.Until(`!document.querySelector('[data-input=ring-on]').checked && document.querySelector('[data-input=ring-volume]').value === '80'`)
	bob.Click(`[data-input=tones-on]`)
	bob.Click(`[data-input=ring-on]`)
	alice.since = alice.Now()
	alice.Dial(bob.Address(), false)
	bob.Topic("jsc/call/state", "d.state === 'incoming'", 0)
	bob.sounds(ringTone)
	alice.Publish("jsc/message/send", map[string]string{"to": bob.Address(), "text": "and now?"})
	bob.Topic("jsc/message/received", "true", 0)
	if message := bob.loudest(messageTone, 1500); message > 0.005 {
		t.Errorf("a message tone that is off has the amplitude %v", message)
	}
	alice.Hangup()
}

func TestMessageToneIsOffWhenTheSettingsSaySo(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	bob := openHeard(t, s.URL(), high, "bob", `{ session: { message_tone: false } }`)
	alice.Publish("jsc/message/send", map[string]string{"to": bob.Address(), "text": "hush"})
	bob.Topic("jsc/message/received", "true", 0)
	if message := bob.loudest(messageTone, 1500); message > 0 {
		t.Errorf("the amplitude is %v", message)
	}
	alice.Dial(bob.Address(), false)
	bob.sounds(ringTone) // so it could have been heard
	alice.Hangup()
}

// A page that nobody has touched may not sound; the person is told, and the first
// touch lets the ring be heard.
func TestRingOnAnUntouchedPage(t *testing.T) {
	const told = `[...document.querySelectorAll('[role=alert]')].some((n) => { // and nothing lies over it
		const { x, y, width, height } = n.getBoundingClientRect();
		return n.innerText.includes('keeps sound back') && n.contains(document.elementFromPoint(x + width / 2, y + height / 2));
	})`
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	bob := openHeard(t, s.URL(), strict, "bob", `{}`)
	alice.Dial(bob.Address(), false)
	bob.Rung()
	bob.Until(told)
	bob.Until(`document.title.includes('is calling')`)
	bob.Screenshot("held-back")
	if bob.loudest(ringTone, 500) > 0 {
		t.Error("the browser plays: this test shows nothing")
	}
	alice.Hangup()
	bob.Idle()
	bob.Until(`!(` + told + `)`) // there is nothing to be heard any more

	bob.since = bob.Now()
	alice.Dial(bob.Address(), false)
	bob.Rung()
	bob.Until(told)
	bob.Click(`.sheet h2`)
	bob.sounds(ringTone)
	bob.Until(`!(` + told + `)`)
	alice.Hangup()
	bob.Idle()

	bob.since = bob.Now()
	alice.Dial(bob.Address(), false)
	bob.Rung()
	bob.sounds(ringTone)
	var hint bool
	bob.Evaluate(told, &hint)
	if hint {
		t.Error("the hint has come back")
	}
	alice.Hangup()
}

// The ring comes out of the device chosen, and out of the usual one when that is gone.
func TestRingOnADeviceOfChoice(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	page := newPage(t, high, "bob")
	page.Before(`window.sinks = []; window.gone = false;
		HTMLMediaElement.prototype.setSinkId = async function (id) {
			sinks.push(id);
			if (gone) throw new DOMException('it is gone', 'NotFoundError');
		};
		MediaDevices.prototype.enumerateDevices = async () => [
			{ kind: 'audioinput', deviceId: 'm', label: 'Microphone' },
			{ kind: 'audiooutput', deviceId: 'default', label: 'Default' },
			{ kind: 'audiooutput', deviceId: 'ear', label: 'Headset' },
			{ kind: 'audiooutput', deviceId: 'desk', label: '<b>Desk</b>' },
			{ kind: 'audiooutput', deviceId: 'unnamed', label: '' },
		];`)
	page.Before(listenIn)
	bob := openDemo(t, s, page, "bob")
	const device, usual = `MediaStreamAudioDestinationNode`, `AudioDestinationNode`
	only := func(kind, other string) {
		t.Helper()
		bob.Until(fmt.Sprintf(`sound.at(%s, %s) > 0.01 && sound.at(%[1]s, %[3]s) < 0.0001`, ringTone, kind, other))
	}
	ring := func() {
		bob.since, alice.since = bob.Now(), alice.Now()
		alice.Dial(bob.Address(), false)
		bob.Rung()
	}
	bob.Action("tab-settings")
	bob.Action("open-devices")
	bob.Until(`[...document.querySelectorAll('[data-input=ring] option')].map((o) => o.textContent).join() === 'As the system has it,Headset,<b>Desk</b>'`)
	ring()
	only(usual, device)
	alice.Hangup()
	bob.Idle()
	bob.pick("ring", "<b>Desk</b>")
	ring()
	only(device, usual)
	bob.Until(`sinks.at(-1) === 'desk'`)
	alice.Publish("jsc/message/send", map[string]string{"to": bob.Address(), "text": "where do you ring?"})
	bob.Until(fmt.Sprintf(`sound.at(%s, %s) > 0.01`, messageTone, usual))
	alice.Hangup()
	bob.Idle()
	bob.Evaluate(`void (gone = true)`, nil)
	ring()
	only(usual, device)
	var notices int
	bob.Evaluate(`document.querySelectorAll('.notice').length`, &notices)
	if notices > 0 {
		t.Errorf("%d notices about it", notices)
	}
	alice.Hangup()
}
