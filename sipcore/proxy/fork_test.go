//go:build !js

package proxy

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
)

// fork2 has alice call bob, who has two phones; both have the INVITE.
func fork2(t *testing.T, p *Proxy) (alice, one, two *phone, sent, inOne, inTwo *sip.Request) {
	t.Helper()
	alice, one, two = registered(t, p, "alice"), registered(t, p, "bob"), registered(t, p, "bob")
	sent = alice.start(alice.request(sip.INVITE, "bob"))
	return alice, one, two, sent, one.nextRequest(sip.INVITE), two.nextRequest(sip.INVITE)
}

func TestForkPassesFirst2xxAndCancelsTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, one, two, _, inOne, inTwo := fork2(t, newProxy(t, nil))
		one.answer(inOne, 180)
		alice.nextResponse(180)
		two.answer(inTwo, 180)
		alice.nextResponse(180)

		two.answer(inTwo, 200)
		res := alice.nextResponse(200)
		if tag, _ := res.To().Params.Get("tag"); tag != two.user+two.contact.Host {
			t.Errorf("To tag %q is not the answering phone's", tag)
		}
		if vias := res.GetHeaders("via"); len(vias) != 1 || vias[0].(*sip.ViaHeader).Host != alice.contact.Host {
			t.Errorf("Via %v, want the caller's only", vias)
		}
		cancel := one.nextRequest(sip.CANCEL)
		if reason := cancel.GetHeader("reason"); reason == nil || !strings.Contains(reason.Value(), "cause=200") {
			t.Errorf("Reason %v, want one that says the call was answered elsewhere", reason)
		}
		one.answer(cancel, 200)
		one.answer(inOne, 487)
		one.nextRequest(sip.ACK)
		alice.quiet()
		two.quiet()
	})
}

func TestForkPassesEvery2xx(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, one, two, _, inOne, inTwo := fork2(t, newProxy(t, nil))
		one.answer(inOne, 180)
		alice.nextResponse(180)
		one.answer(inOne, 200)
		alice.nextResponse(200)
		two.answer(inTwo, 200) // crossed the end of the search
		if tag, _ := alice.nextResponse(200).To().Params.Get("tag"); tag != two.user+two.contact.Host {
			t.Errorf("the second 2xx has To tag %q", tag)
		}
		one.answer(inOne, 200) // repeated, since no ACK came
		alice.nextResponse(200)
	})
}

func TestForkBestResponse(t *testing.T) {
	challenge := sip.NewHeader("WWW-Authenticate", `Digest realm="one", nonce="1"`)
	for _, tc := range []struct {
		name       string
		first      int
		second     int
		want       int
		challenges int
	}{
		{"busy says more than temporarily unavailable", 480, 486, 486, 0},
		{"lowest class", 503, 486, 486, 0},
		{"redirection before failure", 486, 302, 302, 0},
		{"global before all", 486, 603, 603, 0},
		{"503 is not passed", 503, 503, 500, 0},
		{"challenges are gathered", 401, 401, 401, 2},
		{"challenge before busy", 486, 401, 401, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				alice, one, two, sent, inOne, inTwo := fork2(t, newProxy(t, nil))
				reply := func(ph *phone, req *sip.Request, code int) {
					var headers []sip.Header
					if code == 401 {
						headers = []sip.Header{challenge}
					}
					ph.answer(req, code, headers...)
					ph.nextRequest(sip.ACK)
				}
				reply(one, inOne, tc.first)
				alice.expectNoFinal()
				reply(two, inTwo, tc.second)
				res := alice.nextResponse(tc.want)
				if got := len(res.GetHeaders("www-authenticate")); got != tc.challenges {
					t.Errorf("%d challenges, want %d", got, tc.challenges)
				}
				alice.send(alice.ackTo(sent, res))
				alice.quiet()
			})
		})
	}
}

// expectNoFinal takes what provisional responses there are and fails at a final one.
func (ph *phone) expectNoFinal() {
	ph.t.Helper()
	synctest.Wait()
	for {
		select {
		case msg := <-ph.in:
			if res, ok := msg.(*sip.Response); !ok || !res.IsProvisional() {
				ph.t.Fatalf("%s: too early:\n%s", ph.user, msg)
			}
		default:
			return
		}
	}
}

func TestForkGlobalFailureCancelsTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, one, two, _, inOne, inTwo := fork2(t, newProxy(t, nil))
		two.answer(inTwo, 180)
		alice.nextResponse(180)
		one.answer(inOne, 603)
		one.nextRequest(sip.ACK)
		two.answer(two.nextRequest(sip.CANCEL), 200)
		alice.quiet() // not before all branches have ended
		two.answer(inTwo, 487)
		two.nextRequest(sip.ACK)
		alice.nextResponse(603)
	})
}

