// Package message sends and receives MESSAGE, the pager-mode instant message
// (RFC 3428), and what belongs to it: notifications of delivery and display (IMDN,
// RFC 5438, in CPIM, RFC 3862) and the sign that somebody is typing (RFC 3994). It keeps
// no state: a message is one transaction.
//
// Who gets what. Everybody takes text/plain, so strangers get nothing else. CPIM, which
// IMDN needs, and is-composing go only to who has shown to take them ([Formats]): by
// sending such a message, or by naming them in Accept when asked by OPTIONS ([Ask]). A
// 415 takes that back, and the text is to be sent again plainly. Accept wildcards are no
// proof: servers that answer for others send them. Notifications are answers to what the
// sender asked for in imdn.Disposition-Notification, so they need no further proof; they
// never ask for any themselves (RFC 5438 §7.2), and one about nothing this side has sent
// is dropped by whoever knows that.
//
// Who sent it is told by the From of SIP, which the server vouches for, never by that of
// CPIM. Left out: group chat, relayed and signed notifications (IMDN-Record-Route,
// Original-To), HTML and everything else that is no plain text.
package message

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/transact"
)

// Accepted is the value of the Accept header: the content types taken in.
const Accepted = typePlain + ", " + typeCPIM + ", " + typeNotification + ", " + typeComposing

const (
	typePlain        = "text/plain"
	typeCPIM         = "message/cpim"
	typeNotification = "message/imdn+xml"
	typeComposing    = "application/im-iscomposing+xml"
)

// MaxSize is the longest text sent, in bytes. RFC 3428 §8 says 1300 where a hop may
// be UDP; servers that relay over WebSocket and TCP take more, and say 513 when not.
const MaxSize = 16 << 10

// maxBody is the largest body taken in, in bytes; a larger one gets 513.
const maxBody = 64 << 10

// clockSkew is how far the clocks of two sides may differ: a Date so near is now.
const clockSkew = time.Minute

// Message is one instant message.
type Message struct {
	Peer        sipcore.Address // To when sent, From when received
	ContentType string          // e.g. "text/plain"
	Body        []byte
	Time        time.Time // when it was sent (the Date header) or received
	Content     Content   // what Body says; only when received
	// ID names a message received: the same whichever device of the account gets it.
	ID string
}

// Send sends a message outside any dialog. done is called once, on the loop, with
// nil when it was taken (2xx), else with a *sipcore.ResponseError or an error of the
// transaction.
func Send(agent sipcore.Agent, m Message, done func(error)) {
	req := agent.NewRequest(sip.MESSAGE, m.Peer.URI)
	ct := sip.ContentTypeHeader(m.ContentType)
	req.AppendHeader(&ct)
	req.SetBody(m.Body)
	agent.Request(sipcore.Outgoing{Request: req, On: sipcore.Outcome(done)})
}

// Receive answers a MESSAGE and returns it; ok is false when it was refused: 415 for
// a content type or encoding that is not taken (RFC 3428 §7), 400 for a body that is not
// of its type, 513 for one that is too large.
func Receive(log *slog.Logger, tx sipcore.ServerTransaction) (m Message, ok bool) {
	req := tx.Request()
	kind := typePlain // RFC 3428 has no default; senders that say nothing mean it
	if ct := req.ContentType(); ct != nil {
		kind = ct.Value()
	}
	content, err := parse(kind, req.Body())
	switch {
	case len(req.Body()) > maxBody:
		transact.Respond(log, tx, sip.StatusMessageTooLarge, "Message Too Large")
		return Message{}, false
	case errors.Is(err, errType), len(req.GetHeaders("Content-Encoding")) > 0:
		transact.Respond(log, tx, sip.StatusUnsupportedMediaType, "Unsupported Media Type", sip.NewHeader("Accept", Accepted))
		return Message{}, false
	case err != nil:
		transact.Respond(log, tx, sip.StatusBadRequest, "Malformed Body")
		return Message{}, false
	}
	transact.Respond(log, tx, sip.StatusOK, "OK")
	from := req.From()
	m = Message{
		Peer:        sipcore.Address{Name: sipcore.UnquoteName(from.DisplayName), URI: from.Address},
		ContentType: kind,
		Body:        req.Body(),
		Time:        time.Now(),
		Content:     content,
		ID:          identify(req),
	}
	if h := req.GetHeader("Date"); h != nil {
		if t, err := time.Parse(time.RFC1123, h.Value()); err == nil && t.Before(m.Time.Add(-clockSkew)) {
			m.Time = t // kept by a server while this side was away
		}
	}
	return m, true
}

// identify makes a name of what forks of a request have in common. Who sends others
// cannot make it collide with those.
func identify(req *sip.Request) string {
	h := sha256.New()
	for _, part := range []string{sipcore.AOR(req.From().Address), req.CallID().Value(), req.CSeq().Value()} {
		_, _ = io.WriteString(h, part+"\n") // never fails
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
