package session

import (
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// geolocation are the header fields of a location (RFC 6442 §4).
var geolocation = []string{"Geolocation", "Geolocation-Routing"}

// locate puts an offer into an INVITE, with the location of the caller unless that is nil.
// Only a call to a service is to be routed by it.
func locate(req *sip.Request, offer []byte, l *sipcore.Location, caller string) {
	if l == nil {
		describe(req, offer)
		return
	}
	id, routing := sip.GenerateTagN(16)+"@"+req.From().Address.Host, "no"
	if req.Recipient.Scheme == "urn" {
		routing = "yes"
	}
	req.AppendHeader(sip.NewHeader(geolocation[0], "<cid:"+id+">"))
	req.AppendHeader(sip.NewHeader(geolocation[1], routing))
	sipcore.SetParts(req, offer, sipcore.Part{Type: sipcore.TypePIDF, ID: id, Body: l.PIDF(caller, time.Now())})
}

// unlocate reports whether a refused INVITE is worth repeating without its location.
func (s *Session) unlocate() bool {
	if s.info.Unlocated || s.out.Request().GetHeader(geolocation[0]) == nil {
		return false
	}
	s.info.Unlocated = true
	s.changed()
	return true
}

func withoutLocation(req *sip.Request) {
	offer := description(req)
	for _, name := range append(geolocation, "Content-Type", "Content-Length") {
		req.RemoveHeader(name)
	}
	describe(req, offer)
}
