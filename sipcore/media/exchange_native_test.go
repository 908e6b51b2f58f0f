//go:build !js

package media

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

// machine has two microphones, of 440 and 600 Hz, and a camera.
func machine() *Machine {
	m := &Machine{}
	m.Plug(builtIn, Tone(440))
	m.Plug(headset, Tone(600))
	m.Plug(Device{Role: Camera, ID: "eye", Name: "Eye"}, Source{Codec: "vp8", Frame: 30 * time.Millisecond, Next: func(int) []byte { return []byte{0x10, 0} }})
	return m
}

var (
	builtIn = Device{ID: "built", Group: "a", Name: "Built-in"}
	headset = Device{ID: "head", Group: "b", Name: "Headset"}
)

// exchanging is a call whose caller has a machine, and what is reported of its devices.
type exchanging struct {
	*Machine
	engine    *Engine
	call      *Conn
	heard     *Meter // by the other side
	lost      chan struct{}
	exchanged chan Exchange
	inputs    atomic.Pointer[Inputs] // set again whenever what is sent has changed
}

func newExchanging(t *testing.T, want Want) *exchanging {
	t.Helper()
	x := &exchanging{Machine: machine(), lost: make(chan struct{}, 9), exchanged: make(chan Exchange, 9)}
	alice := newPhone(t, 0, func(c *Config) { c.Platform.Capture, c.Platform.Machine = nil, x.Machine })
	bob := newPhone(t, 1000)
	x.engine, x.heard = alice.Engine, bob.meter
	x.call = alice.Open(want, Events{
		Lost:      func() { x.lost <- struct{}{} },
		Exchanged: func(e Exchange) { x.exchanged <- e },
		LocalTracks: func() {
			if in := x.inputs.Load(); in != nil {
				x.engine.SetInputs(*in)
			}
		},
	})
	b, _ := open(bob.Engine, want)
	agree(t, x.call, b)
	awaitTone(t, x.heard, 440)
	return x
}

func (x *exchanging) now(t *testing.T, want Exchange) {
	t.Helper()
	got := await1(t, x.exchanged)
	if !errors.Is(got.Err, want.Err) {
		var refused *MediaError
		if !errors.As(got.Err, &refused) || refused.Reason != NotFound {
			t.Fatalf("error %v", got.Err)
		}
	}
	if got.Err = want.Err; got != want {
		t.Fatalf("%+v, want %+v", got, want)
	}
}

func await1[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(10 * time.Second):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func TestMicrophoneIsExchangedInACall(t *testing.T) {
	x := newExchanging(t, Want{Audio: true})
	x.engine.SetInputs(Inputs{Microphone: headset})
	x.now(t, Exchange{Was: builtIn, Now: headset})
	awaitTone(t, x.heard, 600)

	x.call.SetMuted(true, false)
	x.engine.SetInputs(Inputs{Microphone: builtIn})
	x.now(t, Exchange{Was: headset, Now: builtIn})
	awaitLevel(t, x.heard, false) // another microphone is muted too
	x.call.SetHold(true)
	x.call.SetMuted(false, false)
	x.engine.SetInputs(Inputs{Microphone: headset})
	x.now(t, Exchange{Was: builtIn, Now: headset})
	awaitLevel(t, x.heard, false)
	x.call.SetHold(false)
	awaitTone(t, x.heard, 600)

	x.engine.SetInputs(Inputs{Microphone: headset}) // as it is
	x.engine.SetInputs(Inputs{})                    // it will do
	x.engine.SetInputs(Inputs{Microphone: builtIn})
	x.now(t, Exchange{Was: headset, Now: builtIn})
	if len(x.exchanged) > 0 || len(x.lost) > 0 {
		t.Errorf("%d more exchanges, %d lost", len(x.exchanged), len(x.lost))
	}
}

// What has changed has somebody look which devices there are, and set again what is wanted:
// that comes while the exchange still goes on.
func TestExchangeThatIsNoticedIsToldAllTheSame(t *testing.T) {
	x := newExchanging(t, Want{Audio: true})
	for _, d := range []Device{headset, builtIn, headset} {
		x.inputs.Store(&Inputs{Microphone: d})
		x.engine.SetInputs(Inputs{Microphone: d})
		if got := await1(t, x.exchanged); got.Now != d || got.Err != nil {
			t.Fatalf("%+v, want %v", got, d)
		}
	}
	if len(x.exchanged) > 0 {
		t.Errorf("%d more exchanges", len(x.exchanged))
	}
}

func TestPulledOutAnotherTakesOver(t *testing.T) {
	x := newExchanging(t, Want{Audio: true, Video: true})
	x.Unplug("built")
	await1(t, x.lost)
	x.engine.SetInputs(Inputs{Microphone: headset})
	x.now(t, Exchange{Was: builtIn, Gone: true, Now: headset})
	awaitTone(t, x.heard, 600)

	x.Unplug("head")
	await1(t, x.lost)
	x.engine.SetInputs(Inputs{})
	none := Exchange{Was: headset, Gone: true, Err: errNone}
	x.now(t, none)
	if !x.call.Local().Has(Audio) {
		t.Error("the call has no sound any more: it could not come back without being negotiated")
	}
	x.engine.SetInputs(Inputs{}) // still none
	x.now(t, none)

	x.Plug(builtIn, Tone(440))
	x.engine.SetInputs(Inputs{Microphone: builtIn})
	x.now(t, Exchange{Was: headset, Gone: true, Now: builtIn})
	awaitTone(t, x.heard, 440)
	x.call.Close()
	x.Unplug("built") // nobody has it any more
	x.engine.SetInputs(Inputs{Microphone: headset})
	if len(x.exchanged) > 0 || len(x.lost) > 0 {
		t.Errorf("after the call: %d exchanges, %d lost", len(x.exchanged), len(x.lost))
	}
}

var errNone = errors.New("none")

// Where the system's device is wanted, another one is opened when the system has another.
func TestSystemsDeviceIsFollowed(t *testing.T) {
	x := newExchanging(t, Want{Audio: true})
	usual := Device{ID: "default", Group: "b", Name: "Headset"}
	x.Plug(usual, Tone(600))
	x.engine.SetInputs(Inputs{Microphone: usual})
	x.now(t, Exchange{Was: builtIn, Now: usual})
	awaitTone(t, x.heard, 600)
	other := Device{ID: "default", Group: "c", Name: "Desk"}
	x.Unplug("default")
	await1(t, x.lost)
	x.Plug(other, Tone(440))
	x.engine.SetInputs(Inputs{Microphone: other})
	x.now(t, Exchange{Was: usual, Gone: true, Now: other})
	awaitTone(t, x.heard, 440)
}

func TestDeviceWantedBeforeTheCallIsOpened(t *testing.T) {
	m := machine()
	alice := newPhone(t, 0, func(c *Config) { c.Platform.Capture, c.Platform.Machine = nil, m })
	bob := newPhone(t, 1000)
	alice.SetInputs(Inputs{Microphone: headset})
	a, _ := open(alice.Engine, Want{Audio: true})
	b, _ := open(bob.Engine, Want{Audio: true})
	agree(t, a, b)
	awaitTone(t, bob.meter, 600)
}
