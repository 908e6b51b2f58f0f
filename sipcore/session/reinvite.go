package session

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/sdp"
)

// receiveReinvite takes an INVITE inside the dialog (RFC 3261 §14.2). Whatever is
// wrong with it, the session goes on as it was.
func (s *Session) receiveReinvite(tx sipcore.ServerTransaction) {
	if s.set.refreshTooBrief(tx) || s.answerPending(tx) {
		return
	}
	if s.info.State != StateConnecting && s.info.State != StateActive {
		s.reply(tx, sip.StatusRequestPending, "Request Pending")
		return
	}
	s.answerOffer(tx, func(body []byte, offered bool) {
		s.send2xx(tx, body, func(ack *sip.Request) {
			switch {
			case s.over():
			case ack == nil: // RFC 3261 §14.2: as for the first INVITE
				s.hangup(ErrNoAck)
			case offered:
				s.accept(description(ack), false, func(err error) {
					if err != nil {
						s.hangup(err)
					}
				})
			}
		})
	})
}

// answerPending refuses a request that would start another exchange while one is
// under way: 491 against our own, 500 against one more of theirs (RFC 3261 §14.2,
// RFC 3311 §5.2).
func (s *Session) answerPending(tx sipcore.ServerTransaction) bool {
	switch state := s.turn.State(); {
	case s.offering || state == sdp.LocalOffer || state == sdp.RemoteProvisional:
		s.reply(tx, sip.StatusRequestPending, "Request Pending")
		return true
	case state != sdp.Stable || s.answering != nil || len(s.pending2xx) > 0:
		s.reply(tx, sip.StatusInternalServerError, "Request In Progress", retryAfter())
		return true
	}
	return false
}

// retryAfter is between 0 and 10 seconds, by chance (RFC 3261 §14.2).
func retryAfter() sip.Header {
	return sip.NewHeader("Retry-After", strconv.Itoa(rand.IntN(11)))
}

// answerOffer answers the offer in a target refresh request, or makes one when it has
// none, and hands the description over to be sent. Without it, the request has been
// refused.
func (s *Session) answerOffer(tx sipcore.ServerTransaction, send func(body []byte, offered bool)) {
	req := tx.Request()
	offer := description(req)
	s.answering = tx
	tx.OnCancel(func(*sip.Request) {
		if s.answering == tx { // the media, given up, takes the offer back
			s.answering = nil
			s.reply(tx, sip.StatusRequestTerminated, "Request Terminated")
			s.ops.giveUp()
		}
	})
	reply := func(body []byte, err error) {
		canceled := s.answering != tx
		s.answering = nil
		switch {
		case canceled && err == nil: // answered in the same moment: this side has changed over
			s.hangup(ErrBadDescription)
			return
		case canceled:
			s.rollback()
			return
		}
		if err != nil {
			s.cfg.Agent.Log().Warn("session: offer refused", "id", s.id, "err", err)
			s.rollback()
			if errors.Is(err, ErrBadDescription) { // what the browser says of it is nobody else's business
				s.reply(tx, 488, "Not Acceptable Here", unacceptable(err))
				return
			}
			s.reply(tx, 488, "Not Acceptable Here")
			return
		}
		s.dialogOf(req).Refresh(req)
		send(body, len(offer) == 0)
		s.noteFocus(req)
		s.changed() // hold or picture of the other side
	}
	if len(offer) == 0 {
		s.makeOffer(reply)
		return
	}
	if err := s.negotiate(sdp.ReceiveOffer, offer); err != nil {
		reply(nil, err)
		return
	}
	s.makeAnswer(offer, reply)
}

// Renegotiate makes a new offer by re-INVITE (RFC 3261 §14.1), or by UPDATE in a call
// that is not answered yet but whose offer is, reliably (RFC 3311 §5.1). It calls done on
// the loop with what came of it: nil, ErrState, a media error, or a
// *sipcore.ResponseError, after which the session goes on as before. While another
// exchange is under way it waits for its turn; crossed by an offer of the other side
// (491) it tries again after a while.
func (s *Session) Renegotiate(done func(error)) {
	if !s.negotiable() {
		done(fmt.Errorf("%w: new offer while %v", ErrState, s.info.State))
		return
	}
	s.wishes = append(s.wishes, done)
	s.offerWished()
}

// negotiated tells whoever wanted the new offer what came of it. Who has wished
// for one since gets another.
func (s *Session) negotiated(err error) {
	offered := s.offered
	s.offered, s.crossings = nil, 0
	for _, done := range offered {
		done(err)
	}
	s.turnPassed()
}

// turnPassed is called whenever an exchange may have come to its end.
func (s *Session) turnPassed() {
	if len(s.wishes) > 0 {
		s.loop().Post(s.offerWished)
	}
}

// offerWished makes the offer that is wished for, unless an exchange is under way: then
// its end has this called again.
func (s *Session) offerWished() {
	if len(s.wishes) == 0 || len(s.offered) > 0 || s.over() {
		return
	}
	if s.unsettled() {
		s.settle(s.turnPassed)
		return
	}
	if !s.mayOffer() {
		return
	}
	s.offerAgain()
}

// mayOffer tells whether no exchange is under way (RFC 3261 §14.1, RFC 6337 §3).
func (s *Session) mayOffer() bool {
	return (s.acked || s.settled && s.updates) && !s.offering && s.answering == nil && s.turn.State() == sdp.Stable && len(s.pending2xx) == 0
}

