//go:build linux

package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/server"
)

// thirdTone is that of a page whose microphone is put in the place of its browser's.
const thirdTone = 880

// ownTone gives a page's program a microphone into which another tone beeps.
const ownTone = `(() => {
	const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
	navigator.mediaDevices.getUserMedia = async (constraints) => {
		const [track] = (await real(constraints)).getAudioTracks(), context = new AudioContext(), rate = context.sampleRate;
		const beep = context.createBuffer(1, rate / 2, rate), out = context.createMediaStreamDestination();
		beep.copyToChannel(Float32Array.from({ length: rate / 4 }, (_, i) => 0.5 * Math.sin(2 * Math.PI * %d * i / rate)), 0);
		const source = new AudioBufferSourceNode(context, { buffer: beep, loop: true });
		source.connect(out);
		source.start();
		const { stop } = track, [tone] = out.stream.getAudioTracks();
		tone.stop = () => { stop.call(track); if (context.state !== 'closed') context.close(); };
		return out.stream;
	};
})();`

// listening measures which of the tones are in what arrives in all calls together: the
// greatest amplitude of each within 560 ms, which is more than a pause of the beep. Each that
// is there has about 0.48, and where a beep begins and ends it spreads to 0.01 of the others.
const listening = `window.tones = async (...wanted) => {
	const context = new AudioContext(), analyser = new AnalyserNode(context, { fftSize: 8192 }), all = [440, 660, 880];
	for (const { srcObject } of document.querySelectorAll('[data-media=remote]')) {
		if (srcObject?.getAudioTracks().length) context.createMediaStreamSource(srcObject).connect(analyser);
	}
	const samples = new Float32Array(analyser.fftSize), most = all.map(() => 0);
	for (const end = performance.now() + 560; performance.now() < end;) {
		await new Promise((resolve) => setTimeout(resolve, 60));
		analyser.getFloatTimeDomainData(samples);
		all.forEach((hertz, n) => {
			const k = 2 * Math.cos(2 * Math.PI * hertz / context.sampleRate);
			let s1 = 0, s2 = 0;
			samples.forEach((sample, i) => {
				const hann = 1 - Math.cos(2 * Math.PI * i / samples.length);
				[s1, s2] = [sample * hann + k * s1 - s2, s1];
			});
			most[n] = Math.max(most[n], 2 * Math.sqrt(Math.max(0, s1 * s1 + s2 * s2 - k * s1 * s2)) / samples.length);
		});
	}
	context.close();
	window.heard = most;
	return all.every((hertz, n) => wanted.includes(hertz) ? most[n] > 0.1 : most[n] < 0.03);
};`

// graphs counts the audio graphs of a page that are open.
const graphs = `(() => {
	const all = [];
	window.AudioContext = new Proxy(AudioContext, { construct: (...how) => { all.push(Reflect.construct(...how)); return all.at(-1); } });
	window.graphs = () => all.filter((c) => c.state !== 'closed').length;
})();`

// hearsOnly waits until a page hears these tones and no other.
func (p *phone) hearsOnly(hertz ...int) {
	p.t.Helper()
	p.Until("tones(" + strings.Trim(strings.ReplaceAll(fmt.Sprint(hertz), " ", ","), "[]") + ")")
}

// beside has a phone call somebody beside the call that it is in.
func (p *phone) beside(other *phone) {
	p.t.Helper()
	p.Action("more")
	p.Action("add-call")
	p.since = p.Now()
	p.Dial(other.Address(), false)
	other.Answer(false)
	p.Talks()
}

// joinThree has alice join bob and carol, holds one, and drops one. With more it goes
// through what else can be done.
func joinThree(t *testing.T, alice, bob, carol *phone, more bool) {
	t.Helper()
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	alice.beside(carol)
	bob.hearsOnly()
	carol.hearsOnly(lowTone)
	alice.Evaluate("void (window.before = graphs())", nil)
	alice.Click(".strip [data-action=join]")
	pressed := time.Now()
	bob.Sound() // who was held until now
	t.Logf("sound %v after the click on join", time.Since(pressed).Round(time.Millisecond))
	bob.hearsOnly(lowTone, thirdTone)
	carol.hearsOnly(lowTone, highTone)
	alice.hearsOnly(highTone, thirdTone)
	alice.Until(`graphs() === before + 1`)
	alice.Until(`document.querySelectorAll('[data-region=conference] .seat[data-state=active]').length === 2 && document.querySelectorAll('.strip-call').length === 1`)
	alice.Screenshot("joined")

	const first = ".seat:nth-child(1) "
	alice.Click(first + "[data-action=hold]")
	bob.hearsOnly()
	carol.hearsOnly(lowTone)
	alice.hearsOnly(thirdTone)
	alice.Click(first + "[data-action=resume]")
	bob.hearsOnly(lowTone, thirdTone)

	if more {
		silenceAndSplit(alice, bob, carol)
	}
	alice.Click(first + "[data-action=hangup]")
	bob.Idle()
	carol.hearsOnly(lowTone)
	alice.hearsOnly(thirdTone)
	alice.inCall(strings.TrimPrefix(carol.Address(), "sip:"), 1)
	alice.Action("hangup")
	carol.Idle()
	alice.Released()
	alice.Until(`graphs() === before`)
}

// silenceAndSplit keeps carol from being heard by bob, talks with her alone, and has all
// three talk again.
func silenceAndSplit(alice, bob, carol *phone) {
	const second = ".seat:nth-child(2) "
	alice.Click(second + "[data-action=silence]")
	bob.hearsOnly(lowTone)
	alice.hearsOnly(highTone, thirdTone)
	alice.Click(second + "[data-action=unsilence]")

	alice.Click(second + "[data-action=split]")
	alice.inCall(strings.TrimPrefix(carol.Address(), "sip:"), 2)
	bob.hearsOnly()
	alice.Publish("jsc/conference/join", nil)
	bob.hearsOnly(lowTone, thirdTone)
}

// threeThroughBothServers runs a test with three of our pages whose sound is listened to,
// Carol's with a tone of its own, through the embedded server and through Kamailio. Each page
// runs the script before its own.
func threeThroughBothServers(t *testing.T, script string, test func(t *testing.T, alice, bob, carol *phone, embedded bool)) {
	t.Helper()
	run := func(t *testing.T, embedded bool, open func(page *browser.Page, name string) *phone) {
		t.Helper()
		alice, bob, carol := newPage(t, low, "alice"), newPage(t, high, "bob"), newPage(t, low, "carol")
		carol.Before(fmt.Sprintf(ownTone, thirdTone))
		for _, p := range []*browser.Page{alice, bob, carol} {
			p.Before(script + listening)
		}
		test(t, open(alice, "alice"), open(bob, "bob"), open(carol, "carol"), embedded)
	}
	t.Run("embedded server", func(t *testing.T) {
		s := startServer(t)
		run(t, true, func(page *browser.Page, name string) *phone { return openDemo(t, s, page, name) })
	})
	t.Run("Kamailio", func(t *testing.T) {
		k := server.StartKamailio(t)
		run(t, false, func(page *browser.Page, name string) *phone { return kamailioPhone(t, page, k.WS, name, nil) })
	})
}

func TestThreePagesTalkTogether(t *testing.T) { threeThroughBothServers(t, graphs, joinThree) }
