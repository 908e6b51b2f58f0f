//go:build !js

package phone_test

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/devserver"
	"gocommunicator/app/phone"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/media"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long anything may take on a busy machine; nothing waits for it that
// comes earlier.
const patience = 20 * time.Second

// user is a phone with real media: it sends a tone and measures what it hears.
type user struct {
	*phone.Phone
	t      *testing.T
	name   string
	bus    *bus.Bus
	meter  *media.Meter
	events chan any
	camera atomic.Bool // there is one
}

// server runs the embedded server.
func server(t *testing.T) *devserver.Server {
	t.Helper()
	s, err := devserver.New(devserver.Config{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// newUser makes a phone of a demo account and waits until it is registered. dial nil
// means a WebSocket to the server.
func newUser(t *testing.T, s *devserver.Server, name string, hertz float64, dial link.Dialer, settings string, change ...func(*phone.Deps)) *user {
	t.Helper()
	u := &user{t: t, name: name, meter: &media.Meter{}, events: make(chan any, 1000)}
	log := slog.New(slog.DiscardHandler)
	u.bus = bus.New(log)
	layer, err := config.ParseLayer("test", []byte(settings))
	if err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.Load(nil, config.Layer{"websocket": map[string]any{"servers": "ws://" + s.Addr() + "/sip"}}, layer)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	deps := phone.Deps{
		Bus: u.bus, Config: cfg, Log: log, Dial: dial,
		InstanceID: "urn:uuid:00000000-0000-4000-8000-" + (name + "000000000000")[:12],
		Platform: media.Platform{
			Loopback: true, Codecs: []string{"pcmu", "vp8"}, Sink: u.meter.Sink,
			Capture: func(_ context.Context, kind media.Kind) (media.Source, error) {
				switch {
				case kind == media.Screen, kind == media.Video && u.camera.Load():
					return media.Source{Codec: "vp8", Frame: 20 * time.Millisecond, Next: func(int) []byte { return []byte{0x10, 0} }}, nil
				case kind != media.Audio:
					return media.Source{}, &media.MediaError{Kind: kind, Reason: media.NotFound}
				case hertz == 0:
					return media.Source{}, &media.MediaError{Kind: kind, Reason: media.NotAllowed}
				}
				return media.Tone(hertz), nil
			},
		},
	}
	for _, f := range change {
		f(&deps)
	}
	u.Phone = phone.New(deps)
	watch[phone.Account](u)
	watch[phone.Registration](u)
	watch[phone.Call](u)
	watch[phone.Message](u)
	watch[phone.Notice](u)
	watch[phone.Digit](u)
	watch[phone.Equipment](u)
	t.Cleanup(func() {
		u.Close()
		<-u.Done()
		u.bus.Close()
		<-u.bus.Done()
	})
	if err := u.Login(phone.Login{URI: name + "@localhost", Password: name, DisplayName: strings.ToUpper(name)}); err != nil {
		t.Fatal(err)
	}
	await(u, func(r phone.Registration) bool { return r.State == phone.Registered })
	return u
}

func watch[T any](u *user) { bus.Subscribe(u.bus, func(ev T) { u.events <- ev }) }

// await waits for an event; those before it are passed over.
func await[T any](u *user, is func(T) bool) T {
	u.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case ev := <-u.events:
			if e, ok := ev.(T); ok && is(e) {
				return e
			}
		case <-timeout:
			u.t.Fatalf("%s: no such event; state %+v", u.name, u.Snapshot())
		}
	}
}

func state(want phone.CallState) func(phone.Call) bool {
	return func(c phone.Call) bool { return c.State == want }
}

func (u *user) must(err error) {
	u.t.Helper()
	if err != nil {
		u.t.Fatal(err)
	}
}

// hears waits until a tone is heard.
func (u *user) hears(hertz float64) {
	u.t.Helper()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	u.meter.Reset()
	for range tick.C {
		level, got := u.meter.Sound()
		if u.meter.Packets(media.Audio) > 20 && level > 0.05 && math.Abs(got-hertz) < hertz/20 {
			return
		}
		if time.Now().After(deadline) {
			u.t.Fatalf("%s hears %.0f Hz at %.3f, want %.0f", u.name, got, level, hertz)
		}
		if u.meter.Packets(media.Audio) > 100 {
			u.meter.Reset() // what came before was another sound
		}
	}
}

func TestTwoPhonesTalk(t *testing.T) {
	for name, inMemory := range map[string]bool{"over WebSocket": false, "over the in-memory link": true} {
		t.Run(name, func(t *testing.T) {
			s := server(t)
			var dial link.Dialer
			if inMemory {
				dial = s.Dialer()
			}
			alice := newUser(t, s, "alice", 440, dial, `{}`)
			bob := newUser(t, s, "bob", 660, dial, `{}`)

			id, err := alice.Dial(phone.Dial{To: "bob"})
			alice.must(err)
			in := await(bob, state(phone.Incoming))
			if in.Peer.Name != "ALICE" || in.Peer.URI != "sip:alice@localhost" || in.Direction != phone.In {
				t.Errorf("peer %+v", in.Peer)
			}
			await(alice, state(phone.Ringing))
			bob.must(bob.Answer("", false))
			await(alice, state(phone.Active))
			await(bob, state(phone.Active))
			alice.hears(660)
			bob.hears(440)

			muted := true
			alice.must(alice.Mute(id, &muted, nil))
			await(alice, func(c phone.Call) bool { return c.AudioMuted })

			bob.must(bob.Hangup(""))
			for _, u := range []*user{alice, bob} {
				c := await(u, func(c phone.Call) bool { return c.State.Final() })
				if c.State != phone.Ended || c.Cause != nil || c.Answered.IsZero() {
					t.Errorf("%s: %+v", u.name, c)
				}
				if len(u.Snapshot().Calls) != 0 {
					t.Errorf("%s: calls left", u.name)
				}
			}
		})
	}
}

func TestCallsThatAreNotAnswered(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{"dialing": {"no_answer_timeout": 1}}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	for name, c := range map[string]struct {
		do         func(id string)
		out, in    phone.CallState
		outC, inC  int
		withPerson bool
	}{
		"declined":  {func(string) { bob.must(bob.Reject("", 0)) }, phone.Failed, phone.Ended, 603, 603, true},
		"busy":      {func(string) { bob.must(bob.Reject("", 486)) }, phone.Failed, phone.Ended, 486, 486, true},
		"given up":  {func(id string) { alice.must(alice.Hangup(id)) }, phone.Ended, phone.Ended, 487, 487, true},
		"no answer": {func(string) {}, phone.Failed, phone.Ended, 408, 487, true},
	} {
		t.Run(name, func(t *testing.T) {
			alice.t, bob.t = t, t
			id, err := alice.Dial(phone.Dial{To: "sip:bob@localhost"})
			alice.must(err)
			await(bob, state(phone.Incoming))
			await(alice, state(phone.Ringing))
			c.do(id)
			out := await(alice, func(c phone.Call) bool { return c.State.Final() })
			in := await(bob, func(c phone.Call) bool { return c.State.Final() })
			if out.State != c.out || out.Cause == nil || out.Cause.Code != c.outC {
				t.Errorf("caller: %s %+v", out.State, out.Cause)
			}
			if in.State != c.in || in.Cause == nil || in.Cause.Code != c.inC {
				t.Errorf("called: %s %+v", in.State, in.Cause)
			}
		})
	}
}

func TestSecondCallGetsBusy(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{}`)
	bob := newUser(t, s, "bob", 660, nil, `{"session": {"max_calls": 1}}`)
	carol := newUser(t, s, "carol", 880, nil, `{}`)
	_, err := alice.Dial(phone.Dial{To: "bob"})
	alice.must(err)
	await(bob, state(phone.Incoming))
	_, err = carol.Dial(phone.Dial{To: "bob"})
	carol.must(err)
	if c := await(carol, func(c phone.Call) bool { return c.State.Final() }); c.Cause == nil || c.Cause.Code != 486 {
		t.Errorf("%+v", c)
	}
	if _, err := alice.Dial(phone.Dial{To: "carol"}); !errors.Is(err, phone.ErrBusy) {
		t.Errorf("second call out: %v", err)
	}
	if calls := bob.Snapshot().Calls; len(calls) != 1 || calls[0].Peer.URI != "sip:alice@localhost" {
		t.Errorf("calls %+v", calls)
	}
}

func TestBlockedMicrophoneEndsTheCallAtBothEnds(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{}`)
	bob := newUser(t, s, "bob", 0, nil, `{}`)
	_, err := alice.Dial(phone.Dial{To: "bob"})
	alice.must(err)
	await(bob, state(phone.Incoming))
	bob.must(bob.Answer("", false))
	await(bob, state(phone.Failed))
	if n := await(bob, func(phone.Notice) bool { return true }); n.Code != "error_microphone_blocked" {
		t.Errorf("notice %+v", n)
	}
	if c := await(alice, func(c phone.Call) bool { return c.State.Final() }); c.Cause == nil || c.Cause.Code != 480 {
		t.Errorf("caller: %+v", c)
	}
	_, err = bob.Dial(phone.Dial{To: "alice"})
	bob.must(err)
	await(bob, state(phone.Failed))
}

