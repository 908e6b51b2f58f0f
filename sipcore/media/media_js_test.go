package media

import (
	"context"
	"errors"
	"slices"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/promise"
	"gocommunicator/sipcore/sdp"
)

// page records what a test asks the browser for and plays what it hears.
type page struct {
	asked  []Want
	tracks []js.Value
	hold   chan struct{} // while not nil, getUserMedia waits for it to be closed
	fail   map[bool]string
}

// watch wraps getUserMedia for the time of a test.
func watch(t *testing.T) *page {
	t.Helper()
	devices := js.Global().Get("navigator").Get("mediaDevices")
	if devices.IsUndefined() {
		t.Skip("no browser")
	}
	p := &page{}
	original := devices.Get("getUserMedia").Call("bind", devices)
	promises := js.Global().Get("Promise")
	var funcs []js.Func
	wrapper := js.FuncOf(func(_ js.Value, args []js.Value) any {
		want := Want{Audio: args[0].Get("audio").Truthy(), Video: args[0].Get("video").Truthy()}
		p.asked = append(p.asked, want)
		if name, ok := p.fail[want.Video]; ok {
			return promises.Call("reject", js.Global().Get("DOMException").New("refused", name))
		}
		result := original.Invoke(args[0])
		executor := js.FuncOf(func(_ js.Value, settle []js.Value) any {
			hold := p.hold
			go func() {
				stream, err := promise.Await(context.Background(), func() js.Value { return result }, nil)
				if hold != nil {
					<-hold
				}
				if err != nil {
					settle[1].Invoke(err.Error())
					return
				}
				tracks := stream.Call("getTracks")
				for i := range tracks.Length() {
					p.tracks = append(p.tracks, tracks.Index(i))
				}
				settle[0].Invoke(stream)
			}()
			return nil
		})
		funcs = append(funcs, executor)
		return promises.New(executor)
	})
	devices.Set("getUserMedia", wrapper)
	t.Cleanup(func() {
		devices.Set("getUserMedia", original)
		wrapper.Release()
		for _, f := range funcs {
			f.Release()
		}
	})
	return p
}

// released tells whether every track ever given is ended.
func (p *page) released() bool {
	return !slices.ContainsFunc(p.tracks, func(track js.Value) bool {
		return track.Get("readyState").String() != "ended"
	})
}

// play plays a stream: the browser counts sound only when somebody listens.
func play(t *testing.T, s Stream) {
	t.Helper()
	element := js.Global().Get("document").Call("createElement", "video")
	element.Set("autoplay", true)
	element.Set("srcObject", s.JSValue())
	js.Global().Get("document").Get("body").Call("append", element)
	t.Cleanup(func() { element.Call("remove") })
}

func newBrowserEngine(t *testing.T, cfg Config) *Engine {
	t.Helper()
	engine, err := NewEngine(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Close)
	return engine
}

