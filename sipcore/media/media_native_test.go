//go:build !js

package media

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/sdp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// phone is an engine with a tone of its own and an ear.
type phone struct {
	*Engine
	meter *Meter
}

func newPhone(t *testing.T, hz float64, change ...func(*Config)) phone {
	t.Helper()
	p := phone{meter: &Meter{}}
	cfg := Config{Platform: Platform{Loopback: true, Sink: p.meter.Sink, Capture: capture(hz)}}
	for _, f := range change {
		f(&cfg)
	}
	engine, err := NewEngine(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Close)
	p.Engine = engine
	return p
}

// capture gives a tone and a picture of one byte.
func capture(hz float64) func(context.Context, Kind) (Source, error) {
	return func(_ context.Context, k Kind) (Source, error) {
		if k == Audio {
			return Tone(hz), nil
		}
		return Source{Codec: "vp8", Frame: 30 * time.Millisecond, Next: func(int) []byte { return []byte{0x10, 0} }}, nil
	}
}

func open(e *Engine, want Want) (*Conn, <-chan ConnState) {
	states := make(chan ConnState, 16)
	return e.Open(want, Events{State: func(s ConnState) { states <- s }}), states
}

// awaitTone waits for a quarter second of sound and compares its pitch.
func awaitTone(t *testing.T, m *Meter, hz float64) {
	t.Helper()
	m.Reset()
	await(t, "sound", func() bool { return m.Packets(Audio) >= 13 })
	if level, got := m.Sound(); math.Abs(got-hz) > 20 || level < 0.05 {
		t.Fatalf("heard %.0f Hz at %.2f, want %.0f Hz", got, level, hz)
	}
}

func awaitState(t *testing.T, states <-chan ConnState, want ConnState) {
	t.Helper()
	for {
		select {
		case s := <-states:
			if s == want {
				return
			}
		case <-time.After(10 * time.Second):
			t.Fatal("never came: state", want)
		}
	}
}

func TestTwoConnsHearEachOther(t *testing.T) {
	alice, bob := newPhone(t, 440), newPhone(t, 600)
	a, aStates := open(alice.Engine, Want{Audio: true})
	b, bStates := open(bob.Engine, Want{Audio: true})
	offer, answer := agree(t, a, b)
	if len(offer.Media()) != 1 || offer.Media()[0].Codecs()[0].Name != "opus" || !offer.Bundled() {
		t.Errorf("offer is not one bundled audio line with Opus first:\n%s", offer.Bytes())
	}
	if answer.Media()[0].Direction() != sdp.SendRecv {
		t.Errorf("answer is %v", answer.Media()[0].Direction())
	}
	awaitState(t, aStates, StateConnected)
	awaitState(t, bStates, StateConnected)
	awaitTone(t, alice.meter, 600)
	awaitTone(t, bob.meter, 440)
	if !a.Remote().Has(Audio) || a.Remote().Has(Video) || a.Local().Has(Video) {
		t.Error("streams do not show what flows")
	}
	s, err := a.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if s.Audio.PacketsReceived == 0 || s.Audio.PacketsSent == 0 || s.Audio.TotalAudioEnergy == 0 ||
		s.Audio.Codec != "pcmu/8000" || s.Pair.Local == "" {
		t.Errorf("statistics: %+v", s)
	}
}

func TestMutedSoundIsSilent(t *testing.T) {
	alice, bob := newPhone(t, 440), newPhone(t, 600)
	a, _ := open(alice.Engine, Want{Audio: true})
	b, _ := open(bob.Engine, Want{Audio: true})
	a.SetMuted(true, false) // before there are devices
	agree(t, a, b)
	await(t, "packets", func() bool { return bob.meter.Packets(Audio) > 5 })
	if level, _ := bob.meter.Sound(); level > 0.001 {
		t.Errorf("muted, but heard at %.3f", level)
	}
	a.SetMuted(false, false)
	await(t, "sound", func() bool { level, _ := bob.meter.Sound(); return level > 0.01 })
}

