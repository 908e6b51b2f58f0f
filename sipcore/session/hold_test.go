package session_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/sdp"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

// hold asks for hold or its end and returns what comes of it: one entry when it is known.
func (p *phone) hold(s *session.Session, on bool) *[]error {
	p.t.Helper()
	result := &[]error{}
	p.do(func() {
		if err := s.Hold(on, func(err error) { *result = append(*result, err) }); err != nil {
			p.t.Error(err)
		}
	})
	return result
}

// expectOffer waits for a re-INVITE that offers a direction.
func (p *phone) expectOffer(want sdp.Direction) *sip.Request {
	p.t.Helper()
	req := p.peer.Expect(sip.INVITE)
	p.wantDirection(req, want)
	return req
}

func (p *phone) wantDirection(msg sip.Message, want sdp.Direction) {
	p.t.Helper()
	d, err := sdp.Parse(msg.Body())
	if err != nil {
		p.t.Fatal(err)
	}
	if got := d.First("audio").Direction(); got != want {
		p.t.Fatalf("%v, want %v", got, want)
	}
}

// agree answers a re-INVITE of the phone.
func (p *phone) agree(req *sip.Request, direction sdp.Direction) {
	p.t.Helper()
	p.peer.Reply(req, 200, sdpBody(description(direction.String(), false)))
	p.peer.Expect(sip.ACK)
}

func (p *phone) wantHold(local, remote bool) {
	p.t.Helper()
	if i := p.info(); i.LocalHold != local || i.RemoteHold != remote {
		p.t.Fatalf("local hold %v, remote %v; want %v, %v", i.LocalHold, i.RemoteHold, local, remote)
	}
	m := p.media()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held != local {
		p.t.Fatalf("media held %v, want %v", m.held, local)
	}
}

func wantResult(t *testing.T, result *[]error, code int) {
	t.Helper()
	synctest.Wait()
	if len(*result) != 1 {
		t.Fatalf("outcomes %v, want one", *result)
	}
	var refused *sipcore.ResponseError
	switch err := (*result)[0]; {
	case code == 0 && err != nil:
		t.Fatalf("outcome %v", err)
	case code != 0 && (!errors.As(err, &refused) || refused.Code != code):
		t.Fatalf("outcome %v, want %d", err, code)
	}
}

var roles = map[string]func(*phone) (*session.Session, *siptest.Dialog){
	"called": (*phone).answered, "calling": (*phone).established,
}

func TestHoldAndResume(t *testing.T) {
	for name, start := range roles {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				s, _ := start(p)
				result := p.hold(s, true)
				p.wantHold(true, false) // silent before the other side has agreed
				p.agree(p.expectOffer(sdp.SendOnly), sdp.RecvOnly)
				wantResult(t, result, 0)
				p.wantHold(true, false)
				result = p.hold(s, false)
				p.agree(p.expectOffer(sdp.SendRecv), sdp.SendRecv)
				wantResult(t, result, 0)
				p.wantHold(false, false)
				p.peer.ExpectNone()
			})
		})
	}
}

// Every order in which two can put each other on hold and take it back.
func TestHoldByBothSides(t *testing.T) {
	for name, start := range roles {
		for _, old := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				run(t, func(t *testing.T, p *phone) {
					s, d := start(p)
					theirs := func(offered, answered sdp.Direction) {
						t.Helper()
						text := description(offered.String(), false)
						if old && !offered.Receives() {
							text = oldHold()
						}
						req := d.Request(sip.INVITE, sdpBody(text))
						res := p.peer.ExpectResponse(sip.INVITE, 200)
						p.peer.Ack(req, res)
						p.wantDirection(res, answered)
					}
					// They first, then this side; they let go first.
					theirs(sdp.SendOnly, sdp.RecvOnly)
					p.wantHold(false, true)
					p.hold(s, true)
					p.agree(p.expectOffer(sdp.Inactive), sdp.Inactive)
					p.wantHold(true, true)
					theirs(sdp.SendRecv, sdp.SendOnly)
					p.wantHold(true, false)
					// They again; this side lets go first.
					theirs(sdp.SendOnly, sdp.Inactive)
					p.wantHold(true, true)
					p.hold(s, false)
					p.agree(p.expectOffer(sdp.SendRecv), sdp.SendOnly)
					p.wantHold(false, true)
					theirs(sdp.SendRecv, sdp.SendRecv)
					p.wantHold(false, false)
				})
			})
		}
	}
}

// oldHold is a hold as before RFC 3264, as gateways pass it on.
func oldHold() string {
	text := strings.Replace(description("sendrecv", false), "m=audio 9 ", "m=audio 40000 ", 1)
	return strings.Replace(text, "a=sendrecv\r\n", "", 1)
}