func TestMissingCameraCostsThePictureNotTheCall(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	_, err := alice.Dial(phone.Dial{To: "bob", Video: true})
	alice.must(err)
	if n := await(alice, func(phone.Notice) bool { return true }); n.Code != "error_camera_missing" {
		t.Errorf("notice %+v", n)
	}
	await(bob, state(phone.Incoming))
	bob.must(bob.Answer("", true))
	if c := await(alice, state(phone.Active)); c.Video || c.RemoteVideo {
		t.Errorf("%+v", c)
	}
	alice.hears(660)
}

func TestMessagesGoBothWaysWithTheirResult(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	id, err := alice.SendMessage("bob", "<b>hé</b> 👋")
	alice.must(err)
	if m := await(bob, func(m phone.Message) bool { return m.Direction == phone.In }); m.Text != "<b>hé</b> 👋" || m.Peer.URI != "sip:alice@localhost" {
		t.Errorf("received %+v", m)
	}
	await(alice, func(m phone.Message) bool { return m.ID == id && m.Status == phone.MessageSent })
	id, err = alice.SendMessage("dave", "anybody?")
	alice.must(err)
	if m := await(alice, func(m phone.Message) bool { return m.ID == id && m.Status == phone.MessageFailed }); m.Cause == nil || m.Cause.Code != 480 {
		t.Errorf("to nobody: %+v", m.Cause)
	}
	for _, text := range []string{"", strings.Repeat("x", 20_000)} {
		if _, err := alice.SendMessage("bob", text); !errors.Is(err, phone.ErrMessageSize) {
			t.Errorf("%d bytes: %v", len(text), err)
		}
	}
}

