package ua

import (
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/message"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/transact"
)

// receive inspects a request in the order of RFC 3261 §8.2 and gives it to the
// procedure that it is for.
func (u *UA) receive(tx *transact.Server) {
	req := tx.Request()
	reply := func(code int, reason string, headers ...sip.Header) {
		transact.Respond(u.log, tx, code, reason, headers...)
	}

	method := req.Method
	if !slices.Contains(strings.Split(u.Allow(), ", "), string(method)) { // §8.2.1
		reply(sip.StatusMethodNotAllowed, "Method Not Allowed", sip.NewHeader("Allow", u.Allow()))
		return
	}
	if s := strings.ToLower(req.Recipient.Scheme); s != "sip" && s != "sips" && s != "tel" { // §8.2.2.1
		reply(416, "Unsupported URI Scheme")
		return
	}
	if u.layer.Merged(req) { // §8.2.2.2
		reply(sip.StatusLoopDetected, "Loop Detected")
		return
	}
	if unknown := unsupported(req); len(unknown) > 0 { // §8.2.2.3
		reply(sip.StatusBadExtension, "Bad Extension", sip.NewHeader("Unsupported", strings.Join(unknown, ", ")))
		return
	}

	switch method {
	case sip.OPTIONS:
		if to := req.To(); to != nil && to.Params.Has("tag") {
			u.sessions.Receive(tx)
			return
		}
		u.receiveOptions(tx)
	case sip.MESSAGE:
		u.receiveMessage(tx)
	case sip.INVITE:
		if !acceptable(req) { // §8.2.3
			reply(sip.StatusUnsupportedMediaType, "Unsupported Media Type",
				sip.NewHeader("Accept", "application/sdp"), sip.NewHeader("Accept-Encoding", "identity"))
			return
		}
		u.sessions.Receive(tx)
	case sip.REFER:
		if to := req.To(); to == nil || !to.Params.Has("tag") { // nobody asks outside of calls
			reply(sip.StatusForbidden, "Forbidden")
			return
		}
		u.sessions.Receive(tx)
	default:
		if method == sip.NOTIFY && u.subs.Receive(tx) {
			return
		}
		if to := req.To(); to == nil || !to.Params.Has("tag") {
			reply(sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
			return
		}
		u.sessions.Receive(tx)
	}
}

// unsupported are the extensions that a request demands and that nobody here knows.
// Outside of calls there is none.
func unsupported(req *sip.Request) []string {
	return slices.DeleteFunc(sipcore.Tokens(req, "Require"), func(tag string) bool {
		return req.Method != sip.MESSAGE && slices.Contains(session.Extensions(), strings.ToLower(tag))
	})
}

// acceptable reports whether an INVITE's body can be read: none, a session description in
// the clear, or parts of which each is known or said to be optional (RFC 5621 §5.2).
func acceptable(req *sip.Request) bool {
	parts, err := sipcore.Parts(req)
	for _, p := range parts {
		if p.Type != sipcore.TypeSDP && p.Type != sipcore.TypePIDF && !p.Optional {
			return false
		}
	}
	return err == nil
}

// receiveOptions tells what this agent can do (RFC 3261 §11.2).
func (u *UA) receiveOptions(tx *transact.Server) {
	contact := &sip.ContactHeader{Address: u.Contact()}
	transact.Respond(u.log, tx, sip.StatusOK, "OK", contact,
		sip.NewHeader("Allow", u.Allow()),
		session.Supported(),
		sip.NewHeader("Accept", u.accept()),
		sip.NewHeader("Accept-Encoding", "identity"),
		sip.NewHeader("Accept-Language", "*"))
}

func (u *UA) receiveMessage(tx *transact.Server) {
	if m, ok := message.Receive(u.log, tx); ok {
		u.cfg.Events.Message(m)
	}
}
