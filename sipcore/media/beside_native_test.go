//go:build !js

package media

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"gocommunicator/sipcore/sdp"
)

// watcher is a phone that knows the pictures that come apart: the first byte that those of
// others have after the header is where they come from.
type watcher struct {
	phone
	*Conn

	removed chan struct{}
	mu      sync.Mutex
	seen    map[Kind]byte
}

const (
	camera byte = iota + 1
	screen
)

// watching makes a phone with a camera and a screen, and a call of it with both.
func watching(t *testing.T, of byte, change ...func(*Config)) *watcher {
	t.Helper()
	w := &watcher{seen: map[Kind]byte{}, removed: make(chan struct{}, 1)}
	pictures := func(mark byte) Source {
		return Source{Codec: "vp8", Frame: 10 * time.Millisecond, Next: func(int) []byte { return []byte{0x10, of | mark} }}
	}
	w.phone = newPhone(t, 440, append(change, func(c *Config) {
		c.Platform.Capture = func(ctx context.Context, k Kind) (Source, error) {
			switch k {
			case Video:
				return pictures(camera), nil
			case Screen:
				return pictures(screen), nil
			case Audio:
			}
			return capture(440)(ctx, k)
		}
		sink := c.Platform.Sink
		c.Platform.Sink = func(p Packet) {
			if p.Kind != Audio && len(p.Payload) > 1 {
				w.mu.Lock()
				w.seen[p.Kind] = p.Payload[1]
				w.mu.Unlock()
			}
			sink(p)
		}
	})...)
	w.Conn = w.Open(Want{Audio: true, Video: true}, Events{Removed: func() { w.removed <- struct{}{} }})
	return w
}

// sees waits until pictures come from where they are to, and none of a screen where 0 is.
func (w *watcher) sees(t *testing.T, video, screen byte) {
	t.Helper()
	w.mu.Lock()
	clear(w.seen)
	w.mu.Unlock()
	await(t, "pictures", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.seen[Video] == video && w.seen[Screen] == screen && w.RemoteScreen().Has(Video) == (screen != 0)
	})
}

const (
	byAlice byte = 0x10
	byBob   byte = 0x20
)

// shown are two phones of which the first shows its screen beside its camera, and the
// exchange that led to it.
func shown(t *testing.T) (a, b *watcher, offer, answer *sdp.Description) {
	t.Helper()
	a, b = watching(t, byAlice), watching(t, byBob)
	agree(t, a.Conn, b.Conn)
	b.sees(t, byAlice|camera, 0)
	if sent, err := a.Share(); err != nil || sent || !a.Beside() {
		t.Fatalf("sent %v, beside %v: %v", sent, a.Beside(), err)
	}
	offer, answer = agree(t, a.Conn, b.Conn)
	b.sees(t, byAlice|camera, byAlice|screen)
	return a, b, offer, answer
}

// ways are the directions of the lines of a description, "-" for a rejected one.
func ways(d *sdp.Description) (list string) {
	for _, m := range d.Media() {
		way := m.Direction().String()
		if m.Rejected() {
			way = "-"
		}
		if m == d.Slides() {
			way += "!"
		}
		list += way + " "
	}
	return list
}

func wantWays(t *testing.T, offer, answer *sdp.Description, offered, answered string) {
	t.Helper()
	if o, w := ways(offer), ways(answer); o != offered+" " || w != answered+" " {
		t.Errorf("offered %q, answered %q; want %q, %q", o, w, offered, answered)
	}
}

