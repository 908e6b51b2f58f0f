//go:build !js

package proxy

import (
	"slices"
	"testing"
	"testing/synctest"

	"github.com/emiago/sipgo/sip"
)

// redirect answers an INVITE with 302 to a URI.
func (ph *phone) redirect(invite *sip.Request, to string) {
	ph.t.Helper()
	ph.answer(invite, 302, sip.NewHeader("Contact", "<"+to+">"), sip.NewHeader("Diversion", "<sip:"+ph.user+"@home>;reason=unconditional"),
		sip.NewHeader("History-Info", "<sip:"+ph.user+"@home>;index=1"))
	ph.nextRequest(sip.ACK)
}

func TestRedirectionWithinTheDomainIsFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob, carol := registered(t, p, "alice"), registered(t, p, "bob"), registered(t, p, "carol")
		alice.start(alice.request(sip.INVITE, "bob"))
		bob.redirect(bob.nextRequest(sip.INVITE), "sip:carol@home")
		if got := alice.nextResponse(181).GetHeaders("History-Info"); len(got) != 2 || got[1].Value() != "<sip:carol@home>;index=1.1;mp=1" {
			t.Errorf("the caller is told %v", got)
		}
		in := carol.nextRequest(sip.INVITE)
		var told []string
		for _, name := range []string{"Diversion", "History-Info"} {
			for _, h := range in.GetHeaders(name) {
				told = append(told, h.Value())
			}
		}
		if want := []string{"<sip:bob@home>;reason=unconditional", "<sip:bob@home>;index=1", "<sip:carol@home>;index=1.1;mp=1"}; !slices.Equal(told, want) {
			t.Errorf("whom it is forwarded to is told %q", told)
		}
		carol.answer(in, 200)
		alice.nextResponse(200)
	})
}

func TestRedirectionsThatAreNotFollowed(t *testing.T) {
	for name, test := range map[string]struct {
		contact string
		code    int // that the caller gets
	}{
		"to another domain":     {"sip:carol@elsewhere.test", 302},
		"to nobody registered":  {"sip:carol@home", 302},
		"to the address itself": {"sip:bob@home", 480},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newProxy(t, nil)
				alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
				alice.start(alice.request(sip.INVITE, "bob"))
				bob.redirect(bob.nextRequest(sip.INVITE), test.contact)
				alice.nextResponse(test.code)
				bob.quiet()
			})
		})
	}
}

func TestRedirectionsInACircleEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob, carol := registered(t, p, "alice"), registered(t, p, "bob"), registered(t, p, "carol")
		alice.start(alice.request(sip.INVITE, "bob"))
		bob.redirect(bob.nextRequest(sip.INVITE), "sip:carol@home")
		alice.nextResponse(181)
		carol.redirect(carol.nextRequest(sip.INVITE), "sip:bob@home")
		alice.nextResponse(480)
		bob.quiet()
	})
}

func TestCallThatWasRedirectedIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob, carol := registered(t, p, "alice"), registered(t, p, "bob"), registered(t, p, "carol")
		sent := alice.start(alice.request(sip.INVITE, "bob"))
		bob.redirect(bob.nextRequest(sip.INVITE), "sip:carol@home")
		alice.nextResponse(181)
		in := carol.nextRequest(sip.INVITE)
		carol.answer(in, 180)
		alice.nextResponse(180)
		alice.send(alice.cancel(sent))
		alice.nextResponse(200)
		carol.answer(carol.nextRequest(sip.CANCEL), 200)
		carol.answer(in, 487)
		carol.nextRequest(sip.ACK)
		alice.nextResponse(487)
	})
}

func TestWhoHidesIsLetThroughOnceKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
		invite := alice.request(sip.INVITE, "bob")
		invite.From().Address = sip.Uri{Scheme: "sip", User: "anonymous", Host: "anonymous.invalid"}
		alice.start(invite)
		if in := bob.nextRequest(sip.INVITE); in.GetHeader("Proxy-Authorization") != nil {
			t.Errorf("the name is in the credentials:\n%s", in)
		}
	})
}
