//go:build js

package link_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/link"
)

// These run in a browser, on a page whose host serves, with sub-protocol "sip":
// /ws/echo, /ws/close (closes at once with 4000), /ws/silent, /ws/flood (1 MB of text,
// then "after") and /ws/garbage (random bytes, then "after").

// heard is a socket's events to be waited for.
type heard struct {
	messages chan string
	closed   chan error
}

func newHeard() *heard {
	return &heard{messages: make(chan string, 100), closed: make(chan error, 100)}
}

func (h *heard) events() link.SocketEvents {
	return link.SocketEvents{
		Message: func(msg []byte) { h.messages <- string(msg) },
		Closed:  func(err error) { h.closed <- err },
	}
}

func within[T any](t *testing.T, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("nothing within 20 s")
		panic("unreachable")
	}
}

func dialPage(t *testing.T, path string) (link.Socket, *heard) {
	t.Helper()
	h := newHeard()
	sock, err := link.DialWebSocket(t.Context(), path, h.events())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sock.Close(1000, "") })
	return sock, h
}

func TestBrowserSocketCarriesTextAndBinaryBothWays(t *testing.T) {
	sock, h := dialPage(t, "/ws/echo")
	for _, msg := range []string{"OPTIONS sip:a SIP/2.0", "Grüße \U0001F4DE", "\r\n\r\n", "binary \xff\xfe\x00", strings.Repeat("x", 100_000)} {
		if err := sock.Send([]byte(msg)); err != nil {
			t.Fatal(err)
		}
		if got := within(t, h.messages); got != msg {
			t.Errorf("sent %.50q, got %.50q", msg, got)
		}
	}
}

func TestBrowserSocketReportsItsOwnEndAtOnceAndOnce(t *testing.T) {
	for _, code := range []int{1000, 4000, 1001, 70000} {
		sock, h := dialPage(t, "/ws/silent")
		sock.Close(code, strings.Repeat("ü", 100))
		sock.Close(code, "")
		if err := within(t, h.closed); !errors.Is(err, sipcore.ErrClosed) {
			t.Errorf("closed with %v, want ErrClosed", err)
		}
		if err := sock.Send([]byte("late")); !errors.Is(err, sipcore.ErrLinkDown) {
			t.Errorf("Send on a closed socket gives %v", err)
		}
		if len(h.closed) != 0 {
			t.Error("the end was reported again")
		}
	}
}

func TestBrowserSocketSaysWhyTheServerClosed(t *testing.T) {
	h := newHeard()
	_, err := link.DialWebSocket(t.Context(), "/ws/close", h.events())
	if err == nil { // else the close frame came together with the handshake
		err = within(t, h.closed)
	}
	var closed *link.CloseError
	if !errors.As(err, &closed) || closed.Code != 4000 {
		t.Errorf("closed with %v, want code 4000", err)
	}
}

func TestBrowserSocketDialFails(t *testing.T) {
	expired, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name string
		ctx  context.Context
		url  string
	}{
		{"given up while connecting", expired, "/ws/silent"},
		{"no WebSocket there", t.Context(), "/ws/nothing"},
		{"nobody listens", t.Context(), "ws://127.0.0.1:9"},
		{"no URL", t.Context(), "ws://["},
		{"another scheme", t.Context(), "ftp://127.0.0.1/"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHeard()
			sock, err := link.DialWebSocket(tt.ctx, tt.url, h.events())
			if err == nil {
				sock.Close(1000, "")
				t.Fatal("no error")
			}
			if len(h.closed) != 0 {
				t.Error("the end of a connection was reported that never was")
			}
		})
	}
}

// browserLink is a link over the browser's socket.
type browserLink struct {
	loop     *sipcore.Loop
	link     *link.Link
	states   chan link.Status
	messages chan string
}

func openBrowserLink(t *testing.T, paths ...string) *browserLink {
	t.Helper()
	b := &browserLink{
		loop:     sipcore.NewLoop(nil),
		states:   make(chan link.Status, 1000),
		messages: make(chan string, 1000),
	}
	var servers []link.Server
	for i, path := range paths {
		servers = append(servers, link.Server{URL: path, Weight: len(paths) - i})
	}
	var err error
	b.link, err = link.New(link.Config{
		Loop:      b.loop,
		Servers:   servers,
		MinRetry:  10 * time.Millisecond,
		MaxRetry:  50 * time.Millisecond,
		Log:       slog.New(slog.DiscardHandler),
		OnMessage: func(msg []byte) { b.messages <- string(msg) },
		OnState:   func(s link.Status) { b.states <- s },
	})
	if err != nil {
		t.Fatal(err)
	}
	b.loop.Post(b.link.Open)
	t.Cleanup(func() {
		b.loop.Post(b.link.Close)
		b.loop.Close()
		<-b.loop.Done()
	})
	return b
}

func (b *browserLink) await(t *testing.T, state link.State) link.Status {
	t.Helper()
	for {
		if s := within(t, b.states); s.State == state {
			return s
		}
	}
}

func TestBrowserLinkOutlivesWhatAServerMaySend(t *testing.T) {
	t.Run("1 MB", func(t *testing.T) {
		b := openBrowserLink(t, "/ws/flood")
		b.await(t, link.Up)
		if got := within(t, b.messages); got != "after" {
			t.Errorf("got %d bytes, want the message after the flood", len(got))
		}
		if len(b.states) != 0 {
			t.Errorf("the link went %v", (<-b.states).State)
		}
	})
	t.Run("random bytes", func(t *testing.T) {
		b := openBrowserLink(t, "/ws/garbage")
		b.await(t, link.Up)
		within(t, b.messages)
		if got := within(t, b.messages); got != "after" {
			t.Errorf("got %.50q, want the message after the garbage", got)
		}
	})
}

func TestBrowserLinkGoesOnToAServerThatWorks(t *testing.T) {
	b := openBrowserLink(t, "/ws/nothing", "/ws/close", "/ws/echo")
	for {
		up := b.await(t, link.Up)
		if up.Server != "/ws/echo" {
			continue // /ws/close is up for a moment
		}
		break
	}
	b.loop.Post(func() {
		if err := b.link.Send([]byte("hello")); err != nil {
			t.Error(err)
		}
	})
	if got := within(t, b.messages); got != "hello" {
		t.Errorf("got %q", got)
	}
}
