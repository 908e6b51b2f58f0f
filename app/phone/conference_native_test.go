//go:build !js

package phone_test

import (
	"errors"
	"testing"
	"time"

	"gocommunicator/app/devserver"
	"gocommunicator/app/phone"
	"gocommunicator/sipcore/media"
)

// The tones of alice and those whom she joins: whole periods in what a meter looks at.
const (
	aliceTone = 400
	bobTone   = 600
	carolTone = 800
)

// hearsOnly waits until a user hears these tones and none of the others.
func (u *user) hearsOnly(want ...float64) {
	u.t.Helper()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	u.meter.Reset()
	for range tick.C {
		right := u.meter.Packets(media.Audio) > 20
		for _, hz := range []float64{aliceTone, bobTone, carolTone} {
			wanted := false
			for _, w := range want {
				wanted = wanted || w == hz
			}
			level := u.meter.Tone(hz)
			right = right && (wanted && level > 0.1 || !wanted && level < 0.01)
		}
		if right {
			return
		}
		if time.Now().After(deadline) {
			u.t.Fatalf("%s hears %.0f Hz at %.3f, %.0f at %.3f, %.0f at %.3f; want %v", u.name,
				float64(aliceTone), u.meter.Tone(aliceTone), float64(bobTone), u.meter.Tone(bobTone),
				float64(carolTone), u.meter.Tone(carolTone), want)
		}
	}
}

// talks has one user call another, and gives the id of the call at the first.
func talks(from, to *user) string {
	from.t.Helper()
	id, err := from.Dial(phone.Dial{To: to.name})
	from.must(err)
	await(to, state(phone.Incoming))
	to.must(to.Answer("", false))
	await(from, func(c phone.Call) bool { return c.ID == id && c.State == phone.Active })
	return id
}

// three are users of which alice talks with both others, one after the other.
func three(t *testing.T) (s *devserver.Server, alice, bob, carol *user, toBob, toCarol string) {
	t.Helper()
	s = server(t)
	alice, bob, carol = newUser(t, s, "alice", aliceTone, nil, `{}`), newUser(t, s, "bob", bobTone, nil, `{}`), newUser(t, s, "carol", carolTone, nil, `{}`)
	toBob = talks(alice, bob)
	toCarol = talks(alice, carol)
	await(bob, func(c phone.Call) bool { return c.RemoteHold })
	return s, alice, bob, carol, toBob, toCarol
}

func (u *user) call(id string) phone.Call {
	u.t.Helper()
	for _, c := range u.Snapshot().Calls {
		if c.ID == id {
			return c
		}
	}
	u.t.Fatalf("%s: no call %s", u.name, id)
	return phone.Call{}
}

func TestJoinedCallsHearEachOther(t *testing.T) {
	_, alice, bob, carol, toBob, toCarol := three(t)
	alice.must(alice.Join())
	bob.hearsOnly(aliceTone, carolTone)
	carol.hearsOnly(aliceTone, bobTone)
	conference := alice.call(toBob).Conference
	if conference == "" || conference != alice.call(toCarol).Conference || alice.call(toBob).LocalHold {
		t.Fatalf("%+v", alice.Snapshot().Calls)
	}

	on, off := true, false
	alice.must(alice.Mute(toBob, &on, nil)) // for everybody
	bob.hearsOnly(carolTone)
	carol.hearsOnly(bobTone)
	alice.must(alice.Mute(conference, &off, nil))
	carol.hearsOnly(aliceTone, bobTone)

	alice.must(alice.Silence(toBob, true))
	carol.hearsOnly(aliceTone)
	bob.hearsOnly(aliceTone, carolTone)
	if !alice.call(toBob).Silenced || alice.call(toCarol).Silenced {
		t.Errorf("%+v", alice.Snapshot().Calls)
	}
	alice.must(alice.Silence(toBob, false))
	carol.hearsOnly(aliceTone, bobTone)

	alice.must(alice.Hold(toBob, true)) // singly
	bob.hearsOnly()
	carol.hearsOnly(aliceTone)
	alice.must(alice.Hold(toBob, false)) // the other is not held for it
	bob.hearsOnly(aliceTone, carolTone)
	carol.hearsOnly(aliceTone, bobTone)

	bob.must(bob.Hold("", true)) // what a member hears in the meantime is nothing for the others
	await(alice, func(c phone.Call) bool { return c.ID == toBob && c.RemoteHold })
	carol.hearsOnly(aliceTone)
	bob.must(bob.Hold("", false))
	carol.hearsOnly(aliceTone, bobTone)

	alice.must(alice.Split(toCarol))
	carol.hearsOnly(aliceTone)
	bob.hearsOnly()
	if c := alice.call(toBob); !c.LocalHold || c.Conference != "" {
		t.Errorf("after the split: %+v", c)
	}
	alice.must(alice.Join(toBob, toCarol))
	bob.hearsOnly(aliceTone, carolTone)
	conference = alice.call(toBob).Conference
	alice.must(alice.Hangup(conference))
	await(bob, state(phone.Ended))
	await(carol, state(phone.Ended))
	if calls := alice.Snapshot().Calls; len(calls) > 0 {
		t.Errorf("left over: %+v", calls)
	}
}

