package transact_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/siptest"
)

func TestRequestGetsAViaOfTheWebSocketTransport(t *testing.T) {
	inBubble(t, func(x *fixture) {
		x.send(sip.OPTIONS)
		via := x.Expect(sip.OPTIONS).Via()
		branch := via.Params.GetOr("branch", "")
		if via.Transport != "WS" || !strings.HasSuffix(via.Host, ".invalid") || !strings.HasPrefix(branch, sip.RFC3261BranchMagicCookie) {
			t.Errorf("Via is %s", via.Value())
		}
		x.do(x.layer.Close)
	})
}

func TestResponsesAreReportedInOrder(t *testing.T) {
	tests := []struct {
		method sip.RequestMethod
		codes  []int
	}{
		{sip.MESSAGE, []int{200}},
		{sip.MESSAGE, []int{100, 202}},
		{sip.REGISTER, []int{401}},
		{sip.INVITE, []int{100, 180, 180, 183, 486}},
		{sip.INVITE, []int{603}},
	}
	for _, tt := range tests {
		t.Run(string(tt.method), func(t *testing.T) {
			inBubble(t, func(x *fixture) {
				c := x.send(tt.method)
				req := x.Expect(tt.method)
				for _, code := range tt.codes {
					x.Reply(req, code)
				}
				x.wants(c, nil, tt.codes...)
				if tt.method == sip.INVITE {
					ack := x.Expect(sip.ACK)
					if ack.Via().Value() != req.Via().Value() || ack.CSeq().SeqNo != req.CSeq().SeqNo {
						t.Errorf("the ACK does not match its INVITE:\n%s", ack)
					}
				}
				x.ExpectNone()
			})
		})
	}
}

func TestFinalResponseThatComesAgainIsNotReportedAgain(t *testing.T) {
	for _, method := range []sip.RequestMethod{sip.MESSAGE, sip.INVITE} {
		t.Run(string(method), func(t *testing.T) {
			inBubble(t, func(x *fixture) {
				x.FaultToPhone(siptest.Duplicate)
				x.Quiet = 2 * sip.T2 // sipgo would acknowledge again after T2
				c := x.send(method)
				x.Reply(x.Expect(method), 404)
				x.wants(c, nil, 404)
				if method == sip.INVITE {
					x.Expect(sip.ACK)
				}
				x.ExpectNone()
			})
		})
	}
}

func TestEvery2xxToInviteIsReportedUntilTimerM(t *testing.T) {
	inBubble(t, func(x *fixture) {
		c := x.send(sip.INVITE)
		req := x.Expect(sip.INVITE)
		x.Reply(req, 180)
		x.Reply(req, 200, siptest.ToTag("a"))
		x.Reply(req, 200, siptest.ToTag("a")) // again
		x.Reply(req, 200, siptest.ToTag("b")) // of another fork
		x.Reply(req, 486, siptest.ToTag("c")) // too late to count
		x.wants(c, nil, 180, 200, 200, 200)
		x.ExpectNone() // no ACK: that is the session's

		time.Sleep(sip.Timer_M)
		synctest.Wait()
		x.Reply(req, 200, siptest.ToTag("a"))
		x.wants(c, nil, 180, 200, 200, 200)
		x.wantsReported(0, 0, 1)
	})
}

func TestRequestTimesOut(t *testing.T) {
	tests := []struct {
		name        string
		method      sip.RequestMethod
		provisional bool
		after       time.Duration // 0: never
	}{
		{"INVITE unanswered: Timer B", sip.INVITE, false, sip.Timer_B},
		{"INVITE with a provisional response: no timer", sip.INVITE, true, 0},
		{"MESSAGE unanswered: Timer F", sip.MESSAGE, false, sip.Timer_F},
		{"MESSAGE with a provisional response: Timer F", sip.MESSAGE, true, sip.Timer_F},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(x *fixture) {
				start := time.Now()
				c := x.send(tt.method)
				req := x.Expect(tt.method)
				var codes []int
				if tt.provisional {
					x.Reply(req, 100)
					codes = []int{100}
				}
				if tt.after == 0 {
					time.Sleep(time.Hour)
					x.wants(c, nil, codes...)
					x.do(x.layer.Close)
					return
				}
				time.Sleep(tt.after - time.Millisecond - time.Since(start))
				x.wants(c, nil, codes...)
				time.Sleep(time.Millisecond)
				x.wants(c, sipcore.ErrTimeout, codes...)
				x.Reply(req, 200)
				x.wants(c, sipcore.ErrTimeout, codes...)
			})
		})
	}
}

func TestCancelWaitsForAProvisionalResponse(t *testing.T) {
	inBubble(t, func(x *fixture) {
		c := x.send(sip.INVITE)
		invite := x.Expect(sip.INVITE)
		reason := sip.NewHeader("Reason", "SIP;cause=200")
		x.do(func() { c.Cancel(reason) })
		x.ExpectNone()
		x.Reply(invite, 100)
		cancel := x.Expect(sip.CANCEL)
		if cancel.Via().Value() != invite.Via().Value() || len(cancel.GetHeaders("Via")) != 1 ||
			cancel.CSeq().SeqNo != invite.CSeq().SeqNo || cancel.GetHeader("Reason") == nil {
			t.Errorf("the CANCEL does not match its INVITE:\n%s", cancel)
		}
		x.do(func() { c.Cancel() })
		x.Reply(cancel, 200)
		x.Reply(invite, 487)
		x.Expect(sip.ACK)
		x.ExpectNone()
		x.wants(c, nil, 100, 487)
	})
}

