package session_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

func TestCallComesInAndIsAnswered(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.answered()
		p.wantHistory("incoming answering connecting active")
		d.Request(sip.BYE)
		p.peer.ExpectResponse(sip.BYE, 200)
		p.wantState("ended")
		if err := p.info().Err; err != nil {
			t.Errorf("an ordinary end has error %v", err)
		}
		p.wantNothingLeft()
	})
}

func TestIncomingCallIsRejected(t *testing.T) {
	for _, code := range []int{480, 486, 603} {
		run(t, func(t *testing.T, p *phone) {
			invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
			p.peer.ExpectResponse(sip.INVITE, 180)
			s := p.incomingCall()
			p.do(func() { s.Reject(code); s.Reject(code) })
			p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, code))
			p.peer.ExpectNone()
			p.wantHistory("incoming ended")
			p.wantNothingLeft()
		})
	}
}

func TestOfferInThe2xxIsAnsweredInTheAck(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test")
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		res := p.peer.ExpectResponse(sip.INVITE, 200)
		if len(res.Body()) == 0 {
			t.Fatal("no offer in the 2xx")
		}
		ack := p.peer.Called(invite, res).NewRequest(sip.ACK, audio)
		p.peer.Send(ack)
		p.wantHistory("incoming answering connecting active")
		if got := p.media().log(); got != "offer accept" {
			t.Errorf("media: %s", got)
		}
	})
}

func TestAckWithoutTheAnswerEndsTheCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test")
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 200))
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		p.wantState("ended")
		p.wantNothingLeft()
	})
}

func TestAnswerIsRepeatedUntilAcknowledged(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		start := time.Now()
		var at []time.Duration
		var res *sip.Response
		for range 5 {
			res = p.peer.ExpectResponse(sip.INVITE, 200)
			at = append(at, time.Since(start))
		}
		if got := fmt.Sprint(at); got != "[0s 500ms 1.5s 3.5s 7.5s]" {
			t.Errorf("sent at %s", got)
		}
		p.peer.Ack(invite, res)
		p.peer.ExpectNone()
		time.Sleep(10 * time.Second)
		p.peer.ExpectNone()
	})
}

func TestMissingAckEndsTheCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false); p.media().on(session.MediaConnected) })
		for range 11 { // 0, 0.5, 1.5, 3.5, 7.5, 11.5 … 31.5 s
			p.peer.ExpectResponse(sip.INVITE, 200)
		}
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		p.wantState("ended")
		if err := p.info().Err; !errors.Is(err, session.ErrNoAck) {
			t.Errorf("error %v", err)
		}
		p.wantNothingLeft()
	})
}

func TestHangupBeforeTheAckSendsByeAfterIt(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		res := p.peer.ExpectResponse(sip.INVITE, 200)
		p.do(s.Hangup)
		p.wantState("ended")
		p.peer.ExpectNone()
		p.peer.Ack(invite, res)
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		p.wantNothingLeft()
	})
}

func TestDevicesRefusedOnAnswering(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		refused := errors.New("refused")
		p.prepare = func(m *scriptedMedia) { m.fail["answer"] = refused }
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 480))
		p.wantState("ended")
		if err := p.info().Err; !errors.Is(err, refused) {
			t.Errorf("error %v", err)
		}
		p.wantNothingLeft()
	})
}

func TestMediaThatNeverConnectsEndsTheCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 200))
		p.wantState("connecting")
		time.Sleep(31 * time.Second)
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		if err := p.info().Err; !errors.Is(err, session.ErrMediaFailed) {
			t.Errorf("error %v", err)
		}
	})
}

func TestMediaThatFailsEndsTheCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.established()
		p.media().on(session.MediaDisconnected) // may pass
		p.wantState("active")
		p.media().on(session.MediaFailed)
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		p.wantState("ended")
		p.wantNothingLeft()
	})
}

func TestUnusableInvitesAreRefused(t *testing.T) {
	noFingerprint := "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"
	for name, c := range map[string]struct {
		mods []siptest.Mod
		code int
	}{
		"rubbish":       {[]siptest.Mod{sdpBody("rubbish")}, 488},
		"plain RTP":     {[]siptest.Mod{sdpBody(noFingerprint)}, 488},
		"other content": {[]siptest.Mod{siptest.Body("text/html", "<b>")}, 415},
		"compressed":    {[]siptest.Mod{audio, siptest.Header("Content-Encoding", "gzip")}, 415},
		"extension":     {[]siptest.Mod{audio, siptest.Header("Require", "100rel, gruu")}, 420},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", c.mods...)
				res := p.peer.ExpectResponse(sip.INVITE, c.code)
				p.peer.Ack(invite, res)
				if h := res.GetHeader("Unsupported"); c.code == 420 && (h == nil || h.Value() != "gruu") {
					t.Errorf("Unsupported: %v", h)
				}
				p.peer.ExpectNone()
				p.wantHistory("")
				p.wantNothingLeft()
			})
		})
	}
}

func TestInvitationThatExpiresEndsWith487(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio, siptest.Header("Expires", "10"))
		p.peer.ExpectResponse(sip.INVITE, 180)
		time.Sleep(11 * time.Second)
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 487))
		p.wantHistory("incoming ended")
	})
}

func TestByeWhileRingingEndsTheInvite(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		res := p.peer.ExpectResponse(sip.INVITE, 180)
		p.peer.Called(invite, res).Request(sip.BYE)
		p.peer.ExpectResponse(sip.BYE, 200)
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 487))
		p.wantHistory("incoming ended")
		p.wantNothingLeft()
	})
}

func TestRequestsForNoDialogGet481(t *testing.T) {
	for _, method := range []sip.RequestMethod{sip.BYE, sip.INVITE, sip.UPDATE, sip.INFO} {
		run(t, func(t *testing.T, p *phone) {
			req := p.peer.Request(method, "sip:alice@example.test", siptest.ToTag("unknown"))
			res := p.peer.ExpectResponse(method, 481)
			if method == sip.INVITE {
				p.peer.Ack(req, res)
			}
		})
	}
}
