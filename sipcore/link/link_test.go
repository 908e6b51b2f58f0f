package link_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/link"
)

func TestMain(m *testing.M) {
	// Under js, the runtime keeps a goroutine for the browser's events.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("runtime.handleEvent"))
}

var errRefused = errors.New("refused")

// fixture is a link in a bubble, with what it reported and a server for each of its
// connections.
type fixture struct {
	t        *testing.T
	loop     *sipcore.Loop
	link     *link.Link
	statuses []link.Status
	messages []string

	dial  func(ctx context.Context, url string) error // before a connection is made; nil = nothing
	dials []string
	conns []*server
}

// server is the other end of one connection.
type server struct {
	link.Socket
	got    []string
	closed error
	pongs  bool
}

func inBubble(t *testing.T, cfg link.Config, f func(x *fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		x := &fixture{t: t, loop: sipcore.NewLoop(nil)}
		cfg.Loop = x.loop
		cfg.Log = slog.New(slog.DiscardHandler)
		cfg.OnMessage = func(msg []byte) { x.messages = append(x.messages, string(msg)) }
		cfg.OnState = func(s link.Status) { x.statuses = append(x.statuses, s) }
		cfg.Dial = x.dialer()
		if cfg.Servers == nil {
			cfg.Servers = []link.Server{{URL: "ws://a"}}
		}
		var err error
		if x.link, err = link.New(cfg); err != nil {
			t.Fatal(err)
		}
		f(x)
		x.do(x.link.Close)
		x.loop.Close()
		synctest.Wait()
	})
}

// dialer makes pipes. The servers' state is touched on the loop only.
func (x *fixture) dialer() link.Dialer {
	pipe := link.PipeDialer(func(sock link.Socket) link.SocketEvents {
		s := &server{Socket: sock, closed: nil}
		x.loop.Post(func() { x.conns = append(x.conns, s) })
		return link.SocketEvents{
			Message: func(msg []byte) {
				x.loop.Post(func() {
					s.got = append(s.got, string(msg))
					if s.pongs && string(msg) == "\r\n\r\n" {
						_ = s.Send([]byte("\r\n")) // or it has been closed
					}
				})
			},
			Closed: func(err error) { x.loop.Post(func() { s.closed = err }) },
		}
	})
	return func(ctx context.Context, url string, ev link.SocketEvents) (link.Socket, error) {
		var before func(context.Context, string) error
		if err := x.loop.Do(context.Background(), func() {
			x.dials = append(x.dials, url)
			before = x.dial
		}); err != nil {
			return nil, err
		}
		if before != nil {
			if err := before(ctx, url); err != nil {
				return nil, err
			}
		}
		return pipe(ctx, url, ev)
	}
}

func (x *fixture) do(f func()) {
	x.t.Helper()
	synctest.Wait()
	if err := x.loop.Do(context.Background(), f); err != nil {
		x.t.Fatal(err)
	}
	synctest.Wait()
}

// wants checks the states reported since it was last called.
func (x *fixture) wants(states ...link.State) {
	x.t.Helper()
	x.do(func() {
		var got []link.State
		for _, s := range x.statuses {
			got = append(got, s.State)
		}
		if !slices.Equal(got, states) {
			x.t.Errorf("reported %v, want %v", got, states)
		}
		x.statuses = nil
	})
}

func (x *fixture) wantsDials(urls ...string) {
	x.t.Helper()
	x.do(func() {
		if !slices.Equal(x.dials, urls) {
			x.t.Errorf("dialled %v, want %v", x.dials, urls)
		}
		x.dials = nil
	})
}

func (x *fixture) wantsMessages(messages ...string) {
	x.t.Helper()
	x.do(func() {
		if !slices.Equal(x.messages, messages) {
			x.t.Errorf("received %.100q, want %.100q", x.messages, messages)
		}
		x.messages = nil
	})
}

// server is the end of the latest connection.
func (x *fixture) server() *server {
	x.t.Helper()
	var s *server
	x.do(func() {
		if len(x.conns) == 0 {
			x.t.Fatal("nothing has been connected")
		}
		s = x.conns[len(x.conns)-1]
	})
	return s
}

func (x *fixture) status() (s link.Status) {
	x.do(func() { s = x.link.Status() })
	return s
}

func (x *fixture) setDial(f func(ctx context.Context, url string) error) {
	x.do(func() { x.dial = f })
}

