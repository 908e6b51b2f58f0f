package link_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/link"
)

// These give the link dialers that do what is awkward.

// observed is a link with a dialer of the test's, and what it has reported.
type observed struct {
	*link.Link
	loop     *sipcore.Loop
	statuses []link.Status
	messages []string
	onState  func(link.State) // nil = nothing more
}

// observe runs f with a link that has been opened.
func observe(t *testing.T, dial link.Dialer, f func(o *observed)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o := &observed{loop: sipcore.NewLoop(nil)}
		var err error
		o.Link, err = link.New(link.Config{
			Loop: o.loop, Servers: []link.Server{{URL: "ws://a"}}, Dial: dial,
			Log:       slog.New(slog.DiscardHandler),
			OnMessage: func(msg []byte) { o.messages = append(o.messages, string(msg)) },
			OnState: func(s link.Status) {
				o.statuses = append(o.statuses, s)
				if o.onState != nil {
					o.onState(s.State)
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		f(o)
		o.loop.Post(o.Close)
		o.loop.Close()
		<-o.loop.Done()
		synctest.Wait()
	})
}

// states is what was reported, as seen when nothing more happens.
func (o *observed) states(t *testing.T) []link.State {
	t.Helper()
	synctest.Wait()
	var states []link.State
	if err := o.loop.Do(context.Background(), func() {
		for _, s := range o.statuses {
			states = append(states, s.State)
		}
	}); err != nil {
		t.Fatal(err)
	}
	return states
}

func TestMessageThatComesBeforeTheDialerReturnsIsKept(t *testing.T) {
	dial := func(_ context.Context, _ string, ev link.SocketEvents) (link.Socket, error) {
		ev.Message([]byte("early"))
		time.Sleep(time.Second)
		client, server := link.Pipe()
		_ = server(silent()).Send([]byte("late")) // it cannot be closed yet
		return client(ev), nil
	}
	observe(t, dial, func(o *observed) {
		o.loop.Post(o.Open)
		time.Sleep(2 * time.Second)
		if got := o.states(t); !slices.Equal(got, []link.State{link.Connecting, link.Up}) {
			t.Errorf("reported %v", got)
		}
		if want := []string{"early", "late"}; !slices.Equal(o.messages, want) {
			t.Errorf("received %q, want %q", o.messages, want)
		}
	})
}

func TestConnectionThatEndsBeforeTheDialerReturnsIsAFailure(t *testing.T) {
	gone := errors.New("gone")
	dial := func(_ context.Context, _ string, ev link.SocketEvents) (link.Socket, error) {
		client, _ := link.Pipe()
		sock := client(silent())
		sock.Close(1000, "")
		ev.Closed(gone)
		return sock, nil
	}
	observe(t, dial, func(o *observed) {
		o.loop.Post(o.Open)
		if got := o.states(t); !slices.Equal(got, []link.State{link.Connecting, link.Down}) {
			t.Errorf("reported %v", got)
		}
		if err := o.statuses[1].Err; !errors.Is(err, gone) {
			t.Errorf("down with %v", err)
		}
	})
}

func TestConnectionThatComesTooLateIsClosed(t *testing.T) {
	var server record
	dial := func(_ context.Context, _ string, ev link.SocketEvents) (link.Socket, error) {
		time.Sleep(time.Hour) // whatever the context says
		client, open := link.Pipe()
		open(server.events())
		return client(ev), nil
	}
	observe(t, dial, func(o *observed) {
		o.loop.Post(o.Open)
		o.loop.Post(o.Close)
		time.Sleep(2 * time.Hour)
		if got := o.states(t); !slices.Equal(got, []link.State{link.Connecting, link.Closed}) {
			t.Errorf("reported %v", got)
		}
		if len(server.closed) != 1 {
			t.Error("the connection was left open")
		}
	})
}

func TestLinkCanBeClosedFromWithinItsOwnReport(t *testing.T) {
	dial := link.PipeDialer(func(link.Socket) link.SocketEvents { return silent() })
	observe(t, dial, func(o *observed) {
		o.onState = func(s link.State) {
			if s == link.Up {
				o.Close()
			}
		}
		o.loop.Post(o.Open)
		if got := o.states(t); !slices.Equal(got, []link.State{link.Connecting, link.Up, link.Closed}) {
			t.Errorf("reported %v", got)
		}
	})
}

func silent() link.SocketEvents {
	return link.SocketEvents{Message: func([]byte) {}, Closed: func(error) {}}
}