func TestCancelEndsAllBranches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alice, one, two, sent, inOne, inTwo := fork2(t, newProxy(t, nil))
		one.answer(inOne, 180)
		alice.nextResponse(180)
		cancel := alice.cancel(sent)
		cancel.AppendHeader(sip.NewHeader("Reason", "SIP;cause=487"))
		alice.send(cancel)
		alice.nextResponse(200)
		got := one.nextRequest(sip.CANCEL)
		if h := got.GetHeader("reason"); h == nil || h.Value() != "SIP;cause=487" {
			t.Errorf("Reason %v is not the caller's", h)
		}
		one.answer(got, 200)
		one.answer(inOne, 487)
		one.nextRequest(sip.ACK)

		two.quiet() // no CANCEL before a provisional response (RFC 3261 §9.1)
		two.answer(inTwo, 180)
		two.answer(two.nextRequest(sip.CANCEL), 200)
		two.answer(inTwo, 487)
		two.nextRequest(sip.ACK)
		alice.nextResponse(180)
		res := alice.nextResponse(487)
		alice.send(alice.ackTo(sent, res))
	})
}

func TestCancelCrossing2xxLosesAgainstIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
		sent := alice.start(alice.request(sip.INVITE, "bob"))
		in := bob.nextRequest(sip.INVITE)
		bob.answer(in, 180)
		alice.nextResponse(180)
		alice.send(alice.cancel(sent))
		bob.answer(in, 200)
		codes := []int{alice.nextAny().StatusCode, alice.nextAny().StatusCode}
		if !slices.Equal(codes, []int{200, 200}) { // to CANCEL and to INVITE
			t.Errorf("got %v, want two 200", codes)
		}
	})
}

func TestTimerCEndsARingingBranch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
		alice.start(alice.request(sip.INVITE, "bob"))
		in := bob.nextRequest(sip.INVITE)
		bob.answer(in, 180)
		alice.nextResponse(180)
		time.Sleep(120 * time.Second)
		bob.answer(in, 180) // a sign of life starts it anew
		alice.nextResponse(180)
		start := time.Now()
		bob.answer(bob.nextRequest(sip.CANCEL), 200)
		if d := time.Since(start); d != 181*time.Second {
			t.Errorf("cancelled after %s, want 181 s", d)
		}
		bob.answer(in, 487)
		bob.nextRequest(sip.ACK)
		alice.nextResponse(408)
	})
}

func TestSilentPhoneGives408(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
		alice.start(alice.request(sip.INVITE, "bob"))
		bob.nextRequest(sip.INVITE)
		alice.nextResponse(408)
	})
}

func TestConnectionLostWhileRinging(t *testing.T) {
	t.Run("of the only phone called", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := newProxy(t, nil)
			alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
			alice.start(alice.request(sip.INVITE, "bob"))
			bob.answer(bob.nextRequest(sip.INVITE), 180)
			alice.nextResponse(180)
			bob.hangUp()
			alice.nextResponse(480)
		})
	})
	t.Run("of one of two", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			alice, one, two, _, _, inTwo := fork2(t, newProxy(t, nil))
			one.hangUp()
			alice.expectNoFinal()
			two.answer(inTwo, 200)
			alice.nextResponse(200)
		})
	})
	t.Run("of the caller", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := newProxy(t, nil)
			alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
			alice.start(alice.request(sip.INVITE, "bob"))
			in := bob.nextRequest(sip.INVITE)
			bob.answer(in, 180)
			alice.nextResponse(180)
			alice.hangUp()
			bob.answer(bob.nextRequest(sip.CANCEL), 200)
			bob.answer(in, 487)
			bob.nextRequest(sip.ACK)
			time.Sleep(time.Minute)
			if stats, err := p.Stats(t.Context()); err != nil || stats.Transactions != 0 {
				t.Errorf("%d transactions left (%v), want 0", stats.Transactions, err)
			}
		})
	})
}

func TestMessageReachesAllPhonesAndIsAnsweredOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, one, two := registered(t, p, "alice"), registered(t, p, "bob"), registered(t, p, "bob")
		req := alice.request(sip.MESSAGE, "bob")
		req.AppendHeader(sip.NewHeader("Content-Type", "text/plain"))
		req.SetBody([]byte("grüße\r\n\r\nund mehr"))
		alice.start(req)
		for _, ph := range []*phone{one, two} {
			in := ph.nextRequest(sip.MESSAGE)
			if got := string(in.Body()); got != "grüße\r\n\r\nund mehr" {
				t.Errorf("body %q", got)
			}
			if in.RecordRoute() != nil {
				t.Error("a MESSAGE makes no dialog, yet there is a Record-Route")
			}
			ph.answer(in, 200)
		}
		alice.nextResponse(200)
		alice.quiet()
	})
}

func TestUnansweredMessageIsNever408(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
		alice.start(alice.request(sip.MESSAGE, "bob"))
		bob.nextRequest(sip.MESSAGE)
		alice.nextResponse(480)
	})
}