func refuse(context.Context, string) error { return errRefused }

func TestLinkCarriesMessagesBothWays(t *testing.T) {
	inBubble(t, link.Config{}, func(x *fixture) {
		x.do(x.link.Open)
		x.wants(link.Connecting, link.Up)
		s := x.server()
		x.do(func() {
			if err := x.link.Send([]byte("out")); err != nil {
				t.Error(err)
			}
		})
		if err := s.Send([]byte("in")); err != nil {
			t.Error(err)
		}
		x.wantsMessages("in")
		x.do(func() {
			if !slices.Equal(s.got, []string{"out"}) {
				t.Errorf("the server got %q", s.got)
			}
			x.link.Close()
			if err := x.link.Send([]byte("late")); !errors.Is(err, sipcore.ErrLinkDown) {
				t.Errorf("Send on a closed link gives %v", err)
			}
		})
		x.wants(link.Closed)
		x.do(func() {
			var closed *link.CloseError
			if !errors.As(s.closed, &closed) || closed.Code != 1000 {
				t.Errorf("the server saw the end as %v", s.closed)
			}
		})
	})
}

func TestNextServerIsTriedAtOnceAndARoundLaterAfterAWait(t *testing.T) {
	cfg := link.Config{Servers: []link.Server{{"ws://b", 1}, {"ws://a", 2}}}
	inBubble(t, cfg, func(x *fixture) {
		x.setDial(refuse)
		x.do(x.link.Open)
		x.wants(link.Connecting, link.Connecting, link.Down)
		x.wantsDials("ws://a", "ws://b")
		s := x.status()
		if !errors.Is(s.Err, errRefused) || s.Attempt != 2 || s.RetryIn < 2*time.Second || s.RetryIn > 4*time.Second {
			t.Errorf("status is %+v", s)
		}
		time.Sleep(s.RetryIn - time.Millisecond)
		x.wants()
		time.Sleep(time.Millisecond)
		x.wants(link.Connecting, link.Connecting, link.Down)
		x.wantsDials("ws://a", "ws://b")
		if again := x.status(); again.RetryIn < 4*time.Second || again.RetryIn > 8*time.Second {
			t.Errorf("the second wait is %v", again.RetryIn)
		}
		x.setDial(nil)
		time.Sleep(8 * time.Second)
		x.wants(link.Connecting, link.Up)
		if up := x.status(); up.Server != "ws://a" || up.Err != nil || up.Attempt != 5 {
			t.Errorf("status is %+v", up)
		}
	})
}

func TestLinkComesBackWhenTheConnectionIsLost(t *testing.T) {
	cfg := link.Config{Servers: []link.Server{{"ws://a", 2}, {"ws://b", 1}}}
	inBubble(t, cfg, func(x *fixture) {
		x.do(x.link.Open)
		x.wants(link.Connecting, link.Up)
		time.Sleep(time.Minute)
		x.server().Close(4000, "restart")
		x.wants(link.Down)
		var closed *link.CloseError
		if s := x.status(); !errors.As(s.Err, &closed) || closed.Code != 4000 || closed.Reason != "restart" {
			t.Errorf("status is %+v", s)
		}
		time.Sleep(4 * time.Second)
		x.wants(link.Connecting, link.Up)
		x.wantsDials("ws://a", "ws://a") // it was good: it comes first again
	})
}

func TestServerThatAcceptsAndClosesIsAFailure(t *testing.T) {
	cfg := link.Config{Servers: []link.Server{{"ws://flaky", 2}, {"ws://good", 1}}}
	inBubble(t, cfg, func(x *fixture) {
		x.do(x.link.Open)
		x.wants(link.Connecting, link.Up)
		x.server().Close(4000, "")
		x.wants(link.Down)
		time.Sleep(4 * time.Second)
		x.wants(link.Connecting, link.Up)
		x.wantsDials("ws://flaky", "ws://good")
		x.server().Close(4000, "")
		if s := x.status(); s.RetryIn < 4*time.Second {
			t.Errorf("the wait does not grow: %v", s.RetryIn)
		}
	})
}

