package session_test

import (
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
)

func TestLocationGoesWithTheOffer(t *testing.T) {
	for to, routing := range map[string]string{"bob": "no", "urn:service:sos": "yes"} {
		run(t, func(t *testing.T, p *phone) {
			address, err := sipcore.ParseAddress(to, "example.test")
			if err != nil {
				t.Fatal(err)
			}
			here := sipcore.Location{Latitude: 42.5463, Longitude: -73.2512, Radius: 30}
			p.do(func() { p.ua.Invite(session.Invite{To: address, Location: &here}) })
			invite := p.peer.Expect(sip.INVITE)
			parts, err := sipcore.Parts(invite)
			if err != nil || len(parts) != 2 || string(parts[0].Body) != description("sendrecv", false) || !parts[1].Optional {
				t.Fatalf("%v in\n%s", err, invite)
			}
			if got, ok := sipcore.ParseLocation(parts[1].Body); !ok || got != here {
				t.Errorf("location %+v", got)
			}
			if got := invite.GetHeader("Geolocation").Value(); got != "<cid:"+parts[1].ID+">" {
				t.Errorf("Geolocation: %s of %s", got, parts[1].ID)
			}
			if got := invite.GetHeader("Geolocation-Routing").Value(); got != routing {
				t.Errorf("Geolocation-Routing: %s to %s", got, to)
			}
			p.peer.Reply(invite, 200, siptest.ToTag("b"), audio)
			p.peer.Expect(sip.ACK)
		})
	}
}

func TestCallGoesOnWithoutALocationThatIsRefused(t *testing.T) {
	for _, code := range []int{415, 424} {
		run(t, func(t *testing.T, p *phone) {
			p.do(func() {
				p.ua.Invite(session.Invite{To: sipcore.Address{URI: siptest.URI("sip:bob@example.test")}, Location: &sipcore.Location{Latitude: 1}})
			})
			first := p.peer.Expect(sip.INVITE)
			p.peer.Reply(first, code)
			p.peer.Expect(sip.ACK)
			second := p.peer.Expect(sip.INVITE)
			if second.GetHeader("Geolocation") != nil || string(second.Body()) != description("sendrecv", false) ||
				len(second.GetHeaders("Content-Type")) != 1 || strings.Contains(second.String(), "multipart") || second.CallID().Value() != first.CallID().Value() {
				t.Errorf("again:\n%s", second)
			}
			if !p.info().Unlocated {
				t.Error("it is not told")
			}
			p.peer.Reply(second, code) // for another reason
			p.wantState("ended")
		})
	}
}
