package ui

import (
	"testing"
	"testing/synctest"

	"gocommunicator/app/bus"
	"gocommunicator/app/phone"
)

func TestOffIsSilentAndLouderIsLouder(t *testing.T) {
	if g := (Volume{On: false, Percent: 100}).gain(); g != 0 {
		t.Errorf("off: %v", g)
	}
	if g := (Volume{On: true, Percent: 80}).gain(); g != 1 {
		t.Errorf("usual: %v", g)
	}
	low, high := Volume{On: true, Percent: leastVolume}.gain(), Volume{On: true, Percent: 100}.gain()
	if mad := (Volume{On: true, Percent: 1e9}).gain(); mad != high {
		t.Errorf("remembered wrongly: %v", mad)
	}
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
		if s.view.chimed != "a" || s.view.sounds != 0 {
			t.Errorf("message %q, still to be heard %d", s.view.chimed, s.view.sounds)
		}
	})
}
