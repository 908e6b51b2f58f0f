//go:build linux

package e2e

import (
	"testing"

	"gocommunicator/app/devserver"
)

// openSet opens the page of the embedded server as alice, with settings as JavaScript
// and more in the address.
func openSet(t *testing.T, s *devserver.Server, settings, query string) *phone {
	t.Helper()
	page := newPage(t, low, "alice")
	page.Before("window.JSCommSettings = " + settings)
	return openPhone(t, page, s.URL()+"?account=alice"+query, "sip:alice@localhost", nil)
}

// What the page shows.
const (
	addressIs  = `document.querySelector('[data-input=address]').value === `
	hint       = `document.getElementById('address-hint').innerText`
	dialAudio  = `document.querySelector('[data-action=dial-audio]')`
	dialVideo  = `document.querySelector('[data-action=dial-video]')`
	inRegister = `document.querySelector('.account [data-action=register], .account [data-action=unregister]')`
)

// enter presses Enter in the address field, or on the button that stands for it.
func (p *phone) enter() {
	p.t.Helper()
	p.Until(`['address', 'enter'].includes(document.activeElement.id)`)
	p.since = p.Now()
	p.Enter()
}

// called waits until the embedded server's echo service has the present call, and
// tells whether that has video.
func (p *phone) called(video bool) {
	p.t.Helper()
	want := "!d.video"
	if video {
		want = "d.video"
	}
	p.Topic("jsc/call/state", "d.peer.uri === 'sip:echo@localhost' && d.state === 'active' && "+want, p.since)
}

// calledNobody fails the test when a call was begun.
func (p *phone) calledNobody() {
	p.t.Helper()
	for _, r := range p.Topics() {
		if r.Topic == "jsc/call/state" {
			p.t.Fatalf("a call was begun: %s", r.Data)
		}
	}
}

