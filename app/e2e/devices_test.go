//go:build linux

package e2e

import (
	"fmt"
	"testing"

	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/server"
)

// pick chooses a device of a kind by its name, or with none the system's.
func (p *phone) pick(kind, name string) {
	p.t.Helper()
	p.Until(fmt.Sprintf(`[...document.querySelectorAll('[data-input=%s] option')].some((o) => o.textContent === %s)`, kind, quote(name)))
	p.Evaluate(fmt.Sprintf(`void ((s) => {
		s.selectedIndex = [...s.options].findIndex((o) => o.textContent === %s);
		s.dispatchEvent(new Event('change', { bubbles: true }));
	})(document.querySelector('[data-input=%s]'))`, quote(name), kind), nil)
}

// sends waits until that device gives what is sent of a kind ("Audio" or "Video").
func (p *phone) sends(kind, name string) {
	p.t.Helper()
	p.Until(fmt.Sprintf(`%s.srcObject?.get%sTracks()[0]?.label === %s`, selfVideo, kind, quote(name)))
}

// tick turns a switch of the devices.
func (p *phone) tick(name string) {
	p.t.Helper()
	p.Click(`[data-region=devices] [data-input=` + name + `]`)
}

// The person is asked before there are names, chooses, and the call has what was chosen.
func TestDevicesAreChosenBeforeTheCall(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(`window.allowed = false; {
		const devices = navigator.mediaDevices, list = devices.enumerateDevices, get = devices.getUserMedia;
		devices.enumerateDevices = async () => (await list.call(devices)).filter(({ kind }) => allowed || kind !== 'audiooutput')
			.map((d) => (allowed ? d : { kind: d.kind, deviceId: '', groupId: '', label: '' }));
		devices.getUserMedia = async (...all) => { const stream = await get.apply(devices, all); allowed = true; return stream; };
	}`)
	alice := openDemo(t, s, page, "alice")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Until(`!performance.getEntriesByType('resource').some((e) => e.name.endsWith('devices.js'))`)
	alice.Action("tab-settings")
	alice.Action("open-devices")
	alice.Until(`document.querySelector('[data-action=devices-ask]')?.checkVisibility() && !document.querySelector('[data-region=devices] select').checkVisibility()`)
	alice.Screenshot("devices-unnamed")
	alice.Action("devices-ask")
	alice.pick("audio_in", "Fake Audio Input 2")
	alice.pick("video_in", "fake_device_2")
	alice.Until(`!document.querySelector('[data-action=devices-ask]').checkVisibility()`)
	alice.Released() // nothing stays open for having asked
	alice.Action("camera-preview")
	alice.Moves(`[data-media=preview]`)
	alice.Until(`document.querySelector('[data-media=preview]').srcObject?.getVideoTracks()[0].label === 'fake_device_2'`)
	alice.Until(`!document.querySelector('[data-input=background_blur]').checkVisibility()`) // this camera cannot
	alice.Screenshot("devices")
	alice.Action("back")
	alice.Released()

	alice.Dial(bob.Address(), true)
	bob.Answer(true)
	alice.Talks()
	alice.sends("Audio", "Fake Audio Input 2")
	alice.sends("Video", "fake_device_2")
	bob.Hears(lowTone)
	bob.Sees()

	alice.leadsTo("devices")
	alice.pick("audio_in", "Fake Audio Input 1")
	alice.pick("video_in", "fake_device_0")
	alice.sends("Audio", "Fake Audio Input 1")
	alice.sends("Video", "fake_device_0")
	bob.Hears(lowTone)
	bob.Sees()
	alice.Screenshot("devices-call")
	alice.Hangup()
	bob.Idle()
	alice.Released()

	// At the next visit it is as it was chosen.
	alice.reload()
	alice.Dial(bob.Address(), true)
	bob.Answer(true)
	alice.sends("Audio", "Fake Audio Input 1")
	alice.sends("Video", "fake_device_0")
	alice.Hangup()
	alice.Released()
}

// leadsTo takes an item of the call's menu that leads away from the call.
func (p *phone) leadsTo(action string) {
	p.t.Helper()
	p.Action("more")
	p.Click(`.menu [data-action=` + action + `]`)
}

