package media

import (
	"testing"
	"time"

	"gocommunicator/sipcore/sdp"
)

// awaitQuiet waits until the sound that arrived in a tenth of a second was silence or none.
func awaitQuiet(t *testing.T, c *Conn) {
	t.Helper()
	before := stats(t, c).Audio
	since := time.Now()
	await(t, "silence", func() bool {
		now := stats(t, c).Audio
		if now.TotalAudioEnergy > before.TotalAudioEnergy+1e-6 {
			before, since = now, time.Now()
		}
		return time.Since(since) > 100*time.Millisecond
	})
}

func TestHoldAndResume(t *testing.T) {
	p := watch(t)
	engine := newBrowserEngine(t, Config{})
	a, b := engine.Open(Want{Audio: true, Video: true}, Events{}), engine.Open(Want{Audio: true, Video: true}, Events{})
	play(t, a.Remote())
	play(t, b.Remote())
	agree(t, a, b)
	awaitSound(t, a)
	awaitSound(t, b)
	var toSilence, toSound time.Duration
	const times = 10
	for range times {
		start := time.Now()
		a.SetHold(true)
		offer, answer := agree(t, a, b)
		for i, m := range offer.Media() {
			if d := answer.Media()[i].Direction(); m.Direction() != sdp.SendOnly || d != sdp.RecvOnly {
				t.Fatalf("line %d: offered %v, answered %v", i, m.Direction(), d)
			}
		}
		awaitQuiet(t, a)
		awaitQuiet(t, b)
		toSilence += time.Since(start)
		if a.Remote().Has(Video) {
			t.Error("held, and the other side's picture is shown")
		}
		start = time.Now()
		a.SetHold(false)
		agree(t, a, b)
		awaitSound(t, a)
		awaitSound(t, b)
		toSound += time.Since(start)
	}
	awaitPicture(t, a)
	awaitPicture(t, b)
	t.Logf("hold to silence %v, resume to sound both ways %v (mean of %d, measured in steps of 0.1 s)",
		toSilence/times, toSound/times, times)
	if n := len(p.asked); n != 2 {
		t.Errorf("devices were asked for %d times", n)
	}
	engine.Close()
	if !p.released() {
		t.Error("a device is open after Close")
	}
}

func TestHoldByBothSides(t *testing.T) {
	watch(t)
	engine := newBrowserEngine(t, Config{})
	a, b := engine.Open(Want{Audio: true}, Events{}), engine.Open(Want{Audio: true}, Events{})
	play(t, a.Remote())
	play(t, b.Remote())
	agree(t, a, b)
	for _, s := range []struct {
		by, other     *Conn
		on            bool
		offer, answer sdp.Direction
	}{
		{a, b, true, sdp.SendOnly, sdp.RecvOnly},
		{b, a, true, sdp.Inactive, sdp.Inactive},
		{a, b, false, sdp.SendRecv, sdp.SendOnly},
		{b, a, false, sdp.SendRecv, sdp.SendRecv},
	} {
		s.by.SetHold(s.on)
		offer, answer := agree(t, s.by, s.other)
		if o, w := offer.Media()[0].Direction(), answer.Media()[0].Direction(); o != s.offer || w != s.answer {
			t.Errorf("offered %v, answered %v; want %v, %v", o, w, s.offer, s.answer)
		}
	}
	awaitSound(t, a)
	awaitSound(t, b)
}
