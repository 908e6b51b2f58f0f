//go:build !js

package proxy

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// way is what the Request-URI and Route of a request say about where it is to go.
type way struct {
	uri      sip.Uri   // the Request-URI it goes on with
	rest     []sip.Uri // Route that remains after ours
	flow     connID    // the connection named by the last flow token
	hasFlow  bool
	inDialog bool // it has a To tag and a token made for its Call-ID
}

// target is one place to which a request is sent.
type target struct {
	conn  *conn
	uri   sip.Uri   // Request-URI
	route []sip.Uri // Route
}

// preprocess takes this proxy's values off the Route (RFC 3261 §16.4). A forged
// flow token is refused.
func (p *Proxy) preprocess(req *sip.Request) (way, *refusal) {
	w := way{uri: req.Recipient}
	callID := req.CallID().Value()
	for _, h := range req.GetHeaders("route") {
		if r, ok := h.(*sip.RouteHeader); ok {
			w.rest = append(w.rest, r.Address)
		}
	}
	// A strict router has put our Record-Route value into the Request-URI and the
	// remote target at the end of the Route.
	if n := len(w.rest); n > 0 && p.ours(w.uri.Host) && w.uri.UriParams.Has("lr") {
		w.rest, w.uri = append([]sip.Uri{w.uri}, w.rest[:n-1]...), w.rest[n-1]
	}
	for len(w.rest) > 0 && p.ours(w.rest[0].Host) {
		if token := w.rest[0].User; token != "" {
			id, ok := p.sealer.flow(token, callID)
			if !ok {
				return w, &refusal{code: sip.StatusForbidden, reason: "Route Not From Here"}
			}
			w.flow, w.hasFlow = id, true
		}
		w.rest = w.rest[1:]
	}
	_, hasTag := req.To().Params.Get("tag")
	w.inDialog = hasTag && w.hasFlow
	return w, nil
}

// validate holds a request to what RFC 3261 §16.3 asks of it.
func (p *Proxy) validate(req *sip.Request, w way) *refusal {
	if s := strings.ToLower(w.uri.Scheme); s != "sip" && s != "sips" {
		return &refusal{code: 416, reason: "Unsupported URI Scheme"}
	}
	if tags := sipcore.Tokens(req, "Proxy-Require"); len(tags) > 0 {
		return &refusal{code: sip.StatusBadExtension, reason: "Bad Extension", unsupported: tags}
	}
	if p.isLocal(req, w) {
		return nil // it goes no further: neither a hop to count nor a loop
	}
	if mf := req.MaxForwards(); mf != nil && mf.Val() == 0 {
		return &refusal{code: sip.StatusTooManyHops, reason: "Too Many Hops"}
	}
	if p.looped(req) {
		return &refusal{code: sip.StatusLoopDetected, reason: "Loop Detected"}
	}
	return nil
}

// targets determines where a request goes (RFC 3261 §16.5).
func (p *Proxy) targets(w way) ([]target, *refusal) {
	if w.hasFlow {
		if c := p.conns[w.flow]; c != nil {
			return []target{{conn: c, uri: w.uri, route: w.rest}}, nil
		}
	}
	if !p.ours(w.uri.Host) {
		// A Contact: of a dialog whose connection was lost and replaced, or one that
		// somebody was referred to.
		if b := p.location.at(w.uri); b != nil {
			return []target{{conn: b.conn, uri: w.uri, route: append(w.rest, b.path...)}}, nil
		}
		if w.hasFlow {
			return nil, &refusal{code: sip.StatusCallTransactionDoesNotExists, reason: "Connection Gone"}
		}
		return nil, &refusal{code: sip.StatusForbidden, reason: "Relaying Denied"}
	}
	user := unescape(w.uri.User)
	if _, ok := p.cfg.Password(user); !ok {
		return nil, &refusal{code: sip.StatusNotFound, reason: "Not Found"}
	}
	var out []target
	for _, b := range p.location.of(user) {
		out = append(out, target{conn: b.conn, uri: b.contact, route: b.path})
	}
	if len(out) == 0 {
		return nil, &refusal{code: sip.StatusTemporarilyUnavailable, reason: "Temporarily Unavailable"}
	}
	return out, nil
}

// unescape undoes the escapes of a user part, so that `%61lice` is alice (RFC 3261
// §19.1.4).
func unescape(user string) string {
	if plain, err := url.PathUnescape(user); err == nil {
		return plain
	}
	return user
}

func lowerHost(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }

func decimal(n int) string { return strconv.Itoa(n) }
