package session_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/sdp"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

// Peers that do not do what they owe, or do it twice.

func TestOfferRefusedAgainAndAgainIsGivenUp(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.established()
		result := p.hold(s, true)
		for range 10 {
			p.peer.Reply(p.expectOffer(sdp.SendOnly), 491)
			p.peer.Expect(sip.ACK)
		}
		wantResult(t, result, 491)
		p.wantHold(false, false)
		p.wantState("active")
		time.Sleep(time.Minute)
		p.peer.ExpectNone()

		result = p.hold(s, true) // which counts anew
		for range 9 {
			p.peer.Reply(p.expectOffer(sdp.SendOnly), 491)
			p.peer.Expect(sip.ACK)
		}
		p.agree(p.expectOffer(sdp.SendOnly), sdp.RecvOnly)
		wantResult(t, result, 0)
		p.wantHold(true, false)
	})
}

func TestRepeated2xxToAReinviteIsAcknowledgedAgain(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, d := p.established()
		result := p.hold(s, true)
		res := p.peer.Reply(p.expectOffer(sdp.SendOnly), 200, sdpBody(description("recvonly", false)))
		first := p.peer.Expect(sip.ACK)
		for range 3 {
			p.peer.Send(res)
			if again := p.peer.Expect(sip.ACK); again.CSeq().SeqNo != first.CSeq().SeqNo {
				t.Errorf("ACK to %d, want %d", again.CSeq().SeqNo, first.CSeq().SeqNo)
			}
		}
		wantResult(t, result, 0)
		if got := p.media().log(); got != "offer accept offer accept" {
			t.Errorf("media: %s", got)
		}
		d.Request(sip.BYE)
		p.peer.ExpectResponse(sip.BYE, 200)
		p.peer.Send(res) // its ACK was lost, and then they hung up
		p.peer.Expect(sip.ACK)
		p.wantNothingLeft()
	})
}

func TestReinviteThatIsNeverAcknowledgedEndsTheCall(t *testing.T) {
	for name, mods := range map[string][]siptest.Mod{"offer": {audio}, "no offer": nil} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				p.peer.Wait = time.Minute
				_, d := p.established()
				start := time.Now()
				d.Request(sip.INVITE, mods...)
				for range 11 {
					p.peer.ExpectResponse(sip.INVITE, 200)
				}
				p.peer.Reply(p.peer.Expect(sip.BYE), 200)
				wantAfter(t, start, 32*time.Second)
				p.wantState("ended")
				if err := p.info().Err; !errors.Is(err, session.ErrNoAck) {
					t.Errorf("error %v", err)
				}
				p.wantNothingLeft()
			})
		})
	}
}

func TestAckOfAReinviteWithoutTheAnswerItOwesEndsTheCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		re := d.Request(sip.INVITE)
		p.peer.Ack(re, p.peer.ExpectResponse(sip.INVITE, 200))
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		p.wantState("ended")
		p.wantNothingLeft()
	})
}

// They have changed over and this side cannot: what was agreed before is offered once more.
func TestReinviteAnsweredWithoutADescriptionLeavesTheCallAsItWas(t *testing.T) {
	for name, mods := range map[string][]siptest.Mod{
		"none": nil, "rubbish": {sdpBody("rubbish")}, "another line": {sdpBody(description("sendrecv", true))},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				s, _ := p.established()
				result := p.hold(s, true)
				p.peer.Reply(p.expectOffer(sdp.SendOnly), 200, mods...)
				p.peer.Expect(sip.ACK)
				p.peer.Reply(p.expectOffer(sdp.SendRecv), 200, audio)
				p.peer.Expect(sip.ACK)
				p.wantState("active")
				synctest.Wait()
				if len(*result) != 1 || (*result)[0] == nil || p.info().LocalHold {
					t.Errorf("outcomes %v, on hold %v", *result, p.info().LocalHold)
				}
			})
		})
	}
}

func TestByeWhileTheirAnswerIsOnItsWay(t *testing.T) {
	for _, code := range []int{200, 487, 481, 0} {
		run(t, func(t *testing.T, p *phone) {
			s, d := p.established()
			result := p.hold(s, true)
			ours := p.expectOffer(sdp.SendOnly)
			d.Request(sip.BYE)
			p.peer.ExpectResponse(sip.BYE, 200)
			if code > 0 {
				p.peer.Reply(ours, code, sdpBody(description("recvonly", false)))
				p.peer.Expect(sip.ACK)
			}
			p.wantState("ended")
			if len(*result) != 1 || !errors.Is((*result)[0], session.ErrState) {
				t.Errorf("outcomes %v", *result)
			}
			time.Sleep(2 * time.Minute) // the re-INVITE is given up
			p.wantNothingLeft()
		})
	}
}

func TestCancelThatCrossesTheAnswerIsTooLate(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		res := p.peer.ExpectResponse(sip.INVITE, 200)
		p.peer.Cancel(invite)
		p.peer.ExpectResponse(sip.CANCEL, 200)
		p.wantState("connecting")
		p.peer.Ack(invite, res)
		p.peer.Called(invite, res).Request(sip.BYE) // as RFC 3261 §9.1 has it
		p.peer.ExpectResponse(sip.BYE, 200)
		p.wantHistory("incoming answering connecting ended")
		p.wantNothingLeft()
	})
}

func TestForksThatAnswerLateAndOtherwise(t *testing.T) {
	held := sdpBody(description("sendonly", false))
	for name, c := range map[string]struct {
		early   []siptest.Mod // of fork a
		tag     string        // of who answers
		answer  []siptest.Mod
		holds   bool
		mediaIs string
	}{
		"as it was":                       {[]siptest.Mod{audio}, "a", []siptest.Mod{audio}, false, "offer provisional accept"},
		"it has changed its mind":         {[]siptest.Mod{audio}, "a", []siptest.Mod{held}, true, "offer provisional accept"},
		"another":                         {[]siptest.Mod{audio}, "b", []siptest.Mod{held}, true, "offer provisional accept"},
		"another, the first one reliable": {[]siptest.Mod{audio, reliably(1)}, "b", []siptest.Mod{held}, true, "offer provisional accept"},
		"not again":                       {[]siptest.Mod{held}, "a", nil, true, "offer provisional accept"},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				p.call(false)
				invite := p.peer.Expect(sip.INVITE)
				p.peer.Reply(invite, 183, append(c.early, siptest.ToTag("a"))...)
				if len(c.early) > 1 {
					p.expectPrack(invite, 1)
				}
				p.peer.Reply(invite, 180, siptest.ToTag("b"))
				p.wantState("early")
				p.peer.Reply(invite, 200, append(c.answer, siptest.ToTag(c.tag))...)
				p.peer.Expect(sip.ACK)
				p.wantState("active")
				p.wantHold(false, c.holds)
				if got := p.media().log(); got != c.mediaIs {
					t.Errorf("media: %s", got)
				}
				// The other one answers in the same moment.
				late := map[string]string{"a": "b", "b": "a"}[c.tag]
				p.peer.Reply(invite, 200, siptest.ToTag(late), audio)
				p.peer.Expect(sip.ACK)
				p.peer.Reply(p.peer.Expect(sip.BYE), 200)
				p.wantState("active")
				p.wantHold(false, c.holds)
			})
		})
	}
}
