package session_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

func contact(value string) siptest.Mod { return siptest.Header("Contact", value) }

// headers are all values of a header field.
func headers(msg sip.Message, name string) (all []string) {
	for _, h := range msg.GetHeaders(name) {
		all = append(all, h.Value())
	}
	return all
}

func TestRedirectTellsTheWayOfTheCall(t *testing.T) {
	const forwarded = `<sip:dave@example.test>;reason=no-answer;counter=1`
	for name, test := range map[string]struct {
		invite             []siptest.Mod
		diversion, history []string
		contact            string
	}{
		"a plain call": {
			nil, []string{"<sip:alice@example.test>;reason=user-busy;counter=1"}, nil, "<sip:carol@example.test>",
		},
		"forwarded before": {
			[]siptest.Mod{siptest.Header("Diversion", forwarded)},
			[]string{"<sip:alice@example.test>;reason=user-busy;counter=1", forwarded},
			nil, "<sip:carol@example.test>",
		},
		"with the history wanted": {
			[]siptest.Mod{siptest.Header("Supported", "histinfo")},
			[]string{"<sip:alice@example.test>;reason=user-busy;counter=1"},
			[]string{"<sip:alice@example.test>;index=1"},
			"<sip:carol@example.test>;mp=1",
		},
		"with a history": {
			[]siptest.Mod{siptest.Header("Supported", "histinfo"), siptest.Header("History-Info", "<sip:dave@example.test>;index=1, <sip:alice@example.test>;index=1.1;mp=1")},
			[]string{"<sip:alice@example.test>;reason=user-busy;counter=1"},
			[]string{"<sip:dave@example.test>;index=1, <sip:alice@example.test>;index=1.1;mp=1"},
			"<sip:carol@example.test>;mp=1.1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", append(test.invite, audio)...)
				p.peer.ExpectResponse(sip.INVITE, 180)
				s := p.incomingCall()
				p.do(func() { s.Redirect(siptest.URI("sip:carol@example.test"), session.UserBusy) })
				res := p.peer.ExpectResponse(sip.INVITE, 302)
				p.peer.Ack(invite, res)
				if got := res.Contact().Value(); got != test.contact {
					t.Errorf("Contact: %s", got)
				}
				if got := headers(res, "Diversion"); !slices.Equal(got, test.diversion) {
					t.Errorf("Diversion: %q", got)
				}
				if got := headers(res, "History-Info"); !slices.Equal(got, test.history) {
					t.Errorf("History-Info: %q", got)
				}
				p.wantState("ended")
				p.wantNothingLeft()
			})
		})
	}
}

func TestCallFollowsARedirection(t *testing.T) {
	for name, test := range map[string]struct {
		code    int
		contact []string
		to      []string // Request-URIs of the further INVITEs, each refused with 486; nil: the call ends at once
	}{
		"to one address":             {302, []string{"<sip:carol@example.test>"}, []string{"sip:carol@example.test"}},
		"to several, the best first": {300, []string{"<sip:carol@example.test>;q=0.2, <sip:dave@example.test>;q=0.9"}, []string{"sip:dave@example.test", "sip:carol@example.test"}},
		"to a telephone":             {302, []string{"<tel:+49-30-123>"}, []string{"sip:+4930123@example.test;user=phone"}},
		"without brackets":           {302, []string{"sip:carol@example.test;q=1"}, []string{"sip:carol@example.test"}},
		"with words for our mouth":   {302, []string{"<sip:carol@example.test?Subject=x>"}, []string{"sip:carol@example.test"}},
		"to itself":                  {302, []string{"<sip:bob@example.test>"}, nil},
		"to us":                      {302, []string{"<sip:alice@example.test>"}, nil},
		"to nowhere":                 {302, nil, nil},
		"to rubbish":                 {302, []string{"<javascript:alert(1)>", "<sip:>", "<sip:x@y;method=BYE>"}, nil},
		"to an emergency service":    {302, []string{"<urn:service:sos>"}, nil},
		"to a proxy":                 {305, []string{"<sip:carol@example.test>"}, nil},
		"to a service":               {380, []string{"<sip:carol@example.test>"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				p.call(false)
				first := p.peer.Expect(sip.INVITE)
				var mods []siptest.Mod
				for _, c := range test.contact {
					mods = append(mods, contact(c))
				}
				p.peer.Reply(first, test.code, mods...)
				p.peer.Expect(sip.ACK)
				for i, want := range test.to {
					next := p.peer.Expect(sip.INVITE)
					if got := next.Recipient.String(); got != want {
						t.Errorf("goes to %s", got)
					}
					if next.CallID().Value() != first.CallID().Value() || next.CSeq().SeqNo != first.CSeq().SeqNo+uint32(i)+1 ||
						string(next.Body()) != string(first.Body()) || next.To().Address.String() != "sip:bob@example.test" {
						t.Errorf("it is another call:\n%s", next)
					}
					if f := p.info().Forwarded; f == nil || f.URI.String() != want {
						t.Errorf("told %+v", f)
					}
					p.peer.Reply(next, 486)
					p.peer.Expect(sip.ACK)
				}
				p.peer.ExpectNone()
				p.wantState("ended")
				p.wantNothingLeft()
			})
		})
	}
}

