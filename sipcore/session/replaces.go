package session

import (
	"net/url"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/dialog"
)

// replacesTag is the option tag of Replaces (RFC 3891).
const replacesTag = "replaces"

// maxEnded is how many dialogs that are over are remembered, for requests that come late.
const maxEnded = 16

// replacement reads a Replaces header: the dialog, seen from this side, and whether only
// an early one is meant (RFC 3891 §6.1).
func replacement(value string) (id dialog.ID, earlyOnly, ok bool) {
	fields := strings.Split(value, ";")
	id.CallID = strings.TrimSpace(fields[0])
	for _, field := range fields[1:] {
		name, v, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "to-tag":
			id.LocalTag = strings.TrimSpace(v)
		case "from-tag":
			id.RemoteTag = strings.TrimSpace(v)
		case "early-only":
			earlyOnly = true
		}
	}
	return id, earlyOnly, id.CallID != "" && id.LocalTag != "" && id.RemoteTag != ""
}

// replaced finds the session that an INVITE is to take the place of, nil when it names
// none. ok is false when it has been refused (RFC 3891 §3).
func (set *Set) replaced(tx sipcore.ServerTransaction) (old *Session, ok bool) {
	headers := tx.Request().GetHeaders("Replaces")
	if len(headers) == 0 {
		return nil, true
	}
	id, earlyOnly, ok := replacement(headers[0].Value())
	if !ok || len(headers) > 1 {
		set.refuse(tx, sip.StatusBadRequest, "Malformed Replaces")
		return nil, false
	}
	old = set.dialogs[id]
	switch {
	case old == nil && slices.Contains(set.ended, id), old != nil && old.over():
		set.refuse(tx, sip.StatusGlobalDecline, "Decline")
	case old == nil, !old.answered2xx() && old.info.Direction == Incoming:
		set.refuse(tx, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
	case earlyOnly && old.answered2xx():
		set.refuse(tx, sip.StatusBusyHere, "Busy Here")
	default:
		return old, true
	}
	return nil, false
}

// answered2xx tells whether the session's dialog is a confirmed one.
func (s *Session) answered2xx() bool {
	return s.info.State == StateConnecting || s.info.State == StateActive
}

// takeOver answers a call that takes the place of another, which ends when this one is
// answered. The person has long answered it (RFC 3891 §3).
func (s *Session) takeOver(old *Session) {
	s.replaces = old
	s.info.Replaces = old.id
	s.info.AudioMuted, s.info.VideoMuted = old.info.AudioMuted, old.info.VideoMuted
	s.info.LocalHold = old.info.LocalHold // the person talks with somebody else
	if err := s.Accept(old.info.Video); err != nil {
		s.cfg.Agent.Log().Error("session: taking over", "id", s.id, "err", err)
	}
}

// handOver ends the session whose place this one has taken.
func (s *Session) handOver() {
	if s.replaces != nil {
		s.replaces.hangup(nil)
	}
	s.replaces = nil
}

// replacesHeader names the session's dialog as the other side sees it.
func (s *Session) replacesHeader() string {
	return s.dialog.CallID + ";to-tag=" + s.dialog.RemoteTag + ";from-tag=" + s.dialog.LocalTag
}

// escaped makes a value fit to stand in the headers of a URI (RFC 3261 §19.1.2).
func escaped(value string) string { return strings.ReplaceAll(url.QueryEscape(value), "+", "%20") }
