package session_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

const carol = "sip:carol@example.test"

// transfer asks the other side to call Carol; what is heard of it is written down.
func (p *phone) transfer(s *session.Session) (refer *sip.Request, heard *[]string) {
	p.t.Helper()
	heard = &[]string{}
	p.do(func() {
		if err := s.Refer(siptest.URI(carol), writeDown(heard)); err != nil {
			p.t.Error(err)
		}
	})
	refer = p.peer.Expect(sip.REFER)
	wantHeader(p.t, refer, "Refer-To", "<"+carol+">")
	wantHeader(p.t, refer, "Referred-By", "<sip:alice@example.test>")
	return refer, heard
}

func writeDown(heard *[]string) func(session.Referral) {
	return func(r session.Referral) {
		text := fmt.Sprint(r.Code)
		if r.Done {
			text += " done"
		}
		var refused *sipcore.ResponseError
		switch {
		case errors.As(r.Err, &refused):
			text += fmt.Sprint(" refused ", refused.Code)
		case errors.Is(r.Err, sipcore.ErrTimeout):
			text += " unheard"
		case errors.Is(r.Err, session.ErrNoOutcome):
			text += " without outcome"
		case r.Err != nil:
			text += " " + r.Err.Error()
		}
		*heard = append(*heard, text)
	}
}

// notify has the peer tell of a transfer.
func (p *phone) notify(d *siptest.Dialog, event, state, fragment string, code int) {
	p.t.Helper()
	d.Request(sip.NOTIFY, siptest.Header("Event", event), siptest.Header("Subscription-State", state),
		siptest.Body("message/sipfrag;version=2.0", fragment))
	p.peer.ExpectResponse(sip.NOTIFY, code)
}

func (p *phone) wantHeard(heard *[]string, want string) {
	p.t.Helper()
	synctest.Wait()
	p.do(func() {
		if got := strings.Join(*heard, ", "); got != want {
			p.t.Fatalf("heard %q, want %q", got, want)
		}
	})
}

func TestTransferWithProgress(t *testing.T) {
	for final, want := range map[string]string{
		"SIP/2.0 200 OK": "200 done", "SIP/2.0 486 Busy Here\r\n": "486 done", "sip/2.0 603": "603 done",
	} {
		run(t, func(t *testing.T, p *phone) {
			s, d := p.established()
			refer, heard := p.transfer(s)
			id := fmt.Sprintf("refer;id=%d", refer.CSeq().SeqNo)
			p.peer.Reply(refer, 202)
			p.notify(d, id, "active;expires=60", "SIP/2.0 100 Trying\r\n", 200)
			p.notify(d, id, "terminated", "SIP/2.0 180 Ringing\r\n", 200) // and goes on
			p.notify(d, id, "terminated;reason=noresource", final, 200)
			p.wantHeard(heard, "100, 180, "+want)
			p.notify(d, id, "terminated", final, 481) // once is enough
			p.wantState("active")
			p.do(s.Hangup)
			p.peer.Reply(p.peer.Expect(sip.BYE), 200)
			p.wantNothingLeft()
		})
	}
}

func TestTransferRefused(t *testing.T) {
	for _, code := range []int{400, 403, 405, 420, 481, 603} {
		run(t, func(t *testing.T, p *phone) {
			s, d := p.established()
			refer, heard := p.transfer(s)
			p.peer.Reply(refer, code)
			p.wantHeard(heard, fmt.Sprintf("0 done refused %d", code))
			p.notify(d, "refer", "active", "SIP/2.0 100 Trying", 481)
			p.wantState("active")
		})
	}
}

func TestTransferWithoutNews(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.established()
		refer, heard := p.transfer(s)
		p.peer.Reply(refer, 202, siptest.Header("Refer-Sub", "false")) // RFC 4488
		p.wantHeard(heard, "0 done")
	})
	run(t, func(t *testing.T, p *phone) { // never a NOTIFY
		s, _ := p.established()
		refer, heard := p.transfer(s)
		p.peer.Reply(refer, 202)
		time.Sleep(31 * time.Second)
		p.wantHeard(heard, "")
		time.Sleep(2 * time.Second)
		p.wantHeard(heard, "0 done unheard")
	})
	run(t, func(t *testing.T, p *phone) { // nor a response
		s, _ := p.established()
		_, heard := p.transfer(s)
		time.Sleep(time.Minute)
		p.wantHeard(heard, "0 done unheard")
	})
	run(t, func(t *testing.T, p *phone) { // and one that falls silent
		s, d := p.established()
		refer, heard := p.transfer(s)
		p.peer.Reply(refer, 202)
		p.notify(d, "refer", "active", "SIP/2.0 180 Ringing", 200)
		time.Sleep(5 * time.Minute)
		p.wantHeard(heard, "180, 180 done unheard")
		p.notify(d, "refer", "terminated", "SIP/2.0 200 OK", 481) // too late
	})
}

func TestNotifyBeforeTheResponse(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, d := p.established()
		refer, heard := p.transfer(s)
		p.notify(d, "refer", "terminated", "SIP/2.0 200 OK", 200)
		p.peer.Reply(refer, 202)
		p.wantHeard(heard, "200 done")
		time.Sleep(10 * time.Minute)
		p.wantHeard(heard, "200 done")
	})
}