func TestRetryNowCutsTheWaitShort(t *testing.T) {
	inBubble(t, link.Config{}, func(x *fixture) {
		x.setDial(refuse)
		x.do(x.link.RetryNow)
		x.wants()
		x.do(x.link.Open)
		x.wants(link.Connecting, link.Down)
		x.setDial(nil)
		x.do(x.link.RetryNow)
		x.wants(link.Connecting, link.Up)
		x.do(x.link.RetryNow)
		time.Sleep(time.Minute)
		x.wants()
	})
}

func TestAttemptEndsWithItsTimeout(t *testing.T) {
	inBubble(t, link.Config{ConnectTimeout: 3 * time.Second}, func(x *fixture) {
		x.setDial(func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() })
		x.do(x.link.Open)
		time.Sleep(3*time.Second - time.Millisecond)
		x.wants(link.Connecting)
		time.Sleep(time.Millisecond)
		x.wants(link.Down)
		if err := x.status().Err; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("down with %v", err)
		}
	})
}

func TestWhatAnEarlierConnectionReportsIsDropped(t *testing.T) {
	inBubble(t, link.Config{}, func(x *fixture) {
		x.do(x.link.Open)
		old := x.server()
		x.do(x.link.Close)
		x.do(x.link.Open)
		x.wants(link.Connecting, link.Up, link.Closed, link.Connecting, link.Up)
		_ = old.Send([]byte("late")) // it is closed
		old.Close(4000, "late")
		x.wantsMessages()
		x.wants()
	})
}

func TestMessageAboveTheLimitIsDroppedAndTheLinkStays(t *testing.T) {
	inBubble(t, link.Config{MaxMessage: 1000}, func(x *fixture) {
		x.do(x.link.Open)
		s := x.server()
		for _, msg := range []string{strings.Repeat("x", 1001), "after"} {
			if err := s.Send([]byte(msg)); err != nil {
				t.Error(err)
			}
		}
		x.wantsMessages("after")
		x.wants(link.Connecting, link.Up)
	})
}

func TestServerThatStopsAnsweringKeepAlivesIsDead(t *testing.T) {
	tests := []struct {
		name   string
		ponged bool // the server has ever answered
		alive  bool // something else comes in time
		want   []link.State
	}{
		{"never answered", false, false, nil},
		{"answered, then silent", true, false, []link.State{link.Down}},
		{"answered, then other messages", true, true, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, link.Config{KeepAlive: 25 * time.Second}, func(x *fixture) {
				x.do(x.link.Open)
				x.wants(link.Connecting, link.Up)
				s := x.server()
				x.do(func() { s.pongs = tt.ponged })
				time.Sleep(26 * time.Second)
				x.do(func() {
					if !slices.Equal(s.got, []string{"\r\n\r\n"}) {
						t.Errorf("the server got %q", s.got)
					}
					s.pongs = false
				})
				time.Sleep(25 * time.Second)
				if tt.alive {
					if err := s.Send([]byte("OPTIONS")); err != nil {
						t.Error(err)
					}
				}
				time.Sleep(10 * time.Second)
				x.wants(tt.want...)
			})
		})
	}
}

func TestPingOfTheServerIsAnsweredAndNotPassedOn(t *testing.T) {
	inBubble(t, link.Config{KeepAlive: -1}, func(x *fixture) {
		x.do(x.link.Open)
		s := x.server()
		for _, msg := range []string{"\r\n\r\n", "\r\n", ""} {
			if err := s.Send([]byte(msg)); err != nil {
				t.Error(err)
			}
		}
		x.wantsMessages()
		time.Sleep(time.Hour)
		x.do(func() {
			if !slices.Equal(s.got, []string{"\r\n"}) {
				t.Errorf("the server got %q", s.got)
			}
		})
	})
}

func TestConfigThatCannotWorkIsRefused(t *testing.T) {
	loop := sipcore.NewLoop(nil)
	defer loop.Close()
	onMessage := func([]byte) {}
	servers := []link.Server{{URL: "ws://a"}}
	tests := map[string]link.Config{
		"no loop":            {Servers: servers, OnMessage: onMessage},
		"nobody listens":     {Loop: loop, Servers: servers},
		"no server":          {Loop: loop, OnMessage: onMessage},
		"server without URL": {Loop: loop, OnMessage: onMessage, Servers: []link.Server{{Weight: 1}}},
		"waits crossed":      {Loop: loop, OnMessage: onMessage, Servers: servers, MinRetry: time.Minute, MaxRetry: time.Second},
	}
	for name, cfg := range tests {
		if _, err := link.New(cfg); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
