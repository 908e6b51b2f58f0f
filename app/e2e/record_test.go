//go:build linux

package e2e

import (
	"testing"
)

// recordedFiles gives the recordings that are in the page's own file system, how long one is, and
// how strong each tone is where it is strongest in the last three seconds: a browser's
// microphone begins louder than it goes on.
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
window.heardIn = async (file, ...hertz) => {
	const buffer = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(await file.arrayBuffer());
	const samples = buffer.getChannelData(0).slice(-3 * buffer.sampleRate), most = hertz.map(() => 0), span = 8192;
	for (let at = 0; at + span <= samples.length; at += span / 2) {
		const part = samples.slice(at, at + span).map((sample, i) => sample * (1 - Math.cos(2 * Math.PI * i / span)));
		hertz.forEach((h, n) => { most[n] = Math.max(most[n], amplitude(part, buffer.sampleRate, h)); });
	}
	return { seconds: buffer.duration, tones: most };
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
	}, 45000, () => 'no tone says that it is recorded');
	await context.close();
})()`

// allowRecording is what a page's own settings say for calls to be recorded.
const allowRecording = "window.JSCommSettings = { session: { recording: 'allowed', recording_notice: 1 } }"

// recordThree has alice record her call with bob, and carol joined to it.
func recordThree(t *testing.T, alice, bob, carol *phone, _ bool) {
	t.Helper()
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	alice.Action("more")
	alice.Action("record-start")
	alice.Until(`(async () => (await recorded())[0]?.size > 0)()`)
	alice.beside(carol)
	alice.Click(".strip [data-action=join]")
	carol.Evaluate(beeped, nil)
	bob.Evaluate(beeped, nil)
	bob.hearsOnly(lowTone, thirdTone)
	alice.Until(`document.querySelector('[data-region=conference] .call-recording').innerText === 'Recording'`)
	alice.Screenshot("conference-recorded")
	alice.Evaluate(`recorded().then(([file]) => { window.sizeThen = file.size; })`, nil)
	alice.Until(`(async () => (await recorded())[0].size > sizeThen + 20000)()`)
	alice.Click("[data-region=conference] [data-action=record-stop]")
	alice.Until(`document.querySelectorAll('[data-region=recordings] li').length === 1`)
	var heard struct {
		Seconds float64
		Tones   []float64
	}
	alice.Evaluate(`recorded().then(([file]) => heardIn(file, 440, 660, 880, 550))`, &heard)
	t.Logf("%.1f s with 440, 660, 880 and 550 Hz at %.3f", heard.Seconds, heard.Tones)
	for _, level := range heard.Tones[:3] {
		if level < 0.1 || level > 0.7 {
			t.Errorf("of the three that talk one is not in the recording, or twice: %.3f", heard.Tones)
			break
		}
	}
	if heard.Tones[3] > 0.05 {
		t.Errorf("there is something else in the recording: %.3f", heard.Tones)
	}
	alice.Action("recording-delete")
	alice.Until(`document.querySelector('[data-region=recordings]').hidden`)
	alice.Click("[data-region=conference] .controls [data-action=hangup]")
	bob.Idle()
	carol.Idle()
	alice.Released()
}

// All that talk are in the recording of one of the calls, and each hears that it is recorded.
func TestRecordingOfAConferenceHoldsAllWhoTalk(t *testing.T) {
	threeThroughBothServers(t, allowRecording+";"+recordedFiles, recordThree)
}

// Video comes to a call that is recorded, and goes: the sound's file is closed when that with
// the pictures has begun, and this goes on to the end.
func TestRecordingGoesOnWithPicturesWhenVideoComes(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(allowRecording)
	page.Before(recordedFiles)
	alice, bob := openDemo(t, s, page, "alice"), openDemo(t, s, newPage(t, high, "bob"), "bob")
	soundCall(alice, bob)
	alice.Action("more")
	alice.Action("record-start")
	alice.Until(`(async () => (await recorded())[0]?.size > 0)()`)
	began := alice.Now()
	alice.Action("video-on")
	bob.Action("video-watch")
	bob.Moves(remotePicture)
	alice.Until(`(async () => { const files = await recorded(); return files.length === 2 && files.some((f) => f.size > 150000); })()`)
	alice.choose("video-off")
	alice.pictures(false, false, false)
	alice.Until(`document.querySelector('[data-region=recordings]') === null`)
	alice.Evaluate(`recorded().then((files) => { window.sizeThen = Math.max(...files.map((f) => f.size)); })`, nil)
	alice.Until(`(async () => Math.max(...(await recorded()).map((f) => f.size)) > sizeThen + 10000)()`)
	lasted := (alice.Now() - began) / 1000
	alice.Publish("jsc/call/record", map[string]any{"on": false})
	alice.Until(`document.querySelectorAll('[data-region=recordings] li').length === 2`)
	var files []struct {
		Name           string
		Width, Seconds float64
		Tones          []float64
	}
	alice.Evaluate(`recorded().then((files) => Promise.all(files.sort((a, b) => (a.name < b.name ? -1 : 1)).map(async (file) => ({
		name: file.name, ...await heardIn(file, 440, 660), width: await new Promise((resolve) => {
			const video = document.createElement('video');
			video.onloadeddata = () => resolve(video.videoWidth);
			video.src = URL.createObjectURL(file);
		}),
	}))))`, &files)
	t.Logf("%.1f s after the first piece: %+v", lasted, files)
	if len(files) != 2 || files[0].Width != 0 || files[1].Width != 1280 {
		t.Fatal("want a file with sound, and behind it one with pictures")
	}
	if files[0].Seconds+files[1].Seconds < lasted+1 { // the first piece has two seconds
		t.Error("something is missing between them, or at an end")
	}
	for _, f := range files {
		if f.Tones[0] < 0.1 || f.Tones[1] < 0.1 {
			t.Errorf("not both sides are in %s", f.Name)
		}
	}
	alice.Hangup()
	bob.Idle()
	alice.Released()
}

// A person records a call, is reminded of it, the other side hears it, and both sides are in the
// file. What a page that is closed leaves behind is offered at the next start.
func TestRecordingHoldsBothSidesAndOutlivesThePage(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(allowRecording)
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
	alice.Evaluate(`recorded().then(([file]) => heardIn(file, 440, 660, 550))`, &heard)
	t.Logf("%.1f s with 440, 660 and 550 Hz at %.3f", heard.Seconds, heard.Tones)
	if heard.Seconds < 2 || heard.Tones[0] < 0.1 || heard.Tones[1] < 0.1 || heard.Tones[2] > 0.05 {
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