func TestScreenIsShownBesideTheCamera(t *testing.T) {
	a, b, offer, answer := shown(t)
	wantWays(t, offer, answer, "sendrecv sendrecv sendonly!", "sendrecv sendrecv recvonly!")
	if !a.Sharing() || !a.Local().Has(Video) || a.RemoteScreen().Has(Video) {
		t.Error("the one who shows it has lost the camera, or sees it")
	}
	a.sees(t, byBob|camera, 0)

	if err := a.Unshare(); err != nil {
		t.Fatal(err)
	}
	offer, answer = agree(t, a.Conn, b.Conn)
	wantWays(t, offer, answer, "sendrecv sendrecv -", "sendrecv sendrecv -")
	b.sees(t, byAlice|camera, 0)

	// The other one is next, on the same line.
	if sent, err := b.Share(); err != nil || sent {
		t.Fatalf("sent %v: %v", sent, err)
	}
	offer, answer = agree(t, b.Conn, a.Conn)
	wantWays(t, offer, answer, "sendrecv sendrecv sendonly!", "sendrecv sendrecv recvonly!")
	a.sees(t, byBob|camera, byBob|screen)
	b.sees(t, byAlice|camera, 0)

	// And now both.
	if sent, err := a.Share(); err != nil || sent {
		t.Fatalf("sent %v: %v", sent, err)
	}
	offer, answer = agree(t, a.Conn, b.Conn)
	wantWays(t, offer, answer, "sendrecv sendrecv sendrecv!", "sendrecv sendrecv sendrecv!")
	a.sees(t, byBob|camera, byBob|screen)
	b.sees(t, byAlice|camera, byAlice|screen)
	if err := b.Unshare(); err != nil {
		t.Fatal(err)
	}
	offer, answer = agree(t, b.Conn, a.Conn)
	wantWays(t, offer, answer, "sendrecv sendrecv recvonly!", "sendrecv sendrecv sendonly!")
	a.sees(t, byBob|camera, 0)
	b.sees(t, byAlice|camera, byAlice|screen)
}

func TestScreenThatTheOtherSideDoesNotTakeBesideTakesTheCamerasPlace(t *testing.T) {
	tests := []struct {
		name   string
		refuse func(*sdp.Media)
		loose  bool
	}{
		{"port 0", func(m *sdp.Media) { m.Reject() }, false},
		{"inactive", func(m *sdp.Media) { m.SetDirection(sdp.Inactive) }, false},
		{"not understood", func(m *sdp.Media) { m.SetDirection(sdp.RecvOnly) }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := watching(t, byAlice), watching(t, byBob)
			agree(t, a.Conn, b.Conn)
			if _, err := a.Share(); err != nil {
				t.Fatal(err)
			}
			text, err := a.Offer(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			// To who does not know the word it is a second picture.
			if text, err = b.Answer(t.Context(), bytes.ReplaceAll(text, []byte("a=content:slides\r\n"), nil)); err != nil {
				t.Fatal(err)
			}
			answer := parse(t, text)
			tt.refuse(answer.Media()[2])
			if tt.name == "inactive" {
				answer.Media()[2].MarkSlides()
			}
			if err := a.Accept(t.Context(), answer.Bytes(), false); err != nil {
				t.Fatal(err)
			}
			if a.Beside() || !a.Sharing() || a.Loose() != tt.loose {
				t.Errorf("beside %v, sharing %v, loose %v", a.Beside(), a.Sharing(), a.Loose())
			}
			b.sees(t, byAlice|screen, 0)
			if err := a.Unshare(); err != nil {
				t.Fatal(err)
			}
			b.sees(t, byAlice|camera, 0)
			if sent, err := a.Share(); err != nil || !sent { // and is not offered twice
				t.Errorf("sent %v: %v", sent, err)
			}
			b.sees(t, byAlice|screen, 0)
		})
	}
}

