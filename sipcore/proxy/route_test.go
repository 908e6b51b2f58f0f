//go:build !js

package proxy

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/emiago/sipgo/sip"
)

// call has alice call bob, who answers; the ACK has arrived.
func call(t *testing.T, p *Proxy) (alice, bob *phone, sent, in *sip.Request, res, out *sip.Response) {
	t.Helper()
	alice, bob = registered(t, p, "alice"), registered(t, p, "bob")
	sent = alice.start(alice.request(sip.INVITE, "bob"))
	in = bob.nextRequest(sip.INVITE)
	out = bob.answer(in, 200)
	res = alice.nextResponse(200)
	alice.send(alice.inDialog(sip.ACK, sent, res))
	ack := bob.nextRequest(sip.ACK)
	if ack.Route() != nil || ack.Recipient.Host != bob.contact.Host {
		t.Errorf("ACK came with Route %v for %s", ack.Route(), ack.Recipient.String())
	}
	return alice, bob, sent, in, res, out
}

func TestInviteIsForwardedByTheRules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
		req := alice.request(sip.INVITE, "%62ob") // an escape that means nothing
		req.AppendHeader(sip.NewHeader("P-Asserted-Identity", "<sip:president@home>"))
		req.AppendHeader(sip.NewHeader("X-Kept", "as it is"))
		alice.start(req)
		in := bob.nextRequest(sip.INVITE)
		if in.Recipient.String() != bob.contact.String() {
			t.Errorf("Request-URI %s, want %s", in.Recipient.String(), bob.contact.String())
		}
		if got := in.MaxForwards().Val(); got != 69 {
			t.Errorf("Max-Forwards %d, want 69", got)
		}
		if vias := in.GetHeaders("via"); len(vias) != 2 || vias[0].(*sip.ViaHeader).Host != "home" {
			t.Errorf("Via %v", vias)
		}
		if records := in.GetHeaders("record-route"); len(records) != 2 || !strings.Contains(records[0].Value(), "@home;transport=ws;lr") {
			t.Errorf("Record-Route %v", records)
		}
		for _, name := range []string{"proxy-authorization", "p-asserted-identity"} {
			if h := in.GetHeader(name); h != nil {
				t.Errorf("%s was passed on", h.Name())
			}
		}
		if h := in.GetHeader("x-kept"); h == nil || h.Value() != "as it is" {
			t.Errorf("X-Kept: %v", h)
		}
		if to := in.To().Address; to.User != "%62ob" {
			t.Errorf("To was changed: %s", to.String())
		}
	})
}

func TestRequestsInADialogFollowItsRoute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob, sent, in, res, out := call(t, p)

		alice.send(alice.inDialog(sip.INFO, sent, res))
		bob.answer(bob.nextRequest(sip.INFO), 200)
		alice.nextResponse(200)

		bob.send(bob.inDialogCallee(sip.INVITE, in, out))
		re := alice.nextRequest(sip.INVITE)
		if re.RecordRoute() != nil {
			t.Error("a re-INVITE got a Record-Route")
		}
		alice.answer(re, 488)
		alice.nextRequest(sip.ACK)
		bob.nextResponse(488)

		bye := bob.inDialogCallee(sip.BYE, in, out)
		bye.ReplaceHeader(&sip.CSeqHeader{SeqNo: 90, MethodName: sip.BYE})
		bob.send(bye)
		alice.answer(alice.nextRequest(sip.BYE), 200)
		bob.nextResponse(200)
		bob.quiet()
		alice.quiet()
	})
}

func TestStrictRouterIsUnderstood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob, sent, _, res, _ := call(t, p)
		bye := alice.inDialog(sip.BYE, sent, res)
		// RFC 3261 §16.4: the first route in the Request-URI, the target last.
		var routes []string
		for _, h := range bye.GetHeaders("route") {
			routes = append(routes, h.Value())
			bye.RemoveHeader("Route")
		}
		target := bye.Recipient
		if err := sip.ParseUri(strings.Trim(routes[0], "<>"), &bye.Recipient); err != nil {
			t.Fatal(err)
		}
		for _, r := range append(routes[1:], "<"+target.String()+">") {
			bye.AppendHeader(sip.NewHeader("Route", r))
		}
		alice.send(bye)
		if got := bob.nextRequest(sip.BYE).Recipient; got.String() != target.String() {
			t.Errorf("Request-URI %s, want %s", got.String(), target.String())
		}
	})
}

