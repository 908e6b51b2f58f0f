//go:build !js

package phone_test

import (
	"testing"
	"time"

	"gocommunicator/app/devserver"
	"gocommunicator/app/phone"
	"gocommunicator/sipcore/media"
)

// talking are two phones in a call with sound; cameras says who has one.
func talking(t *testing.T, s *devserver.Server, settings string, cameras ...string) (alice, bob *user) {
	t.Helper()
	alice = newUser(t, s, "alice", 440, s.Dialer(), settings)
	bob = newUser(t, s, "bob", 660, s.Dialer(), settings)
	for _, u := range []*user{alice, bob} {
		for _, name := range cameras {
			u.camera.Store(u.camera.Load() || u.name == name)
		}
	}
	_, err := alice.Dial(phone.Dial{To: "bob"})
	alice.must(err)
	await(bob, state(phone.Incoming))
	bob.must(bob.Answer("", false))
	await(alice, state(phone.Active))
	await(bob, state(phone.Active))
	return alice, bob
}

// sees waits until pictures come.
func (u *user) sees() {
	u.t.Helper()
	u.meter.Reset()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if u.meter.Packets(media.Video) > 3 {
			return
		}
		if time.Now().After(deadline) {
			u.t.Fatalf("%s sees nothing: %+v", u.name, u.Snapshot().Calls)
		}
	}
}

func pictures(out, in, asked bool) func(phone.Call) bool {
	return func(c phone.Call) bool {
		return c.State == phone.Active && c.Video == out && c.RemoteVideo == in && c.VideoAsked == asked
	}
}

func notice(code string) func(phone.Notice) bool {
	return func(n phone.Notice) bool { return n.Code == code }
}

// Either side adds video; the other one is asked, shows its own too, and takes it away
// again.
func TestVideoIsAddedAnsweredAndRemovedByEitherSide(t *testing.T) {
	s := server(t)
	for _, byCaller := range []bool{true, false} {
		t.Run(map[bool]string{true: "caller", false: "called"}[byCaller], func(t *testing.T) {
			a, b := talking(t, s, `{}`, "alice", "bob")
			if !byCaller {
				a, b = b, a
			}
			a.must(a.Video("", true))
			await(a, pictures(true, false, false))
			await(b, pictures(false, true, true))
			b.sees()
			b.must(b.Video("", true))
			await(b, pictures(true, true, false))
			await(a, pictures(true, true, false))
			a.sees()

			a.must(a.Video("", false))
			await(a, pictures(false, true, false))
			await(b, pictures(true, false, false))
			if id := a.Snapshot().Calls[0].ID; a.Local(id).Has(media.Video) {
				t.Error("the camera is still open")
			}
			b.must(b.Video("", false))
			await(b, pictures(false, false, false))
			await(a, pictures(false, false, false))
			a.hears(map[bool]float64{true: 660, false: 440}[byCaller])
			b.hears(map[bool]float64{true: 440, false: 660}[byCaller])
		})
	}
}

func TestVideoOfTheOtherSideIsWhatTheSettingsSay(t *testing.T) {
	s := server(t)
	t.Run("ask, and no", func(t *testing.T) {
		alice, bob := talking(t, s, `{}`, "alice")
		alice.must(alice.Video("", true))
		await(bob, pictures(false, true, true))
		bob.must(bob.Video("", false))
		await(bob, pictures(false, false, false))
		n := await(alice, notice("hint_video_removed"))
		id := alice.Snapshot().Calls[0].ID
		if n.CallID != id || alice.Local(id).Has(media.Video) {
			t.Errorf("%+v; camera still open: %v", n, alice.Local(id).Has(media.Video))
		}
		alice.hears(660)
		bob.hears(440)
		alice.must(alice.Video("", true)) // another wish is another question
		await(bob, pictures(false, true, true))
	})
	t.Run("ask, and only watch", func(t *testing.T) {
		alice, bob := talking(t, s, `{}`, "alice")
		alice.must(alice.Video("", true))
		await(bob, pictures(false, true, true))
		bob.must(bob.Watch(""))
		await(bob, pictures(false, true, false))
		bob.sees()
		alice.must(alice.Hold("", true))
		await(bob, state(phone.Held))
		alice.must(alice.Hold("", false))
		await(bob, pictures(false, true, false)) // and is not asked again
		bob.sees()
	})
	t.Run("show", func(t *testing.T) {
		alice, bob := talking(t, s, `{"media": {"incoming_video": "show"}}`, "alice")
		alice.must(alice.Video("", true))
		await(bob, pictures(false, true, false))
		bob.sees()
	})
	t.Run("refuse", func(t *testing.T) {
		alice, bob := talking(t, s, `{"media": {"incoming_video": "refuse"}}`, "alice")
		alice.must(alice.Video("", true))
		await(alice, notice("error_video_refused"))
		if id := alice.Snapshot().Calls[0].ID; alice.Local(id).Has(media.Video) {
			t.Error("the camera is still open")
		}
		alice.hears(660)
		bob.hears(440)
	})
}

func TestVideoWithoutACameraLeavesTheCall(t *testing.T) {
	s := server(t)
	alice, bob := talking(t, s, `{}`)
	alice.must(alice.Video("", true))
	await(alice, notice("error_camera_missing"))
	alice.hears(660)
	bob.hears(440)
	if c := bob.Snapshot().Calls[0]; c.RemoteVideo || c.VideoAsked {
		t.Errorf("%+v", c)
	}
}

// Who calls without a camera and wants to see asks for it.
func TestCallThatOnlyWatchesCanBeAnsweredWithVideo(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, s.Dialer(), `{}`)
	bob := newUser(t, s, "bob", 660, s.Dialer(), `{}`)
	bob.camera.Store(true)
	_, err := alice.Dial(phone.Dial{To: "bob", Video: true})
	alice.must(err)
	if c := await(bob, state(phone.Incoming)); c.RemoteVideo || !c.RemoteWatches {
		t.Errorf("%+v", c)
	}
	bob.must(bob.Answer("", true))
	await(bob, pictures(true, false, false))
	alice.sees()
}

// Both press at once: one offer is refused (491) and made again.
func TestVideoAddedByBothSidesAtOnce(t *testing.T) {
	s := server(t)
	alice, bob := talking(t, s, `{}`, "alice", "bob")
	alice.must(alice.Video("", true))
	bob.must(bob.Video("", true))
	await(alice, pictures(true, true, false))
	await(bob, pictures(true, true, false))
	alice.sees()
	bob.sees()
	alice.hears(660)
	bob.hears(440)
}

func screen(on, video bool) func(phone.Call) bool {
	return func(c phone.Call) bool { return c.State == phone.Active && c.Screen == on && c.Video == video }
}

// The screen comes into a call with sound, and takes the camera's place in one with video.
func TestScreenIsShownAndTheCameraIsBack(t *testing.T) {
	s := server(t)
	alice, bob := talking(t, s, `{"media": {"incoming_video": "show"}}`, "alice")
	alice.must(alice.Screen("", true))
	await(alice, screen(true, true))
	bob.sees()
	alice.must(alice.Screen("", false))
	await(alice, screen(false, false))
	await(bob, pictures(false, false, false))

	alice.must(alice.Video("", true))
	await(alice, screen(false, true))
	await(bob, pictures(false, true, false))
	alice.must(alice.Screen("", true))
	await(alice, screen(true, true))
	bob.sees()
	alice.must(alice.Screen("", false))
	await(alice, screen(false, true))
	bob.sees()
	alice.hears(660)
	bob.hears(440)
}
