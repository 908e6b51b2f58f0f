package session

import (
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/dialog"
	"gocommunicator/sipcore/sdp"
	"gocommunicator/sipcore/transact"
)

// The intervals at which a 2xx is repeated until its ACK comes, and the time after
// which it is given up (RFC 3261 §13.3.1.4, in the timers of §17.1.1.1). It is
// repeated over reliable transports as well: a hop behind them may not be one.
const (
	t1 = 500 * time.Millisecond
	t2 = 4 * time.Second
)

// maxRing is how long a call rings whose caller is never heard of again: as long as
// proxies let it (Timer C, RFC 3261 §16.6).
const maxRing = 3 * time.Minute

// pending2xx is a 2xx to INVITE or re-INVITE whose ACK has not come.
type pending2xx struct {
	repeat, giveUp *sipcore.Timer
	then           func(ack *sip.Request) // nil: it never came
}

// incoming makes the session of an INVITE received and lets it ring, unless something else
// is done with it at once. One that cannot be a session is answered.
func (set *Set) incoming(tx sipcore.ServerTransaction) {
	if set.refreshTooBrief(tx) {
		return
	}
	old, ok := set.replaced(tx)
	if !ok {
		return
	}
	req := tx.Request()
	from := req.From()
	remote := sipcore.Address{Name: sipcore.UnquoteName(from.DisplayName), URI: from.Address}
	claims := claimsOf(req)
	if set.cfg.TrustIdentity && claims.Asserted != nil {
		remote, claims.Anonymous = *claims.Asserted, false
	}
	s := newSession(NewID(), set.cfg, set, Incoming, remote, false)
	s.in, s.info.Claims = tx, claims
	if l, ok := sipcore.ParseLocation(sipcore.PartOf(req, sipcore.TypePIDF)); ok {
		s.info.Location = &l
	}
	if h := req.GetHeader("Referred-By"); h != nil {
		if by, _, ok := nameAddr(h.Value()); ok {
			s.info.ReferredBy = by
		}
	}
	ringing := transact.NewResponse(req, sip.StatusRinging, "Ringing")
	tag, _ := ringing.To().Params.Get("tag")
	d, err := dialog.NewUAS(req, tag, set.cfg.Agent.Contact())
	if err != nil {
		set.refuse(tx, sip.StatusBadRequest, "Missing Contact")
		return
	}
	if len(description(req)) > 0 {
		err = s.negotiate(sdp.ReceiveOffer, description(req))
	}
	if err != nil {
		set.cfg.Agent.Log().Warn("session: offer refused", "err", err)
		set.refuse(tx, 488, "Not Acceptable Here", unacceptable(err))
		return
	}
	s.dialog = d
	s.noteAllow(req)
	s.noteFocus(req)
	set.add(s)
	set.bind(d, s)
	tx.OnCancel(s.canceled)
	tx.OnEnd(func(err error) {
		if err != nil && (s.info.State == StateIncoming || s.info.State == StateAnswering) {
			s.end(err)
		}
	})
	s.expires(req)
	s.after(maxRing, func() {
		if s.info.State == StateIncoming {
			s.Reject(sip.StatusTemporarilyUnavailable)
		}
	})
	if old != nil {
		s.takeOver(old)
	}
	set.onIncoming(s)
	if s.info.State == StateIncoming { // it was neither answered nor refused at once
		ringing.AppendHeader(&sip.ContactHeader{Address: set.cfg.Agent.Contact()})
		s.ring(ringing)
	}
}

// expires gives up an invitation when its time has passed (RFC 3261 §13.3.1).
func (s *Session) expires(req *sip.Request) {
	d, ok := sipcore.Seconds(req, "Expires")
	if !ok {
		return
	}
	s.after(d, func() {
		if s.info.State == StateIncoming {
			s.reply(s.in, sip.StatusRequestTerminated, "Request Terminated")
			s.end(sipcore.ErrCanceled)
		}
	})
}

