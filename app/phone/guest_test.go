//go:build !js

package phone_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/phone"
	"gocommunicator/app/store"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/siptest"
)

// visitor is a phone that nobody is logged in to, beside a scripted peer.
type visitor struct {
	*phone.Phone
	t       *testing.T
	peer    *siptest.Peer
	asked   []string
	calls   chan phone.Call
	notices chan phone.Notice
}

func newVisitor(t *testing.T, guest config.Layer, fetch func(ctx context.Context, address string) (string, error), kept ...*store.Store) *visitor {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	v := &visitor{t: t, peer: siptest.NewPeer(t), calls: make(chan phone.Call, 100), notices: make(chan phone.Notice, 100)}
	cfg, problems := config.Load(nil, config.Layer{"websocket": map[string]any{"servers": "ws://example.test/sip"}}, guest)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	events := bus.New(log)
	v.Phone = phone.New(phone.Deps{
		Store: append(kept, nil)[0],
		Bus:   events, Config: cfg, Log: log, InstanceID: "urn:uuid:00000000-0000-4000-8000-000000000000", Dial: v.peer.Dialer(),
		Fetch: func(ctx context.Context, method, address string) ([]byte, error) {
			v.asked = append(v.asked, method+" "+address)
			text, err := fetch(ctx, address)
			return []byte(text), err
		},
		Platform: media.Platform{Capture: func(_ context.Context, kind media.Kind) (media.Source, error) {
			return media.Source{}, &media.MediaError{Kind: kind, Reason: media.NotAllowed} // a call that is begun ends at once
		}},
	})
	bus.Subscribe(events, func(c phone.Call) { v.calls <- c })
	bus.Subscribe(events, func(n phone.Notice) { v.notices <- n })
	t.Cleanup(func() {
		v.Close()
		v.peer.Cut()
		<-v.Done()
		events.Close()
		<-events.Done()
	})
	return v
}

// dial calls without being logged in.
func (v *visitor) dial(to string) {
	v.t.Helper()
	if _, err := v.Dial(phone.Dial{To: to, Guest: true}); err != nil {
		v.t.Fatal(err)
	}
}

// becomes waits for a state of a call.
func (v *visitor) becomes(state phone.CallState) phone.Call {
	v.t.Helper()
	for c := range v.calls {
		if c.State == state {
			return c
		}
	}
	return phone.Call{}
}

func (v *visitor) told(code string) {
	v.t.Helper()
	if n := <-v.notices; n.Code != code {
		v.t.Errorf("told %+v, want %s", n, code)
	}
}

const enrolURL = "https://guests.test/enrol"

func enrolled(settings string) config.Layer {
	layer, _ := config.ParseLayer("test", []byte(`{"guest": {"enrol_url": "`+enrolURL+`"`+settings+`}}`))
	return layer
}

func TestGuestIsEnrolledAndCalled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVisitor(t, enrolled(""), func(context.Context, string) (string, error) {
			return `{"uri": "guest-1@guests.test", "password": "p", "servers": ["ws://guests.test/sip"], "expires": 600, "motto": 1}`, nil
		})
		v.dial("bob")
		v.dial("bob") // pressed twice
		if at := v.peer.ExpectDial(); at != "ws://guests.test/sip" {
			t.Errorf("connected to %s", at)
		}
		register := v.peer.Expect(sip.REGISTER)
		if got := register.To().Address.String(); got != "sip:guest-1@guests.test" {
			t.Errorf("registers %s", got)
		}
		v.peer.Reply(register, 401, siptest.Header("WWW-Authenticate", challengeMD5))
		register = v.peer.Expect(sip.REGISTER)
		if auth := register.GetHeader("Authorization").Value(); !strings.Contains(auth, `username="guest-1"`) {
			t.Error(auth)
		}
		v.peer.Reply(register, 200, siptest.Header("Contact", register.Contact().Value()+";expires=600"))
		// Whoever was called can call back.
		v.peer.Request(sip.INVITE, "sip:guest-1@guests.test")
		v.peer.ExpectResponse(sip.INVITE, 180)
		if a := v.Snapshot().Account; !a.Guest || a.AOR != "sip:guest-1@guests.test" {
			t.Errorf("%+v", a)
		}
		c := v.becomes(phone.Failed) // there is no microphone here: the call was begun
		if c.Peer.URI != "sip:bob@guests.test" || c.Cause == nil {
			t.Errorf("%+v", c)
		}
		if len(v.asked) != 1 || v.asked[0] != "POST "+enrolURL {
			t.Errorf("asked %v", v.asked)
		}
	})
}

func TestAccountOfAGuestIsMadeAnewWhenItHasRunOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var v *visitor
		v = newVisitor(t, enrolled(""), func(context.Context, string) (string, error) {
			return `{"uri": "sip:guest-` + string(rune('0'+len(v.asked))) + `@guests.test", "expires": 500}`, nil
		})
		if err := v.LoginGuest(); err != nil {
			t.Fatal(err)
		}
		v.peer.ExpectDial()
		register := v.peer.Expect(sip.REGISTER)
		v.peer.Reply(register, 200, siptest.Header("Contact", register.Contact().Value()+";expires=3600"))
		v.peer.Wait = 20 * time.Minute
		gone, register := v.peer.Expect(sip.REGISTER), v.peer.Expect(sip.REGISTER)
		if gone.GetHeader("Expires").Value() != "0" { // each has a connection of its own
			gone, register = register, gone
		}
		v.peer.ExpectDial()
		if to := gone.To().Address.User; to != "guest-1" || gone.GetHeader("Expires").Value() != "0" {
			t.Errorf("takes back %s", to)
		}
		v.peer.Reply(gone, 200)
		if to := register.To().Address.User; to != "guest-2" {
			t.Errorf("registers %s", to)
		}
		v.peer.Reply(register, 200, siptest.Header("Contact", register.Contact().Value()+";expires=3600"))
		synctest.Wait()
	})
}