// A refusal of the whole offer leaves the call, and the screen takes the camera's place.
func TestOfferOfASecondPictureRefusedWhole(t *testing.T) {
	a, b := watching(t, byAlice), watching(t, byBob)
	agree(t, a.Conn, b.Conn)
	if _, err := a.Share(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Offer(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.Cover(); err != nil {
		t.Fatal(err)
	}
	b.sees(t, byAlice|screen, 0)
	agree(t, b.Conn, a.Conn)
	agree(t, a.Conn, b.Conn)
	b.sees(t, byAlice|screen, 0)
	a.sees(t, byBob|camera, 0)
}

func TestHoldWithAScreenBesideTheCamera(t *testing.T) {
	a, b, _, _ := shown(t)
	steps := []struct {
		by, other       *watcher
		on              bool
		offer, answered string
	}{
		{a, b, true, "sendonly sendonly sendonly!", "recvonly recvonly recvonly!"},
		{b, a, true, "inactive inactive inactive!", "inactive inactive inactive!"},
		{a, b, false, "sendrecv sendrecv sendonly!", "sendonly sendonly inactive!"},
		{b, a, false, "sendrecv sendrecv recvonly!", "sendrecv sendrecv sendonly!"},
		{b, a, true, "sendonly sendonly inactive!", "recvonly recvonly inactive!"},
		{b, a, false, "sendrecv sendrecv recvonly!", "sendrecv sendrecv sendonly!"},
	}
	for _, s := range steps {
		s.by.SetHold(s.on)
		offer, answer := agree(t, s.by.Conn, s.other.Conn)
		wantWays(t, offer, answer, s.offer, s.answered)
	}
	b.sees(t, byAlice|camera, byAlice|screen)
	a.sees(t, byBob|camera, 0)
	awaitTone(t, a.meter, 440)
}

func TestScreenEndedByTheOtherSide(t *testing.T) {
	a, b, _, _ := shown(t)
	text, err := b.Offer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	offer := parse(t, text)
	offer.Media()[2].Reject()
	text, err = a.Answer(t.Context(), offer.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	wantWays(t, offer, parse(t, text), "sendrecv sendrecv -", "sendrecv sendrecv -")
	if a.Sharing() || !a.Local().Has(Video) {
		t.Errorf("sharing %v, camera %v", a.Sharing(), a.Local().Has(Video))
	}
	<-a.removed
}

// Both offer their screens at once: one gives way, and then both are shown.
func TestScreensCross(t *testing.T) {
	a, b := watching(t, byAlice), watching(t, byBob)
	agree(t, a.Conn, b.Conn)
	for _, w := range []*watcher{a, b} {
		if _, err := w.Share(); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Offer(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	offer, answer := agree(t, b.Conn, a.Conn)
	wantWays(t, offer, answer, "sendrecv sendrecv sendonly!", "sendrecv sendrecv recvonly!")
	if !a.Beside() {
		t.Error("the offer of the other side has taken the own screen away")
	}
	offer, answer = agree(t, a.Conn, b.Conn)
	wantWays(t, offer, answer, "sendrecv sendrecv sendrecv!", "sendrecv sendrecv sendrecv!")
	a.sees(t, byBob|camera, byBob|screen)
	b.sees(t, byAlice|camera, byAlice|screen)
}

// The camera that is off, and that which is not there, leave the screen its line.
func TestScreenWithoutACameraHasTheFirstLine(t *testing.T) {
	a, b := watching(t, byAlice), watching(t, byBob)
	agree(t, a.Conn, b.Conn)
	a.SetMuted(false, true)
	if sent, err := a.Share(); err != nil || !sent || a.Beside() {
		t.Fatalf("sent %v, beside %v: %v", sent, a.Beside(), err)
	}
	b.sees(t, byAlice|screen, 0)
}

func TestEchoTakesNoSecondPicture(t *testing.T) {
	a := watching(t, byAlice)
	engine, err := NewEcho(Config{Platform: Platform{Loopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Close)
	echo := engine.Open(Want{Audio: true, Video: true}, Events{})
	agree(t, a.Conn, echo)
	a.sees(t, byAlice|camera, 0)
	if _, err := a.Share(); err != nil {
		t.Fatal(err)
	}
	offer, answer := agree(t, a.Conn, echo)
	wantWays(t, offer, answer, "sendrecv sendrecv sendonly!", "sendrecv sendrecv inactive")
	a.sees(t, byAlice|screen, 0)
}
