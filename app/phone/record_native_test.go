//go:build !js

package phone_test

import (
	"errors"
	"testing"
	"time"

	"gocommunicator/app/phone"
)

func recorded(on bool) func(phone.Call) bool {
	return func(c phone.Call) bool { return c.Recording == on }
}

func TestCallIsRecordedOnlyWhereTheSettingsLetIt(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{"session": {"recording": "allowed"}}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	if err := alice.Record("", true); !errors.Is(err, phone.ErrNoCall) {
		t.Errorf("without a call: %v", err)
	}
	id := talks(alice, bob)
	if err := bob.Record("", true); !errors.Is(err, phone.ErrRecordingOff) || phone.Explain(err).Code != "error_recording_off" {
		t.Errorf("where it is off: %v", err)
	}
	if err := alice.Record("", false); !errors.Is(err, phone.ErrNoCall) {
		t.Errorf("nothing to be ended: %v", err)
	}
	alice.must(alice.Record("", true))
	await(alice, recorded(true))
	alice.must(alice.Record(id, true)) // again: it goes on
	alice.must(alice.Record(id, false))
	await(alice, recorded(false))
	alice.must(alice.Record(id, true))
	await(alice, recorded(true))
	alice.must(alice.Hangup(id))
	if c := await(alice, state(phone.Ended)); c.Recording {
		t.Error("it is recorded after its end")
	}
}

// beeps waits for the tone of a recording.
func (u *user) beeps() {
	u.t.Helper()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if u.meter.Tone(1400) > 0.1 {
			return
		}
		if time.Now().After(deadline) {
			u.t.Fatalf("%s hears no tone", u.name)
		}
	}
}

func TestOtherSideHearsThatItIsRecorded(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{"session": {"recording": "allowed", "recording_notice": 2}}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	carol := newUser(t, s, "carol", 880, nil, `{}`)
	id := talks(alice, bob)
	bob.hears(440)
	alice.must(alice.Record(id, true))
	bob.beeps()
	first := time.Now()
	bob.meter.Reset()
	bob.hears(440) // what is said is heard again
	bob.beeps()
	if every := time.Since(first); every < 1500*time.Millisecond {
		t.Errorf("again after %v", every)
	}
	alice.hears(660) // who records hears none

	other := talks(alice, carol) // and in a conference both
	carol.meter.Reset()
	carol.hears(440)
	alice.must(alice.Join(id, other))
	await(alice, func(c phone.Call) bool {
		return c.ID == id && c.Conference != "" && c.Recording && c.State == phone.Active
	})
	carol.beeps()
	bob.meter.Reset()
	bob.beeps()
	if got := alice.Recorded(id); len(got) != 2 {
		t.Errorf("recorded are %v", got)
	}
	alice.must(alice.Split(id))
	await(alice, func(c phone.Call) bool { return c.ID == id && c.Conference == "" && c.Recording })
	bob.meter.Reset()
	bob.beeps()
	await(alice, func(c phone.Call) bool { return c.ID == other && c.LocalHold })
	if got := alice.Recorded(id); len(got) != 1 || got[0] != id {
		t.Errorf("after the split recorded are %v", got)
	}
	alice.must(alice.Record(id, false))
	await(alice, recorded(false))
	bob.meter.Reset()
	bob.hears(440)
}

func TestWhoComesToARecordedConferenceHearsItSoonAndEachToneOnce(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", aliceTone, nil, `{"session": {"recording": "allowed", "recording_notice": 3}}`)
	bob, carol := newUser(t, s, "bob", bobTone, nil, `{}`), newUser(t, s, "carol", carolTone, nil, `{}`)
	toBob := talks(alice, bob)
	toCarol := talks(alice, carol)
	alice.must(alice.Join())
	bob.hearsOnly(aliceTone, carolTone)
	alice.must(alice.Hold(toCarol, true))
	await(carol, func(c phone.Call) bool { return c.RemoteHold })
	alice.must(alice.Record(toBob, true))
	bob.beeps()
	if got := alice.Recorded(toBob); len(got) != 1 {
		t.Errorf("recorded are %v while the other is held", got)
	}
	if tone := carol.meter.Tone(1400); tone > 0.02 {
		t.Errorf("who is held and not recorded hears a tone of %.2f", tone)
	}
	alice.must(alice.Hold(toCarol, false))
	carol.beeps()

	alice.must(alice.Record(toCarol, true)) // a second file
	await(alice, func(c phone.Call) bool { return c.ID == toCarol && c.Recording })
	bob.meter.Reset()
	bob.beeps()
	first := time.Now()
	bob.meter.Reset()
	bob.hearsOnly(aliceTone, carolTone)
	bob.beeps()
	if every := time.Since(first); every < 2500*time.Millisecond {
		t.Errorf("again after %v: each recording has a tone of its own", every)
	}
	alice.must(alice.Record(toBob, false)) // the other one speaks on
	await(alice, func(c phone.Call) bool { return c.ID == toBob && !c.Recording })
	bob.hearsOnly(aliceTone, carolTone)
	bob.beeps()
}
