//go:build !js

package link_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/link"
)

// channels is a socket's events to be waited for.
type channels struct {
	messages chan string
	closed   chan error
}

func newChannels() *channels {
	return &channels{messages: make(chan string, 100), closed: make(chan error, 100)}
}

func (c *channels) events() link.SocketEvents {
	return link.SocketEvents{
		Message: func(msg []byte) { c.messages <- string(msg) },
		Closed:  func(err error) { c.closed <- err },
	}
}

// serve accepts connections with ev until the test ends, and returns the ws: URL.
func serve(t *testing.T, o link.AcceptOptions, ev func(link.Socket) link.SocketEvents) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = link.Accept(w, r, o, ev) // the client sees what is wrong
	}))
	t.Cleanup(srv.Close)
	return "ws" + strings.TrimPrefix(srv.URL, "http")
}

func echo(s link.Socket) link.SocketEvents {
	return link.SocketEvents{
		Message: func(msg []byte) { _ = s.Send(msg) }, // or the client is gone
		Closed:  func(error) {},
	}
}

func dial(t *testing.T, url string) (link.Socket, *channels) {
	t.Helper()
	c := newChannels()
	sock, err := link.DialWebSocket(t.Context(), url, c.events())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sock.Close(1000, "") })
	return sock, c
}

func wait[T any](t *testing.T, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(10 * time.Second):
		t.Fatal("nothing within 10 s")
		panic("unreachable")
	}
}

func TestWebSocketCarriesTextAndBinaryBothWays(t *testing.T) {
	sock, c := dial(t, serve(t, link.AcceptOptions{}, echo))
	for _, msg := range []string{"OPTIONS sip:a SIP/2.0", "Grüße", "\r\n\r\n", "binary \xff\xfe", ""} {
		if err := sock.Send([]byte(msg)); err != nil {
			t.Fatal(err)
		}
		if got := wait(t, c.messages); got != msg {
			t.Errorf("sent %q, got %q", msg, got)
		}
	}
	sock.Close(1000, "bye")
	wait(t, c.closed)
	if err := sock.Send([]byte("late")); !errors.Is(err, sipcore.ErrLinkDown) {
		t.Errorf("Send on a closed socket gives %v", err)
	}
}

func TestWebSocketSaysWhyTheServerClosed(t *testing.T) {
	_, c := dial(t, serve(t, link.AcceptOptions{}, func(s link.Socket) link.SocketEvents {
		_ = s.Send([]byte("last words"))
		s.Close(4000, "going away")
		return echo(s)
	}))
	if got := wait(t, c.messages); got != "last words" {
		t.Errorf("got %q", got)
	}
	var closed *link.CloseError
	if err := wait(t, c.closed); !errors.As(err, &closed) || *closed != (link.CloseError{Code: 4000, Reason: "going away"}) {
		t.Errorf("closed with %v", err)
	}
}

func TestAcceptBoundsItsClients(t *testing.T) {
	tests := []struct {
		name string
		o    link.AcceptOptions
		send string
		code int
	}{
		{"message too large", link.AcceptOptions{MaxMessage: 1000}, strings.Repeat("x", 1001), 1009},
		{"silent for too long", link.AcceptOptions{IdleTimeout: 20 * time.Millisecond}, "", 4001},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := newChannels()
			sock, c := dial(t, serve(t, tt.o, func(link.Socket) link.SocketEvents { return server.events() }))
			if tt.send != "" {
				if err := sock.Send([]byte(tt.send)); err != nil {
					t.Fatal(err)
				}
			}
			var closed *link.CloseError
			if err := wait(t, c.closed); !errors.As(err, &closed) || closed.Code != tt.code {
				t.Errorf("closed with %v, want code %d", err, tt.code)
			}
			wait(t, server.closed)
		})
	}
}

func TestAcceptRefusesWhatIsNoSIPClient(t *testing.T) {
	url := serve(t, link.AcceptOptions{}, echo)
	tests := []struct {
		name string
		o    websocket.DialOptions
		want int
	}{
		{"no sub-protocol", websocket.DialOptions{}, http.StatusBadRequest},
		{"another sub-protocol", websocket.DialOptions{Subprotocols: []string{"chat"}}, http.StatusBadRequest},
		{"page of another host", websocket.DialOptions{
			Subprotocols: []string{"chat", "sip"},
			HTTPHeader:   http.Header{"Origin": {"https://evil.example.test"}},
		}, http.StatusForbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, res, err := websocket.Dial(t.Context(), url, &tt.o)
			if err == nil {
				t.Fatal("accepted")
			}
			if res == nil || res.StatusCode != tt.want {
				t.Errorf("answered with %v, want %d", res, tt.want)
			}
		})
	}
}

func TestDialFails(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	release := make(chan struct{})
	stuck := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer stuck.Close()
	defer close(release)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil) // agrees on no sub-protocol
		if err == nil {
			conn.CloseRead(r.Context())
		}
	}))
	defer other.Close()
	tests := map[string]string{
		"no WebSocket":         plain.URL,
		"no answer":            stuck.URL,
		"another sub-protocol": other.URL,
		"relative":             "/sip",
		"no URL":               "ws://[",
	}
	for name, url := range tests {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			c := newChannels()
			if _, err := link.DialWebSocket(ctx, url, c.events()); err == nil {
				t.Error("no error")
			}
			if len(c.closed) != 0 {
				t.Error("the end of a connection was reported that never was")
			}
		})
	}
}
