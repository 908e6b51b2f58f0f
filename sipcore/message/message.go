// Package message sends and receives MESSAGE, the pager-mode instant message
// (RFC 3428). It keeps no state: a message is one transaction. Left out as yet:
// is-composing (RFC 3994) and notifications of delivery (RFC 5438).
package message

import (
	"log/slog"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/transact"
)

// Accepted is the value of the Accept header: the content types taken in.
const Accepted = "text/plain"

// MaxSize is the largest body sent, in bytes. RFC 3428 §8 says 1300 where a hop may
// be UDP; servers that relay over WebSocket and TCP take more, and say 513 when not.
const MaxSize = 16 << 10

// Message is one instant message.
type Message struct {
	Peer        sipcore.Address // To when sent, From when received
	ContentType string          // e.g. "text/plain"
	Body        []byte
	Time        time.Time // when it was sent (the Date header) or received
}

// Send sends a message outside any dialog. done is called once, on the loop, with
// nil when it was taken (2xx), else with a *sipcore.ResponseError or an error of the
// transaction.
func Send(agent sipcore.Agent, m Message, done func(error)) {
	req := agent.NewRequest(sip.MESSAGE, m.Peer.URI)
	ct := sip.ContentTypeHeader(m.ContentType)
	req.AppendHeader(&ct)
	req.SetBody(m.Body)
	agent.Request(sipcore.Outgoing{Request: req, On: func(res *sip.Response, err error) {
		switch {
		case err != nil:
			done(err)
		case res.IsProvisional():
		case res.IsSuccess():
			done(nil)
		default:
			done(sipcore.NewResponseError(res))
		}
	}})
}

// Receive answers a MESSAGE and returns it; ok is false when it was refused: 415 for
// a content type or encoding that is not taken (RFC 3428 §7).
func Receive(log *slog.Logger, tx sipcore.ServerTransaction) (m Message, ok bool) {
	req := tx.Request()
	kind := "text/plain" // RFC 3428 has no default; senders that say nothing mean it
	if ct := req.ContentType(); ct != nil {
		kind = ct.Value()
	}
	base, _, _ := strings.Cut(kind, ";")
	if !strings.EqualFold(strings.TrimSpace(base), Accepted) || len(req.GetHeaders("Content-Encoding")) > 0 {
		transact.Respond(log, tx, sip.StatusUnsupportedMediaType, "Unsupported Media Type", sip.NewHeader("Accept", Accepted))
		return Message{}, false
	}
	transact.Respond(log, tx, sip.StatusOK, "OK")
	from := req.From()
	m = Message{
		Peer:        sipcore.Address{Name: sipcore.UnquoteName(from.DisplayName), URI: from.Address},
		ContentType: kind,
		Body:        req.Body(),
		Time:        time.Now(),
	}
	if h := req.GetHeader("Date"); h != nil {
		if t, err := time.Parse(time.RFC1123, h.Value()); err == nil && t.Before(m.Time) {
			m.Time = t // kept by a server while this side was away
		}
	}
	return m, true
}
