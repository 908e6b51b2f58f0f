//go:build !js

package proxy

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/auth"
)

func TestRegisterOffersStrongestAlgorithmFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ph := connect(t, newProxy(t, nil), "alice")
		ph.send(ph.register("600"))
		res := ph.nextResponse(401)
		var got []string
		for _, h := range res.GetHeaders("www-authenticate") {
			for _, name := range []string{"SHA-256", "MD5"} {
				if strings.Contains(h.Value(), "algorithm="+name) {
					got = append(got, name)
				}
			}
		}
		if want := []string{"SHA-256", "MD5"}; !slices.Equal(got, want) {
			t.Errorf("algorithms %v, want %v", got, want)
		}
	})
}

func TestRegisterListsAllBindingsOfTheAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		first := registered(t, p, "alice")
		second := connect(t, p, "alice")
		res := second.ask(second.register("600"))
		want := []string{first.contact.Host, second.contact.Host}
		if got := contacts(res); !slices.Equal(got, want) {
			t.Errorf("contacts %v, want %v", got, want)
		}

		query := second.register("600")
		query.RemoveHeader("Contact")
		query.RemoveHeader("Expires")
		if got := contacts(second.ask(query)); !slices.Equal(got, want) {
			t.Errorf("query: contacts %v, want %v", got, want)
		}
	})
}

func TestRegisterExpires(t *testing.T) {
	for _, tc := range []struct {
		name, header, param string
		code                int
		want                string // expires in the 200, or Min-Expires in the 423
	}{
		{"header", "600", "", 200, "600"},
		{"parameter wins", "600", "120", 200, "120"},
		{"neither", "", "", 200, "300"},
		{"cut to the longest", "100000", "", 200, "3600"},
		{"too brief", "30", "", 423, "60"},
		{"unreadable counts as an hour", "soon", "", 200, "3600"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newProxy(t, func(c *Config) { c.DefaultExpires = 300 * time.Second })
				ph := connect(t, p, "alice")
				req := ph.register(tc.header)
				if tc.header == "" {
					req.RemoveHeader("Expires")
				}
				if tc.param != "" {
					req.Contact().Params.Add("expires", tc.param)
				}
				res := ph.ask(req)
				if res.StatusCode != tc.code {
					t.Fatalf("got %d, want %d", res.StatusCode, tc.code)
				}
				got := ""
				if tc.code == 423 {
					got = res.GetHeader("min-expires").Value()
				} else {
					got, _ = res.Contact().Params.Get("expires")
				}
				if got != tc.want {
					t.Errorf("got %q, want %q", got, tc.want)
				}
			})
		})
	}
}

func TestBindingIsRemovedWhenItExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		bob, alice := registered(t, p, "bob"), registered(t, p, "alice")
		time.Sleep(500 * time.Second)
		if res := bob.ask(bob.register("600")); res.StatusCode != 200 {
			t.Fatalf("refresh got %d", res.StatusCode)
		}
		time.Sleep(599 * time.Second)
		alice.start(alice.request(sip.MESSAGE, "bob"))
		bob.answer(bob.nextRequest(sip.MESSAGE), 200)
		alice.nextResponse(200)
		time.Sleep(2 * time.Second)
		if res := alice.ask(alice.request(sip.MESSAGE, "bob")); res.StatusCode != 480 {
			t.Errorf("after expiry: got %d, want 480", res.StatusCode)
		}
	})
}

func TestBindingIsReplacedByTheSameInstance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		const instance = `"<urn:uuid:00000000-0000-1000-8000-000a95a0e128>"`
		old, young := connect(t, p, "alice"), connect(t, p, "alice")
		for _, ph := range []*phone{old, young} {
			req := ph.register("600")
			req.Contact().Params.Add("+sip.instance", instance)
			res := ph.ask(req)
			if got := contacts(res); !slices.Equal(got, []string{ph.contact.Host}) {
				t.Errorf("contacts %v, want only %s", got, ph.contact.Host)
			}
			if got, _ := res.Contact().Params.Get("+sip.instance"); got != instance {
				t.Errorf("instance %q, want %q", got, instance)
			}
		}
		old.hangUp()
		query := young.register("600")
		query.RemoveHeader("Contact")
		if got := contacts(young.ask(query)); len(got) != 1 {
			t.Errorf("the old connection's end left bindings %v, want 1", got)
		}
	})
}

func TestUnregister(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*sip.Request)
		code   int
		left   int
	}{
		{"own contact", func(*sip.Request) {}, 200, 1},
		{"all", func(r *sip.Request) { star(r) }, 200, 0},
		{"star with time", func(r *sip.Request) { star(r); r.ReplaceHeader(sip.NewHeader("Expires", "60")) }, 400, 2},
		{"star without Expires", func(r *sip.Request) { star(r); r.RemoveHeader("Expires") }, 400, 2},
		{"star with another", func(r *sip.Request) {
			r.AppendHeader(&sip.ContactHeader{Address: sip.Uri{Wildcard: true, Host: "*"}})
		}, 400, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newProxy(t, nil)
				registered(t, p, "alice")
				ph := registered(t, p, "alice")
				req := ph.register("0")
				tc.change(req)
				if res := ph.ask(req); res.StatusCode != tc.code {
					t.Fatalf("got %d %s, want %d", res.StatusCode, res.Reason, tc.code)
				}
				stats, err := p.Stats(t.Context())
				if err != nil || stats.Bindings != tc.left {
					t.Errorf("%d bindings left (%v), want %d", stats.Bindings, err, tc.left)
				}
			})
		})
	}
}

