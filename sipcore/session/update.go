package session

import (
	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/dialog"
	"gocommunicator/sipcore/transact"
)

// receiveUpdate takes an UPDATE (RFC 3311 §5.2): a target refresh, with an offer or
// without.
func (s *Session) receiveUpdate(tx sipcore.ServerTransaction) {
	if s.set.refreshTooBrief(tx) {
		return
	}
	req := tx.Request()
	if len(description(req)) == 0 {
		s.dialogOf(req).Refresh(req)
		s.replyUpdate(tx, nil)
		s.noteFocus(req)
		return
	}
	if s.unsettled() && s.dialogOf(req).RemoteTag == s.earlyTag {
		s.answering = tx // whatever comes of it, it is answered
		s.settle(func() {
			s.answering = nil
			s.receiveUpdate(tx)
		})
		return
	}
	if s.answerPending(tx) {
		return
	}
	answered := s.info.State == StateConnecting || s.info.State == StateActive
	if !answered && !(s.settled && s.dialogOf(req).RemoteTag == s.earlyTag) {
		// The offer of the INVITE is not answered reliably yet.
		s.reply(tx, sip.StatusInternalServerError, "Request In Progress", retryAfter())
		return
	}
	s.answerOffer(tx, func(body []byte, _ bool) {
		s.replyUpdate(tx, body)
	})
}

func (s *Session) replyUpdate(tx sipcore.ServerTransaction, body []byte) {
	res := transact.NewResponse(tx.Request(), sip.StatusOK, "OK")
	res.AppendHeader(&sip.ContactHeader{Address: s.cfg.Agent.Contact()})
	res.AppendHeader(sip.NewHeader("Allow", s.cfg.Agent.Allow()))
	if s.info.State == StateConnecting || s.info.State == StateActive {
		s.answerTimer(tx.Request(), res)
	}
	if body != nil {
		describe(res, body)
	}
	s.respond(tx, res)
}

// unsettled tells whether the offer of the INVITE is answered, reliably, before the call
// is, and the media takes that as provisional still: other forks may answer as well.
func (s *Session) unsettled() bool {
	return s.info.State == StateEarly && s.earlyReliable && s.earlyTag != "" && !s.settled
}

// settle has the media take the early answer as the final one, since a new exchange
// follows. The call cannot be answered by another fork any more: one connection has one
// other end.
func (s *Session) settle(then func()) {
	s.settled = true
	s.accept(s.earlySDP, false, func(err error) {
		if err != nil {
			s.hangup(err)
			return
		}
		then()
	})
}

// negotiable tells whether this side may make new offers, now or in its turn.
func (s *Session) negotiable() bool {
	switch s.info.State {
	case StateConnecting, StateActive:
		return true
	case StateEarly:
		return s.earlyReliable && s.updates
	default:
		return false
	}
}

// offerByUpdate offers anew in an early dialog.
func (s *Session) offerByUpdate(offer []byte) {
	s.sendUpdate(s.early[s.earlyTag], offer, func(res *sip.Response, err error) {
		if res == nil || !res.IsSuccess() {
			s.offerRefused(res, err)
			return
		}
		s.offerTaken(res)
	})
}

// sendUpdate sends an UPDATE, with an offer or without (RFC 3311 §5.1). on is called
// with the final response, or an error, unless the session is over by then.
func (s *Session) sendUpdate(d *dialog.Dialog, offer []byte, on func(*sip.Response, error)) {
	req := d.NewRequest(sip.UPDATE)
	req.AppendHeader(sip.NewHeader("Allow", s.cfg.Agent.Allow()))
	req.AppendHeader(Supported())
	if s.acked {
		s.askTimer(req)
	}
	if offer != nil {
		describe(req, offer)
	}
	s.cfg.Agent.Request(sipcore.Outgoing{
		Request: req, NextCSeq: d.NextCSeq,
		On: func(res *sip.Response, err error) {
			if s.over() || res != nil && res.IsProvisional() {
				return
			}
			if res != nil && res.IsSuccess() {
				d.Refresh(res)
				s.noteFocus(res)
				if s.acked {
					s.takeTimer(res)
				}
			}
			on(res, err)
		},
	})
}

// noteAllow notes whether the other side takes an UPDATE. A message without Allow says
// nothing of it.
func (s *Session) noteAllow(msg sip.Message) {
	if len(msg.GetHeaders("Allow")) > 0 {
		s.updates = hasToken(msg, "Allow", string(sip.UPDATE))
	}
}
