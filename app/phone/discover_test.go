//go:build !js

package phone_test

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/phone"
	"gocommunicator/app/store"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/siptest"
)

// noServers are the settings of a site for phones of any domain.
var noServers = config.Layer{"websocket": map[string]any{"servers": nil}}

const (
	settingsOf = "https://corp.test/.well-known/gocommunicator.json"
	fingerOf   = "https://corp.test/.well-known/webfinger?"
)

// web answers as servers of the web, by address; a query is left out. Others have nothing.
func web(pages map[string]string) func(context.Context, string) (string, error) {
	return func(_ context.Context, address string) (string, error) {
		at, _, _ := strings.Cut(address, "?")
		if text, ok := pages[at]; ok {
			return text, nil
		}
		return "", errors.New("404")
	}
}

func TestDomainOfAnAddressSaysItsServers(t *testing.T) {
	const own = `{"websocket": {"servers": ["/sip", "wss://b.corp.test"]}, "registration": {"server": "reg.corp.test"}, "motto": 1}`
	for name, tt := range map[string]struct {
		pages   map[string]string
		servers []string
		aor, to string
	}{
		"in a file": {
			map[string]string{settingsOf: own},
			[]string{"wss://corp.test/sip", "wss://b.corp.test"},
			"sip:alice@corp.test", "sip:reg.corp.test",
		},
		"by a link": {
			map[string]string{
				"https://corp.test/.well-known/webfinger": `{"subject": "acct:alice@corp.test", "links": [
					{"rel": "http://webfinger.net/rel/avatar", "href": "https://corp.test/a.png"},
					{"rel": "urn:x-gocommunicator:settings", "href": "https://phones.test/corp.json"},
					{"rel": "sip", "href": "sip:u12@pbx.test"}]}`,
				"https://phones.test/corp.json": `{"websocket": {"servers": "/ws"}}`,
			},
			[]string{"wss://phones.test/ws"},
			"sip:u12@pbx.test", "sip:pbx.test",
		},
		"at the domain of the SIP address": {
			map[string]string{
				settingsOf: `{}`,
				"https://corp.test/.well-known/webfinger":          `{"links": [{"rel": "sip", "href": "sip:u12@pbx.test"}]}`,
				"https://pbx.test/.well-known/gocommunicator.json": `{"websocket": {"servers": "/ws"}}`,
			},
			[]string{"wss://pbx.test/ws"},
			"sip:u12@pbx.test", "sip:pbx.test",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVisitor(t, noServers, web(tt.pages))
				if err := v.Login(phone.Login{URI: "alice@corp.test", Password: "p"}); err != nil {
					t.Fatal(err)
				}
				if at := v.peer.ExpectDial(); !slices.Contains(tt.servers, at) {
					t.Errorf("connected to %s", at)
				}
				register := v.peer.Expect(sip.REGISTER)
				if register.Recipient.String() != tt.to || phoneAOR(register) != tt.aor {
					t.Errorf("%s registers at %s", phoneAOR(register), register.Recipient.String())
				}
				v.peer.Reply(register, 200, siptest.Header("Contact", register.Contact().Value()+";expires=600"))
				synctest.Wait()
				for _, asked := range v.asked {
					at, _ := url.Parse(strings.TrimPrefix(asked, "GET "))
					if q := at.Query(); strings.Contains(asked, "webfinger") && q.Get("resource") != "acct:alice@corp.test" {
						t.Errorf("asked %s", asked)
					}
				}
			})
		})
	}
}

func phoneAOR(r *sip.Request) string { return r.To().Address.String() }

// Whatever a domain answers, the person finds the form as it was, and a sentence.
func TestDomainThatSaysNothingOfUseIsTold(t *testing.T) {
	for name, answer := range map[string]string{
		"nothing": "", "a page": "<!doctype html>", "a list": "[]", "no servers": "{}",
		"an open line":       `{"websocket": {"servers": "ws://corp.test/sip"}}`,
		"no WebSocket":       `{"websocket": {"servers": "https://corp.test/sip"}}`,
		"wrong types":        `{"websocket": {"servers": 7}}`,
		"a part of it wrong": `{"websocket": {"servers": "wss://corp.test/sip"}, "turn_servers": "turnip"}`,
		"a line break":       `{"websocket": {"servers": "wss://corp.test/sip"}, "registration": {"server": "a\r\nVia: x"}}`,
	} {
		for _, at := range []string{settingsOf, "https://corp.test/.well-known/webfinger"} {
			synctest.Test(t, func(t *testing.T) {
				v := newVisitor(t, noServers, web(map[string]string{at: answer}))
				if err := v.Login(phone.Login{URI: "alice@corp.test", Password: "p"}); err != nil {
					t.Fatal(err)
				}
				if n := <-v.notices; n.Code != "error_discovery" || n.Params["Domain"] != "corp.test" {
					t.Errorf("%s: %+v", name, n)
				}
				if s := v.Snapshot(); s.Account.LoggedIn || s.Link.State != phone.LinkDown {
					t.Errorf("%s: %+v", name, s)
				}
			})
		}
	}
}

func TestDomainsAreAskedOnlyIfTheSettingsLetThem(t *testing.T) {
	for name, settings := range map[string]config.Layer{
		"not at all":     {"websocket": map[string]any{"servers": nil}, "discovery": map[string]any{"enabled": false}},
		"a server named": {"websocket": map[string]any{"servers": "wss://example.test"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			v := newVisitor(t, settings, web(nil))
			err := v.Login(phone.Login{URI: "alice@corp.test", Password: "p"})
			if (name == "not at all") != errors.Is(err, phone.ErrNoServer) {
				t.Errorf("%s: %v", name, err)
			}
			synctest.Wait()
			if len(v.asked) > 0 {
				t.Errorf("%s: asked %v", name, v.asked)
			}
		})
	}
}

