package session_test

import (
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

func referTo(value string) siptest.Mod { return siptest.Header("Refer-To", value) }

// expectNotify waits for news of a transfer.
func (p *phone) expectNotify(status, state string, answer int) {
	p.t.Helper()
	req := p.peer.Expect(sip.NOTIFY)
	h := req.GetHeader("Subscription-State")
	if got := string(req.Body()); got != "SIP/2.0 "+status+"\r\n" || h == nil || !strings.HasPrefix(h.Value(), state) {
		p.t.Fatalf("%q, %v; want %q, %s", got, h, status, state)
	}
	if h := req.GetHeader("Event"); h == nil || !strings.HasPrefix(h.Value(), "refer;id=") {
		p.t.Fatalf("Event %v", h)
	}
	p.peer.Reply(req, answer)
}

func TestTransferAskedOfThisSide(t *testing.T) {
	for _, c := range []struct {
		code   int
		status string
	}{{200, "200 OK"}, {486, "486 Busy"}} {
		run(t, func(t *testing.T, p *phone) {
			_, d := p.established()
			d.Request(sip.REFER, referTo(`"Carol" <sip:carol@example.test?Replaces=x%40y%3Bto-tag%3D1%3Bfrom-tag%3D2&Route=evil>`),
				siptest.Header("Referred-By", "<sip:bob@example.test>"))
			p.peer.ExpectResponse(sip.REFER, 202)
			p.expectNotify("100 Trying", "active", 200)
			p.do(func() { p.referred[0].Accept(session.Invite{}) })
			invite := p.peer.Expect(sip.INVITE)
			wantHeader(t, invite, "Replaces", "x@y;to-tag=1;from-tag=2")
			wantHeader(t, invite, "Require", "replaces")
			wantHeader(t, invite, "Referred-By", "<sip:bob@example.test>")
			if len(invite.GetHeaders("Route")) > 0 || invite.Recipient.String() != carol {
				t.Errorf("more than was to be taken over:\n%s", invite)
			}
			p.peer.Reply(invite, 180, siptest.ToTag("c"))
			p.expectNotify("180 Ringing", "active", 200)
			p.peer.Reply(invite, 180, siptest.ToTag("c")) // told once
			p.peer.Reply(invite, c.code, siptest.ToTag("c"), siptest.Reason("Busy"), audio)
			p.peer.Expect(sip.ACK)
			p.expectNotify(c.status, "terminated", 200)
			d.Request(sip.BYE)
			p.peer.ExpectResponse(sip.BYE, 200)
			p.peer.ExpectNone()
		})
	}
}

func TestTransferDeclined(t *testing.T) {
	run(t, func(t *testing.T, p *phone) { // by the person, later
		_, d := p.established()
		d.Request(sip.REFER, referTo(carol))
		p.peer.ExpectResponse(sip.REFER, 202)
		p.expectNotify("100 Trying", "active", 200)
		p.do(func() { p.referred[0].Refuse(); p.referred[0].Refuse() })
		p.expectNotify("603 Decline", "terminated", 200)
		p.peer.ExpectNone()
	})
	run(t, func(t *testing.T, p *phone) { // by a setting, at once
		p.declines = true
		_, d := p.established()
		d.Request(sip.REFER, referTo(carol))
		p.peer.ExpectResponse(sip.REFER, 603)
		p.peer.ExpectNone()
		p.wantState("active")
	})
}

func TestTransferOfWhichNobodyWantsNews(t *testing.T) {
	run(t, func(t *testing.T, p *phone) { // RFC 4488
		_, d := p.established()
		d.Request(sip.REFER, referTo(carol), siptest.Header("Refer-Sub", "false"))
		wantHeader(t, p.peer.ExpectResponse(sip.REFER, 202), "Refer-Sub", "false")
		p.do(func() { p.referred[0].Accept(session.Invite{}) })
		p.peer.Expect(sip.INVITE)
		p.peer.ExpectNone()
	})
	run(t, func(t *testing.T, p *phone) { // the subscription is gone
		_, d := p.established()
		d.Request(sip.REFER, referTo(carol))
		p.peer.ExpectResponse(sip.REFER, 202)
		p.expectNotify("100 Trying", "active", 481)
		p.do(func() { p.referred[0].Accept(session.Invite{}) })
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 180, siptest.ToTag("c"))
		p.peer.ExpectNone()
	})
}

