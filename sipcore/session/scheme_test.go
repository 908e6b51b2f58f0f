package session_test

import (
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

// What is not a plain SIP URI goes over the wire as it should, and a call to it is a call.
func TestNumbersAndServicesOnTheWire(t *testing.T) {
	for input, want := range map[string]struct{ recipient, to string }{
		"tel:+1 (212) 555-1234":         {"sip:+12125551234@example.test;user=phone", "sip:+12125551234@example.test"},
		"tel:42;phone-context=pbx.test": {"sip:42;phone-context=pbx.test@example.test;user=phone", "sip:42;phone-context=pbx.test@example.test"},
		"urn:service:sos.fire":          {"urn:service:sos.fire", "urn:service:sos.fire"},
	} {
		run(t, func(t *testing.T, p *phone) {
			to, err := sipcore.ParseAddress(input, "example.test")
			if err != nil {
				t.Fatal(err)
			}
			var s *session.Session
			p.do(func() { s = p.ua.Invite(session.Invite{To: to}) })
			invite := p.peer.Expect(sip.INVITE)
			if got := invite.Recipient.String(); got != want.recipient {
				t.Errorf("%s: Request-URI %s", input, got)
			}
			if got := invite.To().Address.String(); got != want.to {
				t.Errorf("%s: To %s", input, got)
			}
			p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
			p.peer.Expect(sip.ACK)
			p.do(s.Hangup)
			p.peer.Reply(p.peer.Expect(sip.BYE), 200)
			p.wantNothingLeft()
		})
	}
}