func TestCancelIsSentAtOnceAfterRinging(t *testing.T) {
	inBubble(t, func(x *fixture) {
		c := x.send(sip.INVITE)
		invite := x.Expect(sip.INVITE)
		x.Reply(invite, 180)
		synctest.Wait()
		x.do(func() { c.Cancel() })
		cancel := x.Expect(sip.CANCEL)
		x.Reply(invite, 200) // crossing
		x.Reply(cancel, 200)
		x.wants(c, nil, 180, 200)
		time.Sleep(sip.Timer_M)
		x.wants(c, nil, 180, 200)
	})
}

func TestNoCancelAfterAFinalResponse(t *testing.T) {
	tests := []struct {
		name string
		code int
	}{{"refused", 486}, {"accepted", 200}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(x *fixture) {
				c := x.send(sip.INVITE)
				invite := x.Expect(sip.INVITE)
				x.do(func() { c.Cancel() })
				x.Reply(invite, tt.code)
				if tt.code >= 300 {
					x.Expect(sip.ACK)
				}
				x.ExpectNone()
				x.wants(c, nil, tt.code)
				time.Sleep(sip.Timer_M)
				synctest.Wait()
			})
		})
	}
}

func TestInviteEndsWhenNothingFollowsItsCancel(t *testing.T) {
	inBubble(t, func(x *fixture) {
		c := x.send(sip.INVITE)
		invite := x.Expect(sip.INVITE)
		x.Reply(invite, 180)
		synctest.Wait()
		x.do(func() { c.Cancel() })
		x.Reply(x.Expect(sip.CANCEL), 200)
		start := time.Now()
		time.Sleep(64*sip.T1 - time.Millisecond - time.Since(start))
		x.wants(c, nil, 180)
		time.Sleep(time.Millisecond)
		x.wants(c, sipcore.ErrCanceled, 180)
		x.Reply(invite, 200)
		x.wantsReported(0, 0, 1)
	})
}

func TestCancelOfAnythingButInviteDoesNothing(t *testing.T) {
	inBubble(t, func(x *fixture) {
		c := x.send(sip.MESSAGE)
		req := x.Expect(sip.MESSAGE)
		x.Reply(req, 100)
		x.do(func() { c.Cancel() })
		x.ExpectNone()
		x.Reply(req, 200)
		x.wants(c, nil, 100, 200)
	})
}

func TestLinkDownEndsWhatHasNoFinalResponse(t *testing.T) {
	inBubble(t, func(x *fixture) {
		waiting, ringing, talking := x.send(sip.MESSAGE), x.send(sip.INVITE), x.send(sip.INVITE)
		x.Expect(sip.MESSAGE)
		x.Reply(x.Expect(sip.INVITE), 180)
		x.Reply(x.Expect(sip.INVITE), 200)
		synctest.Wait()
		x.Cut()
		x.wants(waiting, sipcore.ErrLinkDown)
		x.wants(ringing, sipcore.ErrLinkDown, 180)
		x.wants(talking, nil, 200)
		late := x.send(sip.MESSAGE)
		x.wants(late, sipcore.ErrLinkDown)
	})
}

func TestClosedLayerSendsNothing(t *testing.T) {
	inBubble(t, func(x *fixture) {
		pending := x.send(sip.MESSAGE)
		x.Expect(sip.MESSAGE)
		x.do(x.layer.Close)
		x.wants(pending, sipcore.ErrClosed)
		x.wants(x.send(sip.MESSAGE), sipcore.ErrClosed)
		x.do(func() {
			if err := x.layer.Send(x.NewRequest(sip.ACK, "sip:bob@example.test")); !errors.Is(err, sipcore.ErrClosed) {
				t.Errorf("Send gives %v, want ErrClosed", err)
			}
		})
		x.Request(sip.OPTIONS, "sip:alice@example.test")
		x.ExpectNone()
	})
}

func TestRequestWithABranchInUseIsNotSent(t *testing.T) {
	inBubble(t, func(x *fixture) {
		first := x.send(sip.MESSAGE)
		req := x.Expect(sip.MESSAGE)
		var reported error
		x.do(func() {
			x.layer.Request(first.Request(), func(_ *sip.Response, err error) { reported = err })
		})
		x.ExpectNone()
		if reported == nil {
			t.Error("no error was reported")
		}
		x.Reply(req, 200)
		x.wants(first, nil, 200)
	})
}

func TestResponsesToNothingAreDropped(t *testing.T) {
	inBubble(t, func(x *fixture) {
		foreign := x.NewRequest(sip.MESSAGE, "sip:bob@example.test")
		x.Reply(foreign, 200)
		x.Reply(x.NewRequest(sip.INVITE, "sip:bob@example.test"), 486)
		x.ExpectNone()
		x.wantsReported(0, 0, 0)
	})
}
