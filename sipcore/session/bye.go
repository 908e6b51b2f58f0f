package session

import (
	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/dialog"
)

// byeDialog ends a dialog. Its outcome changes nothing: whatever the final response
// is, or if there is none, the dialog is over (RFC 3261 §15.1.1).
func (s *Session) byeDialog(d *dialog.Dialog, why error) {
	bye := d.NewRequest(sip.BYE)
	for _, h := range reasonHeader(why) {
		bye.AppendHeader(h)
	}
	d.State = dialog.Terminated
	s.cfg.Agent.Request(sipcore.Outgoing{
		Request: bye, NextCSeq: d.NextCSeq,
		On: func(res *sip.Response, err error) {
			if err != nil {
				s.cfg.Agent.Log().Info("session: BYE without answer", "id", s.id, "err", err)
			}
		},
	})
}

// receiveBye ends the session from the other side (RFC 3261 §15.1.2). A BYE in an
// early dialog also ends the INVITE with 487.
func (s *Session) receiveBye(tx sipcore.ServerTransaction) {
	s.reply(tx, sip.StatusOK, "OK")
	switch s.info.State {
	case StateIncoming, StateAnswering:
		s.reply(s.in, sip.StatusRequestTerminated, "Request Terminated")
		s.end(sipcore.ErrCanceled)
	case StateCalling, StateRinging, StateEarly:
		// The callee may not send it before it has answered (§15): one fork is gone,
		// the INVITE goes on.
	case StateConnecting, StateActive:
		s.end(nil)
	case StateEnded: // hung up here before the ACK came: now there is nothing left to end
		if s.byeDue {
			s.byeDue = false
			s.release()
		}
	}
}