func TestVideoNotWantedIsInactiveAndOpensNoCamera(t *testing.T) {
	alice := newPhone(t, 440)
	bob := newPhone(t, 600, func(c *Config) {
		c.Platform.Capture = func(ctx context.Context, k Kind) (Source, error) {
			if k == Video {
				t.Error("camera opened")
			}
			return Tone(600), nil
		}
	})
	a, _ := open(alice.Engine, Want{Audio: true, Video: true})
	b, _ := open(bob.Engine, Want{Audio: true})
	_, answer := agree(t, a, b)
	if d := answer.Media()[1].Direction(); d != sdp.Inactive || answer.HasVideo() {
		t.Errorf("video answered %v", d)
	}
	if a.Want().Video || a.Local().Has(Video) {
		t.Error("camera of the caller is still open")
	}
	awaitTone(t, alice.meter, 600)
	awaitTone(t, bob.meter, 440)
	if n := bob.meter.Packets(Video); n > 0 {
		t.Errorf("%d packets of picture that was refused", n)
	}
}

func TestVideoIsAddedAndRemovedByReoffers(t *testing.T) {
	for _, adder := range []string{"caller", "called"} {
		t.Run(adder, func(t *testing.T) {
			alice, bob := newPhone(t, 440), newPhone(t, 600)
			a, _ := open(alice.Engine, Want{Audio: true})
			b, _ := open(bob.Engine, Want{Audio: true})
			agree(t, a, b)
			awaitTone(t, alice.meter, 600)
			if adder == "called" {
				a, b, alice, bob = b, a, bob, alice
			}
			hz := map[phone]float64{alice: 440, bob: 600}
			if adder == "called" {
				hz = map[phone]float64{alice: 600, bob: 440}
			}

			a.SetWant(Want{Audio: true, Video: true})
			b.SetWant(Want{Audio: true, Video: true})
			agree(t, a, b)
			await(t, "picture both ways", func() bool {
				return alice.meter.Packets(Video) > 3 && bob.meter.Packets(Video) > 3
			})
			if !a.Remote().Has(Video) || !b.Remote().Has(Video) {
				t.Error("Remote has no video")
			}
			awaitTone(t, bob.meter, hz[alice])

			a.SetWant(Want{Audio: true})
			agree(t, a, b)
			if a.Remote().Has(Video) || b.Remote().Has(Video) || a.Local().Has(Video) {
				t.Error("picture was removed and is still there")
			}
			awaitTone(t, alice.meter, hz[bob])
			awaitTone(t, bob.meter, hz[alice])

			a.SetWant(Want{Audio: true, Video: true})
			b.SetWant(Want{Audio: true, Video: true})
			agree(t, b, a)
			alice.meter.Reset()
			bob.meter.Reset()
			await(t, "picture again", func() bool {
				return alice.meter.Packets(Video) > 3 && bob.meter.Packets(Video) > 3
			})
		})
	}
}