// star makes the Contact `*`. The library cannot write it, so it is a raw field.
func star(req *sip.Request) {
	req.RemoveHeader("Contact")
	req.AppendHeader(sip.NewHeader("Contact", "*"))
}

func TestRegisterOutOfOrderChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		ph := connect(t, p, "alice")
		first := ph.start(ph.register("600"))
		ph.nextResponse(200)
		late := ph.register("0")
		late.ReplaceHeader(sip.HeaderClone(first.CallID()))
		if res := ph.ask(late); res.StatusCode != 500 {
			t.Errorf("got %d, want 500", res.StatusCode)
		}
		if stats, _ := p.Stats(t.Context()); stats.Bindings != 1 {
			t.Errorf("%d bindings, want 1", stats.Bindings)
		}
	})
}

func TestPathIsKeptAndTravelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		bob, alice := connect(t, p, "bob"), connect(t, p, "alice")
		req := bob.register("600")
		req.AppendHeader(sip.NewHeader("Supported", "path"))
		req.AppendHeader(sip.NewHeader("Path", "<sip:p1.edge;lr>,<sip:p2.edge;lr>"))
		res := bob.ask(req)
		if h := res.GetHeader("path"); h == nil || h.Value() != "<sip:p1.edge;lr>,<sip:p2.edge;lr>" {
			t.Errorf("Path in the 200: %v", h)
		}
		alice.start(alice.request(sip.MESSAGE, "bob"))
		var route []string
		for _, h := range bob.nextRequest(sip.MESSAGE).GetHeaders("route") {
			route = append(route, h.Value())
		}
		if want := []string{"<sip:p1.edge;lr>", "<sip:p2.edge;lr>"}; !slices.Equal(route, want) {
			t.Errorf("Route %v, want %v", route, want)
		}
	})
}

func TestRegisterRefusals(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*sip.Request)
		code   int
	}{
		{"somebody else's address", func(r *sip.Request) { r.To().Address.User = "bob" }, 403},
		{"extension required", func(r *sip.Request) { r.AppendHeader(sip.NewHeader("Require", "path, teleport")) }, 420},
		{"foreign registrar", func(r *sip.Request) { r.Recipient.Host = "elsewhere.example" }, 403},
		{"contact that is no SIP URI", func(r *sip.Request) {
			r.RemoveHeader("Contact")
			r.AppendHeader(sip.NewHeader("Contact", "<mailto:alice@home>"))
		}, 400},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ph := connect(t, newProxy(t, nil), "alice")
				req := ph.register("600")
				tc.change(req)
				if res := ph.ask(req); res.StatusCode != tc.code {
					t.Errorf("got %d %s, want %d", res.StatusCode, res.Reason, tc.code)
				}
			})
		})
	}
}

func TestWrongPasswordIsChallengedUntilTheConnectionIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, func(c *Config) { c.Limits.LoginFailures = 3 })
		wrong := func(ph *phone) int {
			ph.auth = auth.NewClient(auth.Credentials{Username: "alice", Password: "guess"})
			ph.start(ph.register("600"))
			synctest.Wait()
			select {
			case <-ph.closed:
				return 0
			default:
				return ph.nextAny().StatusCode
			}
		}
		mallory := connect(t, p, "alice")
		for i, want := range []int{401, 401, 0} {
			if got := wrong(mallory); got != want {
				t.Fatalf("attempt %d got %d, want %d", i, got, want)
			}
		}

		// A new connection does not help, and neither does the right password...
		again := connect(t, p, "alice")
		if res := again.ask(again.register("600")); res.StatusCode != 503 || res.GetHeader("retry-after") == nil {
			t.Errorf("got %d, want 503 with Retry-After", res.StatusCode)
		}
		// ...but other accounts are not concerned, and it passes.
		registered(t, p, "bob")
		time.Sleep(loginWindow)
		if res := again.ask(again.register("600")); res.StatusCode != 200 {
			t.Errorf("a minute later: got %d, want 200", res.StatusCode)
		}
	})
}

func TestLimitsOfRegistrations(t *testing.T) {
	for _, tc := range []struct {
		name   string
		limits Limits
		code   int
	}{
		{"per account", Limits{Bindings: 2}, 403},
		{"in all", Limits{Registrations: 2}, 503},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newProxy(t, func(c *Config) { c.Limits = tc.limits })
				first := registered(t, p, "alice")
				registered(t, p, "alice")
				third := connect(t, p, "alice")
				if res := third.ask(third.register("600")); res.StatusCode != tc.code {
					t.Errorf("third got %d, want %d", res.StatusCode, tc.code)
				}
				if res := first.ask(first.register("600")); res.StatusCode != 200 {
					t.Errorf("refresh at the limit got %d, want 200", res.StatusCode)
				}
			})
		})
	}
}
