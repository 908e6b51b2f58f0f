//go:build linux

package e2e

import (
	"os"
	"slices"
	"testing"
	"time"

	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/peers"
	"gocommunicator/app/e2e/server"
)

// held waits until a phone says who holds the present call.
func (p *phone) held(local, remote bool) {
	p.t.Helper()
	p.Until(`(() => { const last = e2e.topics.filter((r) => r.topic === 'jsc/call/state').at(-1).data; return ` +
		`last.local_hold === ` + yesNo(local) + ` && last.remote_hold === ` + yesNo(remote) +
		` && last.state === ` + quote(map[bool]string{true: "held", false: "active"}[local || remote]) + `; })()`)
}

func yesNo(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// holdAndResume goes through hold by one side, by both, and back, with the sound measured.
func holdAndResume(t *testing.T, alice, bob *phone) {
	t.Helper()
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	bob.Talks()
	alice.Hears(highTone)
	bob.Hears(lowTone)

	alice.Evaluate("void (window.ear = e2e.loudness())", nil)
	alice.Until("ear.loud.length > 10")
	alice.Action("hold")
	alice.held(true, false)
	bob.held(false, true)
	alice.Silence()
	bob.Silence()
	var last float64
	alice.Evaluate("(ear.stop(), ear.loud.at(-1))", &last)
	t.Logf("last sound %v after the click on hold", browser.Since(alice.LastClick("hold"), last))
	bob.Until("document.querySelector('[data-region=call] .call-state').innerText.includes('on hold')")
	alice.Action("resume")
	t.Logf("sound %v after the click on resume", browser.Since(alice.LastClick("resume"), alice.Sound()))
	alice.held(false, false)

	alice.Action("hold")
	bob.held(false, true)
	bob.Action("hold")
	bob.held(true, true)
	alice.held(true, true)
	alice.Action("resume")
	alice.held(false, true)
	bob.held(true, false)
	alice.Silence()

	bob.Action("resume")
	alice.held(false, false)
	bob.held(false, false)
	alice.Hears(highTone)
	bob.Hears(lowTone)
	alice.Hangup()
	alice.Idle()
	bob.Idle()
	alice.Released()
}

func TestHoldIsSilentAndResumeIsHeard(t *testing.T) { throughBothServers(t, holdAndResume) }

// JsSIP at the other end is put on hold and taken off.
func TestHoldWithAClientOfOthers(t *testing.T) {
	k := server.StartKamailio(t)
	for _, library := range []peers.Library{peers.JsSIP, peers.SIPjs} {
		t.Run(string(library), func(t *testing.T) {
			alice := kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil)
			bob := peers.Open(t, newPage(t, high, "bob"), library, peers.KamailioAccount(k.WS, "bob"))
			alice.Dial(bob.Address(), false)
			bob.Answer(false)
			alice.Talks()
			alice.Hears(highTone)
			alice.Action("hold")
			alice.held(true, false)
			bob.Silence()
			alice.Action("resume")
			alice.held(false, false)
			bob.Hears(lowTone)
			alice.Hears(highTone)
			alice.Hangup()
			bob.Idle()
			bob.Close()
			alice.Close()
		})
	}
}

// A call held and resumed ten times, a hundred in the long form (make test-long), has
// sound still, both ways.
func TestCallHeldManyTimesHasSound(t *testing.T) {
	rounds := 10
	if os.Getenv("E2E_LONG") != "" {
		rounds = 100
	}
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	bob.Talks()
	var silences, sounds []time.Duration
	for range rounds {
		alice.Evaluate("void (window.ear = e2e.loudness())", nil)
		alice.Until("ear.loud.length > 2")
		alice.Action("hold")
		bob.held(false, true)
		var last float64
		alice.Evaluate("(ear.stop(), ear.loud.at(-1))", &last)
		silences = append(silences, browser.Since(alice.LastClick("hold"), last))
		alice.Action("resume")
		sounds = append(sounds, browser.Since(alice.LastClick("resume"), alice.Sound()))
		bob.held(false, false)
	}
	slices.Sort(silences)
	slices.Sort(sounds)
	t.Logf("of %d: last sound %v after the click on hold (at most %v), first %v after that on resume (at most %v)", rounds,
		silences[rounds/2], silences[rounds-1], sounds[rounds/2], sounds[rounds-1])
	alice.Hears(highTone)
	bob.Hears(lowTone)
	if m := alice.Media(); m.Connections != 1 || len(m.LocalTracks) != 1 {
		t.Errorf("after %d holds: %+v", rounds, m)
	}
}
