package session_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

// requests are what may come in a dialog, in the order of the table below.
var requests = []struct {
	name   string
	method sip.RequestMethod
	mods   []siptest.Mod
}{
	{"offer by INVITE", sip.INVITE, []siptest.Mod{audio}},
	{"INVITE without offer", sip.INVITE, nil},
	{"offer by UPDATE", sip.UPDATE, []siptest.Mod{audio}},
	{"UPDATE without offer", sip.UPDATE, nil},
	{"too brief a timer", sip.UPDATE, []siptest.Mod{siptest.Header("Supported", "timer"), siptest.Header("Session-Expires", "60")}},
	{"PRACK of nothing", sip.PRACK, []siptest.Mod{siptest.Header("RAck", "1 1 INVITE")}},
	{"REFER", sip.REFER, []siptest.Mod{siptest.Header("Refer-To", "<sip:carol@example.test>")}},
	{"NOTIFY of nothing", sip.NOTIFY, []siptest.Mod{siptest.Header("Event", "refer;id=77")}},
	{"INFO", sip.INFO, []siptest.Mod{siptest.Body("application/dtmf", "5")}},
	{"OPTIONS", sip.OPTIONS, nil},
	{"rubbish", sip.PUBLISH, nil},
	{"BYE", sip.BYE, nil},
}

// moment is where a session is when a request comes in.
type moment struct {
	name  string
	reach func(p *phone) (*session.Session, *siptest.Dialog)
	// codes are what each of the requests is answered with.
	codes string
	// after BYE, and after anything else.
	bye, other string
}

// INVITE with an offer and without, UPDATE likewise, UPDATE with too brief a timer, PRACK,
// REFER, NOTIFY, INFO, OPTIONS, PUBLISH, BYE: as in requests.
var moments = []moment{
	{"called, nothing heard", (*phone).calling, "481 481 481 481 481 481 481 481 481 481 405 481", "calling", "calling"},
	{"it rings there", (*phone).ringing, "491 491 491 200 422 481 403 481 200 200 405 200", "ringing", "ringing"},
	{"early sound, not reliable", early(), "491 491 491 200 422 481 403 481 200 200 405 200", "early", "early"},
	{"early sound, PRACK unanswered", early(reliably(1)), "491 491 200 200 422 481 403 481 200 200 405 200", "early", "early"},
	{"early offer of this side open", (*phone).earlyOffering, "491 491 491 200 422 481 403 481 200 200 405 200", "early", "early"},
	{"it rings here", (*phone).ringsHere, "500 500 500 200 422 481 403 481 200 200 405 200", "ended", "incoming"},
	{"devices open for the answer", (*phone).answering, "500 500 500 200 422 481 403 481 200 200 405 200", "ended", "answering"},
	{"answer not acknowledged", (*phone).unacknowledged, "500 500 500 200 422 481 403 481 200 200 405 200", "ended", "connecting"},
	{"in the call", (*phone).established, "200 200 200 200 422 481 202 481 200 200 405 200", "ended", "active"},
	{"in the call, called", (*phone).answered, "200 200 200 200 422 481 202 481 200 200 405 200", "ended", "active"},
	{"offer of this side in the making", (*phone).makingOffer, "491 491 491 200 422 481 202 481 200 200 405 200", "ended", "active"},
	{"offer of this side open", (*phone).offering, "491 491 491 200 422 481 202 481 200 200 405 200", "ended", "active"},
	{"offer of this side refused for now", (*phone).offerPending, "200 200 200 200 422 481 202 481 200 200 405 200", "ended", "active"},
	{"offer being answered", (*phone).answeringOffer, "500 500 500 200 422 481 202 481 200 200 405 200", "ended", "active"},
	{"new answer not acknowledged", (*phone).reinviteUnacknowledged, "500 500 500 200 422 481 202 481 200 200 405 200", "ended", "active"},
	{"refresh of this side open", (*phone).refreshing, "200 200 200 200 422 481 202 481 200 200 405 200", "ended", "active"},
	{"REFER of this side open", (*phone).referring, "200 200 200 200 422 481 491 481 200 200 405 200", "ended", "active"},
	{"hung up here", (*phone).hungUp, "481 481 481 481 481 481 481 481 481 481 405 481", "ended", "ended"},
	{"hung up here before the ACK", (*phone).hungUpBeforeAck, "481 481 481 481 481 481 481 481 481 481 405 200", "ended", "ended"},
	{"hung up there", (*phone).hungUpThere, "481 481 481 481 481 481 481 481 481 481 405 481", "ended", "ended"},
}

func (p *phone) calling() (*session.Session, *siptest.Dialog) {
	s := p.call(false)
	invite := p.peer.Expect(sip.INVITE)
	res := p.peer.Reply(invite, 100)
	siptest.ToTag("b")(res) // of which the phone knows nothing
	return s, p.peer.Answered(invite, res)
}