func TestGuestWithoutAccountIsNobody(t *testing.T) {
	for domain, want := range map[string]string{"": "anonymous@anonymous.invalid", "visitors.test": "guest-"} {
		synctest.Test(t, func(t *testing.T) {
			v := newVisitor(t, config.Layer{"guest": map[string]any{"anonymous": true, "domain": domain}}, func(context.Context, string) (string, error) {
				t.Error("asked for an account")
				return "", nil
			})
			v.dial("bob@example.test")
			v.peer.ExpectDial()
			if c := v.becomes(phone.Failed); c.Peer.URI != "sip:bob@example.test" { // no microphone
				t.Errorf("%q: called %s", domain, c.Peer.URI)
			}
			_, err := v.Dial(phone.Dial{To: "carol"})
			if (domain == "") == (err == nil) {
				t.Errorf("%q: a name: %v", domain, err)
			} else if err == nil {
				if c := v.becomes(phone.Failed); c.Peer.URI != "sip:carol@visitors.test" {
					t.Errorf("called %s", c.Peer.URI)
				}
			}
			a := v.Snapshot().Account
			user, host, _ := strings.Cut(strings.TrimPrefix(a.AOR, "sip:"), "@")
			if !strings.HasPrefix(user+"@"+host, want) || domain != "" && (host != domain || len(user) != len("guest-")+8) {
				t.Errorf("%q: is %s", domain, a.AOR)
			}
			v.peer.ExpectNone() // no REGISTER
		})
	}
}

// Whatever an enrolment server does, there is a sentence and an end.
func TestGuestIsTurnedAwayInWords(t *testing.T) {
	for name, fetch := range map[string]func(ctx context.Context, address string) (string, error){
		"down":          func(context.Context, string) (string, error) { return "", errors.New("refused") },
		"a page":        func(context.Context, string) (string, error) { return "<!doctype html>", nil },
		"a list":        func(context.Context, string) (string, error) { return "[]", nil },
		"no address":    func(context.Context, string) (string, error) { return `{"password": "p"}`, nil },
		"no SIP":        func(context.Context, string) (string, error) { return `{"uri": "mailto:a@b"}`, nil },
		"a line break":  func(context.Context, string) (string, error) { return `{"uri": "a@b\r\nVia: x"}`, nil },
		"wrong types":   func(context.Context, string) (string, error) { return `{"uri": ["a@b"], "expires": "soon"}`, nil },
		"a bad server":  func(context.Context, string) (string, error) { return `{"uri": "a@b", "servers": "http://x"}`, nil },
		"a bad expires": func(context.Context, string) (string, error) { return `{"uri": "a@b", "expires": -1}`, nil },
	} {
		synctest.Test(t, func(t *testing.T) {
			v := newVisitor(t, enrolled(""), fetch)
			v.dial("bob@example.test")
			v.told("error_guest_account")
			if s := v.Snapshot(); s.Account.LoggedIn || len(s.Calls) > 0 {
				t.Errorf("%s: %+v", name, s)
			}
			// What waited is not called by whoever logs in next.
			if err := v.Login(phone.Login{URI: "alice@example.test", Password: "secret"}); err != nil {
				t.Fatal(err)
			}
			v.peer.ExpectDial()
			v.peer.Reply(v.peer.Expect(sip.REGISTER), 200)
			synctest.Wait()
			if s := v.Snapshot(); len(v.calls) > 0 || s.Link.State != phone.LinkUp {
				t.Errorf("%s: %+v", name, s)
			}
		})
	}
}

func hangs(ctx context.Context, _ string) (string, error) {
	<-ctx.Done()
	return "", ctx.Err()
}

// Who logs in meanwhile is not logged out again for a guest.
func TestLoginComesBeforeAGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVisitor(t, enrolled(""), hangs)
		if err := v.LoginGuest(); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if err := v.Login(phone.Login{URI: "alice@example.test", Password: "secret"}); err != nil {
			t.Fatal(err)
		}
		v.peer.ExpectDial()
		v.peer.Reply(v.peer.Expect(sip.REGISTER), 200)
		synctest.Wait()
		if a := v.Snapshot().Account; a.Guest || a.AOR != "sip:alice@example.test" {
			t.Errorf("%+v", a)
		}
	})
}

func TestNobodyIsAGuestUnlessTheSettingsSaySo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVisitor(t, nil, hangs)
		if err := v.LoginGuest(); !errors.Is(err, phone.ErrNoGuests) {
			t.Errorf("%v", err)
		}
		if _, err := v.Dial(phone.Dial{To: "bob@example.test", Guest: true}); !errors.Is(err, phone.ErrNoGuests) {
			t.Errorf("%v", err)
		}
	})
}

// A registrar that fails for a moment takes nothing from a guest; one that does not know the
// account has the guest begin anew.
func TestGuestWhomTheRegistrarRefuses(t *testing.T) {
	for code, stays := range map[int]bool{403: true, 407: false} {
		synctest.Test(t, func(t *testing.T) {
			v := newVisitor(t, enrolled(""), func(context.Context, string) (string, error) { return `{"uri": "a@guests.test"}`, nil })
			if err := v.LoginGuest(); err != nil {
				t.Fatal(err)
			}
			v.peer.ExpectDial()
			v.peer.Reply(v.peer.Expect(sip.REGISTER), code, siptest.Header("Proxy-Authenticate", challengeMD5))
			v.told("error_guest_account")
			synctest.Wait()
			if s := v.Snapshot(); s.Account.LoggedIn != stays {
				t.Errorf("%d: %+v", code, s)
			}
		})
	}
}