func TestRemovedLineKeepsSound(t *testing.T) {
	alice, bob := newPhone(t, 440), newPhone(t, 600)
	a, _ := open(alice.Engine, Want{Audio: true, Video: true})
	b, _ := open(bob.Engine, Want{Audio: true, Video: true})
	agree(t, a, b)
	await(t, "picture", func() bool { return bob.meter.Packets(Video) > 0 })
	text, err := a.Offer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	offer := parse(t, text)
	offer.Media()[1].Reject()
	answerText, err := b.Answer(t.Context(), offer.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	answer := parse(t, answerText)
	if !answer.Media()[1].Rejected() {
		t.Error("a removed line is not answered with port 0")
	}
	if b.Local().Has(Video) || b.Want().Video {
		t.Error("camera still open")
	}
	if err := a.Accept(t.Context(), answerText, false); err != nil {
		t.Fatal(err)
	}
	awaitTone(t, alice.meter, 600)
	awaitTone(t, bob.meter, 440)
}

func TestHoldStopsSoundAndResumeBringsItBack(t *testing.T) {
	for _, direction := range []sdp.Direction{sdp.SendOnly, sdp.Inactive} {
		t.Run(direction.String(), func(t *testing.T) {
			alice, bob := newPhone(t, 440), newPhone(t, 600)
			a, _ := open(alice.Engine, Want{Audio: true})
			b, _ := open(bob.Engine, Want{Audio: true})
			agree(t, a, b)
			awaitTone(t, alice.meter, 600)
			text, err := a.Offer(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			offer := parse(t, text)
			offer.Media()[0].SetDirection(direction)
			text, err = b.Answer(t.Context(), offer.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if got, want := parse(t, text).Media()[0].Direction(), sdp.Answer(direction, sdp.SendRecv); got != want {
				t.Errorf("answered %v, want %v", got, want)
			}
			if err := a.Accept(t.Context(), text, false); err != nil {
				t.Fatal(err)
			}
			sent := func() uint64 {
				s, err := b.Stats(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				return s.Audio.PacketsSent
			}
			before := sent()
			agree(t, a, b)
			awaitTone(t, alice.meter, 600)
			if sent() == before {
				t.Error("nothing counted after resuming")
			}
			awaitTone(t, bob.meter, 440)
		})
	}
}

func TestRollback(t *testing.T) {
	alice, bob := newPhone(t, 440), newPhone(t, 600)
	a, _ := open(alice.Engine, Want{Audio: true})
	b, _ := open(bob.Engine, Want{Audio: true})
	ctx := t.Context()
	if err := a.Rollback(ctx); !errors.Is(err, ErrTurn) {
		t.Errorf("without an offer: %v", err)
	}
	if _, err := a.Offer(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Offer(ctx); !errors.Is(err, ErrTurn) {
		t.Errorf("second offer: %v", err)
	}
	if err := a.Rollback(ctx); err != nil {
		t.Fatal("first offer:", err)
	}
	agree(t, a, b)
	awaitTone(t, alice.meter, 600)

	// Glare: both offer picture; one gives way.
	a.SetWant(Want{Audio: true, Video: true})
	b.SetWant(Want{Audio: true, Video: true})
	if _, err := a.Offer(ctx); err != nil {
		t.Fatal(err)
	}
	text, err := b.Offer(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Answer(ctx, text); !errors.Is(err, ErrTurn) {
		t.Errorf("offer during an offer: %v", err)
	}
	if err := a.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	text, err = a.Answer(ctx, text)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Accept(ctx, text, false); err != nil {
		t.Fatal(err)
	}
	await(t, "picture both ways", func() bool {
		return alice.meter.Packets(Video) > 3 && bob.meter.Packets(Video) > 3
	})
	awaitTone(t, alice.meter, 600)
}

func TestFinalAnswerMayComeFromAnotherPeer(t *testing.T) {
	for _, same := range []bool{true, false} {
		alice, bob, carol := newPhone(t, 440), newPhone(t, 600), newPhone(t, 800)
		a, _ := open(alice.Engine, Want{Audio: true})
		b, _ := open(bob.Engine, Want{Audio: true})
		c, _ := open(carol.Engine, Want{Audio: true})
		ctx := t.Context()
		offer, err := a.Offer(ctx)
		if err != nil {
			t.Fatal(err)
		}
		early, err := b.Answer(ctx, offer)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Accept(ctx, early, true); err != nil {
			t.Fatal("provisional:", err)
		}
		if err := a.Accept(ctx, early, true); err != nil {
			t.Fatal("provisional again:", err)
		}
		final, hz := early, 600.0
		if !same {
			hz = 800
			if final, err = c.Answer(ctx, offer); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.Accept(ctx, final, false); err != nil {
			t.Fatal("final:", err)
		}
		awaitTone(t, alice.meter, hz)
	}
}

func TestAnswerWithoutBundleAndMids(t *testing.T) {
	alice, bob := newPhone(t, 440), newPhone(t, 600)
	a, _ := open(alice.Engine, Want{Audio: true, Video: true})
	b, _ := open(bob.Engine, Want{Audio: true})
	ctx := t.Context()
	text, err := a.Offer(ctx)
	if err != nil {
		t.Fatal(err)
	}
	text, err = b.Answer(ctx, text)
	if err != nil {
		t.Fatal(err)
	}
	answer := parse(t, text)
	answer.Unbundle()
	for _, m := range answer.Media() {
		m.SetMid("")
	}
	answer.Media()[1].Reject()
	if err := a.Accept(ctx, answer.Bytes(), false); err != nil {
		t.Fatal(err)
	}
	awaitTone(t, alice.meter, 600)
}

func TestBadDescriptions(t *testing.T) {
	alice := newPhone(t, 440)
	a, _ := open(alice.Engine, Want{Audio: true})
	var bad *DescriptionError
	for _, offer := range []string{"", "hello", "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"} {
		if _, err := a.Answer(t.Context(), []byte(offer)); !errors.As(err, &bad) {
			t.Errorf("%q: %v", offer, err)
		}
	}
	if _, err := a.Offer(t.Context()); err != nil {
		t.Fatal("offer after bad ones:", err)
	}
	if err := a.Accept(t.Context(), []byte("rubbish"), false); !errors.As(err, &bad) {
		t.Errorf("answer: %v", err)
	}
}

func TestDeviceErrorsSayWhichDevice(t *testing.T) {
	refuse := func(kind Kind, err error) func(*Config) {
		return func(c *Config) {
			c.Platform.Capture = func(_ context.Context, k Kind) (Source, error) {
				if k == kind {
					return Source{}, err
				}
				return Tone(440), nil
			}
		}
	}
	tests := []struct {
		kind Kind
		err  error
		want Reason
	}{
		{Audio, &MediaError{Kind: Audio, Reason: NotAllowed}, NotAllowed},
		{Video, &MediaError{Kind: Video, Reason: NotFound}, NotFound},
		{Video, errors.New("odd"), Unknown},
	}
	for _, tt := range tests {
		c, _ := open(newPhone(t, 440, refuse(tt.kind, tt.err)).Engine, Want{Audio: true, Video: true})
		_, err := c.Offer(t.Context())
		var got *MediaError
		if !errors.As(err, &got) || got.Kind != tt.kind || got.Reason != tt.want {
			t.Errorf("%v: got %v", tt.err, err)
			continue
		}
		if tt.kind == Video {
			c.SetWant(Want{Audio: true})
			if _, err := c.Offer(t.Context()); err != nil {
				t.Errorf("with sound alone: %v", err)
			}
		}
	}
}

func TestCloseWhileThePersonIsAsked(t *testing.T) {
	asked := make(chan struct{})
	alice := newPhone(t, 440, func(c *Config) {
		c.Platform.Capture = func(ctx context.Context, _ Kind) (Source, error) {
			close(asked)
			<-ctx.Done()
			return Tone(440), nil // granted after all
		}
	})
	a, states := open(alice.Engine, Want{Audio: true})
	result := make(chan error, 1)
	go func() {
		_, err := a.Offer(context.Background())
		result <- err
	}()
	<-asked
	a.Close()
	if err := <-result; !errors.Is(err, sipcore.ErrClosed) {
		t.Errorf("offer: %v", err)
	}
	awaitState(t, states, StateClosed)
	<-a.Done()
	if a.Local().Has(Audio) {
		t.Error("microphone open after Close")
	}
	if _, err := a.Offer(t.Context()); !errors.Is(err, sipcore.ErrClosed) {
		t.Errorf("offer after Close: %v", err)
	}
	a.Close()
}

func TestPermissionTimeout(t *testing.T) {
	alice := newPhone(t, 440, func(c *Config) {
		c.Platform.Capture = func(ctx context.Context, _ Kind) (Source, error) {
			<-ctx.Done()
			return Source{}, ctx.Err()
		}
	})
	a, _ := open(alice.Engine, Want{Audio: true})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := a.Offer(ctx)
	var refused *MediaError
	if !errors.As(err, &refused) || refused.Kind != Audio || refused.Reason != Timeout {
		t.Errorf("got %v", err)
	}
}
