package session_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

// Messages and moments that cross each other.

func TestReinviteBeingAnsweredAtTheEndGets487(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		p.media().hangs("answer")
		d.Request(sip.INVITE, audio)
		synctest.Wait()
		p.peer.ExpectResponse(sip.INVITE, 100)
		d.Request(sip.BYE)
		p.peer.ExpectResponse(sip.BYE, 200)
		p.wantState("ended")
		p.wantNothingLeft()
		p.peer.ExpectResponse(sip.INVITE, 487)
	})
}

func TestUpdateBeingAnsweredAtTheEndIsAnswered(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, d := p.established()
		p.media().hangs("answer")
		d.Request(sip.UPDATE, audio)
		synctest.Wait()
		p.do(s.Hangup)
		bye := p.peer.Expect(sip.BYE)
		p.peer.Reply(bye, 200)
		p.wantNothingLeft()
	})
}

func TestStrayForkWithoutContactLeavesTheCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
		p.peer.Expect(sip.ACK)
		p.wantState("active")
		p.peer.Reply(invite, 200, siptest.ToTag("c"), audio, siptest.Header("Contact", "<mailto:a@b>"))
		p.wantState("active")
	})
}

func TestStrayForkWithoutTagLeavesTheCall(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
		p.peer.Expect(sip.ACK)
		p.wantState("active")
		res := p.peer.Reply(invite, 100)
		res.StatusCode = 200
		p.peer.Send(res)
		p.wantState("active")
	})
}

func TestLogoutBeforeTheAckSendsByeAfterIt(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		res := p.peer.ExpectResponse(sip.INVITE, 200)
		p.do(func() { p.ua.Close(nil) })
		p.peer.Ack(invite, res)
		p.peer.Expect(sip.BYE)
	})
}

func TestLogoutBeforeRingingSendsCancelWhenItRings(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.do(func() { p.ua.Close(nil) })
		p.peer.Reply(invite, 180, siptest.ToTag("b"))
		p.peer.Expect(sip.CANCEL)
	})
}

func TestLogoutCrossingTheAnswerSendsBye(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 180, siptest.ToTag("b"))
		synctest.Wait()
		p.do(func() { p.ua.Close(nil) })
		p.peer.Expect(sip.CANCEL)
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
		p.peer.Expect(sip.ACK)
		p.peer.Expect(sip.BYE)
	})
}

func TestLogoutWhileRingingIsNoRefusalForOtherDevices(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		p.peer.ExpectResponse(sip.INVITE, 180)
		p.incomingCall()
		p.do(func() { p.ua.Close(nil) })
		p.peer.ExpectResponse(sip.INVITE, 480)
	})
}

func TestStrayForkGetsOneByeHoweverOftenItAnswers(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
		p.peer.Expect(sip.ACK)
		res := p.peer.Reply(invite, 200, siptest.ToTag("c"), audio)
		p.peer.Expect(sip.ACK)
		bye := p.peer.Expect(sip.BYE)
		p.peer.Reply(bye, 200)
		p.peer.Send(res)
		p.peer.Expect(sip.ACK)
		p.peer.ExpectNone()
	})
}

func TestSessionThatIsOverTakesNoRequests(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio)
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		res := p.peer.ExpectResponse(sip.INVITE, 200)
		p.do(s.Hangup)
		d := p.peer.Called(invite, res)
		d.Request(sip.UPDATE)
		p.peer.ExpectResponse(sip.UPDATE, 481)
	})
}

func TestReinviteCanBeCancelled(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		p.media().hangs("answer")
		re := d.Request(sip.INVITE, audio)
		p.peer.ExpectResponse(sip.INVITE, 100)
		p.peer.Cancel(re)
		p.peer.ExpectResponse(sip.CANCEL, 200)
		p.peer.ExpectResponse(sip.INVITE, 487)
	})
}

func TestSequenceNumbersOfTheEarlyDialogGoOn(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		res := p.peer.Reply(invite, 183, siptest.ToTag("b"))
		synctest.Wait()
		d := p.peer.Answered(invite, res)
		d.Seq = 500
		d.Request(sip.UPDATE)
		p.peer.ExpectResponse(sip.UPDATE, 200)
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
		p.peer.Expect(sip.ACK)
		d.Seq = 100
		d.Request(sip.UPDATE)
		p.peer.ExpectResponse(sip.UPDATE, 500)
	})
}

func TestCallThatBeginsOnHoldShowsIt(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", sdpBody(description("sendonly", false)))
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		res := p.peer.ExpectResponse(sip.INVITE, 200)
		p.peer.Ack(invite, res)
		p.media().on(session.MediaConnected)
		p.wantState("active")
		if !p.info().RemoteHold {
			t.Error("no remote hold")
		}
	})
}

func TestEarlyMediaThatFailsLeavesTheAttempt(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 183, siptest.ToTag("a"), audio)
		p.peer.Reply(invite, 180, siptest.ToTag("b"))
		p.wantState("early")
		p.media().on(session.MediaFailed)
		p.wantState("early")
	})
}

func TestMediaPathOfAnotherForkDoesNotCount(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.prepare = func(m *scriptedMedia) { m.hang["accept"] = true }
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 183, siptest.ToTag("a"), audio)
		p.wantState("early")
		p.media().on(session.MediaConnected)
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
		p.peer.Expect(sip.ACK)
		time.Sleep(2 * time.Minute) // the other side's answer is never taken by the browser
		p.wantState("ended")
	})
}

func TestAnswerThatNeverComesIsGivenUp(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		_, d := p.established()
		p.media().hangs("answer")
		d.Request(sip.UPDATE, audio)
		time.Sleep(10 * time.Minute)
		p.peer.ExpectResponse(sip.UPDATE, 488)
	})
}

func TestEndOfTheCallEndsTheWaitForAnOffer(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, d := p.established()
		called := false
		p.do(func() { s.Renegotiate(func(error) { called = true }) })
		p.peer.Expect(sip.INVITE)
		d.Request(sip.BYE)
		p.peer.ExpectResponse(sip.BYE, 200)
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		if !called {
			t.Error("done never called")
		}
	})
}

func TestFirst2xxWithoutContactIsEnded(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio, siptest.Header("Contact", "<mailto:a@b>"))
		p.peer.Expect(sip.ACK)
		p.peer.Expect(sip.BYE)
	})
}

func TestPanicInTheMediaEndsTheCallAndNothingElse(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.prepare = func(m *scriptedMedia) { m.panics = true }
		p.call(false)
		p.peer.ExpectNone()
		p.wantState("ended")
		if p.info().Err == nil {
			t.Error("no error")
		}
		p.wantNothingLeft()
	})
}

func TestPictureRefusedByThisSideIsNotExpected(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.prepare = func(m *scriptedMedia) { m.refusesVideo = true }
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", sdpBody(description("sendrecv", true)))
		p.peer.ExpectResponse(sip.INVITE, 180)
		if !p.info().RemoteVideo {
			t.Error("the picture offered is not shown while it rings")
		}
		s := p.incomingCall()
		p.do(func() { p.accept(s, false) })
		p.peer.Ack(invite, p.peer.ExpectResponse(sip.INVITE, 200))
		if i := p.info(); i.Video || i.RemoteVideo {
			t.Errorf("video %v, of the other side %v", i.Video, i.RemoteVideo)
		}
	})
}
