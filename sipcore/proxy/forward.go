//go:build !js

package proxy

import (
	"encoding/hex"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// maxForwards is what a request without Max-Forwards gets (RFC 3261 §16.6 step 3).
const maxForwards = 70

// copyFor makes the copy of a request from c that goes to t (RFC 3261 §16.6).
func (c *conn) copyFor(req *sip.Request, t target) *sip.Request {
	p := c.proxy
	out := sip.NewRequest(req.Method, t.uri)
	out.SetTransport("WS")
	hops := sip.MaxForwardsHeader(maxForwards)
	if mf := req.MaxForwards(); mf != nil {
		hops = sip.MaxForwardsHeader(mf.Val() - 1)
	}
	out.AppendHeader(&hops)
	for _, h := range req.Headers() {
		if p.passes(h) {
			out.AppendHeader(sip.HeaderClone(h))
		}
	}
	out.SetBody(req.Body())

	for _, uri := range slices.Backward(t.route) {
		out.PrependHeader(&sip.RouteHeader{Address: uri})
	}
	if recordsRoute(req) {
		// The side the request goes to comes on top: each side then finds its own
		// token first and the other's below.
		out.PrependHeader(p.recordRoute(c, req))
		out.PrependHeader(p.recordRoute(t.conn, req))
	}
	out.PrependHeader(p.via(req))
	return out
}

// passes reports whether a header field of a request is copied as it is. Route and
// Max-Forwards are written anew; credentials for this proxy are nobody else's
// business (RFC 3261 §22.3); an identity that a client asserts itself is worth
// nothing (RFC 3325 §5).
func (p *Proxy) passes(h sip.Header) bool {
	switch strings.ToLower(h.Name()) {
	case "route", "max-forwards", "p-asserted-identity":
		return false
	case "proxy-authorization":
		return !strings.Contains(h.Value(), `realm="`+p.cfg.Realm+`"`)
	default:
		return true
	}
}

// recordsRoute reports whether a request may begin a dialog.
func recordsRoute(req *sip.Request) bool {
	switch req.Method {
	case sip.INVITE, sip.SUBSCRIBE, sip.REFER:
		return !req.To().Params.Has("tag")
	default:
		return false
	}
}

func (p *Proxy) recordRoute(c *conn, req *sip.Request) *sip.RecordRouteHeader {
	return &sip.RecordRouteHeader{Address: sip.Uri{
		Scheme: "sip",
		User:   p.sealer.token(c.id, req.CallID().Value()),
		Host:   p.cfg.Domain,
		UriParams: sip.HeaderParams{
			{K: "transport", V: "ws"},
			{K: "lr"},
		},
	}}
}

// loopSeparator stands between the unique part of our branches and the loop mark.
const loopSeparator = ".l"

// via makes our Via. Its branch carries a mark of all that decides where a request
// goes, by which it is known again when it comes back unchanged (RFC 3261 §16.6
// step 8, RFC 5393 §4.2).
func (p *Proxy) via(req *sip.Request) *sip.ViaHeader {
	return &sip.ViaHeader{
		ProtocolName:    "SIP",
		ProtocolVersion: "2.0",
		Transport:       "WS",
		Host:            p.cfg.Domain,
		Params:          sip.HeaderParams{{K: "branch", V: sip.GenerateBranch() + loopSeparator + p.loopMark(req)}},
	}
}

func (p *Proxy) loopMark(req *sip.Request) string {
	parts := []string{
		"loop",
		req.Recipient.String(),
		req.CallID().Value(),
		req.From().Params.GetOr("tag", ""),
		req.To().Params.GetOr("tag", ""),
		req.CSeq().Value(),
	}
	for _, h := range req.GetHeaders("route") {
		parts = append(parts, h.Value())
	}
	return hex.EncodeToString(p.sealer.seal(parts...))
}

// looped reports whether a request has been here before, bound for the same place.
func (p *Proxy) looped(req *sip.Request) bool {
	mark := p.loopMark(req)
	for _, h := range req.GetHeaders("via") {
		via, ok := h.(*sip.ViaHeader)
		if !ok || !p.ours(via.Host) {
			continue
		}
		if branch, _ := via.Params.Get("branch"); strings.HasSuffix(branch, loopSeparator+mark) {
			return true
		}
	}
	return false
}
