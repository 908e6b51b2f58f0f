package phone_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/phone"
	"gocommunicator/app/store"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/siptest"
)

// counted counts the connections that are open.
type counted struct {
	link.Socket
	open *atomic.Int32
}

func (c counted) Close(code int, reason string) {
	c.open.Add(-1)
	c.Socket.Close(code, reason)
}

// scripted is a phone that is registered with a scripted peer.
type scripted struct {
	*phone.Phone
	peer  *siptest.Peer
	open  atomic.Int32
	calls chan phone.Call
}

func newScripted(t *testing.T) *scripted {
	t.Helper()
	return newScriptedWith(t, nil, config.Layer{}, func(*bus.Bus) {})
}

// newScriptedWith is one that remembers, with settings, and whose bus is watched.
func newScriptedWith(t *testing.T, remembered *store.Store, settings config.Layer, watch func(*bus.Bus), change ...func(*phone.Deps)) *scripted {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s := &scripted{peer: siptest.NewPeer(t), calls: make(chan phone.Call, 100)}
	cfg, problems := config.Load(nil, config.Layer{"websocket": map[string]any{"servers": "ws://example.test/sip"}}, settings)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	events := bus.New(log)
	watch(events)
	dial := s.peer.Dialer()
	deps := phone.Deps{
		Bus: events, Config: cfg, Log: log, Store: remembered, InstanceID: "urn:uuid:00000000-0000-4000-8000-000000000000",
		Dial: func(ctx context.Context, url string, ev link.SocketEvents) (link.Socket, error) {
			sock, err := dial(ctx, url, ev)
			if err != nil {
				return nil, err
			}
			s.open.Add(1)
			return counted{sock, &s.open}, nil
		},
	}
	for _, f := range change {
		f(&deps)
	}
	s.Phone = phone.New(deps)
	bus.Subscribe(events, func(c phone.Call) { s.calls <- c })
	t.Cleanup(func() {
		s.Close()
		s.peer.Cut()
		<-s.Done()
		events.Close()
		<-events.Done()
	})
	if err := s.Login(phone.Login{URI: "alice@example.test", Password: "secret"}); err != nil {
		t.Fatal(err)
	}
	s.peer.ExpectDial()
	s.register("600")
	return s
}

// register answers a REGISTER.
func (s *scripted) register(expires string) {
	req := s.peer.Expect(sip.REGISTER)
	s.peer.Reply(req, 200, siptest.Header("Contact", req.Contact().Value()+";expires="+expires))
	synctest.Wait()
}

func TestPhoneClosedAfterALogoutLeavesNoConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScripted(t)
		s.Logout()
		s.Close()
		<-s.Done()
		if n := s.open.Load(); n != 0 {
			t.Errorf("%d connections open", n)
		}
	})
}

func TestRefusedRefreshLeavesARunningCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScripted(t)
		time.Sleep(400 * time.Second)
		s.peer.Wait = 200 * time.Second
		s.peer.Request(sip.INVITE, "sip:alice@example.test")
		s.peer.ExpectResponse(sip.INVITE, 180)
		for _, nonce := range []string{"a", "b"} {
			s.peer.Reply(s.peer.Expect(sip.REGISTER), 401, siptest.Header("WWW-Authenticate", `Digest realm="x", nonce="`+nonce+`"`))
		}
		synctest.Wait()
		if state := s.Snapshot(); len(state.Calls) != 1 || state.Registration.State != phone.RegistrationFailed {
			t.Errorf("%+v", state)
		}
	})
}
