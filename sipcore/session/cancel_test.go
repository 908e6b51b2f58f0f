package session_test

import (
	"errors"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/siptest"
)

func TestCancelWhileDevicesOpenSendsNothing(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.prepare = func(m *scriptedMedia) { m.hang["offer"] = true }
		s := p.call(false)
		p.do(s.Hangup)
		p.peer.ExpectNone()
		p.wantState("ended")
		p.wantNothingLeft()
	})
}

func TestCancelBeforeProvisionalWaitsForRinging(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s := p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.do(s.Hangup)
		p.wantState("ended") // for the person it is over at once
		p.peer.ExpectNone()
		p.peer.Reply(invite, 180, siptest.ToTag("b"))
		p.peer.Reply(p.peer.Expect(sip.CANCEL), 200)
		p.peer.Reply(invite, 487)
		p.peer.Expect(sip.ACK)
		if err := p.info().Err; !errors.Is(err, sipcore.ErrCanceled) {
			t.Errorf("error %v", err)
		}
		p.wantNothingLeft()
	})
}

func TestCancelAfterRinging(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s := p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 180, siptest.ToTag("b"))
		p.do(s.Hangup)
		cancel := p.peer.Expect(sip.CANCEL)
		if cancel.Via().Value() != invite.Via().Value() || cancel.CSeq().SeqNo != invite.CSeq().SeqNo {
			t.Errorf("CANCEL:\n%s", cancel)
		}
		p.do(s.Hangup) // pressed twice
		p.peer.Reply(cancel, 200)
		p.peer.Reply(invite, 487)
		p.peer.Expect(sip.ACK)
		p.peer.ExpectNone()
		p.wantNothingLeft()
	})
}

func TestCancelCrossingTheAnswerEndsTheCallWithBye(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s := p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 180, siptest.ToTag("b"))
		p.do(s.Hangup)
		cancel := p.peer.Expect(sip.CANCEL)
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
		p.peer.Expect(sip.ACK)
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		p.peer.Reply(cancel, 481)
		p.wantState("ended")
		p.wantNothingLeft()
	})
}

func TestCancelAtTheMomentOfTheAnswerSendsBye(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s := p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.do(s.Hangup) // before any response
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
		p.peer.Expect(sip.ACK)
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		p.peer.ExpectNone() // and no CANCEL
		p.wantNothingLeft()
	})
}

func TestCallerGivesUp(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		p.peer.ExpectResponse(sip.INVITE, 180)
		p.peer.Cancel(invite)
		p.peer.ExpectResponse(sip.CANCEL, 200)
		res := p.peer.ExpectResponse(sip.INVITE, 487)
		p.peer.Ack(invite, res)
		p.wantHistory("incoming ended")
		p.wantNothingLeft()
	})
}

func TestAnsweredElsewhereIsTold(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		p.peer.ExpectResponse(sip.INVITE, 180)
		p.peer.Cancel(invite, siptest.Header("Reason", `SIP ;cause=200 ;text="Call completed elsewhere"`))
		p.peer.ExpectResponse(sip.CANCEL, 200)
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 487))
		if !p.info().Elsewhere {
			t.Error("not told that another device answered")
		}
	})
}

func TestCallerGivesUpWhileDevicesOpen(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.prepare = func(m *scriptedMedia) { m.hang["answer"] = true }
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		p.peer.Cancel(invite)
		p.peer.ExpectResponse(sip.CANCEL, 200)
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 487))
		p.wantHistory("incoming answering ended")
		p.wantNothingLeft()
	})
}
