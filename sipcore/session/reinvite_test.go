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

func TestReinviteIsAnswered(t *testing.T) {
	for name, start := range map[string]func(*phone) (*session.Session, *siptest.Dialog){
		"called": (*phone).answered, "calling": (*phone).established,
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				_, d := start(p)
				req := d.Request(sip.INVITE, sdpBody(description("sendonly", false)))
				p.peer.Ack(req, p.peer.ExpectResponse(sip.INVITE, 200))
				if !p.info().RemoteHold {
					t.Error("hold by the other side is not shown")
				}
				req = d.Request(sip.INVITE, sdpBody(description("sendrecv", true)))
				p.peer.Ack(req, p.peer.ExpectResponse(sip.INVITE, 200))
				if i := p.info(); i.RemoteHold || !i.RemoteVideo {
					t.Errorf("hold %v, video %v", i.RemoteHold, i.RemoteVideo)
				}
				req = d.Request(sip.INVITE, sdpBody(description("sendrecv", false)+"m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n"))
				p.peer.Ack(req, p.peer.ExpectResponse(sip.INVITE, 200))
				if i := p.info(); i.RemoteVideo || i.State != session.StateActive {
					t.Errorf("video %v, state %v", i.RemoteVideo, i.State)
				}
			})
		})
	}
}

func TestReinviteWithoutOfferGetsOne(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		d.Request(sip.INVITE)
		res := p.peer.ExpectResponse(sip.INVITE, 200)
		if len(res.Body()) == 0 {
			t.Fatal("no offer")
		}
		p.peer.Send(d.NewRequest(sip.ACK, audio))
		p.wantState("active")
		if got := p.media().log(); got != "offer accept offer accept" {
			t.Errorf("media: %s", got)
		}
	})
}

func TestUnusableReinviteLeavesTheCallUnharmed(t *testing.T) {
	for name, body := range map[string]string{
		"rubbish":       "rubbish",
		"fewer lines":   "v=0\r\no=- 1 2 IN IP4 1.2.3.4\r\ns=-\r\nt=0 0\r\n",
		"no secure RTP": "v=0\r\no=- 1 2 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				_, d := p.established()
				req := d.Request(sip.INVITE, sdpBody(body))
				p.peer.Ack(req, p.peer.ExpectResponse(sip.INVITE, 488))
				p.wantState("active")
				d.Request(sip.INVITE, audio)
				p.peer.ExpectResponse(sip.INVITE, 200)
			})
		})
	}
}

func TestOfferTheMediaRefusesIsForgotten(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		m := p.media()
		m.mu.Lock()
		m.fail["answer"] = errors.New("no")
		m.mu.Unlock()
		req := d.Request(sip.INVITE, sdpBody(description("sendonly", false)))
		p.peer.Ack(req, p.peer.ExpectResponse(sip.INVITE, 488))
		if p.info().RemoteHold {
			t.Error("a refused hold is shown")
		}
		m.mu.Lock()
		clear(m.fail)
		m.mu.Unlock()
		d.Request(sip.INVITE, audio)
		p.peer.ExpectResponse(sip.INVITE, 200)
	})
}

func TestUpdateIsAnswered(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		d.Request(sip.UPDATE, sdpBody(description("inactive", false)))
		if res := p.peer.ExpectResponse(sip.UPDATE, 200); len(res.Body()) == 0 {
			t.Error("no answer")
		}
		if !p.info().RemoteHold {
			t.Error("hold is not shown")
		}
	})
}

func TestTargetRefresh(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, d := p.established()
		d.Request(sip.UPDATE, siptest.Contact("sip:bob@new.example.test"))
		p.peer.ExpectResponse(sip.UPDATE, 200)
		p.do(s.Hangup)
		bye := p.peer.Expect(sip.BYE)
		if bye.Recipient.Host != "new.example.test" {
			t.Errorf("BYE goes to %s", bye.Recipient.String())
		}
		p.peer.Reply(bye, 200)
	})
}

func TestSecondOfferWhileOneIsOpenIsRefused(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		d.Request(sip.INVITE, audio)
		p.peer.ExpectResponse(sip.INVITE, 200) // not acknowledged
		d.Request(sip.UPDATE, audio)
		res := p.peer.ExpectResponse(sip.UPDATE, 500)
		if res.GetHeader("Retry-After") == nil {
			t.Error("no Retry-After")
		}
	})
}

func TestGlareIsRefusedAndOurOfferRepeated(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, d := p.established()
		var result []error
		p.do(func() { s.Renegotiate(func(err error) { result = append(result, err) }) })
		ours := p.peer.Expect(sip.INVITE)
		theirs := d.Request(sip.INVITE, audio)
		p.peer.Ack(theirs, p.peer.ExpectResponse(sip.INVITE, 491))
		p.peer.Reply(ours, 491)
		p.peer.Expect(sip.ACK)
		start := time.Now()
		again := p.peer.Expect(sip.INVITE)
		if wait := time.Since(start); wait < 2100*time.Millisecond || wait > 4*time.Second {
			t.Errorf("repeated after %v, want 2.1 to 4 s (RFC 3261 §14.1)", wait)
		}
		p.peer.Reply(again, 200, audio)
		p.peer.Expect(sip.ACK)
		p.wantState("active")
		if len(result) != 1 || result[0] != nil {
			t.Errorf("result %v", result)
		}
		if got := p.media().log(); got != "offer accept offer rollback offer accept" {
			t.Errorf("media: %s", got)
		}
	})
}

func TestOurOfferRefusedLeavesTheCallUnharmed(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.established()
		var result error
		p.do(func() { s.Renegotiate(func(err error) { result = err }) })
		p.peer.Reply(p.peer.Expect(sip.INVITE), 488)
		p.peer.Expect(sip.ACK)
		p.wantState("active")
		var refused *sipcore.ResponseError
		if !errors.As(result, &refused) || refused.Code != 488 {
			t.Errorf("result %v", result)
		}
	})
}

func TestOurOfferUnknownToTheOtherSideEndsTheCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.established()
		p.do(func() { s.Renegotiate(func(error) {}) })
		p.peer.Reply(p.peer.Expect(sip.INVITE), 481)
		p.peer.Expect(sip.ACK)
		p.peer.Reply(p.peer.Expect(sip.BYE), 481)
		p.wantState("ended")
		p.wantNothingLeft()
	})
}

func TestRequestsOutOfOrderGet500(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		d.Request(sip.INFO)
		p.peer.ExpectResponse(sip.INFO, 200)
		d.Seq -= 2
		d.Request(sip.INFO)
		p.peer.ExpectResponse(sip.INFO, 500)
		p.wantState("active")
	})
}

func TestUnknownMethodInTheDialogGets405(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		d.Request(sip.PUBLISH)
		if res := p.peer.ExpectResponse(sip.PUBLISH, 405); res.GetHeader("Allow") == nil {
			t.Error("no Allow")
		}
	})
}

func TestMuteReachesTheMedia(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.established()
		p.do(func() { s.Mute(true, false) })
		if i := p.info(); !i.AudioMuted || i.VideoMuted {
			t.Errorf("muted %v, %v", i.AudioMuted, i.VideoMuted)
		}
		m := p.media()
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.muted != [2]bool{true, false} {
			t.Errorf("media muted %v", m.muted)
		}
	})
}
