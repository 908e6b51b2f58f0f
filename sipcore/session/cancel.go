package session

import (
	"strings"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// Hangup ends the session from this side, whatever its state: a call being made is
// cancelled (RFC 3261 §9.1), one coming in rejected with 603, an established one
// ended with BYE (§15).
func (s *Session) Hangup() {
	if s.info.State == StateIncoming || s.info.State == StateAnswering {
		s.Reject(sip.StatusGlobalDecline)
		return
	}
	s.hangup(nil)
}

// hangup ends the session; err says why when it was not the person.
func (s *Session) hangup(err error) {
	if s.over() {
		return
	}
	switch {
	case s.dialog != nil && s.info.Direction == Outgoing, s.acked:
		s.byeDialog(s.dialog, err)
	case s.info.Direction == Incoming && s.info.State == StateConnecting:
		// A 2xx was sent: BYE has to wait for its ACK, or for its never coming
		// (RFC 3261 §15).
		s.byeDue = true
	case s.info.Direction == Incoming:
		s.reply(s.in, sip.StatusTemporarilyUnavailable, "Temporarily Unavailable")
	case s.out != nil:
		s.out.Cancel(reasonHeader(err)...)
		if err == nil {
			err = sipcore.ErrCanceled
		}
	default: // the devices were still being opened: nothing was sent
		if err == nil {
			err = sipcore.ErrCanceled
		}
	}
	s.end(err)
}

// canceled is called when the caller gives up before this side answered
// (RFC 3261 §9.2). The Reason header tells whether another device has answered
// (RFC 3326).
func (s *Session) canceled(cancel *sip.Request) {
	if s.info.State != StateIncoming && s.info.State != StateAnswering {
		return // the 2xx is on its way: the caller will end it with BYE
	}
	s.reply(s.in, sip.StatusRequestTerminated, "Request Terminated")
	for _, h := range cancel.GetHeaders("Reason") {
		if strings.Contains(strings.ReplaceAll(strings.ToLower(h.Value()), " ", ""), "cause=200") {
			s.info.Elsewhere = true
		}
	}
	s.end(sipcore.ErrCanceled)
}