// Accept answers an incoming call, with picture or without. The 2xx is sent when the
// devices are open; if they cannot be, the caller gets 480 and the session ends with
// the media's error. It returns ErrState, wrapped, if the session is not ringing.
func (s *Session) Accept(video bool) error {
	if s.info.State != StateIncoming {
		return fmt.Errorf("%w: answer while %v", ErrState, s.info.State)
	}
	s.info.Video = video
	s.openMedia()
	s.enter(StateAnswering)
	offer := description(s.in.Request())
	delayed := len(offer) == 0 // the offer is ours, in the 2xx; the answer is in the ACK
	answer := func(body []byte, err error) {
		switch {
		case errors.Is(err, sdp.ErrUnusable):
			s.reply(s.in, 488, "Not Acceptable Here")
			s.end(fmt.Errorf("%w: %w", ErrBadDescription, err))
			return
		case err != nil:
			s.reply(s.in, sip.StatusTemporarilyUnavailable, "Temporarily Unavailable")
			s.end(err)
			return
		}
		s.answered()
		s.handOver()
		s.send2xx(s.in, body, func(ack *sip.Request) { s.established(ack, delayed) })
	}
	if delayed {
		s.makeOffer(answer)
	} else {
		s.makeAnswer(offer, answer)
	}
	return nil
}

// established is called with the ACK to the 2xx that answered the call.
func (s *Session) established(ack *sip.Request, delayed bool) {
	if s.over() { // hung up meanwhile
		s.byeDialog(s.dialog, s.info.Err)
		s.release()
		return
	}
	if ack == nil {
		s.byeDialog(s.dialog, ErrNoAck)
		s.end(ErrNoAck)
		return
	}
	s.acked = true
	s.dialog.State = dialog.Confirmed
	if !delayed {
		s.activate()
		return
	}
	s.accept(description(ack), false, func(err error) {
		if err != nil {
			s.hangup(err)
			return
		}
		s.activate()
	})
}

// Reject refuses an incoming call: 486 busy, 480 not now, 603 not at all, or another
// final code from 300 to 699.
func (s *Session) Reject(code int) {
	if s.info.State != StateIncoming && s.info.State != StateAnswering {
		return
	}
	s.reply(s.in, code, reasonPhrase(code))
	s.end(&sipcore.ResponseError{Method: string(sip.INVITE), Code: code, Reason: reasonPhrase(code)})
}

func reasonPhrase(code int) string {
	switch code {
	case sip.StatusBusyHere:
		return "Busy Here"
	case sip.StatusTemporarilyUnavailable:
		return "Temporarily Unavailable"
	case sip.StatusGlobalDecline:
		return "Decline"
	case 433: // RFC 5079
		return "Anonymity Disallowed"
	case sip.StatusGlobalBusyEverywhere:
		return "Busy Everywhere"
	default:
		return "Rejected"
	}
}

// send2xx answers an INVITE or re-INVITE with a description and repeats that until
// the ACK comes; then is called with it, or with nil when it does not come.
func (s *Session) send2xx(tx sipcore.ServerTransaction, body []byte, then func(ack *sip.Request)) {
	req := tx.Request()
	res := transact.NewResponse(req, sip.StatusOK, "OK")
	res.AppendHeader(&sip.ContactHeader{Address: s.cfg.Agent.Contact()})
	res.AppendHeader(sip.NewHeader("Allow", s.cfg.Agent.Allow()))
	res.AppendHeader(Supported())
	s.answerTimer(req, res)
	describe(res, body)
	s.respond(tx, res)

	p := &pending2xx{then: then}
	interval := t1
	var repeat func()
	repeat = func() {
		if err := s.cfg.Agent.Send(res); err != nil {
			s.cfg.Agent.Log().Debug("session: 2xx not repeated", "id", s.id, "err", err)
		}
		interval = min(2*interval, t2)
		p.repeat = s.loop().After(interval, repeat)
	}
	p.repeat = s.loop().After(interval, repeat)
	seq := req.CSeq().SeqNo
	p.giveUp = s.loop().After(64*t1, func() {
		s.stop2xx(seq)
		then(nil)
	})
	s.pending2xx[seq] = p
}

// stop2xx ends the repetition and returns what waited for the ACK, nil if nothing.
func (s *Session) stop2xx(seq uint32) *pending2xx {
	p := s.pending2xx[seq]
	if p == nil {
		return nil
	}
	p.repeat.Stop()
	p.giveUp.Stop()
	delete(s.pending2xx, seq)
	s.turnPassed()
	return p
}

// receiveAck takes an ACK to a 2xx of ours (RFC 3261 §13.3.1.4). One that repeats
// itself is ignored.
func (s *Session) receiveAck(ack *sip.Request) {
	if p := s.stop2xx(ack.CSeq().SeqNo); p != nil {
		p.then(ack)
	}
}
