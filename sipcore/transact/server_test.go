package transact_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/siptest"
	"gocommunicator/sipcore/transact"
)

const alice = "sip:alice@token.invalid;transport=ws"

// ends notes with what error a transaction ends.
func (x *fixture) ends(s *transact.Server) *[]error {
	var errs []error
	x.do(func() { s.OnEnd(func(err error) { errs = append(errs, err) }) })
	return &errs
}

func (x *fixture) wantsEnd(ended *[]error, err error) {
	x.t.Helper()
	synctest.Wait()
	x.do(func() {
		if len(*ended) != 1 || !errors.Is((*ended)[0], err) {
			x.t.Errorf("ended with %v, want once with %v", *ended, err)
		}
	})
}

func (x *fixture) wantsNoEnd(ended *[]error) {
	x.t.Helper()
	synctest.Wait()
	x.do(func() {
		if len(*ended) != 0 {
			x.t.Errorf("ended already, with %v", *ended)
		}
	})
}

func TestRequestIsAnswered(t *testing.T) {
	inBubble(t, func(x *fixture) {
		x.Request(sip.MESSAGE, alice)
		s := x.receive()
		ended := x.ends(s)
		x.respond(s, 200)
		res := x.ExpectResponse(sip.MESSAGE, 200)
		if res.To().Params.GetOr("tag", "") == "" {
			t.Error("the response has no To tag")
		}
		x.wantsEnd(ended, nil)
	})
}

func TestRequestThatComesTwiceIsReportedOnce(t *testing.T) {
	inBubble(t, func(x *fixture) {
		x.FaultToPhone(siptest.Only("INVITE", siptest.Duplicate))
		invite := x.Request(sip.INVITE, alice)
		s := x.receive()
		x.respond(s, 180)
		x.ExpectResponse(sip.INVITE, 180)
		x.Send(invite) // twice: each is answered with the last response
		x.ExpectResponse(sip.INVITE, 180)
		x.ExpectResponse(sip.INVITE, 180)
		x.respond(s, 486)
		x.ExpectResponse(sip.INVITE, 486)
		x.Ack(invite, transact.NewResponse(invite, 486, ""))
		x.ExpectNone()
		x.wantsReported(0, 0, 0)
	})
}

func TestInviteIsAnsweredWith100When200MillisecondsPass(t *testing.T) {
	tests := []struct {
		name  string
		first int // sent before that
		want  bool
	}{{"nothing sent", 0, true}, {"ringing sent", 180, false}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(x *fixture) {
				x.Request(sip.INVITE, alice)
				s := x.receive()
				if tt.first != 0 {
					x.respond(s, tt.first)
					x.ExpectResponse(sip.INVITE, tt.first)
				}
				time.Sleep(199 * time.Millisecond)
				synctest.Wait()
				x.Quiet = 0
				x.ExpectNone()
				time.Sleep(time.Millisecond)
				synctest.Wait()
				if tt.want {
					res := x.ExpectResponse(sip.INVITE, 100)
					if res.To().Params.Has("tag") {
						t.Error("the 100 has a To tag")
					}
				}
				x.Quiet = time.Second
				x.ExpectNone()
				x.do(x.layer.Close)
			})
		})
	}
}

func TestRefusedInviteEndsWithItsAck(t *testing.T) {
	inBubble(t, func(x *fixture) {
		invite := x.Request(sip.INVITE, alice)
		s := x.receive()
		ended := x.ends(s)
		x.respond(s, 486)
		x.Ack(invite, x.ExpectResponse(sip.INVITE, 486))
		x.wantsEnd(ended, nil)
		x.wantsReported(0, 0, 0)
	})
}

func TestRefusedInviteWithoutAckEndsWithTimerH(t *testing.T) {
	inBubble(t, func(x *fixture) {
		x.Request(sip.INVITE, alice)
		s := x.receive()
		ended := x.ends(s)
		x.respond(s, 603)
		x.ExpectResponse(sip.INVITE, 603)
		time.Sleep(sip.Timer_H - time.Millisecond)
		x.wantsNoEnd(ended)
		time.Sleep(time.Millisecond)
		x.wantsEnd(ended, sipcore.ErrTimeout)
	})
}

func TestAcceptedInvitePassesAcksOnUntilTimerL(t *testing.T) {
	inBubble(t, func(x *fixture) {
		invite := x.Request(sip.INVITE, alice)
		s := x.receive()
		ended := x.ends(s)
		x.respond(s, 200)
		ok := x.ExpectResponse(sip.INVITE, 200)
		x.Ack(invite, ok)
		x.Send(invite) // absorbed
		x.ExpectNone()
		sameBranch := x.NewRequest(sip.ACK, alice)
		sameBranch.RemoveHeader("Via")
		sameBranch.PrependHeader(invite.Via().Clone())
		x.Send(sameBranch)
		x.wantsReported(0, 2, 0)
		x.wantsNoEnd(ended)
		time.Sleep(sip.Timer_L)
		x.wantsEnd(ended, nil)
	})
}

func TestSecondFinalResponseIsAnError(t *testing.T) {
	inBubble(t, func(x *fixture) {
		invite := x.Request(sip.INVITE, alice)
		s := x.receive()
		x.respond(s, 486)
		x.Ack(invite, x.ExpectResponse(sip.INVITE, 486))
		x.do(func() {
			if err := s.Respond(transact.NewResponse(s.Request(), 200, "OK")); err == nil {
				t.Error("no error")
			}
		})
		x.ExpectNone()
	})
}