func TestHoldsThatCrossAreBothAgreedOn(t *testing.T) {
	for name, wait := range map[string][2]time.Duration{
		"calling": {2100 * time.Millisecond, 4 * time.Second},
		"called":  {0, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				s, d := roles[name](p)
				result := p.hold(s, true)
				ours := p.expectOffer(sdp.SendOnly)
				theirs := d.Request(sip.INVITE, sdpBody(description("sendonly", false)))
				p.peer.Ack(theirs, p.peer.ExpectResponse(sip.INVITE, 491))
				p.peer.Reply(ours, 491)
				p.peer.Expect(sip.ACK)
				start := time.Now()
				again := p.expectOffer(sdp.SendOnly)
				if took := time.Since(start); took < wait[0] || took > wait[1] {
					t.Errorf("repeated after %v, want %v (RFC 3261 §14.1)", took, wait)
				}
				p.agree(again, sdp.Inactive)
				wantResult(t, result, 0)
				p.wantHold(true, true)
			})
		})
	}
}

func TestHoldOfTheOtherSideThatComesBeforeOurRepetition(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, d := p.established()
		result := p.hold(s, true)
		p.peer.Reply(p.expectOffer(sdp.SendOnly), 491)
		p.peer.Expect(sip.ACK)
		synctest.Wait() // the offer is taken back
		theirs := d.Request(sip.INVITE, sdpBody(description("sendonly", false)))
		res := p.peer.ExpectResponse(sip.INVITE, 200)
		p.wantDirection(res, sdp.Inactive)
		p.peer.Ack(theirs, res)
		p.agree(p.expectOffer(sdp.Inactive), sdp.Inactive)
		wantResult(t, result, 0)
		p.wantHold(true, true)
	})
}

func TestHoldRefusedLeavesTheCallAsItWas(t *testing.T) {
	for _, code := range []int{403, 488, 500, 503, 603} {
		run(t, func(t *testing.T, p *phone) {
			s, _ := p.established()
			result := p.hold(s, true)
			p.peer.Reply(p.expectOffer(sdp.SendOnly), code)
			p.peer.Expect(sip.ACK)
			wantResult(t, result, code)
			p.wantHold(false, false)
			p.wantState("active")
			// Nor does the end of a hold that is refused end it.
			p.hold(s, true)
			p.agree(p.expectOffer(sdp.SendOnly), sdp.RecvOnly)
			result = p.hold(s, false)
			p.peer.Reply(p.expectOffer(sdp.SendRecv), code)
			p.peer.Expect(sip.ACK)
			wantResult(t, result, code)
			p.wantHold(true, false)
			p.peer.ExpectNone()
		})
	}
}

func TestHoldOfACallUnknownToTheOtherSideEndsIt(t *testing.T) {
	for _, code := range []int{408, 481} {
		run(t, func(t *testing.T, p *phone) {
			s, _ := p.established()
			result := p.hold(s, true)
			p.peer.Reply(p.expectOffer(sdp.SendOnly), code)
			p.peer.Expect(sip.ACK)
			p.peer.Reply(p.peer.Expect(sip.BYE), 481)
			wantResult(t, result, code)
			p.wantState("ended")
			p.wantNothingLeft()
		})
	}
}

func TestHoldAnsweredTooEarlyIsRepeatedWhenItSays(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.established()
		result := p.hold(s, true)
		p.peer.Reply(p.expectOffer(sdp.SendOnly), 500, siptest.Header("Retry-After", "7"))
		p.peer.Expect(sip.ACK)
		start := time.Now()
		again := p.expectOffer(sdp.SendOnly)
		if took := time.Since(start); took != 7*time.Second {
			t.Errorf("repeated after %v", took)
		}
		p.agree(again, sdp.RecvOnly)
		wantResult(t, result, 0)
	})
}

