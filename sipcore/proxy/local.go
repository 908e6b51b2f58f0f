//go:build !js

package proxy

import (
	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/transact"
)

// localMethods are what the proxy answers itself.
const localMethods = "OPTIONS, REGISTER"

// isLocal reports whether a request is addressed to the proxy itself and not to
// one of its users.
func (p *Proxy) isLocal(req *sip.Request, w way) bool {
	if w.inDialog || !p.ours(w.uri.Host) {
		return false
	}
	return w.uri.User == "" || req.Method == sip.REGISTER
}

// local answers what is addressed to the proxy itself.
func (c *conn) local(tx *transact.Server) {
	req := tx.Request()
	if c.layer.Merged(req) {
		c.respond(tx, refusal{code: sip.StatusLoopDetected, reason: "Merged Request"})
		return
	}
	if tags := unsupported(req); len(tags) > 0 {
		c.respond(tx, refusal{code: sip.StatusBadExtension, reason: "Bad Extension", unsupported: tags})
		return
	}
	switch req.Method {
	case sip.REGISTER:
		c.register(tx)
	case sip.OPTIONS:
		c.send(tx, capabilities(req))
	default:
		c.respond(tx, refusal{code: sip.StatusMethodNotAllowed, reason: "Method Not Allowed", allow: localMethods})
	}
}

// unsupported returns the required extensions that the proxy as a UAS lacks
// (RFC 3261 §8.2.2.3).
func unsupported(req *sip.Request) []string {
	var out []string
	for _, tag := range sipcore.Tokens(req, "Require") {
		if tag != "path" {
			out = append(out, tag)
		}
	}
	return out
}

// capabilities answers an OPTIONS (RFC 3261 §11.2).
func capabilities(req *sip.Request) *sip.Response {
	res := transact.NewResponse(req, sip.StatusOK, "OK")
	res.AppendHeader(sip.NewHeader("Allow", localMethods))
	res.AppendHeader(sip.NewHeader("Supported", "path"))
	return res
}