// offerAgain makes the new offer, or, when another exchange has come in between, tries
// later.
func (s *Session) offerAgain() {
	if !s.mayOffer() {
		s.retryOffer()
		return
	}
	s.offered, s.wishes = append(s.offered, s.wishes...), nil // one offer says it all
	s.makeOffer(func(offer []byte, err error) {
		if err != nil {
			s.negotiated(err)
			return
		}
		if !s.acked {
			s.offerByUpdate(offer)
			return
		}
		req := s.dialog.NewRequest(sip.INVITE)
		req.AppendHeader(sip.NewHeader("Allow", s.cfg.Agent.Allow()))
		req.AppendHeader(Supported())
		s.askTimer(req)
		describe(req, offer)
		s.sendReinvite(req)
	})
}

// reinviteTimeout is how long a re-INVITE may stay unanswered: nobody has to be asked
// at the other side.
const reinviteTimeout = 64 * t1

func (s *Session) sendReinvite(req *sip.Request) {
	var invite sipcore.ClientTransaction
	accepted := false
	giveUp := s.loop().After(reinviteTimeout, func() { invite.Cancel() })
	on := func(res *sip.Response, err error) {
		switch {
		case res != nil && res.IsProvisional():
		case res != nil && res.IsSuccess():
			giveUp.Stop()
			s.ack(invite, s.dialog)
			if accepted || s.over() {
				return
			}
			accepted = true
			s.dialog.Refresh(res)
			s.noteFocus(res)
			s.takeTimer(res)
			s.offerTaken(res)
		default:
			giveUp.Stop()
			if !s.over() {
				s.offerRefused(res, err)
			}
		}
	}
	invite = s.cfg.Agent.Request(sipcore.Outgoing{Request: req, NextCSeq: s.dialog.NextCSeq, On: on})
}

// offerTaken takes the answer to a new offer. After one that makes no sense this side goes
// on as it was, and tells the other one, which has changed over.
func (s *Session) offerTaken(res *sip.Response) {
	s.accept(description(res), false, func(err error) {
		switch {
		case errors.Is(err, ErrBadDescription):
			s.cfg.Agent.Log().Warn("session: answer not usable", "id", s.id, "err", err)
			s.takeBack(func(rollback error) {
				if rollback != nil {
					s.hangup(err)
					return
				}
				first := !s.mending
				s.changed()
				s.negotiated(err)
				if first {
					s.mend()
				}
			})
		case err != nil: // they have changed over, this side cannot
			s.hangup(err)
		default:
			s.changed() // hold or picture, as both have it now
			s.negotiated(nil)
		}
	})
}

// mend offers once more, so that both sides are again at what this one goes by.
func (s *Session) mend() {
	if s.over() {
		return
	}
	s.mending = true
	s.Renegotiate(func(error) { s.mending = false })
}

// takeBack drops the offer of this side that is open.
func (s *Session) takeBack(then func(error)) {
	s.ops.run(s.loop(), opTimeout, func(ctx context.Context) ([]byte, error) { return nil, s.media.Rollback(ctx) },
		func(_ []byte, err error) {
			s.rollback()
			if err != nil {
				s.cfg.Agent.Log().Error("session: rollback", "id", s.id, "err", err)
			}
			then(err)
		})
}

// maxCrossings is how often a new offer is repeated that crosses one of the other side:
// whoever still says so then has got stuck.
const maxCrossings = 9

// maxRetryAfter bounds what a 500 to a new offer asks to wait: the RFC has it choose
// from 0 to 10 s (RFC 3261 §14.2).
const maxRetryAfter = 10 * time.Second

// offerRefused takes a new offer back. 481 and 408 mean that the other side knows
// nothing of the dialog any more (RFC 3261 §12.2.1.2).
func (s *Session) offerRefused(res *sip.Response, err error) {
	if res != nil {
		err = sipcore.NewResponseError(res)
	}
	s.takeBack(func(error) {
		switch {
		case res != nil && res.StatusCode == sip.StatusRequestPending && s.crossings < maxCrossings:
			s.crossings++
			s.retryOffer()
		case res != nil && res.StatusCode == 422 && s.raiseLeast(res):
			s.offerAgain()
		case res != nil && res.StatusCode == sip.StatusInternalServerError && res.GetHeader("Retry-After") != nil:
			s.after(min(sipcore.RetryAfter(res), maxRetryAfter), s.offerAgain) // §14.2: the one before is not done yet
		case res != nil && (res.StatusCode == 481 || res.StatusCode == 408), errors.Is(err, sipcore.ErrTimeout):
			s.negotiated(err)
			s.hangup(err)
		default:
			s.negotiated(err)
		}
	})
}

// retryOffer waits as long as the RFC says: the owner of the Call-ID, who called,
// longer than the other, so that the two do not cross again (RFC 3261 §14.1).
func (s *Session) retryOffer() {
	wait := time.Duration(rand.IntN(201)) * 10 * time.Millisecond
	if s.info.Direction == Outgoing {
		wait = 2100*time.Millisecond + time.Duration(rand.IntN(191))*10*time.Millisecond
	}
	s.after(wait, s.offerAgain)
}
