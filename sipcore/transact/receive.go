package transact

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Receive takes one message from the link. A malformed request is answered with 400
// (or 505) when enough of it can be read for that; every other malformed message is
// dropped with a warning. It keeps no reference to data.
func (l *Layer) Receive(data []byte) {
	if l.closed {
		return
	}
	if len(data) > l.cfg.MaxMessage {
		l.trace(false, false, data)
		l.log.Warn("message dropped: too large", "bytes", len(data))
		return
	}
	text := strings.TrimLeft(string(data), "\r\n") // RFC 3261 §7.5
	if text == "" {
		return
	}
	msg, err := l.parse(text)
	l.trace(false, err == nil, data)
	if err != nil {
		l.reject(text, err)
		return
	}
	l.log.Debug("receive", "message", summary(data))
	switch m := msg.(type) {
	case *sip.Request:
		switch m.Method {
		case sip.ACK:
			l.receiveAck(m)
		case sip.CANCEL:
			l.receiveCancel(m)
		default:
			l.receiveRequest(m)
		}
	case *sip.Response:
		l.receiveResponse(m)
	}
}

func (l *Layer) receiveResponse(res *sip.Response) {
	key, err := sip.ClientTxKeyMake(res)
	if err != nil {
		l.log.Warn("response dropped", "err", err)
		return
	}
	if c := l.clients[key]; c != nil {
		c.receive(res)
		return
	}
	l.stray(res)
}

// stray deals with a response that belongs to nothing (RFC 6026 §7.2).
func (l *Layer) stray(res *sip.Response) {
	if res.CSeq().MethodName == sip.INVITE && res.IsSuccess() && l.cfg.OnStray != nil {
		l.cfg.OnStray(res)
		return
	}
	l.log.Info("response to nothing dropped", "code", res.StatusCode, "method", res.CSeq().MethodName)
}
