//go:build linux

package e2e

import (
	"testing"

	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/native"
	"gocommunicator/app/e2e/server"
)

func TestPageTalksWithBaresip(t *testing.T) {
	k := server.StartKamailio(t)
	alice := kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", map[string]any{
		"session": map[string]any{"recording": "allowed", "recording_notice": 1},
	})
	bob := native.StartBaresip(t, k, "bob", "")

	alice.Dial(bob.Address(), false)
	bob.Rung()
	alice.Rings()
	bob.Answer()
	alice.Talks()
	bob.Talks()
	alice.Hears(native.BaresipHertz)
	bob.Hears(lowTone)
	alice.Action("mute")
	alice.Publish("jsc/call/record", map[string]any{"on": true})
	bob.Hears(1400) // that it is recorded
	alice.Hangup()
	bob.Idle()
	alice.Released()

	alice.since = alice.Now()
	bob.Dial(alice.Address())
	bob.Rings()
	alice.Answer(false)
	alice.Talks()
	bob.Talks()
	alice.Hears(native.BaresipHertz)
	bob.Hears(lowTone)
	bob.Hangup()
	alice.Idle()
	alice.Released()
}

// Either side holds and resumes, and both at once.
func TestHoldWithBaresip(t *testing.T) {
	k := server.StartKamailio(t)
	alice := kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil)
	bob := native.StartBaresip(t, k, "bob", "")
	alice.Dial(bob.Address(), false)
	bob.Answer()
	alice.Talks()
	bob.Hears(lowTone)

	alice.Action("hold")
	alice.held(true, false)
	bob.Silence()
	alice.Silence()
	alice.Action("resume")
	alice.held(false, false)
	t.Logf("sound %v after the click on resume", browser.Since(alice.LastClick("resume"), alice.Sound()))
	bob.Hears(lowTone)

	bob.Hold()
	alice.held(false, true)
	bob.Silence()
	alice.Action("hold")
	alice.held(true, true)
	bob.Resume()
	alice.held(true, false)
	alice.Action("resume")
	alice.held(false, false)
	alice.Hears(native.BaresipHertz)
	bob.Hears(lowTone)
	bob.Hangup()
	alice.Idle()
	alice.Released()
}

// Keys go in the sound where its clock and that of the telephone events agree, else as INFO.
func TestKeysToBaresip(t *testing.T) {
	for _, test := range []struct {
		name, codecs string
		events       int
	}{
		{"sound", "PCMU/8000/1", 6},
		{"INFO", "opus/48000/2", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := server.StartKamailio(t)
			page := newPage(t, low, "alice")
			page.Before(recordEvents)
			alice := kamailioPhone(t, page, k.WS, "alice", nil)
			bob := native.StartBaresip(t, k, "bob", test.codecs)
			alice.Dial(bob.Address()+",12;3", false) // with a pause, and when the person says so
			bob.Answer()
			alice.Talks()
			bob.Hears(lowTone)
			bob.Pressed("12")
			alice.Action("tones-send")
			bob.Pressed("123")
			alice.Publish("jsc/call/dtmf/send", map[string]string{"tones": "4#9"})
			bob.Pressed("1234#9")
			var inserted []string
			alice.Evaluate("inserted", &inserted)
			if len(inserted) != test.events {
				t.Errorf("telephone events: %q", inserted)
			}
			bob.Press("7") // in the sound, of which no page is told: it must do no harm
			alice.Hears(native.BaresipHertz)
			alice.Hangup()
			bob.Idle()
		})
	}
}

// Linphone only is called: its DTLS takes no ClientHello in fragments, which the one of
// today's browsers comes in.
func TestPageTalksWithLinphone(t *testing.T) {
	k := server.StartKamailio(t)
	alice := kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil)
	bob := native.StartLinphone(t, k, "bob", "")
	alice.Dial(bob.Address(), false)
	bob.Rung()
	alice.Rings()
	bob.Answer()
	alice.Talks()
	bob.Talks()
	alice.Hears(native.LinphoneHertz)
	bob.Hears(lowTone)

	bob.Press("5")
	alice.shows("Received 5") // as INFO
	alice.Action("hold")
	alice.held(true, false)
	alice.Silence()
	alice.Action("resume")
	alice.held(false, false)
	bob.Hears(lowTone)
	bob.Hold()
	alice.held(false, true)
	bob.Resume()
	alice.held(false, false)
	bob.Hears(lowTone)
	alice.Hears(native.LinphoneHertz)
	bob.Hangup()
	alice.Idle()
	alice.Released()
}
