//go:build !js

package media

import (
	"context"
	"sync/atomic"
	"testing"
	"time"
)

// What goes out is the camera's picture, then the screen's, then the camera's again, and
// nothing is negotiated for it.
func TestScreenTakesThePlaceOfTheCamera(t *testing.T) {
	pictures := func(mark byte) Source {
		return Source{Codec: "vp8", Frame: 10 * time.Millisecond, Next: func(int) []byte { return []byte{0x10, mark} }}
	}
	alice := newPhone(t, 440, func(c *Config) {
		c.Platform.Capture = func(ctx context.Context, k Kind) (Source, error) {
			switch k {
			case Video:
				return pictures(1), nil
			case Screen:
				return pictures(2), nil
			case Audio:
			}
			return capture(440)(ctx, k)
		}
	})
	var seen atomic.Int32
	bob := newPhone(t, 600, func(c *Config) {
		sink := c.Platform.Sink
		c.Platform.Sink = func(p Packet) {
			if p.Kind == Video && len(p.Payload) > 1 {
				seen.Store(int32(p.Payload[1]))
			}
			sink(p)
		}
	})
	want := Want{Audio: true, Video: true}
	a, _ := open(alice.Engine, want)
	b, _ := open(bob.Engine, want)
	agree(t, a, b)
	await(t, "the camera", func() bool { return seen.Load() == 1 })
	a.SetMuted(false, true) // a camera that is off does not hide the screen
	sent, err := a.Share()
	if err != nil || !sent || !a.Sharing() {
		t.Fatalf("sent %v, sharing %v: %v", sent, a.Sharing(), err)
	}
	a.SetMuted(false, true)
	await(t, "the screen", func() bool { return seen.Load() == 2 })
	a.SetMuted(false, false)
	if err := a.Unshare(); err != nil || a.Sharing() || !a.Local().Has(Video) {
		t.Fatalf("sharing %v, picture %v: %v", a.Sharing(), a.Local().Has(Video), err)
	}
	await(t, "the camera again", func() bool { return seen.Load() == 1 })
}

func TestScreenIsGivenBackWithTheCall(t *testing.T) {
	alice := newPhone(t, 440)
	a, _ := open(alice.Engine, Want{Audio: true})
	if sent, err := a.Share(); err != nil || sent {
		t.Fatalf("sent %v: %v", sent, err)
	}
	a.SetWant(Want{Audio: true})
	if a.Sharing() {
		t.Error("a screen that is not wanted is still shown")
	}
	if _, err := a.Share(); err != nil {
		t.Fatal(err)
	}
	a.Close()
	<-a.Done()
	if a.Sharing() {
		t.Error("still shown")
	}
	if _, err := a.Share(); err == nil {
		t.Error("shown in a call that is over")
	}
}