func TestForgedRouteIsRefused(t *testing.T) {
	forged := (&sealer{}).token(1, "any")
	for _, tc := range []struct {
		name   string
		change func(p *Proxy, bye *sip.Request)
	}{
		{"made up", func(_ *Proxy, bye *sip.Request) { setRoute(bye, "<sip:nonsense@home;lr>") }},
		{"sealed with another key", func(_ *Proxy, bye *sip.Request) { setRoute(bye, "<sip:"+forged+"@home;lr>") }},
		{"of another call", func(_ *Proxy, bye *sip.Request) {
			other := sip.CallIDHeader("other")
			bye.ReplaceHeader(&other)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newProxy(t, nil)
				alice, bob, sent, _, res, _ := call(t, p)
				bye := alice.inDialog(sip.BYE, sent, res)
				tc.change(p, bye)
				alice.send(bye)
				alice.nextResponse(403)
				bob.quiet()

				// An ACK cannot be answered; it is dropped.
				ack := alice.inDialog(sip.ACK, sent, res)
				tc.change(p, ack)
				alice.send(ack)
				alice.quiet()
				bob.quiet()
			})
		})
	}
}

func setRoute(req *sip.Request, value string) {
	for req.RemoveHeader("Route") {
	}
	req.AppendHeader(sip.NewHeader("Route", value))
}

func TestDialogWithAVanishedPhone(t *testing.T) {
	t.Run("ends with 481", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			alice, bob, sent, _, res, _ := call(t, newProxy(t, nil))
			bob.hangUp()
			alice.send(alice.inDialog(sip.INFO, sent, res))
			alice.nextResponse(481)
		})
	})
	t.Run("follows its Contact to a new connection", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := newProxy(t, nil)
			alice, bob, sent, in, res, out := call(t, p)
			bob.hangUp()
			back := connect(t, p, "bob")
			back.contact = bob.contact
			if res := back.ask(back.register("600")); res.StatusCode != 200 {
				t.Fatalf("got %d", res.StatusCode)
			}
			alice.send(alice.inDialog(sip.INFO, sent, res))
			back.answer(back.nextRequest(sip.INFO), 200)
			alice.nextResponse(200)
			back.send(back.inDialogCallee(sip.BYE, in, out))
			alice.answer(alice.nextRequest(sip.BYE), 200)
			back.nextResponse(200)
		})
	})
}

func TestRefusals(t *testing.T) {
	for _, tc := range []struct {
		name   string
		to     string
		method sip.RequestMethod
		change func(*sip.Request)
		code   int
	}{
		{"user offline", "carol", sip.INVITE, nil, 480},
		{"user unknown", "nobody", sip.INVITE, nil, 404},
		{"foreign domain", "sip:bob@elsewhere.example", sip.INVITE, nil, 403},
		{"From of somebody else", "bob", sip.INVITE, func(r *sip.Request) { r.From().Address.User = "carol" }, 403},
		{"From of another domain", "bob", sip.MESSAGE, func(r *sip.Request) { r.From().Address.Host = "elsewhere.example" }, 403},
		{"Max-Forwards used up", "bob", sip.INVITE, func(r *sip.Request) {
			zero := sip.MaxForwardsHeader(0)
			r.ReplaceHeader(&zero)
		}, 483},
		{"Proxy-Require", "bob", sip.INVITE, func(r *sip.Request) { r.AppendHeader(sip.NewHeader("Proxy-Require", "teleport")) }, 420},
		{"URI scheme", "tel:+4930123456", sip.INVITE, nil, 416},
		{"method for the proxy itself", "sip:home", sip.MESSAGE, nil, 405},
		{"extension required of the proxy", "sip:home", sip.OPTIONS, func(r *sip.Request) { r.AppendHeader(sip.NewHeader("Require", "teleport")) }, 420},
		{"OPTIONS to the proxy", "sip:home", sip.OPTIONS, nil, 200},
		{"OPTIONS to the proxy by an alias", "sip:127.0.0.1:8080", sip.OPTIONS, nil, 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newProxy(t, nil)
				alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
				req := alice.request(tc.method, tc.to)
				if tc.change != nil {
					tc.change(req)
				}
				res := alice.ask(req)
				if res.StatusCode != tc.code {
					t.Errorf("got %d %s, want %d", res.StatusCode, res.Reason, tc.code)
				}
				switch tc.code {
				case 420:
					if h := res.GetHeader("unsupported"); h == nil || h.Value() != "teleport" {
						t.Errorf("Unsupported: %v", h)
					}
				case 405:
					if res.GetHeader("allow") == nil {
						t.Error("405 without Allow")
					}
				}
				bob.quiet()
			})
		})
	}
}

func TestRequestWithoutCredentialsIsChallenged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
		invite := alice.request(sip.INVITE, "bob")
		alice.send(invite)
		res := alice.nextResponse(407)
		if got := len(res.GetHeaders("proxy-authenticate")); got != 2 {
			t.Errorf("%d challenges, want SHA-256 and MD5", got)
		}
		alice.send(alice.ackTo(invite, res))
		bob.quiet()
	})
}

func TestLoopIsDetected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
		alice.start(alice.request(sip.MESSAGE, "bob"))
		// bob sends it back as it came, but for the Request-URI, which is alice's again.
		in := bob.nextRequest(sip.MESSAGE)
		back := in.Clone()
		if err := sip.ParseUri("sip:bob@home", &back.Recipient); err != nil {
			t.Fatal(err)
		}
		back.PrependHeader(bob.via())
		bob.send(back)
		bob.nextResponse(482)
	})
}