func TestRedirectionsEndSomewhere(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		for n := range 10 {
			invite := p.peer.Expect(sip.INVITE)
			p.peer.Reply(invite, 302, contact("<sip:bob"+strings.Repeat("x", n+1)+"@example.test>"))
			p.peer.Expect(sip.ACK)
		}
		p.peer.ExpectNone()
		p.wantState("ended")
	})
}

func TestRedirectedCallIsTalkedIn(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		first := p.peer.Expect(sip.INVITE)
		p.peer.Reply(first, 180, siptest.ToTag("b"))
		p.wantState("ringing")
		p.peer.Reply(first, 302, contact("\"Carol\" <sip:carol@example.test>"), siptest.Header("Diversion", "<sip:bob@example.test>;reason=no-answer"),
			siptest.Header("History-Info", "<sip:bob@example.test>;index=1"))
		p.peer.Expect(sip.ACK)
		second := p.peer.Expect(sip.INVITE)
		if got := headers(second, "Diversion"); !slices.Equal(got, []string{"<sip:bob@example.test>;reason=no-answer"}) {
			t.Errorf("Diversion: %q", got)
		}
		if got := headers(second, "History-Info"); !slices.Equal(got, []string{"<sip:bob@example.test>;index=1", "<sip:carol@example.test>;index=1.1;mp=1"}) {
			t.Errorf("History-Info: %q", got)
		}
		p.peer.Reply(second, 200, siptest.ToTag("c"), audio)
		p.peer.Expect(sip.ACK)
		p.wantState("active")
		if info := p.info(); info.Forwarded.Name != "Carol" || info.Remote.AOR() != "sip:bob@example.test" {
			t.Errorf("%+v", info)
		}
	})
}

func TestForwardingByAServerIsTold(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 181, siptest.ToTag("x"), siptest.Header("History-Info", "<sip:bob@example.test>;index=1, <sip:carol@example.test>;index=1.1;mp=1"))
		p.wantState("calling")
		if f := p.info().Forwarded; f == nil || f.AOR() != "sip:carol@example.test" {
			t.Errorf("told %+v", f)
		}
	})
}

func TestSecureCallIsNotRedirectedToAnOpenOne(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.do(func() { p.ua.Invite(session.Invite{To: sipcore.Address{URI: siptest.URI("sips:bob@example.test")}}) })
		p.peer.Reply(p.peer.Expect(sip.INVITE), 302, contact("<sip:carol@example.test>, <sips:dave@example.test>"))
		p.peer.Expect(sip.ACK)
		if got := p.peer.Expect(sip.INVITE).Recipient.String(); got != "sips:dave@example.test" {
			t.Errorf("goes to %s", got)
		}
	})
}

func TestUrgentCallRingsAsLongAsTheServerLetsIt(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.do(func() {
			p.ua.Invite(session.Invite{To: sipcore.Address{URI: siptest.URI("urn:service:sos")}, Urgent: true})
		})
		p.peer.Reply(p.peer.Expect(sip.INVITE), 180, siptest.ToTag("b"))
		time.Sleep(10 * time.Minute)
		p.peer.ExpectNone()
		p.wantState("ringing")
	})
}
