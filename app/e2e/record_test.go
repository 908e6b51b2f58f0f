//go:build linux

package e2e

import (
	"testing"
)

// recordedFiles gives the recordings that are in the page's own file system, and how strong a
// tone is in one.
const recordedFiles = `window.recorded = async () => {
	const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('recordings', { create: true });
	const files = [];
	for await (const handle of folder.values()) files.push(await handle.getFile());
	return files;
};
window.amplitude = (samples, rate, hertz) => {
	const k = 2 * Math.cos(2 * Math.PI * hertz / rate);
	let [s1, s2] = [0, 0];
	for (const sample of samples) [s1, s2] = [sample + k * s1 - s2, s1];
	return 2 * Math.sqrt(Math.max(0, s1 * s1 + s2 * s2 - k * s1 * s2)) / samples.length;
};
window.tonesIn = async (file, ...hertz) => {
	const buffer = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(await file.arrayBuffer());
	return { seconds: buffer.duration, tones: hertz.map((h) => amplitude(buffer.getChannelData(0), buffer.sampleRate, h)) };
};
window.showSaveFilePicker = undefined;
HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; };`

// beeped waits until the tone of a recording is in what the page plays.
const beeped = `(async () => {
	const context = new AudioContext();
	const analyser = context.createAnalyser();
	analyser.fftSize = 8192;
	context.createMediaStreamSource(document.querySelector('[data-media=remote]').srcObject).connect(analyser);
	const samples = new Float32Array(8192);
	await e2e.until(() => {
		analyser.getFloatTimeDomainData(samples);
		return amplitude(samples, context.sampleRate, 1400) > 0.05;
	}, 15000, () => 'no tone says that it is recorded');
	await context.close();
})()`

// A person records a call, is reminded of it, the other side hears it, and both sides are in the
// file. What a page that is closed leaves behind is offered at the next start.
func TestRecordingHoldsBothSidesAndOutlivesThePage(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before("window.JSCommSettings = { session: { recording: 'allowed', recording_notice: 1 } }")
	page.Before(recordedFiles)
	alice := openDemo(t, s, page, "alice")
	bobPage := newPage(t, high, "bob")
	bobPage.Before(recordedFiles)
	bob := openDemo(t, s, bobPage, "bob")
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	bob.Talks()
	alice.Hears(highTone)
	alice.Until(`!performance.getEntriesByType('resource').some((e) => e.name.endsWith('recorder.js'))`)
	since := alice.Now()
	alice.Action("more")
	alice.Action("record-start")
	alice.Topic("jsc/call/state", "d.recording", since)
	alice.Until(`document.querySelector('.call-recording')?.innerText === 'Recording'`)
	alice.Screenshot("recording")
	bob.Evaluate(beeped, nil)
	alice.Until(`(async () => (await recorded())[0]?.size > 60000)()`)
	alice.Until(`document.querySelector('[data-region=recordings]') === null`)
	alice.Action("more")
	alice.Action("record-stop")
	alice.Topic("jsc/call/state", "!d.recording", alice.LastClick("record-stop"))
	alice.Until(`document.querySelector('.call-recording').innerText === ''`)
	alice.Until(`document.querySelectorAll('[data-region=recordings] li').length === 1`)
	alice.Screenshot("recorded")
	var heard struct {
		Seconds float64
		Tones   []float64
	}
	alice.Evaluate(`recorded().then(([file]) => tonesIn(file, 440, 660, 550))`, &heard)
	t.Logf("%.1f s with 440, 660 and 550 Hz at %.3f", heard.Seconds, heard.Tones)
	if heard.Seconds < 2 || heard.Tones[0] < 0.02 || heard.Tones[1] < 0.02 || heard.Tones[2] > 0.01 {
		t.Errorf("not both sides are in the recording")
	}
	alice.Action("recording-save")
	alice.Until(`window.savedAs?.endsWith('bob.webm')`)
	alice.Action("recording-delete")
	alice.Until(`document.querySelector('[data-region=recordings]').hidden && localStorage.getItem('gocommunicator.recordings') === null`)
	alice.Hangup()
	alice.Idle()
	bob.Idle()

	alice.Dial(bob.Address(), true)
	bob.Answer(true)
	alice.Talks()
	alice.Sees()
	alice.Publish("jsc/call/record", map[string]any{"on": true})
	alice.Until(`(async () => (await recorded())[0]?.size > 100000)()`)
	alice.Open(s.URL() + "?account=alice") // in mid-call
	alice.Until(`document.querySelectorAll('[data-region=recordings] li').length === 1`)
	var width float64
	alice.Evaluate(`recorded().then(([file]) => new Promise((resolve) => {
		const video = document.createElement('video');
		video.onloadeddata = () => resolve(video.videoWidth);
		video.src = URL.createObjectURL(file);
	}))`, &width)
	if width != 1280 {
		t.Errorf("the picture is %v wide", width)
	}
	alice.Action("recording-delete")
}

func TestCallsAreNotRecordedUnlessTheSettingsSaySo(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	alice.Dial("echo@localhost", false)
	alice.Talks()
	alice.Publish("jsc/call/record", map[string]any{"on": true})
	alice.Topic("jsc/error", "d.code === 'error_recording_off'", 0)
	alice.Until(`document.querySelector('[data-action=quality]') && !document.querySelector('[data-action=record-start]')`)
	alice.Hangup()
	alice.Idle()
}
