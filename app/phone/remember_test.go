package phone_test

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/phone"
	"gocommunicator/app/store"
	"gocommunicator/sipcore/siptest"
)

const (
	challengeMD5 = `Digest realm="example.test", nonce="a", qop="auth", algorithm=MD5`
	challengeSHA = `Digest realm="example.test", nonce="b", qop="auth", algorithm=SHA-256`
)

// visit is one visit of a person to the page: phones of several share a store.
type visit struct {
	*phone.Phone
	t       *testing.T
	peer    *siptest.Peer
	notices []string
}

func newVisit(t *testing.T, kept *store.Store, settings config.Layer) *visit {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	v := &visit{t: t, peer: siptest.NewPeer(t)}
	cfg, problems := config.Load(nil, config.Layer{"websocket": map[string]any{"servers": "ws://example.test/sip"}}, settings)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	events := bus.New(log)
	v.Phone = phone.New(phone.Deps{
		Bus: events, Config: cfg, Log: log, Store: kept, Dial: v.peer.Dialer(),
		InstanceID: "urn:uuid:00000000-0000-4000-8000-000000000000",
	})
	bus.Subscribe(events, func(n phone.Notice) { v.notices = append(v.notices, n.Code) })
	t.Cleanup(func() {
		v.Close()
		v.peer.Cut()
		<-v.Done()
		events.Close()
		<-events.Done()
	})
	return v
}

// challenged has the server ask for credentials and returns what comes.
func (v *visit) challenged(challenges ...string) *sip.Request {
	v.t.Helper()
	v.peer.ExpectDial()
	var mods []siptest.Mod
	for _, c := range challenges {
		mods = append(mods, siptest.Header("WWW-Authenticate", c))
	}
	v.peer.Reply(v.peer.Expect(sip.REGISTER), 401, mods...)
	return v.peer.Expect(sip.REGISTER)
}

func (v *visit) accept(req *sip.Request) {
	v.t.Helper()
	v.peer.Reply(req, 200, siptest.Header("Contact", req.Contact().Value()+";expires=600"))
	synctest.Wait()
	if s := v.Snapshot().Registration.State; s != phone.Registered {
		v.t.Fatalf("the registration is %s", s)
	}
}

// leave closes the page.
func (v *visit) leave() {
	v.Leave()
	synctest.Wait()
	if v.Snapshot().Account.LoggedIn {
		v.t.Error("still logged in")
	}
	time.Sleep(10 * time.Second) // nobody answers the farewell
	synctest.Wait()
}

// stays logs in, asks to be remembered and leaves.
func stays(t *testing.T, kept *store.Store, settings config.Layer) {
	t.Helper()
	v := newVisit(t, kept, settings)
	if err := v.Login(phone.Login{URI: "Alice@example.test", Password: "s3cret;=\"ü🙂", DisplayName: `A;="ü🙂`, Remember: true}); err != nil {
		t.Fatal(err)
	}
	v.accept(v.challenged(challengeMD5, challengeSHA))
	v.leave()
}

func remembers(t *testing.T, v *visit) bool {
	t.Helper()
	known := v.LoginRemembered()
	synctest.Wait()
	return known && v.Snapshot().Account.LoggedIn
}

func inBubble(t *testing.T, test func(t *testing.T, kept *store.Store)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		kept := store.Open(store.Config{Log: slog.New(slog.DiscardHandler)})
		t.Cleanup(kept.Close)
		test(t, kept)
	})
}

func TestRememberedLoginNeedsNoPassword(t *testing.T) {
	inBubble(t, func(t *testing.T, kept *store.Store) {
		stays(t, kept, nil)
		for _, challenge := range []string{challengeSHA, challengeMD5, challengeMD5} {
			v := newVisit(t, kept, nil)
			if !remembers(t, v) {
				t.Fatal("nobody is remembered")
			}
			if a := v.Snapshot().Account; a.AOR != "sip:Alice@example.test" || a.Name != `A;="ü🙂` {
				t.Errorf("account is %+v", a)
			}
			req := v.challenged(challenge)
			if h := req.GetHeader("Authorization"); h == nil || !strings.Contains(h.Value(), `username="Alice"`) {
				t.Errorf("answer is %v", h)
			}
			v.accept(req)
			v.leave()
		}
		text, err := kept.Unseal(t.Context(), "login")
		if err != nil || strings.Contains(string(text), "s3cret") || !strings.Contains(string(text), "SHA-256") {
			t.Errorf("kept is %q, %v", text, err)
		}
	})
}