func TestCancelIsAnsweredAndReportedOnce(t *testing.T) {
	inBubble(t, func(x *fixture) {
		invite := x.Request(sip.INVITE, alice)
		s := x.receive()
		canceled := 0
		x.do(func() { s.OnCancel(func(*sip.Request) { canceled++ }) })
		cancel := x.Cancel(invite)
		ok := x.ExpectResponse(sip.CANCEL, 200)
		x.Send(cancel)
		x.ExpectResponse(sip.CANCEL, 200)
		x.respond(s, 487)
		gone := x.ExpectResponse(sip.INVITE, 487)
		if ok.To().Params.GetOr("tag", "1") != gone.To().Params.GetOr("tag", "2") {
			t.Error("the CANCEL was answered with another To tag than the INVITE")
		}
		x.Ack(invite, gone)
		x.ExpectNone()
		if canceled != 1 {
			t.Errorf("reported %d times, want once", canceled)
		}
	})
}

func TestCancelThatCameBeforeAnybodyAskedIsReported(t *testing.T) {
	inBubble(t, func(x *fixture) {
		x.Cancel(x.Request(sip.INVITE, alice))
		s := x.receive()
		canceled := 0
		x.do(func() { s.OnCancel(func(*sip.Request) { canceled++ }) })
		if canceled != 1 {
			t.Errorf("reported %d times, want once", canceled)
		}
		x.do(x.layer.Close)
	})
}

func TestCancelAfterTheFinalResponseHasNoEffect(t *testing.T) {
	inBubble(t, func(x *fixture) {
		invite := x.Request(sip.INVITE, alice)
		s := x.receive()
		x.do(func() { s.OnCancel(func(*sip.Request) { t.Error("reported") }) })
		x.respond(s, 200)
		x.ExpectResponse(sip.INVITE, 200)
		x.Cancel(invite)
		x.ExpectResponse(sip.CANCEL, 200)
		x.ExpectNone()
		time.Sleep(sip.Timer_L)
	})
}

func TestCancelOfNothingIsAnsweredWith481(t *testing.T) {
	inBubble(t, func(x *fixture) {
		x.Cancel(x.NewRequest(sip.INVITE, alice))
		x.ExpectResponse(sip.CANCEL, 481)
	})
}

func TestLinkDownEndsServerTransactions(t *testing.T) {
	inBubble(t, func(x *fixture) {
		x.Request(sip.INVITE, alice)
		s := x.receive()
		ended := x.ends(s)
		x.Cut()
		x.wantsEnd(ended, sipcore.ErrLinkDown)
		x.do(func() {
			if err := s.Respond(transact.NewResponse(s.Request(), 180, "")); !errors.Is(err, sipcore.ErrLinkDown) {
				t.Errorf("Respond gives %v, want ErrLinkDown", err)
			}
		})
	})
}

// The link may know that it is down before the layer is told.
func TestResponseThatCannotBeSentEndsTheTransaction(t *testing.T) {
	for _, code := range []int{180, 200, 486} {
		synctest.Test(t, func(t *testing.T) {
			loop := sipcore.NewLoop(nil)
			var ended, responded error
			layer, err := transact.New(transact.Config{
				Loop: loop,
				Send: func([]byte) error { return sipcore.ErrLinkDown },
				OnRequest: func(s *transact.Server) {
					s.OnEnd(func(err error) { ended = err })
					responded = s.Respond(transact.NewResponse(s.Request(), code, ""))
				},
			})
			if err != nil {
				t.Fatal(err)
			}
			invite := siptest.NewPeer(t).NewRequest(sip.INVITE, alice)
			invite.SetBody(nil)
			loop.Post(func() { layer.Receive([]byte(invite.String())) })
			synctest.Wait()
			if !errors.Is(ended, sipcore.ErrLinkDown) || !errors.Is(responded, sipcore.ErrLinkDown) {
				t.Errorf("%d: ended with %v, Respond gave %v, want ErrLinkDown", code, ended, responded)
			}
			loop.Post(func() {
				if n := layer.Pending(); n != 0 {
					t.Errorf("%d: %d transactions are left", code, n)
				}
			})
			loop.Close()
			synctest.Wait()
		})
	}
}

func TestMergedRequestIsKnown(t *testing.T) {
	inBubble(t, func(x *fixture) {
		invite := x.Request(sip.INVITE, alice)
		first := x.receive()
		again := invite.Clone()
		again.Via().Params.Add("branch", sip.GenerateBranch())
		x.Send(again)
		second := x.receive()
		x.Request(sip.INVITE, alice)
		third := x.receive()
		x.do(func() {
			for s, want := range map[*transact.Server]bool{first: true, second: true, third: false} {
				if got := x.layer.Merged(s.Request()); got != want {
					t.Errorf("Merged = %v, want %v", got, want)
				}
			}
			inDialog := again.Clone()
			inDialog.To().Params.Add("tag", "x")
			if x.layer.Merged(inDialog) {
				t.Error("a request within a dialog is said to be merged")
			}
		})
		x.do(x.layer.Close)
	})
}