func (p *phone) ringing() (*session.Session, *siptest.Dialog) {
	s := p.call(false)
	invite := p.peer.Expect(sip.INVITE)
	return s, p.peer.Answered(invite, p.peer.Reply(invite, 180, siptest.ToTag("b")))
}

func early(mods ...siptest.Mod) func(p *phone) (*session.Session, *siptest.Dialog) {
	return func(p *phone) (*session.Session, *siptest.Dialog) {
		s := p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		return s, p.peer.Answered(invite, p.peer.Reply(invite, 183, append(mods, siptest.ToTag("b"), audio, takesUpdate)...))
	}
}

func (p *phone) earlyOffering() (*session.Session, *siptest.Dialog) {
	s, d := early(reliably(1))(p)
	synctest.Wait()
	p.do(func() { s.Renegotiate(func(error) {}) })
	return s, d
}

func (p *phone) ringsHere() (*session.Session, *siptest.Dialog) {
	invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
	d := p.peer.Called(invite, p.peer.ExpectResponse(sip.INVITE, 180))
	return p.incomingCall(), d
}

func (p *phone) answering() (*session.Session, *siptest.Dialog) {
	p.prepare = func(m *scriptedMedia) { m.hang["answer"] = true }
	s, d := p.ringsHere()
	p.do(func() { p.accept(s, false) })
	return s, d
}

func (p *phone) unacknowledged() (*session.Session, *siptest.Dialog) {
	s, d := p.ringsHere()
	p.do(func() { p.accept(s, false) })
	return s, d
}

func (p *phone) makingOffer() (*session.Session, *siptest.Dialog) {
	s, d := p.established()
	p.media().hangs("offer")
	p.do(func() { s.Renegotiate(func(error) {}) })
	return s, d
}

func (p *phone) offering() (*session.Session, *siptest.Dialog) {
	s, d := p.established()
	p.do(func() { s.Renegotiate(func(error) {}) })
	return s, d
}

func (p *phone) offerPending() (*session.Session, *siptest.Dialog) {
	s, d := p.offering()
	p.peer.Reply(p.peer.Expect(sip.INVITE), 491)
	p.peer.Expect(sip.ACK)
	return s, d
}

func (p *phone) answeringOffer() (*session.Session, *siptest.Dialog) {
	s, d := p.established()
	p.media().hangs("answer")
	d.Request(sip.INVITE, audio)
	return s, d
}

func (p *phone) reinviteUnacknowledged() (*session.Session, *siptest.Dialog) {
	s, d := p.established()
	d.Request(sip.INVITE, audio)
	p.peer.ExpectResponse(sip.INVITE, 200)
	return s, d
}

func (p *phone) refreshing() (*session.Session, *siptest.Dialog) {
	s, d := p.timed(takesUpdate, expires("90;refresher=uac"))
	p.peer.Expect(sip.UPDATE)
	return s, d
}

func (p *phone) referring() (*session.Session, *siptest.Dialog) {
	s, d := p.established()
	p.do(func() {
		if err := s.Refer(siptest.URI("sip:carol@example.test"), func(session.Referral) {}); err != nil {
			p.t.Error(err)
		}
	})
	return s, d
}

func (p *phone) hungUp() (*session.Session, *siptest.Dialog) {
	s, d := p.established()
	p.do(s.Hangup)
	return s, d
}

func (p *phone) hungUpBeforeAck() (*session.Session, *siptest.Dialog) {
	s, d := p.unacknowledged()
	p.do(s.Hangup)
	return s, d
}

func (p *phone) hungUpThere() (*session.Session, *siptest.Dialog) {
	s, d := p.established()
	d.Request(sip.BYE)
	p.peer.ExpectResponse(sip.BYE, 200)
	return s, d
}

func TestEveryRequestAtEveryMoment(t *testing.T) {
	for _, m := range moments {
		codes := strings.Fields(m.codes)
		for i, r := range requests {
			t.Run(m.name+"/"+r.name, func(t *testing.T) {
				run(t, func(t *testing.T, p *phone) {
					p.peer.Wait = 2 * time.Minute
					s, d := m.reach(p)
					synctest.Wait()
					req := d.Request(r.method, r.mods...)
					res := p.peer.FinalResponse(req)
					if got := fmt.Sprint(res.StatusCode); got != codes[i] {
						t.Errorf("answered with %s, want %s", got, codes[i])
					}
					if res.StatusCode == 500 && res.GetHeader("Retry-After") == nil && r.method != sip.BYE {
						t.Error("no Retry-After")
					}
					switch {
					case r.method != sip.INVITE:
					case res.IsSuccess() && len(r.mods) == 0:
						p.peer.Send(d.NewRequest(sip.ACK, audio))
					default:
						p.peer.Ack(req, res)
					}
					want := m.other
					if r.method == sip.BYE {
						want = m.bye
					}
					p.wantState(want)
					p.do(s.Hangup)
					time.Sleep(5 * time.Minute)
					p.wantNothingLeft()
				}, halfHour)
			})
		}
	}
}
