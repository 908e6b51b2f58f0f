//go:build !js

package devserver

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/auth"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/register"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/ua"
)

// caller is a phone with a tone for a microphone and a meter for a loudspeaker, on a
// real WebSocket.
type caller struct {
	t      *testing.T
	loop   *sipcore.Loop
	agent  *ua.UA
	meter  *media.Meter
	states chan session.Info
	infos  chan string
}

func newCaller(t *testing.T, s *Server, name, password string) *caller {
	t.Helper()
	c := &caller{
		t: t, loop: sipcore.NewLoop(quiet()), meter: &media.Meter{},
		states: make(chan session.Info, 100), infos: make(chan string, 10),
	}
	engine, err := media.NewEngine(media.Config{Log: quiet(), Platform: media.Platform{
		Loopback: true,
		Codecs:   []string{"pcmu"},
		Capture:  func(context.Context, media.Kind) (media.Source, error) { return media.Tone(440), nil },
		Sink:     c.meter.Sink,
	}})
	if err != nil {
		t.Fatal(err)
	}
	registered := make(chan register.Status, 10)
	c.do(func() {
		c.agent, err = ua.New(ua.Config{
			Loop: c.loop, Log: quiet(),
			Account:     sipcore.Address{URI: sip.Uri{Scheme: "sip", User: name, Host: "localhost"}},
			Credentials: auth.Credentials{Username: name, Password: password},
			InstanceID:  "urn:uuid:00000000-0000-4000-8000-000000000001",
			Link:        link.Config{Servers: []link.Server{{URL: "ws://" + s.Addr() + "/sip"}}},
			Open: func(video bool, on func(session.MediaState)) session.Media {
				return engine.Open(media.Want{Audio: true, Video: video}, media.Events{
					State: func(state media.ConnState) {
						if m, ok := ua.MediaStates[state]; ok {
							on(m)
						}
					},
				})
			},
			Events: ua.Events{
				Registration: func(st register.Status) { registered <- st },
				Call:         func(s *session.Session) { c.states <- s.Info() },
				Info: func(_ *session.Session, _ string, body []byte) bool {
					c.infos <- string(body)
					return true
				},
			},
		})
		if err == nil {
			c.agent.Open()
			c.agent.Register()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		done := make(chan struct{})
		c.loop.Post(func() { c.agent.Close(func() { close(done) }) })
		<-done
		engine.Close()
		c.loop.Close()
		<-c.loop.Done()
	})
	for {
		select {
		case st := <-registered:
			if st.State == register.Registered {
				return c
			}
			if st.State == register.Failed {
				t.Fatalf("not registered: %+v", st.Cause)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("not registered in 10 s")
		}
	}
}

func (c *caller) do(f func()) {
	c.t.Helper()
	if err := c.loop.Do(c.t.Context(), f); err != nil {
		c.t.Fatal(err)
	}
}

// call calls a user and waits until media flows.
func (c *caller) call(user string) *session.Session {
	c.t.Helper()
	var s *session.Session
	c.do(func() {
		s = c.agent.Invite(session.Invite{To: sipcore.Address{URI: sip.Uri{Scheme: "sip", User: user, Host: "localhost"}}})
	})
	c.await(session.StateActive)
	return s
}

func (c *caller) await(state session.State) {
	c.t.Helper()
	for {
		select {
		case info := <-c.states:
			if info.State == state {
				return
			}
			if info.State == session.StateEnded {
				c.t.Fatalf("the call ended: %v", info.Err)
			}
		case <-time.After(20 * time.Second):
			c.t.Fatalf("not %s in 20 s", state)
		}
	}
}

// hear waits until enough sound has come and returns its loudness and pitch.
func (c *caller) hear() (level, hz float64) {
	c.t.Helper()
	c.meter.Reset()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(10 * time.Second)
	for c.meter.Packets(media.Audio) < 25 {
		select {
		case <-tick.C:
		case <-end:
			c.t.Fatalf("only %d packets of sound in 10 s", c.meter.Packets(media.Audio))
		}
	}
	return c.meter.Sound()
}

func TestEchoSendsBackSoundAndDigits(t *testing.T) {
	s := serve(t, Config{})
	c := newCaller(t, s, "alice", "alice")
	call := c.call("echo")
	if level, hz := c.hear(); level < 0.05 || hz < 420 || hz > 460 {
		t.Errorf("heard %.2f at %.0f Hz, want the 440 Hz that were sent", level, hz)
	}
	c.do(func() {
		if err := call.SendDigit("5", 160*time.Millisecond, nil); err != nil {
			t.Error(err)
		}
	})
	select {
	case got := <-c.infos:
		if !strings.HasPrefix(got, "Signal=5\r\n") {
			t.Errorf("said back %q", got)
		}
	case <-time.After(10 * time.Second):
		t.Error("the digit was not said back")
	}
	c.do(call.Hangup)
	c.await(session.StateEnded)
}

func TestMusicPlaysAndEndsWithTheServer(t *testing.T) {
	s := serve(t, Config{})
	c := newCaller(t, s, "bob", "bob")
	c.call("music")
	if level, _ := c.hear(); level < 0.01 {
		t.Errorf("heard silence (%.3f)", level)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	c.await(session.StateEnded)
}
