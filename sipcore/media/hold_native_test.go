//go:build !js

package media

import (
	"testing"
	"time"

	"gocommunicator/sipcore/sdp"
)

// A call held and resumed a hundred times still has sound, and none while it is held.
func TestHeldAndResumedAHundredTimes(t *testing.T) {
	alice, bob := newPhone(t, 440), newPhone(t, 600)
	a, _ := open(alice.Engine, Want{Audio: true})
	b, _ := open(bob.Engine, Want{Audio: true})
	agree(t, a, b)
	awaitTone(t, alice.meter, 600)
	awaitTone(t, bob.meter, 440)
	var toSilence, toSound time.Duration
	const times = 100
	for n := range times {
		if n == times/2 { // the other side of the call holds as well
			a, b, alice, bob = b, a, bob, alice
		}
		start := time.Now()
		a.SetHold(true)
		offer, answer := agree(t, a, b)
		if o, w := offer.Media()[0].Direction(), answer.Media()[0].Direction(); o != sdp.SendOnly || w != sdp.RecvOnly {
			t.Fatalf("%d: hold offered %v, answered %v", n, o, w)
		}
		if a.Remote().Has(Audio) {
			t.Fatalf("%d: held, and the other side is still heard", n)
		}
		awaitLevel(t, bob.meter, false) // silence is sent, so that the path stays
		toSilence += time.Since(start)
		for still := 1; still > 0; still = alice.meter.Packets(Audio) { // till what was on its way has come
			alice.meter.Reset()
			awaitLevel(t, bob.meter, false)
		}
		start = time.Now()
		a.SetHold(false)
		offer, answer = agree(t, a, b)
		if o, w := offer.Media()[0].Direction(), answer.Media()[0].Direction(); o != sdp.SendRecv || w != sdp.SendRecv {
			t.Fatalf("%d: end of hold offered %v, answered %v", n, o, w)
		}
		awaitLevel(t, alice.meter, true)
		awaitLevel(t, bob.meter, true)
		toSound += time.Since(start)
	}
	t.Logf("from hold to silence measured %v, from resume to sound both ways %v (mean of %d, both with the exchange and two frames of 20 ms)",
		toSilence/times, toSound/times, times)
	awaitTone(t, alice.meter, 440) // they have changed places
	awaitTone(t, bob.meter, 600)
}

// awaitLevel waits for two packets that are loud or silent, and no other between them.
func awaitLevel(t *testing.T, m *Meter, loud bool) {
	t.Helper()
	for limit := time.Now().Add(10 * time.Second); time.Now().Before(limit); {
		m.Reset()
		await(t, "packets", func() bool { return m.Packets(Audio) >= 2 })
		if level, _ := m.Sound(); loud && level > 0.05 || !loud && level < 0.001 {
			return
		}
	}
	t.Fatal("never came: sound", loud)
}

func TestHoldWhileHeldIsInactive(t *testing.T) {
	alice, bob := newPhone(t, 440), newPhone(t, 600)
	a, _ := open(alice.Engine, Want{Audio: true, Video: true})
	b, _ := open(bob.Engine, Want{Audio: true, Video: true})
	steps := []struct {
		by, other     *Conn
		on            bool
		offer, answer sdp.Direction
	}{
		{a, b, true, sdp.SendOnly, sdp.RecvOnly},
		{b, a, true, sdp.Inactive, sdp.Inactive},
		{a, b, false, sdp.SendRecv, sdp.SendOnly},
		{b, a, false, sdp.SendRecv, sdp.SendRecv},
	}
	agree(t, a, b)
	for range 2 {
		for n, s := range steps {
			s.by.SetHold(s.on)
			offer, answer := agree(t, s.by, s.other)
			for i := range offer.Media() {
				if o, w := offer.Media()[i].Direction(), answer.Media()[i].Direction(); o != s.offer || w != s.answer {
					t.Errorf("step %d, line %d: offered %v, answered %v; want %v, %v", n, i, o, w, s.offer, s.answer)
				}
			}
		}
	}
	awaitTone(t, alice.meter, 600)
	awaitTone(t, bob.meter, 440)
	alice.meter.Reset()
	await(t, "picture", func() bool { return alice.meter.Packets(Video) > 3 })
	if !a.Want().Video || !a.Local().Has(Video) {
		t.Error("the camera was given back")
	}
}

// A hold that is refused, or dropped because it crossed another, leaves sound.
func TestHoldRolledBack(t *testing.T) {
	alice, bob := newPhone(t, 440), newPhone(t, 600)
	a, _ := open(alice.Engine, Want{Audio: true})
	b, _ := open(bob.Engine, Want{Audio: true})
	agree(t, a, b)
	a.SetHold(true)
	if _, err := a.Offer(t.Context()); err != nil {
		t.Fatal(err)
	}
	awaitLevel(t, bob.meter, false) // at once
	if err := a.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.SetHold(false)
	awaitTone(t, alice.meter, 600)
	awaitTone(t, bob.meter, 440)
}

func TestMuteOutlivesHold(t *testing.T) {
	alice, bob := newPhone(t, 440), newPhone(t, 600)
	a, _ := open(alice.Engine, Want{Audio: true})
	b, _ := open(bob.Engine, Want{Audio: true})
	agree(t, a, b)
	awaitLevel(t, bob.meter, true)
	a.SetHold(true)
	a.SetMuted(true, false)
	a.SetHold(false)
	awaitLevel(t, bob.meter, false)
	a.SetHold(true)
	a.SetMuted(false, false)
	awaitLevel(t, bob.meter, false)
	a.SetHold(false)
	awaitLevel(t, bob.meter, true)
}
