package session

import (
	"fmt"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// receiveInfo takes an INFO (RFC 6086), mostly a digit as application/dtmf-relay. An
// empty one is a keep-alive of some servers. What nobody has a use for gets 415.
func (s *Session) receiveInfo(tx sipcore.ServerTransaction) {
	req := tx.Request()
	kind := ""
	if ct := req.ContentType(); ct != nil {
		kind = ct.Value()
	}
	taken := len(req.Body()) == 0 || s.cfg.OnInfo != nil && s.cfg.OnInfo(s, kind, req.Body())
	if !taken {
		s.reply(tx, sip.StatusUnsupportedMediaType, "Unsupported Media Type",
			sip.NewHeader("Accept", dtmfRelay+", "+dtmfPlain))
		return
	}
	s.reply(tx, sip.StatusOK, "OK")
}

// SendInfo sends a body inside the session (RFC 6086). done, if not nil, is called on
// the loop with nil or why it failed. It returns ErrState, wrapped, before the call
// is established.
func (s *Session) SendInfo(contentType string, body []byte, done func(error)) error {
	if s.dialog == nil || !s.acked || s.over() {
		return fmt.Errorf("%w: INFO while %v", ErrState, s.info.State)
	}
	req := s.dialog.NewRequest(sip.INFO)
	ct := sip.ContentTypeHeader(contentType)
	req.AppendHeader(&ct)
	req.SetBody(body)
	s.cfg.Agent.Request(sipcore.Outgoing{
		Request: req, NextCSeq: s.dialog.NextCSeq,
		On: func(res *sip.Response, err error) {
			if res != nil && res.IsProvisional() {
				return
			}
			if res != nil && !res.IsSuccess() {
				err = sipcore.NewResponseError(res)
			}
			if done != nil {
				done(err)
			}
		},
	})
	return nil
}