// What the browser does to the sound is what the settings and then the person say, in a
// call that goes on too.
func TestSoundIsTreatedAsChosen(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(`window.JSCommSettings = { media: { noise_suppression: false } }`)
	alice := openDemo(t, s, page, "alice")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	treated := func(echo, noise, gain bool) {
		t.Helper()
		alice.Until(fmt.Sprintf(`((s) => s.echoCancellation === %v && s.noiseSuppression === %v && s.autoGainControl === %v)
			(%s.srcObject.getAudioTracks()[0].getSettings())`, echo, noise, gain, selfVideo))
		alice.Until(fmt.Sprintf(`JSON.stringify(['echo_cancellation', 'noise_suppression', 'auto_gain'].map((n) =>
			document.querySelector('[data-input=' + n + ']')?.dataset.really)) === '["%v","%v","%v"]'`, echo, noise, gain))
	}
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	bob.Hears(lowTone)
	alice.leadsTo("devices")
	treated(true, false, true)
	alice.tick("echo_cancellation")
	treated(false, false, true)
	bob.Hears(lowTone)
	alice.tick("noise_suppression")
	treated(false, true, true)
	alice.tick("auto_gain")
	treated(false, true, false)
	bob.Hears(lowTone)
	var notices int
	alice.Evaluate(`document.querySelectorAll('.notice').length`, &notices)
	if notices > 0 {
		t.Errorf("%d notices about what the person did", notices)
	}
	alice.Hangup()
	alice.Released()
}

// Blur is offered when the camera says that it can, and asked of the browser.
func TestBackgroundBlurIsOfferedWhereTheCameraCan(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(`window.blurred = []; {
		const supported = MediaDevices.prototype.getSupportedConstraints, can = MediaStreamTrack.prototype.getCapabilities;
		const devices = navigator.mediaDevices, get = devices.getUserMedia, apply = MediaStreamTrack.prototype.applyConstraints;
		const note = (video) => { if (video?.backgroundBlur !== undefined) blurred.push(video.backgroundBlur); };
		MediaDevices.prototype.getSupportedConstraints = function () { return { ...supported.call(this), backgroundBlur: true }; };
		MediaStreamTrack.prototype.getCapabilities = function () { return { ...can.call(this), ...(this.kind === 'video' && { backgroundBlur: [false, true] }) }; };
		devices.getUserMedia = function (c) { note(c.video); return get.call(this, c); };
		MediaStreamTrack.prototype.applyConstraints = function (c) { note(c); return apply.call(this, c); };
	}
	window.JSCommSettings = { media: { background_blur: true } }`)
	alice := openDemo(t, s, page, "alice")
	alice.Dial("sip:echo@localhost", true)
	alice.Talks()
	alice.Until(`blurred.join() === 'true'`)
	alice.leadsTo("devices")
	alice.Until(`document.querySelector('[data-input=background_blur]')?.checkVisibility()`)
	alice.tick("background_blur")
	alice.Until(`blurred.join() === 'true,false'`)
	alice.Hangup()
	alice.Released()
}

// The other side hears something only while the button or the space bar is held.
func pushToTalk(t *testing.T, alice, bob *phone) {
	t.Helper()
	muted := func(on bool) {
		t.Helper()
		alice.Until(fmt.Sprintf(`e2e.topics.filter((r) => r.topic === 'jsc/call/state').at(-1).data.muted === %v`, on))
	}
	alice.Action("tab-settings")
	alice.Action("open-devices")
	alice.tick("push_to_talk")
	alice.Topic("jsc/devices/state", "d.push_to_talk", 0)
	alice.Action("back")
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	muted(true)
	bob.Silence()
	const down, up = `dispatchEvent(new KeyboardEvent('keydown', { code: 'Space', key: ' ', bubbles: true, cancelable: true }))`,
		`dispatchEvent(new KeyboardEvent('keyup', { code: 'Space', key: ' ', bubbles: true, cancelable: true }))`
	alice.Until(`document.querySelector('[data-action=talk]')?.innerText === 'Hold to talk'`)
	alice.Evaluate(`void document.body.`+down, nil)
	muted(false)
	alice.Until(`document.querySelector('[data-action=talk]').innerText === 'You are heard'`)
	bob.Hears(lowTone)
	alice.Screenshot("talk")
	alice.Evaluate(`void document.body.`+up, nil)
	muted(true)
	bob.Silence()
	for _, end := range []string{`dispatchEvent(new Event('blur'))`, `document.dispatchEvent(new Event('visibilitychange'))`} {
		alice.Evaluate(`void document.body.`+down, nil)
		muted(false)
		alice.Evaluate(`void `+end, nil)
		muted(true)
	}
	alice.Evaluate(`void document.querySelector('[data-input=address]').`+down, nil) // where it writes
	muted(true)
	alice.Pull(`[data-action=talk]`, 3, 3) // the button, pressed and let go
	muted(true)
	alice.Topic("jsc/call/state", "!d.muted", alice.since)
	alice.Publish("jsc/call/mute", map[string]any{"audio": false})
	alice.Topic("jsc/error", "d.code === 'error_push_to_talk'", 0)
	muted(true)
	alice.Hangup()
	bob.Idle()
	alice.Released()
}

