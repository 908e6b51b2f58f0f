package session

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Focus is the other side of a call as the centre of a conference (RFC 4579 §3).
type Focus struct {
	URI sip.Uri // of the conference; without a host when the other side is no focus
	// Tells says that it tells who takes part: the conference event package (RFC 4575).
	Tells bool
}

// noteFocus takes note of a focus by what a message says of its sender: `isfocus` in its
// Contact (RFC 3840 §9), Allow-Events (RFC 6665 §8.2.2). A message without Contact says
// nothing.
func (s *Session) noteFocus(msg sip.Message) {
	contacts := msg.GetHeaders("Contact")
	if len(contacts) == 0 {
		return
	}
	contact, ok := contacts[0].(*sip.ContactHeader)
	if !ok {
		return
	}
	var now Focus
	for _, params := range []sip.HeaderParams{contact.Params, contact.Address.UriParams} {
		for _, p := range params {
			if strings.EqualFold(p.K, "isfocus") && callable(contact.Address) {
				now.URI = contact.Address
			}
		}
	}
	if now.URI.Host != "" {
		now.Tells = hasToken(msg, "Allow-Events", "conference") ||
			s.info.Focus.Tells && len(msg.GetHeaders("Allow-Events")) == 0
	}
	if now.Tells == s.info.Focus.Tells && now.URI.String() == s.info.Focus.URI.String() {
		return
	}
	s.info.Focus = now
	if s.info.State == StateActive {
		s.changed()
	}
}
