package session_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/sdp"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

// early makes a call whose offer is answered, reliably, before the call is.
func (p *phone) early() (*session.Session, *sip.Request, *siptest.Dialog) {
	p.t.Helper()
	s := p.call(false)
	invite := p.peer.Expect(sip.INVITE)
	res := p.peer.Reply(invite, 183, siptest.ToTag("b"), audio, takesUpdate, reliably(1))
	p.expectPrack(invite, 1)
	p.wantState("early")
	return s, invite, p.peer.Answered(invite, res)
}

// answer answers the call made by early and takes part in it.
func (p *phone) answerEarly(invite *sip.Request, mods ...siptest.Mod) {
	p.t.Helper()
	p.peer.Reply(invite, 200, append(mods, siptest.ToTag("b"), takesUpdate)...)
	p.peer.Expect(sip.ACK)
	p.media().on(session.MediaConnected)
	p.wantState("active")
}

func TestEarlyOfferOfTheOtherSideIsAnswered(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, invite, d := p.early()
		for _, direction := range []sdp.Direction{sdp.SendOnly, sdp.SendRecv, sdp.SendOnly} {
			d.Request(sip.UPDATE, sdpBody(description(direction.String(), false)))
			p.wantDirection(p.peer.ExpectResponse(sip.UPDATE, 200), sdp.Answer(direction, sdp.SendRecv))
			p.wantState("early")
		}
		p.wantHold(false, true)
		// What stands in the 2xx is no answer any more: the offer has had one.
		p.answerEarly(invite, audio)
		p.wantHold(false, true)
		if got := p.media().log(); got != "offer provisional accept answer answer answer" {
			t.Errorf("media: %s", got)
		}
		d.Request(sip.BYE)
		p.peer.ExpectResponse(sip.BYE, 200)
		p.wantNothingLeft()
	})
}

func TestEarlyOfferOfThisSide(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, invite, _ := p.early()
		result := p.hold(s, true)
		update := p.peer.Expect(sip.UPDATE)
		p.wantDirection(update, sdp.SendOnly)
		if len(update.GetHeaders("Session-Expires")) > 0 {
			t.Error("a session timer before there is a session")
		}
		p.peer.Reply(update, 200, sdpBody(description("recvonly", false)))
		wantResult(t, result, 0)
		p.wantHold(true, false)
		p.answerEarly(invite)
		result = p.hold(s, false) // answered, it goes by re-INVITE
		p.agree(p.expectOffer(sdp.SendRecv), sdp.SendRecv)
		wantResult(t, result, 0)
	}, halfHour)
}

func TestEarlyOfferThatIsRefused(t *testing.T) {
	for code, ends := range map[int]bool{488: false, 405: false, 481: true} {
		run(t, func(t *testing.T, p *phone) {
			s, invite, _ := p.early()
			result := p.hold(s, true)
			p.peer.Reply(p.peer.Expect(sip.UPDATE), code)
			wantResult(t, result, code)
			if ends {
				p.peer.Reply(p.peer.Expect(sip.CANCEL), 200)
				p.peer.Reply(invite, 487, siptest.ToTag("b"))
				p.peer.Expect(sip.ACK)
				p.wantState("ended")
				p.wantNothingLeft()
				return
			}
			p.wantHold(false, false)
			p.answerEarly(invite)
		})
	}
}

func TestEarlyOffersThatCross(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, invite, d := p.early()
		result := p.hold(s, true)
		ours := p.peer.Expect(sip.UPDATE)
		d.Request(sip.UPDATE, audio)
		p.peer.ExpectResponse(sip.UPDATE, 491)
		p.peer.Reply(ours, 491)
		synctest.Wait()
		// Answered before the repetition: that goes by re-INVITE.
		p.answerEarly(invite)
		p.agree(p.expectOffer(sdp.SendOnly), sdp.RecvOnly)
		wantResult(t, result, 0)
		p.wantHold(true, false)
	})
}

func TestAnswerOfTheCallCrossesAnEarlyOffer(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, invite, _ := p.early()
		result := p.hold(s, true)
		update := p.peer.Expect(sip.UPDATE)
		p.answerEarly(invite, audio)
		p.peer.Reply(update, 200, sdpBody(description("recvonly", false)))
		wantResult(t, result, 0)
		p.wantHold(true, false)
		p.wantState("active")
	})
}

func TestNoEarlyOfferWithoutReliableAnswer(t *testing.T) {
	for name, mods := range map[string][]siptest.Mod{
		"unreliable": {takesUpdate}, "no UPDATE": {reliably(1), siptest.Header("Allow", "INVITE")},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				s := p.call(false)
				invite := p.peer.Expect(sip.INVITE)
				res := p.peer.Reply(invite, 183, append(mods, siptest.ToTag("b"), audio)...)
				if name == "no UPDATE" {
					p.expectPrack(invite, 1)
				}
				p.wantState("early")
				p.do(func() {
					if err := s.Hold(true, nil); !errors.Is(err, session.ErrState) {
						t.Errorf("hold: %v", err)
					}
				})
				if name == "unreliable" {
					p.peer.Answered(invite, res).Request(sip.UPDATE, audio)
					p.peer.ExpectResponse(sip.UPDATE, 491)
				}
				p.peer.ExpectNone()
			})
		})
	}
}

// One connection has one other end: once it is settled with a fork, another cannot answer.
func TestOtherForkAnswersAfterAnEarlyOffer(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, invite, d := p.early()
		d.Request(sip.UPDATE, audio)
		p.peer.ExpectResponse(sip.UPDATE, 200)
		other := p.peer.Reply(invite, 183, siptest.ToTag("c"), audio, takesUpdate, reliably(5))
		p.expectPrack(invite, 5)
		p.peer.Answered(invite, other).Request(sip.UPDATE, audio)
		p.peer.ExpectResponse(sip.UPDATE, 500)
		p.peer.Reply(invite, 200, siptest.ToTag("c"), audio)
		p.peer.Expect(sip.ACK)
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		p.wantState("ended")
		p.wantNothingLeft()
	})
}

func TestOtherForkAnswersWithoutAnEarlyOffer(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, invite, _ := p.early()
		p.peer.Reply(invite, 200, siptest.ToTag("c"), audio)
		p.peer.Expect(sip.ACK)
		p.wantState("active")
	})
}

func TestEarlyAnswerThatTheMediaRefusesEndsTheAttempt(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, invite, d := p.early()
		m := p.media()
		m.mu.Lock()
		m.fail["accept"] = errors.New("no")
		m.mu.Unlock()
		d.Request(sip.UPDATE, audio)
		p.peer.Expect(sip.CANCEL)
		p.peer.ExpectResponse(sip.UPDATE, 487)
		p.peer.Reply(invite, 487, siptest.ToTag("b"))
		p.peer.Expect(sip.ACK)
		p.wantState("ended")
	})
}

func TestSecondEarlyOfferWhileOneIsAnsweredIsRefused(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, _, d := p.early()
		p.media().hangs("answer")
		d.Request(sip.UPDATE, audio)
		synctest.Wait()
		d.Request(sip.UPDATE, audio)
		p.peer.ExpectResponse(sip.UPDATE, 500)
		d.Request(sip.UPDATE) // without an offer it may come at any time
		p.peer.ExpectResponse(sip.UPDATE, 200)
	})
}