// A domain alone lets in a guest of it, if it takes any.
func TestDomainAloneLetsAGuestIn(t *testing.T) {
	for enrol, want := range map[string]string{`"/enrol"`: "sip:guest-1@corp.test", `null`: ""} {
		synctest.Test(t, func(t *testing.T) {
			v := newVisitor(t, noServers, web(map[string]string{
				settingsOf:                `{"websocket": {"servers": "/sip"}, "guest": {"enrol_url": ` + enrol + `}}`,
				"https://corp.test/enrol": `{"uri": "guest-1@corp.test", "password": "p"}`,
			}))
			if err := v.Login(phone.Login{URI: "Corp.test"}); err != nil {
				t.Fatal(err)
			}
			if want == "" {
				v.told("error_discovery_user")
				return
			}
			v.peer.ExpectDial()
			register := v.peer.Expect(sip.REGISTER)
			if phoneAOR(register) != want {
				t.Errorf("registers %s", phoneAOR(register))
			}
			v.peer.Reply(register, 200)
			synctest.Wait()
		})
	}
}

// What was kept for the servers of a domain is used when the domain still names them, and
// sent nowhere else.
func TestKeptLoginIsForTheServersThatTheDomainNamed(t *testing.T) {
	for _, later := range []string{"wss://a.corp.test", "wss://thief.test"} {
		synctest.Test(t, func(t *testing.T) {
			kept := store.Open(store.Config{Log: slog.New(slog.DiscardHandler)})
			defer kept.Close()
			named := func(servers string) *visitor {
				return newVisitor(t, noServers, web(map[string]string{settingsOf: `{"websocket": {"servers": "` + servers + `"}}`}), kept)
			}
			registers := func(v *visitor) {
				t.Helper()
				if at := v.peer.ExpectDial(); at != "wss://a.corp.test" {
					t.Errorf("connected to %s", at)
				}
				v.peer.Reply(v.peer.Expect(sip.REGISTER), 401, siptest.Header("WWW-Authenticate", challengeMD5))
				register := v.peer.Expect(sip.REGISTER)
				v.peer.Reply(register, 200, siptest.Header("Contact", register.Contact().Value()+";expires=600"))
				synctest.Wait()
			}
			first := named("wss://a.corp.test")
			if err := first.Login(phone.Login{URI: "alice@corp.test", Password: "secret", Remember: true}); err != nil {
				t.Fatal(err)
			}
			registers(first)
			first.Leave()
			first.peer.Reply(first.peer.Expect(sip.REGISTER), 200)
			synctest.Wait()
			second := named(later)
			if !second.LoginRemembered() {
				t.Fatal("nobody is remembered")
			}
			synctest.Wait()
			if thief := later != "wss://a.corp.test"; thief == second.Snapshot().Account.LoggedIn {
				t.Errorf("%s: logged in: %v", later, thief)
			} else if !thief {
				registers(second)
			} else if second.LoginRemembered() {
				t.Error("still remembered")
			}
		})
	}
}

// An address that is one of mail only, to the server, is called where its domain says.
func TestAddressThatIsNoneOfTheServersIsLookedUp(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	cfg, _ := config.Load(nil, config.Layer{"websocket": map[string]any{"servers": "ws://example.test/sip"}})
	peer := siptest.NewPeer(t)
	u := &user{t: t, name: "alice", bus: bus.New(log), events: make(chan any, 1000)}
	var asked []string
	u.Phone = phone.New(phone.Deps{
		Bus: u.bus, Config: cfg, Log: log, Dial: peer.Dialer(), InstanceID: "urn:uuid:00000000-0000-4000-8000-000000000000",
		Platform: media.Platform{Loopback: true, Codecs: []string{"pcmu"}, Capture: func(context.Context, media.Kind) (media.Source, error) {
			return media.Tone(440), nil
		}},
		Fetch: func(_ context.Context, _, address string) ([]byte, error) {
			asked = append(asked, address)
			return []byte(`{"links": [{"rel": "sip", "href": "javascript:x"}, {"rel": "sip", "href": "sip:u7@pbx.test"}]}`), nil
		},
	})
	watch[phone.Registration](u)
	watch[phone.Call](u)
	u.must(u.Login(phone.Login{URI: "alice@example.test", Password: "secret"}))
	peer.ExpectDial()
	register := peer.Expect(sip.REGISTER)
	peer.Reply(register, 200, siptest.Header("Contact", register.Contact().Value()+";expires=600"))
	await(u, func(r phone.Registration) bool { return r.State == phone.Registered })
	for _, to := range []string{"nobody", "bob@corp.test"} {
		_, err := u.Dial(phone.Dial{To: to, Headers: []string{"X-A: 1"}})
		u.must(err)
		peer.Reply(peer.Expect(sip.INVITE), 404)
		peer.Expect(sip.ACK)
		await(u, state(phone.Failed))
	}
	invite := peer.Expect(sip.INVITE)
	if got := invite.Recipient.String(); got != "sip:u7@pbx.test" || invite.GetHeader("X-A") == nil {
		t.Errorf("called %s", got)
	}
	peer.Reply(invite, 404)
	peer.Expect(sip.ACK)
	await(u, state(phone.Failed)) // and no further
	if len(asked) != 1 || !strings.HasPrefix(asked[0], fingerOf) {
		t.Errorf("asked %v", asked)
	}
	u.Close()
	peer.Cut()
	<-u.Done()
	u.bus.Close()
}