func TestNotifyAfterBye(t *testing.T) {
	for name, bye := range map[string]func(*phone, *session.Session, *siptest.Dialog){
		"theirs": func(p *phone, _ *session.Session, d *siptest.Dialog) {
			d.Request(sip.BYE)
			p.peer.ExpectResponse(sip.BYE, 200)
		},
		"ours": func(p *phone, s *session.Session, _ *siptest.Dialog) {
			p.do(s.Hangup)
			p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		},
		"both": func(p *phone, s *session.Session, d *siptest.Dialog) {
			p.do(s.Hangup)
			p.peer.Reply(p.peer.Expect(sip.BYE), 200)
			d.Request(sip.BYE)
			p.peer.ExpectResponse(sip.BYE, 200)
		},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				s, d := p.established()
				refer, heard := p.transfer(s)
				p.peer.Reply(refer, 202)
				p.notify(d, "refer", "active", "SIP/2.0 180 Ringing", 200)
				bye(p, s, d)
				p.wantState("ended")
				d.Request(sip.UPDATE)
				p.peer.ExpectResponse(sip.UPDATE, 481)
				p.notify(d, "refer", "terminated", "SIP/2.0 200 OK", 200)
				p.wantHeard(heard, "180, 200 done")
				p.notify(d, "refer", "terminated", "SIP/2.0 200 OK", 481)
				p.wantNothingLeft()
			})
			run(t, func(t *testing.T, p *phone) { // that never comes
				s, d := p.established()
				refer, heard := p.transfer(s)
				p.peer.Reply(refer, 202)
				bye(p, s, d)
				time.Sleep(time.Minute)
				p.wantHeard(heard, "0 done unheard")
				p.wantNothingLeft()
			})
		})
	}
}

func TestTwoTransfersAtOnceAreToldApart(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, d := p.established()
		first, a := p.transfer(s)
		p.peer.Reply(first, 202)
		second, b := p.transfer(s)
		p.peer.Reply(second, 202)
		p.notify(d, "refer", "active", "SIP/2.0 100 Trying", 481) // whose?
		p.notify(d, fmt.Sprintf("refer;id=%d", second.CSeq().SeqNo), "terminated", "SIP/2.0 486 Busy", 200)
		p.notify(d, fmt.Sprintf("refer;id=%d", first.CSeq().SeqNo), "terminated", "SIP/2.0 200 OK", 200)
		p.wantHeard(a, "200 done")
		p.wantHeard(b, "486 done")
	})
}

func TestUnusableNotifies(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, d := p.established()
		refer, heard := p.transfer(s)
		p.peer.Reply(refer, 202)
		for _, event := range []string{"presence", "refer;id=1", "refer;id=x", ""} {
			p.notify(d, event, "active", "SIP/2.0 100 Trying", 481)
		}
		for _, fragment := range []string{"", "rubbish", "SIP/2.0 99 x", "SIP/2.0 700 x", "SIP/2.0", "HTTP/1.1 200 OK"} {
			p.notify(d, "refer", "active", fragment, 200)
		}
		p.wantHeard(heard, strings.TrimSuffix(strings.Repeat("0, ", 6), ", "))
		p.notify(d, "refer", "terminated;reason=giveup", "", 200)
		p.wantHeard(heard, strings.Repeat("0, ", 6)+"0 done without outcome")
		p.wantState("active")
	})
}

func TestTransferOnlyOfAnEstablishedCallToSomebody(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s := p.call(false)
		p.peer.Expect(sip.INVITE)
		p.do(func() {
			if err := s.Refer(siptest.URI(carol), nil); !errors.Is(err, session.ErrState) {
				t.Error(err)
			}
		})
	})
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.established()
		p.do(func() {
			for _, to := range []sip.Uri{
				{},
				{Scheme: "sip"},
				{Scheme: "javascript", Host: "x"},
				{Scheme: "sip", Host: "a>b"},
				siptest.URI("sip:a@b?Replaces=x"),
				siptest.URI("sip:a@b;method=BYE"),
			} {
				if err := s.Refer(to, nil); !errors.Is(err, session.ErrTarget) {
					t.Errorf("%v: %v", to, err)
				}
			}
			if err := s.ReferTo(s, nil); !errors.Is(err, session.ErrState) {
				t.Error("to itself:", err)
			}
		})
		p.peer.ExpectNone()
	})
}

func TestAttendedTransferNamesTheOtherCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		first, _ := p.established()
		second, d := p.answered()
		p.do(func() {
			if err := first.ReferTo(second, nil); err != nil {
				t.Error(err)
			}
		})
		refer := p.peer.Expect(sip.REFER)
		wantHeader(t, refer, "Refer-To", "<sip:bob@example.test?Replaces="+
			strings.ReplaceAll(d.CallID, "@", "%40")+"%3Bto-tag%3D"+d.LocalTag+"%3Bfrom-tag%3D"+d.RemoteTag+">")
		p.peer.Reply(refer, 202)
	})
}