func TestTransferGoesOnAfterBye(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		d.Request(sip.REFER, referTo("<"+carol+">"))
		p.peer.ExpectResponse(sip.REFER, 202)
		p.expectNotify("100 Trying", "active", 200)
		d.Request(sip.BYE)
		p.peer.ExpectResponse(sip.BYE, 200)
		p.do(func() { p.referred[0].Accept(session.Invite{}) })
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 404, siptest.ToTag("c"), siptest.Reason("Not Found"))
		p.peer.Expect(sip.ACK)
		p.expectNotify("404 Not Found", "terminated", 200)
		p.wantNothingLeft()
	})
}

func TestBadTransfersAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		code int
		mods []siptest.Mod
	}{
		"nobody":             {400, nil},
		"two":                {400, []siptest.Mod{referTo(carol), referTo(carol)}},
		"empty":              {400, []siptest.Mod{referTo("")}},
		"javascript":         {400, []siptest.Mod{referTo("<javascript:alert(1)>")}},
		"javascript, bare":   {400, []siptest.Mod{referTo("javascript:alert(1)")}},
		"https":              {400, []siptest.Mod{referTo("<https://example.test/>")}},
		"no host":            {400, []siptest.Mod{referTo("<sip:>")}},
		"BYE":                {403, []siptest.Mod{referTo("<" + carol + ";method=BYE>")}},
		"SUBSCRIBE":          {403, []siptest.Mod{referTo("<" + carol + ";method=SUBSCRIBE>")}},
		"INFO, bare":         {403, []siptest.Mod{referTo(carol + ";method=INFO")}},
		"vbscript":           {400, []siptest.Mod{referTo("<vbscript:x>")}},
		"mailto":             {400, []siptest.Mod{referTo("<mailto:carol@example.test>")}},
		"a star":             {400, []siptest.Mod{referTo("*")}},
		"unclosed":           {400, []siptest.Mod{referTo("<sip:")}},
		"ourselves, nicely":  {482, []siptest.Mod{referTo(`"Carol" <sip:alice@example.test;transport=ws>`)}},
		"ourselves":          {482, []siptest.Mod{referTo("<sip:alice@EXAMPLE.test>")}},
		"who asks":           {482, []siptest.Mod{referTo("<sip:bob@example.test>")}},
		"malformed Replaces": {400, []siptest.Mod{referTo("<" + carol + "?Replaces=x>")}},
		"line feed":          {400, []siptest.Mod{referTo("<" + carol + "?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2%0d%0aX:y>")}},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				_, d := p.established()
				d.Request(sip.REFER, c.mods...)
				p.peer.ExpectResponse(sip.REFER, c.code)
				p.peer.ExpectNone()
				if len(p.referred) > 0 {
					t.Error("the person was asked")
				}
				p.wantState("active")
			})
		})
	}
}

func TestTransferToSomebodyWithAName(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		d.Request(sip.REFER, referTo(`"Carol \"C\" Smith" <sip:carol@example.test;method=invite>`))
		p.peer.ExpectResponse(sip.REFER, 202)
		p.expectNotify("100 Trying", "active", 200)
		p.do(func() {
			if to := p.referred[0].To; to.Name != `Carol "C" Smith` || to.URI.String() != carol {
				t.Errorf("%q %v", to.Name, to.URI)
			}
		})
	})
}

func TestBothSidesTransferAtOnce(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, d := p.established()
		refer, heard := p.transfer(s)
		d.Request(sip.REFER, referTo("<sip:dave@example.test>"))
		p.peer.ExpectResponse(sip.REFER, 491)
		p.peer.Reply(refer, 491)
		p.wantHeard(heard, "0 done refused 491")
		d.Request(sip.REFER, referTo("<sip:dave@example.test>"))
		p.peer.ExpectResponse(sip.REFER, 202)
	})
}

func TestTransferIntoThisVeryCallIsALoop(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		own := strings.ReplaceAll(d.CallID, "@", "%40") + "%3Bto-tag%3D" + d.LocalTag + "%3Bfrom-tag%3D" + d.RemoteTag
		d.Request(sip.REFER, referTo("<sip:bob@example.test?Replaces="+own+">"))
		p.peer.ExpectResponse(sip.REFER, 482)
	})
}

func TestTransferOutsideOfACall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.peer.Request(sip.REFER, "sip:alice@example.test", referTo(carol))
		p.peer.ExpectResponse(sip.REFER, 403)
		p.peer.Request(sip.REFER, "sip:alice@example.test", referTo(carol), siptest.ToTag("unknown"))
		p.peer.ExpectResponse(sip.REFER, 481)
	})
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		ringing := p.peer.ExpectResponse(sip.INVITE, 180)
		p.peer.Called(invite, ringing).Request(sip.REFER, referTo(carol))
		p.peer.ExpectResponse(sip.REFER, 403)
		time.Sleep(time.Second)
		p.wantState("incoming")
	})
}