// A call that comes in has the whole conference held, and can be added to it; who hangs up
// leaves the others talking.
func TestConferenceGrowsAndShrinks(t *testing.T) {
	s, alice, bob, carol, toBob, _ := three(t)
	alice.must(alice.Join())
	bob.hearsOnly(aliceTone, carolTone)
	const daveTone = 1000
	dave := newUser(t, s, "dave", daveTone, nil, `{}`)
	_, err := dave.Dial(phone.Dial{To: "alice"})
	dave.must(err)
	in := await(alice, state(phone.Incoming))
	alice.must(alice.Answer(in.ID, false))
	dave.hearsOnly(aliceTone)
	bob.hearsOnly()
	carol.hearsOnly()
	alice.must(alice.Hold(toBob, false)) // the conference as a whole
	bob.hearsOnly(aliceTone, carolTone)
	dave.hearsOnly()
	alice.must(alice.Join(in.ID))
	dave.hearsOnly(aliceTone, bobTone, carolTone)
	carol.hearsOnly(aliceTone, bobTone)
	if bob.meter.Tone(daveTone) < 0.1 {
		t.Error("bob does not hear dave")
	}
	dave.must(dave.Hangup(""))
	carol.hearsOnly(aliceTone, bobTone)
	bob.hearsOnly(aliceTone, carolTone)
	alice.must(alice.Hangup(toBob))
	carol.hearsOnly(aliceTone)
	if calls := alice.Snapshot().Calls; len(calls) != 1 || calls[0].Conference != "" || calls[0].LocalHold {
		t.Errorf("the one left over: %+v", calls)
	}
}

func TestConferenceCommandsThatMakeNoSense(t *testing.T) {
	s := server(t)
	alice, bob := newUser(t, s, "alice", aliceTone, nil, `{}`), newUser(t, s, "bob", bobTone, nil, `{}`)
	for _, test := range []struct {
		name string
		do   func() error
		want error
	}{
		{"join nothing", func() error { return alice.Join() }, phone.ErrJoin},
		{"join what is not there", func() error { return alice.Join("1", "2") }, phone.ErrNoCall},
		{"split nothing", func() error { return alice.Split("") }, phone.ErrNoConference},
		{"silence nobody", func() error { return alice.Silence("", true) }, phone.ErrNoConference},
	} {
		if err := test.do(); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	id, err := alice.Dial(phone.Dial{To: "bob"})
	alice.must(err)
	await(bob, state(phone.Incoming))
	if err := alice.Join(id); !errors.Is(err, phone.ErrJoin) {
		t.Errorf("join what is not answered: %v", err)
	}
	bob.must(bob.Answer("", false))
	await(alice, state(phone.Active))
	if err := alice.Join(id); !errors.Is(err, phone.ErrJoin) {
		t.Errorf("join one: %v", err)
	}
}