func TestNothingIsKeptUnlessAskedForAndAccepted(t *testing.T) {
	for name, do := range map[string]func(t *testing.T, v *visit){
		"not asked for": func(t *testing.T, v *visit) {
			if err := v.Login(phone.Login{URI: "alice@example.test", Password: "x"}); err != nil {
				t.Fatal(err)
			}
			v.accept(v.challenged(challengeMD5))
		},
		"the password was wrong": func(t *testing.T, v *visit) {
			if err := v.Login(phone.Login{URI: "alice@example.test", Password: "x", Remember: true}); err != nil {
				t.Fatal(err)
			}
			v.peer.Reply(v.challenged(challengeMD5), 401, siptest.Header("WWW-Authenticate", challengeSHA))
		},
		"the server wants no password": func(t *testing.T, v *visit) {
			if err := v.Login(phone.Login{URI: "alice@example.test", Password: "x", Remember: true}); err != nil {
				t.Fatal(err)
			}
			v.peer.ExpectDial()
			v.accept(v.peer.Expect(sip.REGISTER))
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, kept *store.Store) {
				v := newVisit(t, kept, nil)
				do(t, v)
				v.leave()
				if remembers(t, newVisit(t, kept, nil)) {
					t.Error("somebody is remembered")
				}
			})
		})
	}
}

func TestRememberedLoginIsForgotten(t *testing.T) {
	again := func(t *testing.T, v *visit) {
		t.Helper()
		if !remembers(t, v) {
			t.Fatal("nobody is remembered")
		}
	}
	for name, tt := range map[string]struct {
		do     func(t *testing.T, v *visit)
		notice string
	}{
		"at logout": {do: func(t *testing.T, v *visit) {
			again(t, v)
			v.accept(v.challenged(challengeMD5))
			v.Logout()
		}},
		"at logout without a login": {do: func(_ *testing.T, v *visit) { v.Logout() }},
		"when the tick is taken away": {do: func(t *testing.T, v *visit) {
			again(t, v)
			v.accept(v.challenged(challengeMD5))
			v.ForgetLogin()
			synctest.Wait()
			if !v.Snapshot().Account.LoggedIn {
				t.Error("that logged out")
			}
		}},
		"when it is refused": {do: func(t *testing.T, v *visit) {
			again(t, v)
			v.peer.Reply(v.challenged(challengeMD5), 401, siptest.Header("WWW-Authenticate", challengeSHA))
			synctest.Wait()
			if v.Snapshot().Account.LoggedIn {
				t.Error("still logged in")
			}
		}, notice: "error_registration_again"},
		"when another realm asks": {do: func(t *testing.T, v *visit) {
			again(t, v)
			v.peer.ExpectDial()
			v.peer.Reply(v.peer.Expect(sip.REGISTER), 401, siptest.Header("WWW-Authenticate", `Digest realm="other", nonce="n"`))
			v.peer.ExpectNone()
		}, notice: "error_registration_again"},
		"when it is forbidden": {do: func(t *testing.T, v *visit) {
			again(t, v)
			v.peer.Reply(v.challenged(challengeMD5), 403)
			synctest.Wait()
		}, notice: "error_registration_forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, kept *store.Store) {
				stays(t, kept, nil)
				v := newVisit(t, kept, nil)
				tt.do(t, v)
				v.leave()
				if tt.notice != "" && !slices.Contains(v.notices, tt.notice) {
					t.Errorf("told %v, want %s", v.notices, tt.notice)
				}
				if text, _ := kept.Unseal(t.Context(), "login"); text != nil || remembers(t, newVisit(t, kept, nil)) {
					t.Error("somebody is remembered")
				}
			})
		})
	}
}

func TestRememberedLoginGoesNowhereElse(t *testing.T) {
	for name, tt := range map[string]struct {
		settings  config.Layer
		forgotten bool
	}{
		"another server":    {config.Layer{"websocket": map[string]any{"servers": "wss://evil.test/sip"}}, true},
		"one server more":   {config.Layer{"websocket": map[string]any{"servers": []any{"ws://example.test/sip", "wss://evil.test"}}}, true},
		"another registrar": {config.Layer{"registration": map[string]any{"server": "sip:evil.test"}}, true},
		"another account":   {config.Layer{"user": map[string]any{"uri": "sip:bob@example.test"}}, false},
		"another auth user": {config.Layer{"user": map[string]any{"sip_auth_user": "bob"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, kept *store.Store) {
				stays(t, kept, nil)
				v := newVisit(t, kept, tt.settings)
				if remembers(t, v) {
					t.Error("logged in")
				}
				v.leave()
				if got := remembers(t, newVisit(t, kept, nil)); got == tt.forgotten {
					t.Errorf("remembered afterwards: %v", got)
				}
			})
		})
	}
	t.Run("the same account in the settings", func(t *testing.T) {
		inBubble(t, func(t *testing.T, kept *store.Store) {
			stays(t, kept, nil)
			if !remembers(t, newVisit(t, kept, config.Layer{"user": map[string]any{"uri": "sip:Alice@example.test"}})) {
				t.Error("not logged in")
			}
		})
	})
}
