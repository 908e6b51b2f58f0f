package session_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

// reliably makes a provisional response one that is to be acknowledged.
func reliably(rseq int) siptest.Mod {
	return func(m sip.Message) {
		siptest.Header("Require", "100rel")(m)
		siptest.Header("RSeq", strconv.Itoa(rseq))(m)
	}
}

// expectPrack waits for the PRACK of a response and answers it.
func (p *phone) expectPrack(invite *sip.Request, rseq int) *sip.Request {
	p.t.Helper()
	prack := p.peer.Expect(sip.PRACK)
	want := fmt.Sprintf("%d %d INVITE", rseq, invite.CSeq().SeqNo)
	if h := prack.GetHeader("RAck"); h == nil || h.Value() != want {
		p.t.Fatalf("RAck %v, want %s", h, want)
	}
	p.peer.Reply(prack, 200)
	return prack
}

func TestReliableRingingIsAcknowledged(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		if h := invite.GetHeader("Supported"); h == nil || !strings.Contains(h.Value(), "100rel") {
			t.Errorf("Supported: %v", h)
		}
		ringing := p.peer.Reply(invite, 180, siptest.ToTag("b"), reliably(7))
		prack := p.expectPrack(invite, 7)
		if prack.CSeq().SeqNo != invite.CSeq().SeqNo+1 || prack.To().Params.GetOr("tag", "") != "b" {
			t.Errorf("not in the dialog:\n%s", prack)
		}
		p.wantState("ringing")
		p.peer.Send(ringing) // repeated, since the PRACK was slow
		p.peer.ExpectNone()
		p.peer.Reply(invite, 183, siptest.ToTag("b"), reliably(9), audio) // overtook another
		p.peer.ExpectNone()
		p.wantState("ringing")
		p.peer.Reply(invite, 183, siptest.ToTag("b"), reliably(8), audio)
		p.expectPrack(invite, 8)
		p.wantState("early")
		p.peer.Reply(invite, 183, siptest.ToTag("b"), reliably(9), audio)
		p.expectPrack(invite, 9)
		res := p.peer.Reply(invite, 200, siptest.ToTag("b")) // its answer has been given
		p.peer.Expect(sip.ACK)
		p.wantHistory("calling ringing early connecting active")
		p.peer.Answered(invite, res).Request(sip.BYE)
		p.peer.ExpectResponse(sip.BYE, 200)
		p.wantNothingLeft()
	})
}

func TestEachForkIsAcknowledgedInItsOwnDialog(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		for i, tag := range []string{"a", "b", "c"} {
			p.peer.Reply(invite, 183, siptest.ToTag(tag), reliably(100*i+1), audio)
			if prack := p.expectPrack(invite, 100*i+1); prack.To().Params.GetOr("tag", "") != tag {
				t.Errorf("PRACK to %s:\n%s", tag, prack)
			}
		}
		p.peer.Reply(invite, 199, siptest.ToTag("a"), reliably(2))
		p.expectPrack(invite, 2)
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
		p.peer.Expect(sip.ACK)
		p.wantState("active")
	})
}

func TestReliableResponsesThatCannotBeAcknowledgedAreDropped(t *testing.T) {
	for name, mods := range map[string][]siptest.Mod{
		"no tag":       {siptest.ToTag(""), reliably(1)},
		"number 0":     {siptest.ToTag("b"), siptest.Header("Require", "100rel"), siptest.Header("RSeq", "0")},
		"no number":    {siptest.ToTag("b"), siptest.Header("Require", "100rel"), siptest.Header("RSeq", "x")},
		"number alone": {siptest.ToTag("b"), siptest.Header("RSeq", "1")},
		"tag alone":    {siptest.ToTag("b"), siptest.Header("Require", "100rel")},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				p.call(false)
				p.peer.Reply(p.peer.Expect(sip.INVITE), 180, mods...)
				p.peer.ExpectNone()
			})
		})
	}
}

func TestPrackThatIsNotTakenLeavesTheCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 180, siptest.ToTag("b"), reliably(1))
		p.peer.Reply(p.peer.Expect(sip.PRACK), 481)
		p.peer.Reply(invite, 180, siptest.ToTag("b"), reliably(2))
		p.peer.Expect(sip.PRACK) // never answered
		p.wantState("ringing")
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
		p.peer.Expect(sip.ACK)
		p.wantState("active")
	})
}

// demanded lets the peer call and demand reliable provisional responses.
func (p *phone) demanded(mods ...siptest.Mod) (invite *sip.Request, ringing *sip.Response, rack string) {
	p.t.Helper()
	invite = p.peer.Request(sip.INVITE, "sip:alice@example.test", append(mods, siptest.Header("Require", "100rel"))...)
	ringing = p.peer.ExpectResponse(sip.INVITE, 180)
	rseq := ringing.GetHeader("RSeq")
	if h := ringing.GetHeader("Require"); h == nil || h.Value() != "100rel" || rseq == nil {
		p.t.Fatalf("not sent reliably:\n%s", ringing)
	}
	return invite, ringing, fmt.Sprintf("%s %d INVITE", rseq.Value(), invite.CSeq().SeqNo)
}

