//go:build !js

package phone_test

import (
	"errors"
	"testing"
	"time"

	"gocommunicator/app/phone"
	"gocommunicator/sipcore/media"
)

var (
	builtIn = media.Device{ID: "built", Name: "Built-in"}
	headset = media.Device{ID: "head", Name: "Headset"}
)

// equipped is alice with two microphones, of 440 and 600 Hz, and what is kept of her
// choices.
func equipped(t *testing.T, kept *string, settings string) (alice, bob *user, m *media.Machine) {
	t.Helper()
	s := server(t)
	m = &media.Machine{}
	m.Plug(builtIn, media.Tone(440))
	m.Plug(headset, media.Tone(600))
	m.Plug(media.Device{Role: media.Speaker, ID: "box", Name: "Box"}, media.Source{})
	alice = newUser(t, s, "alice", 0, nil, settings, func(d *phone.Deps) {
		d.Platform.Capture, d.Platform.Machine = nil, m
		d.Kept, d.Keep = *kept, func(text string) { *kept = text }
	})
	bob = newUser(t, s, "bob", 1000, nil, "{}")
	return alice, bob, m
}

// called has alice call bob.
func called(t *testing.T, alice, bob *user) {
	t.Helper()
	_, err := alice.Dial(phone.Dial{To: "bob"})
	alice.must(err)
	bob.must(bob.Answer(await(bob, state(phone.Incoming)).ID, false))
	await(alice, state(phone.Active))
	await(bob, state(phone.Active))
}

func exchanged(code, was, now string) func(phone.Notice) bool {
	return func(n phone.Notice) bool { return n.Code == code && n.Params["Was"] == was && n.Params["Now"] == now }
}

func uses(role phone.Role, name string) func(phone.Equipment) bool {
	return func(e phone.Equipment) bool { return e.Used[role].Name == name }
}

func TestMicrophoneIsChosenRememberedAndFollowed(t *testing.T) {
	kept := ""
	alice, bob, machine := equipped(t, &kept, "{}")
	alice.must(alice.ChooseDevice("audio_in", "built"))
	await(alice, uses(phone.Microphone, "Built-in"))
	called(t, alice, bob)
	bob.hears(440)
	alice.must(alice.ChooseDevice("audio_in", "head"))
	bob.hears(600)

	machine.Unplug("head")
	await(alice, exchanged("hint_device_instead", "Headset", "Built-in"))
	bob.hears(440)
	machine.Unplug("built")
	await(alice, exchanged("error_unplugged_microphone", "Built-in", ""))
	if c := alice.Snapshot().Calls; len(c) != 1 || c[0].State != phone.Active {
		t.Fatalf("the call: %+v", c)
	}
	machine.Plug(builtIn, media.Tone(440))
	await(alice, exchanged("hint_device_now", "", "Built-in"))
	bob.hears(440)
	machine.Plug(headset, media.Tone(600))
	await(alice, exchanged("hint_device_now", "", "Headset"))
	bob.hears(600)
	alice.must(alice.Hangup(""))
	await(alice, state(phone.Ended))

	again, other, _ := equipped(t, &kept, "{}")
	called(t, again, other)
	other.hears(600)
}

func TestDeviceThatIsNotThereIsNotChosen(t *testing.T) {
	kept := ""
	alice, _, machine := equipped(t, &kept, "{}")
	for _, test := range [][2]string{{"audio_in", "box"}, {"audio_out", "head"}, {"video_in", "x"}, {"nose", "head"}, {"nose", ""}} {
		if err := alice.ChooseDevice(test[0], test[1]); !errors.Is(err, phone.ErrNoDevice) {
			t.Errorf("%v: %v", test, err)
		}
	}
	if err := alice.Turn("laser", true); !errors.Is(err, phone.ErrNoDevice) {
		t.Errorf("laser: %v", err)
	}
	alice.must(alice.ChooseDevice("ring", "box"))
	await(alice, uses(phone.Ringer, "Box"))
	machine.Unplug("box")
	e := await(alice, uses(phone.Ringer, ""))
	if e.Chosen[phone.Ringer].Name != "Box" {
		t.Errorf("the choice is forgotten: %+v", e)
	}
	machine.Plug(media.Device{Role: media.Speaker, ID: "other", Name: "Box"}, media.Source{}) // in a browser that changes ids
	await(alice, uses(phone.Ringer, "Box"))
	alice.must(alice.ChooseDevice("ring", ""))
	await(alice, uses(phone.Ringer, ""))
}

func TestLoudspeakerThatIsUnpluggedInACallIsTold(t *testing.T) {
	kept := ""
	alice, bob, machine := equipped(t, &kept, "{}")
	machine.Plug(media.Device{Role: media.Speaker, ID: "desk", Name: "Desk"}, media.Source{})
	machine.Plug(media.Device{Role: media.Speaker, ID: "default", Name: "Default"}, media.Source{})
	await(alice, func(e phone.Equipment) bool { return len(e.There) == 4 && e.Used[phone.Speaker].Name == "Default" })
	called(t, alice, bob)
	alice.must(alice.ChooseDevice("audio_out", "box"))
	alice.must(alice.ChooseDevice("audio_out", "desk"))
	await(alice, uses(phone.Speaker, "Desk"))
	machine.Unplug("desk")
	first := await(alice, func(phone.Notice) bool { return true }) // of what was chosen nothing is told
	if !exchanged("hint_device_instead", "Desk", "Box")(first) {
		t.Errorf("told %+v", first)
	}
	machine.Plug(media.Device{Role: media.Speaker, ID: "desk", Name: "Desk"}, media.Source{})
	await(alice, exchanged("hint_device_now", "", "Desk"))
}

func TestPushToTalk(t *testing.T) {
	kept := ""
	alice, bob, _ := equipped(t, &kept, `{"media": {"push_to_talk": true}}`)
	muted := func(on bool) func(phone.Call) bool {
		return func(c phone.Call) bool { return c.State == phone.Active && c.AudioMuted == on }
	}
	called(t, alice, bob)
	hearsNothing(bob)
	open := false
	if err := alice.Mute("", &open, nil); !errors.Is(err, phone.ErrPushToTalk) {
		t.Errorf("resumed by mute: %v", err)
	}
	alice.must(alice.Talk("", true))
	await(alice, muted(false))
	bob.hears(440)
	alice.must(alice.Talk("", false))
	await(alice, muted(true))
	hearsNothing(bob)

	alice.must(alice.Turn("push_to_talk", false))
	await(alice, func(e phone.Equipment) bool { return !e.On[phone.PushToTalk] })
	if err := alice.Talk("", true); !errors.Is(err, phone.ErrNoPushToTalk) {
		t.Errorf("talked without: %v", err)
	}
	alice.must(alice.Mute("", &open, nil))
	bob.hears(440)
	alice.must(alice.Turn("push_to_talk", true)) // in the middle of a call
	await(alice, muted(true))
	hearsNothing(bob)
}

// hearsNothing waits for silence: packets without sound.
func hearsNothing(u *user) {
	u.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		u.meter.Reset()
		for u.meter.Packets(media.Audio) < 5 && time.Now().Before(deadline) {
			time.Sleep(time.Millisecond)
		}
		if level, _ := u.meter.Sound(); level < 0.001 {
			return
		}
	}
	u.t.Fatalf("%s still hears something", u.name)
}
