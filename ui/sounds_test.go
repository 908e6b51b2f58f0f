package ui

import (
	"testing"
	"testing/synctest"

	"gocommunicator/app/bus"
	"gocommunicator/app/phone"
)

func TestSoundsAreRememberedAsTheyWereSet(t *testing.T) {
	usual := sounds{Volumes: [2]Volume{{true, 80}, {true, 80}}}
	for _, o := range []sounds{
		usual,
		{Volumes: [2]Volume{{false, 5}, {true, 100}}},
		{Volumes: [2]Volume{{true, 30}, {false, 55}}, Device: "a b c="},
	} {
		if got := parseSounds(o.String(), usual); got != o {
			t.Errorf("%v became %v", o, got)
		}
	}
	for _, text := range []string{"", "true", "true x true 5 ", "true 4 true 80 ", "true 80 true 101 ", "true 99999999999999999999 true 80 "} {
		if got := parseSounds(text, usual); got != usual {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func TestOffIsSilentAndLouderIsLouder(t *testing.T) {
	if g := (Volume{On: false, Percent: 100}).gain(); g != 0 {
		t.Errorf("off: %v", g)
	}
	if g := (Volume{On: true, Percent: 80}).gain(); g != 1 {
		t.Errorf("usual: %v", g)
	}
	low, high := Volume{On: true, Percent: leastVolume}.gain(), Volume{On: true, Percent: 100}.gain()
	if low <= 0 || low >= high || high > 1.6 {
		t.Errorf("%v to %v", low, high)
	}
}

// What is to be heard once is not heard again with the next change.
func TestToneOfAMessageIsAskedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, engine := newScreen(t)
		bus.Publish(s.deps.Bus, phone.Message{ID: "a", Direction: phone.In})
		synctest.Wait()
		engine.ConsumeAll()
		if s.view.chimed != "a" || len(s.view.sounds) != 0 {
			t.Errorf("message %q, still to be heard %d", s.view.chimed, s.view.sounds)
		}
	})
}
