package session_test

import (
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/siptest"
)

// mixed is an INVITE's body of an offer and one more part.
func mixed(part string) siptest.Mod {
	return siptest.Body("multipart/mixed;boundary=b", "--b\r\nContent-Type: application/sdp\r\n\r\n"+
		description("sendrecv", false)+"\r\n--b\r\n"+part+"\r\n--b--\r\n")
}

func TestOfferBesideALocationIsAnswered(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.peer.Request(sip.INVITE, "sip:alice@example.test", mixed("Content-Type: application/pidf+xml\r\nContent-ID: <x@y>\r\n\r\n"+
			`<gml:Point><gml:pos>42.5 -73.25</gml:pos></gml:Point>`), siptest.Header("Geolocation", "<cid:x@y>"))
		p.peer.ExpectResponse(sip.INVITE, 180)
		s := p.incomingCall()
		p.do(func() {
			if l := s.Info().Location; l == nil || l.Latitude != 42.5 || l.Longitude != -73.25 {
				t.Errorf("location %+v", l)
			}
			p.accept(s, false)
		})
		if res := p.peer.ExpectResponse(sip.INVITE, 200); !strings.Contains(string(res.Body()), "m=audio") {
			t.Errorf("answered with\n%s", res)
		}
	})
}

func TestPartsThatAreNotUnderstood(t *testing.T) {
	for part, code := range map[string]int{
		"Content-Type: application/x\r\nContent-Disposition: session;handling=optional\r\n\r\nx": 180,
		"Content-Type: application/x\r\n\r\nx":                                                   415,
	} {
		run(t, func(t *testing.T, p *phone) {
			p.peer.Request(sip.INVITE, "sip:alice@example.test", mixed(part))
			p.peer.ExpectResponse(sip.INVITE, code)
		})
	}
}
