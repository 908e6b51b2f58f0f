package session_test

import (
	"errors"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

func TestCallRingsAndIsAnswered(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s := p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		if got := string(invite.Body()); got != description("sendrecv", false) {
			t.Errorf("offer:\n%s", got)
		}
		p.peer.Reply(invite, 100)
		p.peer.Reply(invite, 180, siptest.ToTag("b"))
		p.wantState("ringing")
		res := p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
		ack := p.peer.Expect(sip.ACK)
		if ack.CSeq().SeqNo != invite.CSeq().SeqNo || ack.Recipient.String() != res.Contact().Address.String() {
			t.Errorf("ACK:\n%s", ack)
		}
		p.wantHistory("calling ringing connecting active")
		p.do(s.Hangup)
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		p.wantState("ended")
		if err := p.info().Err; err != nil {
			t.Errorf("an ordinary end has error %v", err)
		}
		p.wantNothingLeft()
	})
}

func TestEveryFinalResponseToByeEndsTheDialog(t *testing.T) {
	for _, code := range []int{200, 401, 407, 408, 481, 500, 603} {
		run(t, func(t *testing.T, p *phone) {
			s, _ := p.established()
			p.do(s.Hangup)
			p.peer.Reply(p.peer.Expect(sip.BYE), code)
			p.peer.ExpectNone()
			p.wantState("ended")
			p.wantNothingLeft()
		})
	}
}

func TestByeWithoutAnswerEndsTheDialog(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.established()
		p.do(s.Hangup)
		p.peer.Expect(sip.BYE)
		p.wantState("ended")
		p.wantNothingLeft()
	})
}

func TestEarlyMediaIsHeard(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 183, siptest.ToTag("b"), audio)
		p.wantState("early")
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
		p.peer.Expect(sip.ACK)
		p.wantHistory("calling early connecting active")
		if got := p.media().log(); got != "offer provisional accept" {
			t.Errorf("media: %s", got)
		}
	})
}

func TestAnswerOfTheProvisionalResponseServesA2xxWithout(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 183, siptest.ToTag("b"), audio)
		p.peer.Reply(invite, 200, siptest.ToTag("b"))
		p.peer.Expect(sip.ACK)
		p.wantState("active")
	})
}

func TestEarlyMediaOfTheFirstForkOnly(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 183, siptest.ToTag("b"), audio)
		p.peer.Reply(invite, 183, siptest.ToTag("c"), audio)
		p.wantState("early")
		if got := p.media().log(); got != "offer provisional" {
			t.Errorf("media: %s", got)
		}
		p.peer.Reply(invite, 200, siptest.ToTag("c"), audio)
		p.peer.Expect(sip.ACK)
		p.wantState("active")
	})
}

func TestSecond2xxIsAcknowledgedAndEnded(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 180, siptest.ToTag("b"))
		p.peer.Reply(invite, 180, siptest.ToTag("c"))
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
		p.peer.Expect(sip.ACK)
		p.peer.Reply(invite, 200, siptest.ToTag("c"), audio)
		ack := p.peer.Expect(sip.ACK)
		bye := p.peer.Expect(sip.BYE)
		for _, req := range []*sip.Request{ack, bye} {
			if tag, _ := req.To().Params.Get("tag"); tag != "c" {
				t.Errorf("%s to fork %q, want c", req.Method, tag)
			}
		}
		p.peer.Reply(bye, 200)
		p.wantState("active")
	})
}

func TestRepeated2xxIsAcknowledgedAgain(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		for range 3 {
			p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
			p.peer.Expect(sip.ACK)
		}
		p.peer.ExpectNone()
		p.wantState("active")
	})
}

func TestRefusalsEndTheCall(t *testing.T) {
	for _, code := range []int{300, 302, 403, 404, 480, 486, 488, 500, 503, 603} {
		run(t, func(t *testing.T, p *phone) {
			p.call(false)
			p.peer.Reply(p.peer.Expect(sip.INVITE), code)
			p.peer.Expect(sip.ACK)
			p.wantState("ended")
			var refused *sipcore.ResponseError
			if err := p.info().Err; !errors.As(err, &refused) || refused.Code != code {
				t.Errorf("code %d: error %v", code, err)
			}
			p.wantNothingLeft()
		})
	}
}

func TestNobodyAnswers(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 180, siptest.ToTag("b"))
		time.Sleep(61 * time.Second)
		cancel := p.peer.Expect(sip.CANCEL)
		p.peer.Reply(cancel, 200)
		p.peer.Reply(invite, 487)
		p.peer.Expect(sip.ACK)
		p.wantState("ended")
		if err := p.info().Err; !errors.Is(err, session.ErrNoAnswer) {
			t.Errorf("error %v", err)
		}
		p.wantNothingLeft()
	})
}

func TestServerThatIsSilentEndsTheCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		p.peer.Expect(sip.INVITE)
		time.Sleep(33 * time.Second) // Timer B
		p.wantState("ended")
		if err := p.info().Err; !errors.Is(err, sipcore.ErrTimeout) {
			t.Errorf("error %v", err)
		}
		p.wantNothingLeft()
	})
}

