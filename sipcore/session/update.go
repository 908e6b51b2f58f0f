package session

import (
	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/transact"
)

// receiveUpdate takes an UPDATE (RFC 3311 §5.2): a target refresh, with an offer or
// without.
func (s *Session) receiveUpdate(tx sipcore.ServerTransaction) {
	req := tx.Request()
	if len(req.Body()) == 0 {
		if s.dialog != nil {
			s.dialog.Refresh(req)
		}
		s.replyUpdate(tx, nil)
		return
	}
	if s.answerPending(tx) {
		return
	}
	if s.info.State != StateConnecting && s.info.State != StateActive {
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
	if body != nil {
		describe(res, body)
	}
	s.respond(tx, res)
}