func TestHoldWaitsForItsTurn(t *testing.T) {
	for name, exchange := range map[string]func(*phone, *session.Session, *siptest.Dialog) (end func()){
		"own offer": func(p *phone, s *session.Session, _ *siptest.Dialog) func() {
			p.do(func() { s.Renegotiate(func(error) {}) })
			req := p.expectOffer(sdp.SendRecv)
			return func() { p.agree(req, sdp.SendRecv) }
		},
		"their re-INVITE": func(p *phone, _ *session.Session, d *siptest.Dialog) func() {
			req := d.Request(sip.INVITE, audio)
			res := p.peer.ExpectResponse(sip.INVITE, 200)
			return func() { p.peer.Ack(req, res) }
		},
		"their re-INVITE without offer": func(p *phone, _ *session.Session, d *siptest.Dialog) func() {
			d.Request(sip.INVITE)
			p.peer.ExpectResponse(sip.INVITE, 200)
			return func() { p.peer.Send(d.NewRequest(sip.ACK, audio)) }
		},
		"their re-INVITE refused by the media": func(p *phone, _ *session.Session, d *siptest.Dialog) func() {
			p.media().hangs("answer")
			req := d.Request(sip.INVITE, audio)
			p.peer.ExpectResponse(sip.INVITE, 100)
			return func() {
				p.peer.Cancel(req)
				p.peer.ExpectResponse(sip.CANCEL, 200)
				p.peer.Ack(req, p.peer.ExpectResponse(sip.INVITE, 487))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				s, d := p.established()
				end := exchange(p, s, d)
				result := p.hold(s, true)
				p.wantHold(true, false)
				p.peer.ExpectNone()
				start := time.Now()
				end()
				p.agree(p.expectOffer(sdp.SendOnly), sdp.RecvOnly)
				if took := time.Since(start); took > time.Millisecond {
					t.Errorf("its turn came after %v", took)
				}
				wantResult(t, result, 0)
			})
		})
	}
}

func TestHoldWhileConnectingWaitsForTheAck(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		res := p.peer.ExpectResponse(sip.INVITE, 200)
		result := p.hold(s, true)
		p.peer.ExpectNone()
		p.peer.Ack(invite, res)
		p.agree(p.expectOffer(sdp.SendOnly), sdp.RecvOnly)
		wantResult(t, result, 0)
		p.media().on(session.MediaConnected)
		p.wantState("active")
	})
}

func TestHoldPressedSeveralTimes(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.established()
		first, second := p.hold(s, true), p.hold(s, true)
		req := p.expectOffer(sdp.SendOnly)
		off, on := p.hold(s, false), p.hold(s, true)
		p.peer.ExpectNone()
		p.agree(req, sdp.RecvOnly)
		wantResult(t, first, 0)
		wantResult(t, second, 0)
		p.agree(p.expectOffer(sdp.SendOnly), sdp.RecvOnly) // what is wanted last
		wantResult(t, off, 0)
		wantResult(t, on, 0)
		wantResult(t, p.hold(s, true), 0) // is so already
		p.wantHold(true, false)
		p.peer.ExpectNone()
	})
}

func TestHoldTakenBackWhileTheFirstIsRefused(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.established()
		on := p.hold(s, true)
		req := p.expectOffer(sdp.SendOnly)
		off := p.hold(s, false)
		p.peer.Reply(req, 488)
		p.peer.Expect(sip.ACK)
		wantResult(t, on, 488)
		p.peer.Reply(p.expectOffer(sdp.SendRecv), 488)
		p.peer.Expect(sip.ACK)
		wantResult(t, off, 488)
		p.wantHold(false, false)
	})
}

func TestHoldCrossingBye(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, d := p.established()
		result, waiting := p.hold(s, true), p.hold(s, false)
		p.expectOffer(sdp.SendOnly)
		d.Request(sip.BYE)
		p.peer.ExpectResponse(sip.BYE, 200)
		p.wantState("ended")
		for _, r := range []*[]error{result, waiting} {
			if len(*r) != 1 || !errors.Is((*r)[0], session.ErrState) {
				t.Errorf("outcome %v", *r)
			}
		}
		p.wantNothingLeft()
	})
}

func TestHoldOnlyInACallThatIsAnswered(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s := p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		refused := func() {
			t.Helper()
			p.do(func() {
				if err := s.Hold(true, nil); !errors.Is(err, session.ErrState) {
					t.Errorf("%v: %v", s.Info().State, err)
				}
			})
		}
		refused()
		p.peer.Reply(invite, 180, siptest.ToTag("b"))
		p.wantState("ringing")
		refused()
		p.peer.Reply(invite, 486, siptest.ToTag("b"))
		p.peer.Expect(sip.ACK)
		refused()
	})
}

func TestHoldIsKeptInAnswers(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, d := p.established()
		p.hold(s, true)
		p.agree(p.expectOffer(sdp.SendOnly), sdp.RecvOnly)
		d.Request(sip.UPDATE, audio)
		p.wantDirection(p.peer.ExpectResponse(sip.UPDATE, 200), sdp.SendOnly)
		d.Request(sip.INVITE) // and in an offer that the other side asks for
		p.wantDirection(p.peer.ExpectResponse(sip.INVITE, 200), sdp.SendOnly)
		p.peer.Send(d.NewRequest(sip.ACK, sdpBody(description("recvonly", false))))
		p.wantHold(true, false)
	})
}