func TestDevicesRefusedSendNothing(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		refused := errors.New("refused")
		p.prepare = func(m *scriptedMedia) { m.fail["offer"] = refused }
		p.call(false)
		p.peer.ExpectNone()
		p.wantState("ended")
		if err := p.info().Err; !errors.Is(err, refused) {
			t.Errorf("error %v", err)
		}
		p.wantNothingLeft()
	})
}

func TestUnusableAnswerIsAcknowledgedAndEnded(t *testing.T) {
	for name, body := range map[string]siptest.Mod{
		"rubbish":        sdpBody("v=0\r\nrubbish"),
		"no fingerprint": sdpBody("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n"),
		"none":           func(sip.Message) {},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				p.call(false)
				p.peer.Reply(p.peer.Expect(sip.INVITE), 200, siptest.ToTag("b"), body)
				p.peer.Expect(sip.ACK)
				p.peer.Reply(p.peer.Expect(sip.BYE), 200)
				p.wantState("ended")
				if err := p.info().Err; !errors.Is(err, session.ErrBadDescription) {
					t.Errorf("error %v", err)
				}
				p.wantNothingLeft()
			})
		})
	}
}

func TestVideoRefusedByTheOtherSideKeepsTheCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(true)
		refused := description("sendrecv", false) + "m=video 0 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n"
		p.peer.Reply(p.peer.Expect(sip.INVITE), 200, siptest.ToTag("b"), sdpBody(refused))
		p.peer.Expect(sip.ACK)
		p.wantState("active")
		if i := p.info(); i.Video || i.RemoteVideo {
			t.Errorf("video %v, remote %v", i.Video, i.RemoteVideo)
		}
	})
}

func TestInviteIsRepeatedWithCredentials(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s := p.call(false)
		first := p.peer.Expect(sip.INVITE)
		p.peer.Reply(first, 407, siptest.Header("Proxy-Authenticate", `Digest realm="example.test", nonce="n1", qop="auth", algorithm=SHA-256`))
		p.peer.Expect(sip.ACK)
		second := p.peer.Expect(sip.INVITE)
		if second.CSeq().SeqNo != first.CSeq().SeqNo+1 || second.CallID().Value() != first.CallID().Value() {
			t.Errorf("second INVITE:\n%s", second)
		}
		if second.GetHeader("Proxy-Authorization") == nil {
			t.Fatal("no credentials")
		}
		p.peer.Reply(second, 200, siptest.ToTag("b"), audio)
		ack := p.peer.Expect(sip.ACK)
		if ack.GetHeader("Proxy-Authorization") == nil || ack.CSeq().SeqNo != second.CSeq().SeqNo {
			t.Errorf("ACK:\n%s", ack)
		}
		p.do(s.Hangup)
		bye := p.peer.Expect(sip.BYE)
		if bye.CSeq().SeqNo <= second.CSeq().SeqNo {
			t.Errorf("BYE has CSeq %d after %d", bye.CSeq().SeqNo, second.CSeq().SeqNo)
		}
		p.peer.Reply(bye, 200)
		p.wantNothingLeft()
	})
}

func TestRequestsInTheDialogFollowTheRouteSet(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s := p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio, siptest.Contact("sip:bob@far.example.test"),
			siptest.Header("Record-Route", "<sip:last.example.test;lr>"), siptest.Header("Record-Route", "<sip:first.example.test;lr>"))
		ack := p.peer.Expect(sip.ACK)
		p.do(s.Hangup)
		bye := p.peer.Expect(sip.BYE)
		for _, req := range []*sip.Request{ack, bye} {
			routes := req.GetHeaders("Route")
			if len(routes) != 2 || routes[0].Value() != "<sip:first.example.test;lr>" || routes[1].Value() != "<sip:last.example.test;lr>" {
				t.Errorf("%s: routes %v", req.Method, routes)
			}
			if req.Recipient.Host != "far.example.test" {
				t.Errorf("%s goes to %s", req.Method, req.Recipient.String())
			}
		}
		p.peer.Reply(bye, 200)
	})
}

func TestRequestsInTheDialogAreRepeatedWithCredentials(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.established()
		p.do(s.Hangup)
		first := p.peer.Expect(sip.BYE)
		p.peer.Reply(first, 407, siptest.Header("Proxy-Authenticate", `Digest realm="example.test", nonce="n1", qop="auth"`))
		second := p.peer.Expect(sip.BYE)
		if second.GetHeader("Proxy-Authorization") == nil || second.CSeq().SeqNo != first.CSeq().SeqNo+1 {
			t.Errorf("second BYE:\n%s", second)
		}
		p.peer.Reply(second, 200)
		p.wantNothingLeft()
	})
}

func TestLostLinkEndsACallThatIsNotAnswered(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		p.peer.Reply(p.peer.Expect(sip.INVITE), 180, siptest.ToTag("b"))
		p.wantState("ringing")
		p.peer.Refuse(true)
		p.peer.Cut()
		p.wantState("ended")
		if err := p.info().Err; !errors.Is(err, sipcore.ErrLinkDown) {
			t.Errorf("error %v", err)
		}
	})
}

func TestLostLinkLeavesAnAnsweredCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		p.peer.Cut()
		p.wantState("active") // sound goes another way
		p.peer.ExpectDial()
		d.Request(sip.BYE)
		p.peer.ExpectResponse(sip.BYE, 200)
		p.wantState("ended")
	})
}
