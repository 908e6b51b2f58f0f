//go:build !js

package media

import (
	"context"
	"testing"

	"gocommunicator/sipcore/sdp"
)

// Who has no camera sees all the same, in a call made and in one answered.
func TestPictureIsReceivedWithoutACamera(t *testing.T) {
	want := Want{Audio: true, Video: true}
	blind := Want{Audio: true, Video: true, NoCamera: true}
	for _, test := range []struct {
		name          string
		caller        Want
		callee        Want
		offer, answer sdp.Direction
	}{
		{"answering", want, blind, sdp.SendRecv, sdp.RecvOnly},
		{"calling", blind, want, sdp.RecvOnly, sdp.SendOnly},
		{"both", blind, blind, sdp.RecvOnly, sdp.Inactive},
	} {
		t.Run(test.name, func(t *testing.T) {
			camera := func(w Want, hz float64) func(*Config) {
				return func(c *Config) {
					c.Platform.Capture = func(ctx context.Context, k Kind) (Source, error) {
						if k == Video && w.NoCamera {
							t.Error("camera opened")
						}
						return capture(hz)(ctx, k)
					}
				}
			}
			alice := newPhone(t, 440, camera(test.caller, 440))
			bob := newPhone(t, 600, camera(test.callee, 600))
			a, _ := open(alice.Engine, test.caller)
			b, _ := open(bob.Engine, test.callee)
			offer, answer := agree(t, a, b)
			if o, d := offer.Media()[1].Direction(), answer.Media()[1].Direction(); o != test.offer || d != test.answer {
				t.Errorf("video offered %v and answered %v", o, d)
			}
			awaitTone(t, alice.meter, 600)
			awaitTone(t, bob.meter, 440)
			for _, side := range []struct {
				name        string
				meter       *Meter
				mine, other Want
			}{{"alice", alice.meter, test.caller, test.callee}, {"bob", bob.meter, test.callee, test.caller}} {
				if side.other.NoCamera {
					if n := side.meter.Packets(Video); n > 0 {
						t.Errorf("%s received %d packets of picture from who has no camera", side.name, n)
					}
					continue
				}
				await(t, "picture", func() bool { return side.meter.Packets(Video) > 5 })
			}
		})
	}
}