func stats(t *testing.T, c *Conn) Stats {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	s, err := c.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// awaitSound waits until sound arrives that is not silence.
func awaitSound(t *testing.T, c *Conn) {
	t.Helper()
	before := stats(t, c).Audio
	await(t, "sound", func() bool {
		now := stats(t, c).Audio
		return now.PacketsReceived > before.PacketsReceived+10 &&
			now.TotalSamplesReceived > before.TotalSamplesReceived &&
			now.TotalAudioEnergy > before.TotalAudioEnergy+1e-6
	})
}

func awaitPicture(t *testing.T, c *Conn) {
	t.Helper()
	before := stats(t, c).Video.FramesDecoded
	await(t, "picture", func() bool { return stats(t, c).Video.FramesDecoded > before+5 })
}

func TestTwoConnsHearEachOther(t *testing.T) {
	p := watch(t)
	engine := newBrowserEngine(t, Config{})
	a, b := engine.Open(Want{Audio: true}, Events{}), engine.Open(Want{Audio: true}, Events{})
	play(t, a.Remote())
	play(t, b.Remote())
	offer, answer := agree(t, a, b)
	for name, d := range map[string]*sdp.Description{"offer": offer, "answer": answer} {
		if m := d.First("audio"); m == nil || m.Codecs()[0].Name != "opus" || !d.Bundled() {
			t.Errorf("%s is not bundled with Opus first:\n%s", name, d.Bytes())
		}
		if !strings.Contains(string(d.Bytes()), "a=candidate:") {
			t.Errorf("%s has no candidates", name)
		}
	}
	awaitSound(t, a)
	awaitSound(t, b)
	if s := stats(t, a); s.Audio.Codec != "opus/48000/2" || s.Pair.Local == "" || s.Audio.PacketsSent == 0 {
		t.Errorf("statistics: %+v", s)
	}
	if a.State() != StateConnected || !a.Remote().Has(Audio) || a.Remote().Has(Video) {
		t.Errorf("state %v, remote audio %v", a.State(), a.Remote().Has(Audio))
	}
	if slices.ContainsFunc(p.asked, func(w Want) bool { return w.Video }) {
		t.Error("an audio call asked for the camera")
	}
	engine.Close()
	if !p.released() {
		t.Error("a device is open after Close")
	}
	if _, err := a.Offer(t.Context()); !errors.Is(err, sipcore.ErrClosed) {
		t.Errorf("offer after Close: %v", err)
	}
}

func TestMuteSendsSilence(t *testing.T) {
	watch(t)
	engine := newBrowserEngine(t, Config{})
	a, b := engine.Open(Want{Audio: true}, Events{}), engine.Open(Want{Audio: true}, Events{})
	play(t, b.Remote())
	a.SetMuted(true, false)
	agree(t, a, b)
	await(t, "packets", func() bool { return stats(t, b).Audio.PacketsReceived > 50 })
	if e := stats(t, b).Audio.TotalAudioEnergy; e > 1e-6 {
		t.Errorf("muted, but energy %g came", e)
	}
	a.SetMuted(false, false)
	awaitSound(t, b)
}

func TestVideoIsRefusedAddedAndRemoved(t *testing.T) {
	p := watch(t)
	engine := newBrowserEngine(t, Config{})
	a, b := engine.Open(Want{Audio: true, Video: true}, Events{}), engine.Open(Want{Audio: true}, Events{})
	play(t, a.Remote())
	play(t, b.Remote())
	_, answer := agree(t, a, b)
	if answer.HasVideo() || a.Local().Has(Video) || b.Local().Has(Video) {
		t.Error("picture was refused and a camera is open")
	}
	if want := []Want{{Audio: true, Video: true}, {Audio: true}}; !slices.Equal(p.asked, want) {
		t.Errorf("asked for %v", p.asked)
	}
	awaitSound(t, a)

	a.SetWant(Want{Audio: true, Video: true})
	b.SetWant(Want{Audio: true, Video: true})
	agree(t, b, a)
	awaitPicture(t, a)
	awaitPicture(t, b)
	awaitSound(t, b)

	b.SetWant(Want{Audio: true})
	agree(t, b, a)
	if a.Local().Has(Video) || b.Local().Has(Video) || a.Remote().Has(Video) || b.Remote().Has(Video) {
		t.Error("picture was removed and something of it is left")
	}
	awaitSound(t, a)
	awaitSound(t, b)
}

func TestRollbackAtGlare(t *testing.T) {
	watch(t)
	engine := newBrowserEngine(t, Config{})
	a, b := engine.Open(Want{Audio: true}, Events{}), engine.Open(Want{Audio: true}, Events{})
	play(t, a.Remote())
	play(t, b.Remote())
	if _, err := a.Offer(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.Rollback(t.Context()); err != nil {
		t.Fatal("first offer:", err)
	}
	agree(t, a, b)
	a.SetWant(Want{Audio: true, Video: true})
	b.SetWant(Want{Audio: true, Video: true})
	if _, err := a.Offer(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	offer, _ := agree(t, b, a)
	if n := len(offer.Media()); n != 2 {
		t.Errorf("%d media lines", n)
	}
	awaitPicture(t, a)
	awaitPicture(t, b)
	awaitSound(t, a)
	offer, _ = agree(t, a, b)
	if n := len(offer.Media()); n != 2 {
		t.Errorf("%d media lines after the rollback", n)
	}
}

func TestForkedCallIsHeardFromWhoeverAnswers(t *testing.T) {
	for _, same := range []bool{true, false} {
		watch(t)
		engine := newBrowserEngine(t, Config{})
		a := engine.Open(Want{Audio: true}, Events{})
		b, c := engine.Open(Want{Audio: true}, Events{}), engine.Open(Want{Audio: true}, Events{})
		play(t, a.Remote())
		play(t, b.Remote())
		play(t, c.Remote())
		offer, err := a.Offer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		early, err := b.Answer(t.Context(), offer)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.Accept(t.Context(), early, true); err != nil {
			t.Fatal("provisional:", err)
		}
		awaitSound(t, a) // early media
		final, last := early, b
		if !same {
			last = c
			if final, err = c.Answer(t.Context(), offer); err != nil {
				t.Fatal(err)
			}
			b.Close()
		}
		if err := a.Accept(t.Context(), final, false); err != nil {
			t.Fatalf("final answer, same peer %v: %v", same, err)
		}
		awaitSound(t, last)
		awaitSound(t, a)
	}
}

func TestAnswerOfPhoneWithoutBundle(t *testing.T) {
	watch(t)
	engine := newBrowserEngine(t, Config{})
	a, b := engine.Open(Want{Audio: true, Video: true}, Events{}), engine.Open(Want{Audio: true}, Events{})
	play(t, a.Remote())
	offer, err := a.Offer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := b.Answer(t.Context(), offer)
	if err != nil {
		t.Fatal(err)
	}
	answer := parse(t, text)
	answer.Unbundle()
	for _, m := range answer.Media() {
		m.SetMid("")
	}
	answer.Media()[1].Reject()
	if err := a.Accept(t.Context(), answer.Bytes(), false); err != nil {
		t.Fatal(err)
	}
	awaitSound(t, a)
}

func TestOfferOfPhoneWithoutBundle(t *testing.T) {
	watch(t)
	engine := newBrowserEngine(t, Config{})
	a, b := engine.Open(Want{Audio: true}, Events{}), engine.Open(Want{Audio: true}, Events{})
	play(t, b.Remote())
	text, err := a.Offer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	offer := parse(t, text)
	offer.Unbundle()
	text, err = b.Answer(t.Context(), offer.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if parse(t, text).Bundled() {
		t.Error("answer bundles what was not")
	}
	if err := a.Accept(t.Context(), text, false); err != nil {
		t.Fatal(err)
	}
	awaitSound(t, b)
}

func TestCloseWhileThePersonIsAsked(t *testing.T) {
	p := watch(t)
	p.hold = make(chan struct{})
	engine := newBrowserEngine(t, Config{})
	c := engine.Open(Want{Audio: true, Video: true}, Events{})
	result := make(chan error, 1)
	go func() {
		_, err := c.Offer(context.Background())
		result <- err
	}()
	await(t, "question", func() bool { return len(p.asked) == 1 })
	c.Close()
	if err := <-result; !errors.Is(err, sipcore.ErrClosed) {
		t.Errorf("offer: %v", err)
	}
	close(p.hold) // granted after all
	await(t, "tracks", func() bool { return len(p.tracks) == 2 })
	await(t, "release of devices", p.released)
}

func TestDeviceErrorsSayWhichDevice(t *testing.T) {
	tests := []struct {
		fail map[bool]string // by whether video is asked for too
		kind Kind
		want Reason
	}{
		{map[bool]string{true: "NotFoundError"}, Video, NotFound},
		{map[bool]string{true: "NotReadableError"}, Video, NotReadable},
		{map[bool]string{true: "NotAllowedError"}, Video, NotAllowed},
		{map[bool]string{true: "NotFoundError", false: "NotFoundError"}, Audio, NotFound},
		{map[bool]string{true: "OverconstrainedError", false: "NotReadableError"}, Audio, NotReadable},
	}
	for _, tt := range tests {
		p := watch(t)
		p.fail = tt.fail
		engine := newBrowserEngine(t, Config{})
		c := engine.Open(Want{Audio: true, Video: true}, Events{})
		_, err := c.Offer(t.Context())
		var got *MediaError
		if !errors.As(err, &got) || got.Kind != tt.kind || got.Reason != tt.want {
			t.Errorf("%v: got %v", tt.fail, err)
			continue
		}
		if tt.kind == Video {
			asked := len(p.asked)
			c.SetWant(Want{Audio: true})
			if _, err := c.Offer(t.Context()); err != nil {
				t.Errorf("%v: with sound alone: %v", tt.fail, err)
			}
			if len(p.asked) != asked {
				t.Errorf("%v: the microphone was asked for twice", tt.fail)
			}
		}
		engine.Close()
		if !p.released() {
			t.Errorf("%v: a device is open after Close", tt.fail)
		}
	}
}

func TestPermissionTimeout(t *testing.T) {
	p := watch(t)
	p.hold = make(chan struct{})
	defer close(p.hold)
	engine := newBrowserEngine(t, Config{})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := engine.Open(Want{Audio: true}, Events{}).Offer(ctx)
	var got *MediaError
	if !errors.As(err, &got) || got.Kind != Audio || got.Reason != Timeout {
		t.Errorf("got %v", err)
	}
}

func TestRelayOnlyWithoutRelayFails(t *testing.T) {
	watch(t)
	engine := newBrowserEngine(t, Config{
		RelayOnly: true, GatherTimeout: 200 * time.Millisecond,
		ICEServers: []ICEServer{{URLs: []string{"turn:127.0.0.1:9"}, Username: "u", Credential: "c"}},
	})
	if _, err := engine.Open(Want{Audio: true}, Events{}).Offer(t.Context()); !errors.Is(err, ErrNoRelay) {
		t.Errorf("got %v", err)
	}
}