func TestDialingSettings(t *testing.T) {
	for _, test := range []struct {
		name     string
		settings string
		query    string
		does     func(t *testing.T, alice *phone)
	}{
		{name: "edit_destination false", settings: `{ dialing: { edit_destination: false, auto_dial: { default_destination: "music" } } }`, does: func(_ *testing.T, alice *phone) {
			alice.Until(addressIs + `"music"`)
			alice.Fill("address", "bob") // is typed in vain
			alice.Until(addressIs + `"music"`)
			alice.Until(`!document.querySelector('[data-action^=key-], [data-action=erase]')`)
			alice.Publish("jsc/destination/set", "echo")
			alice.Until(addressIs + `"echo"`)
			alice.Click(`.history [data-action=dial-echo]`)
			alice.called(false)
			alice.Hangup()
			alice.Idle()
			alice.since = alice.Now()
			alice.Publish("jsc/destination/set", "music")
			alice.Action("redial")
			alice.called(false)
			alice.Until(addressIs + `"music"`)
		}},
		{name: "show_destination false", settings: `{ dialing: { show_destination: false } }`, does: func(_ *testing.T, alice *phone) {
			alice.Until(`document.querySelector('[data-input=address]').getClientRects().length === 0`)
			alice.Publish("jsc/destination/set", "echo")
			alice.enter()
			alice.called(false)
		}},
		{name: "audio_dialing false", settings: `{ dialing: { audio_dialing: false } }`, does: func(_ *testing.T, alice *phone) {
			alice.Until(`!` + dialAudio + ` && ` + dialVideo)
			alice.Fill("address", "echo")
			alice.enter()
			alice.called(true)
		}},
		{name: "video_dialing false", settings: `{ dialing: { video_dialing: false, prefer_video: true } }`, does: func(_ *testing.T, alice *phone) {
			alice.Until(dialAudio + ` && !` + dialVideo)
			alice.Fill("address", "echo")
			alice.enter()
			alice.called(false)
		}},
		{name: "neither", settings: `{ dialing: { audio_dialing: false, video_dialing: false } }`, does: func(_ *testing.T, alice *phone) {
			alice.Until(`!` + dialAudio + ` && !` + dialVideo)
			alice.Fill("address", "echo")
			alice.enter()
			alice.Publish("jsc/ua/state", nil)
			alice.Topic("jsc/ua/snapshot", "d.calls.length === 0", alice.since)
			alice.calledNobody()
		}},
		{name: "prefer_video false", settings: `{}`, does: func(_ *testing.T, alice *phone) {
			alice.Fill("address", "echo")
			alice.enter()
			alice.called(false)
		}},
		{name: "prefer_video true", settings: `{ dialing: { prefer_video: true } }`, does: func(_ *testing.T, alice *phone) {
			alice.Fill("address", "echo")
			alice.enter()
			alice.called(true)
		}},
		{name: "clear_dialbox true", settings: `{ dialing: { clear_dialbox: true } }`, does: func(_ *testing.T, alice *phone) {
			alice.Dial("echo", false)
			alice.Talks()
			alice.Hangup()
			alice.Until(addressIs + `""`)
			alice.Dial("zoe", false)
			alice.Idle()
			alice.Until(addressIs + `""`)
			alice.Until(hint + `.includes('zoe')`) // what came of it is still said
		}},
		{name: "clear_dialbox false", settings: `{ dialing: { auto_dial: { default_destination: "echo" } } }`, does: func(_ *testing.T, alice *phone) {
			for range 2 {
				alice.Click(`[data-input=address]`)
				alice.enter()
				alice.Talks()
				alice.Hangup()
				alice.Idle()
				alice.Until(addressIs + `"echo"`)
			}
		}},
		{name: "auto_dial.on_startup", settings: `{ dialing: { auto_dial: { default_destination: "echo", on_startup: true, use_video: true } } }`, does: func(_ *testing.T, alice *phone) {
			alice.called(true)
		}},
		{name: "a link on a page that calls at once", settings: `{ dialing: { auto_dial: { on_startup: true } } }`, query: "&dial=echo", does: func(_ *testing.T, alice *phone) {
			alice.called(false)
		}},
		{name: "a link", settings: `{ dialing: { prefer_video: true, auto_dial: { default_destination: "music" } } }`, query: "&dial=echo&video=false", does: func(_ *testing.T, alice *phone) {
			alice.Until(hint + ` === 'Press Enter or the button to call echo'`)
			alice.calledNobody()
			alice.enter()
			alice.called(false)
		}},
		{name: "a link with video", settings: `{}`, query: "&dial=echo&video=true", does: func(_ *testing.T, alice *phone) {
			alice.Until(addressIs + `"echo"`)
			alice.Until(hint + ` === 'Press Enter or the button to call echo with video'`)
			alice.Screenshot("asks")
			alice.calledNobody()
			alice.enter()
			alice.called(true)
		}},
		{name: "a link and another address typed", settings: `{}`, query: "&dial=music&video=true", does: func(_ *testing.T, alice *phone) {
			alice.Fill("address", "echo")
			alice.Until(hint + ` === ''`)
			alice.enter()
			alice.called(false)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.does(t, openSet(t, startServer(t), test.settings, test.query))
		})
	}
}

func TestRegistrationIsTheirsWhenTheSettingsSaySo(t *testing.T) {
	s := startServer(t)
	alice := openSet(t, s, `{}`, "")
	alice.Until(`document.querySelector('.account [data-action=logout]')`)
	alice.Until(`!` + inRegister)

	bob := newPage(t, high, "bob")
	bob.Before(`window.JSCommSettings = { registration: { user_control: true, on_startup: false } }`)
	bob.Open(s.URL() + "?account=bob")
	bob.Topic("jsc/link/state", "d.state === 'up'", 0)
	const said = `document.querySelector('.account [data-registration]').innerText`
	bob.Action("tab-settings")
	bob.Until(said + ` === 'Not registered'`)
	bob.Action("register")
	bob.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	bob.Until(said + ` === 'Ready for calls'`)
	bob.Action("unregister")
	bob.Topic("jsc/registration/state", "d.state === 'unregistered'", bob.LastClick("unregister"))
	bob.Until(said + ` === 'Not registered'`)
}

func TestCallNeedsARelayWhenTheSettingsSaySo(t *testing.T) {
	const require = `session: { require_relay_candidate: true }`
	t.Run("there is none", func(t *testing.T) {
		alice := openSet(t, startServer(t), `{ `+require+`, turn_servers: [] }`, "")
		alice.Dial("echo", false)
		alice.state("failed")
		alice.Topic("jsc/unavailable/relay", "d === null", alice.since)
		alice.Until(told + `.includes('No relay can be reached')`)
		alice.Released()
	})
	t.Run("there is one", func(t *testing.T) {
		alice := openSet(t, startServer(t), `{ `+require+` }`, "")
		alice.Dial("echo", false)
		alice.Talks()
		alice.Hears(lowTone)
		alice.Hangup()
		alice.Released()
	})
}