func TestRingingIsRepeatedUntilAcknowledged(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite, ringing, rack := p.demanded(audio)
		start := time.Now()
		for _, want := range []time.Duration{500 * time.Millisecond, 1500 * time.Millisecond, 3500 * time.Millisecond} {
			again := p.peer.ExpectResponse(sip.INVITE, 180)
			if at := time.Since(start); at != want || again.GetHeader("RSeq").Value() != ringing.GetHeader("RSeq").Value() {
				t.Errorf("repeated after %v, want %v", at, want)
			}
		}
		d := p.peer.Called(invite, ringing)
		d.Request(sip.PRACK, siptest.Header("RAck", rack))
		p.peer.ExpectResponse(sip.PRACK, 200)
		time.Sleep(time.Minute)
		p.peer.ExpectNone()
		d.Request(sip.PRACK, siptest.Header("RAck", rack)) // once is enough
		p.peer.ExpectResponse(sip.PRACK, 481)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 200))
		p.media().on(session.MediaConnected)
		p.wantHistory("incoming answering connecting active")
	})
}

func TestRingingNeverAcknowledgedIsGivenUp(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.peer.Wait = time.Hour
		invite, _, _ := p.demanded(audio)
		start := time.Now()
		for range 6 {
			p.peer.ExpectResponse(sip.INVITE, 180)
		}
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 504))
		if took := time.Since(start); took != 32*time.Second {
			t.Errorf("given up after %v, want 64*T1", took)
		}
		p.wantHistory("incoming ended")
		if err := p.info().Err; !errors.Is(err, session.ErrNoAck) {
			t.Errorf("error %v", err)
		}
		p.wantNothingLeft()
	})
}

func TestAnswerEndsTheRepetitionOfTheRinging(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite, ringing, rack := p.demanded(audio)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 200))
		time.Sleep(time.Second)
		p.peer.ExpectNone()
		p.peer.Called(invite, ringing).Request(sip.PRACK, siptest.Header("RAck", rack)) // it crossed the answer
		p.peer.ExpectResponse(sip.PRACK, 200)
	})
}

func TestPrackOfNothing(t *testing.T) {
	for name, rack := range map[string]string{
		"another response": "1 1 INVITE", "another request": "%s 2 INVITE", "another method": "%s 1 UPDATE",
		"rubbish": "x", "nothing": "",
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				invite, ringing, right := p.demanded(audio)
				if name != "another response" && rack != "x" && rack != "" {
					rack = fmt.Sprintf(rack, ringing.GetHeader("RSeq").Value())
				}
				d := p.peer.Called(invite, ringing)
				mods := []siptest.Mod{siptest.Header("RAck", rack)}
				if rack == "" {
					mods = nil
				}
				d.Request(sip.PRACK, mods...)
				p.peer.ExpectResponse(sip.PRACK, 481)
				d.Request(sip.PRACK, siptest.Header("RAck", right))
				p.peer.ExpectResponse(sip.PRACK, 200)
			})
		})
	}
}

func TestPrackOutsideOfWhatRingsGets481(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		d.Request(sip.PRACK, siptest.Header("RAck", "1 1 INVITE"))
		p.peer.ExpectResponse(sip.PRACK, 481)
		p.wantState("active")
	})
}

// The offer of the INVITE is open still: a second one is out of turn.
func TestOfferInAPrackIsRefused(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite, ringing, rack := p.demanded(audio)
		p.peer.Called(invite, ringing).Request(sip.PRACK, siptest.Header("RAck", rack), audio)
		p.peer.ExpectResponse(sip.PRACK, 488)
		p.wantState("incoming")
		time.Sleep(5 * time.Second)
		p.peer.ExpectNone()
	})
}

// No device is opened before the person has answered, so that there is no offer with
// which it could ring reliably (RFC 3262 §5).
func TestCallWithoutOfferThatDemandsReliabilityIsAnswered(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", siptest.Header("Require", "100rel"))
		p.peer.ExpectResponse(sip.INVITE, 100)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		res := p.peer.ExpectResponse(sip.INVITE, 200)
		p.peer.Send(p.peer.Called(invite, res).NewRequest(sip.ACK, audio))
		p.wantState("active")
	})
}

func TestCancelBeforeThePrack(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite, ringing, rack := p.demanded(audio)
		synctest.Wait()
		p.peer.Cancel(invite)
		p.peer.ExpectResponse(sip.CANCEL, 200)
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 487))
		p.peer.Called(invite, ringing).Request(sip.PRACK, siptest.Header("RAck", rack))
		p.peer.ExpectResponse(sip.PRACK, 481)
		p.wantNothingLeft()
	})
}