func TestPushToTalkIsHeardWhileHeld(t *testing.T) { throughBothServers(t, pushToTalk) }

// looksAgain has Chromium ask the system for its devices, as it does by itself where udev
// tells it of a change. What follows is its own: the event, and the end of a track.
const looksAgain = `void navigator.mediaDevices.enumerateDevices()`

// pulledOut has a headset pulled out in a call, plugged in again, and calls heard from a
// loudspeaker of choice.
func pulledOut(t *testing.T, sound *server.Sound, alice, bob *phone) {
	t.Helper()
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	bob.Hears(server.BuiltInTone)
	alice.leadsTo("devices")
	alice.pick("audio_in", server.Headset)
	bob.Hears(server.HeadsetTone)
	alice.sends("Audio", server.Headset)
	alice.pick("audio_out", "Desk")
	sound.Hears(t, "desk", highTone)
	alice.pick("audio_out", "Box")
	sound.Hears(t, "box", highTone)
	sound.HearsNothing(t, "desk")

	sound.Unplug(t)
	alice.Evaluate(looksAgain, nil)
	alice.Until(`[...document.querySelectorAll('[data-notice=hint_device_instead]')].some((n) => n.innerText === ` + quote(server.Headset+" was unplugged: using Default") + `)`)
	bob.Hears(server.BuiltInTone)
	alice.Screenshot("unplugged")
	sound.Plug(t)
	alice.Evaluate(looksAgain, nil)
	alice.Until(`!!document.querySelector('[data-notice=hint_device_now]')`)
	bob.Hears(server.HeadsetTone)
	alice.Hangup()
	bob.Idle()
	alice.Released()
}

func TestHeadsetIsPulledOutInACall(t *testing.T) {
	sound := server.StartSound(t)
	chromium := browser.StartChromiumWithDevices(t, sound.Env)
	// A steady tone is noise to the browser.
	media := map[string]any{"echo_cancellation": false, "noise_suppression": false, "auto_gain": false}
	t.Run("embedded server", func(t *testing.T) {
		s := startServer(t)
		page := chromium.NewPage(t, "alice")
		page.Before(`window.JSCommSettings = { media: { echo_cancellation: false, noise_suppression: false, auto_gain: false } }`)
		pulledOut(t, sound, openDemo(t, s, page, "alice"), openDemo(t, s, newPage(t, high, "bob"), "bob"))
	})
	t.Run("Kamailio", func(t *testing.T) {
		k := server.StartKamailio(t)
		alice := kamailioPhone(t, chromium.NewPage(t, "alice"), k.WS, "alice", map[string]any{"media": media})
		pulledOut(t, sound, alice, kamailioPhone(t, newPage(t, high, "bob"), k.WS, "bob", nil))
	})
}

// Without any microphone left the call goes on, and the person is told.
func TestLastMicrophoneIsPulledOut(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(`window.none = false; {
		const devices = navigator.mediaDevices, list = devices.enumerateDevices, get = devices.getUserMedia;
		devices.enumerateDevices = async () => (await list.call(devices)).filter(({ kind }) => !none || kind !== 'audioinput');
		devices.getUserMedia = async (...all) => { if (none) throw new DOMException('none', 'NotFoundError'); return get.apply(devices, all); };
	}`)
	alice := openDemo(t, s, page, "alice")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	bob.Hears(lowTone)
	alice.Evaluate(`none = true; { const [track] = `+selfVideo+`.srcObject.getAudioTracks(); track.stop(); track.dispatchEvent(new Event('ended')); }`, nil)
	alice.Until(`[...document.querySelectorAll('[data-notice=error_unplugged_microphone]')].some((n) => n.innerText.includes('Fake Default Audio Input was unplugged: nobody hears you.'))`)
	bob.Silence()
	alice.Hears(highTone)
	alice.Screenshot("none")
	alice.Evaluate(`none = false; void navigator.mediaDevices.dispatchEvent(new Event('devicechange'))`, nil)
	bob.Hears(lowTone)
	alice.Until(`!document.querySelector('[data-notice=error_unplugged_microphone]')`)
	alice.Hangup()
	bob.Idle()
	alice.Released()
}