func TestWrongPasswordIsToldOnce(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{}`)
	alice.must(alice.Login(phone.Login{URI: "alice@localhost", Password: "wrong"}))
	r := await(alice, func(r phone.Registration) bool { return r.State == phone.RegistrationFailed })
	if r.Cause == nil || r.Cause.Code != 401 {
		t.Errorf("cause %+v", r.Cause)
	}
	if n := await(alice, func(phone.Notice) bool { return true }); n.Code != "error_registration_password" {
		t.Errorf("notice %+v", n)
	}
}

func TestNameOfAnyLengthLogsIn(t *testing.T) {
	alice := newUser(t, server(t), "alice", 440, nil, `{}`)
	alice.must(alice.Login(phone.Login{URI: "alice@localhost", Password: "alice", DisplayName: strings.Repeat("long ", 20_000)}))
	await(alice, func(a phone.Account) bool { return strings.HasPrefix(a.Name, "long long") })
	await(alice, func(r phone.Registration) bool { return r.State == phone.Registered })
}

func TestLogoutTakesEverythingBack(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	_, err := alice.Dial(phone.Dial{To: "bob"})
	alice.must(err)
	await(bob, state(phone.Incoming))
	bob.must(bob.Answer("", false))
	await(alice, state(phone.Active))
	alice.Logout()
	await(alice, func(a phone.Account) bool { return !a.LoggedIn })
	await(bob, state(phone.Ended))
	for name, err := range map[string]error{
		"dial":     func() error { _, err := alice.Dial(phone.Dial{To: "bob"}); return err }(),
		"message":  func() error { _, err := alice.SendMessage("bob", "x"); return err }(),
		"register": alice.Register(),
	} {
		if !errors.Is(err, phone.ErrNotLoggedIn) {
			t.Errorf("%s after logout: %v", name, err)
		}
	}
	if err := alice.Answer("", false); !errors.Is(err, phone.ErrNoCall) {
		t.Errorf("answer: %v", err)
	}
	_, err = bob.Dial(phone.Dial{To: "alice"})
	bob.must(err)
	if c := await(bob, func(c phone.Call) bool { return c.State.Final() }); c.Cause == nil || c.Cause.Code != 480 {
		t.Errorf("call to who logged out: %+v", c.Cause)
	}
}

func TestWhatCannotBeDialledIsRefusedAtOnce(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{}`)
	for to, code := range map[string]string{
		"":                          "error_address_empty",
		"bob@":                      "error_address_no_domain",
		"bob\r\nX: y":               "error_address_character",
		"javascript:alert(1)":       "error_address_scheme",
		strings.Repeat("b", 10_000): "error_address_too_long",
	} {
		_, err := alice.Dial(phone.Dial{To: to})
		var problem *sipcore.AddressError
		if !errors.As(err, &problem) || phone.Explain(err).Code != code {
			t.Errorf("%.20q: %v", to, err)
		}
	}
}

func TestExtraHeadersGoIntoTheInvite(t *testing.T) {
	// A header with a line break would be two: it is dropped, not sent.
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{"extra_headers": ["X-Token: a"]}`)
	_, err := alice.Dial(phone.Dial{To: "echo", Headers: []string{"X-Bad: a\r\nEvil: b", "no header", "X-Good: c"}})
	alice.must(err)
	await(alice, state(phone.Active))
	alice.hears(440) // the echo service sends back what it hears
}

func TestCallWithoutTheRelayDemandedIsGivenUp(t *testing.T) {
	s := server(t)
	alice := newUser(t, s, "alice", 440, nil, `{"session": {"require_relay_candidate": true}}`)
	bob := newUser(t, s, "bob", 660, nil, `{}`)
	_, err := alice.Dial(phone.Dial{To: "bob"})
	alice.must(err)
	await(alice, state(phone.Failed))
	await(alice, func(n phone.Notice) bool { return n.Code == "error_relay_missing" })
	_, err = bob.Dial(phone.Dial{To: "alice"})
	bob.must(err)
	await(alice, state(phone.Incoming))
	alice.must(alice.Answer("", false))
	await(alice, func(n phone.Notice) bool { return n.Code == "error_relay_missing" })
	await(bob, state(phone.Failed))
}
