//go:build !js

package proxy

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/transact"
)

// register answers a REGISTER (RFC 3261 §10.3).
func (c *conn) register(tx *transact.Server) {
	user, ok := c.authenticate(tx, false)
	if !ok {
		return
	}
	p, req := c.proxy, tx.Request()
	next, refused := c.rebind(user, req)
	if refused != nil {
		c.log.Warn("registration refused", "user", user, "code", refused.code, "reason", refused.reason)
		res := transact.NewResponse(req, refused.code, refused.reason)
		if refused.code == sip.StatusIntervalToBrief {
			res.AppendHeader(sip.NewHeader("Min-Expires", seconds(p.cfg.MinExpires)))
		}
		if refused.retryAfter > 0 {
			res.AppendHeader(sip.NewHeader("Retry-After", decimal(refused.retryAfter)))
		}
		c.send(tx, res)
		return
	}
	p.commit(user, next)
	c.send(tx, p.registered(req, user))
}

// rebind returns the bindings that a user has after a REGISTER. Nothing is changed
// yet: either all of it takes effect or nothing (§10.3 step 7).
func (c *conn) rebind(user string, req *sip.Request) ([]*binding, *refusal) {
	p := c.proxy
	next := slices.Clone(p.location.of(user))
	contacts := contactsOf(req)
	if slices.ContainsFunc(contacts, func(h *sip.ContactHeader) bool { return h.Address.Wildcard }) {
		return withoutAll(next, req, len(contacts))
	}
	for _, h := range contacts {
		if s := h.Address.Scheme; s != "sip" && s != "sips" || h.Address.Host == "" {
			return nil, &refusal{code: sip.StatusBadRequest, reason: "Bad Contact"}
		}
		b := c.bindingOf(user, h, req)
		expires, refused := p.expiresOf(h, req)
		if refused != nil {
			return nil, refused
		}
		b.expires = time.Now().Add(expires)
		i := slices.IndexFunc(next, b.same)
		switch {
		case i >= 0 && outOfOrder(next[i], b):
			return nil, &refusal{code: sip.StatusInternalServerError, reason: "CSeq Out Of Order"}
		case i >= 0 && expires == 0:
			next = slices.Delete(next, i, i+1)
		case i >= 0:
			next[i] = b
		case expires > 0:
			next = append(next, b)
		}
	}
	before := len(p.location.of(user))
	switch added := len(next) - before; {
	case added <= 0:
	case len(next) > p.cfg.Limits.Bindings:
		return nil, &refusal{code: sip.StatusForbidden, reason: "Too Many Registrations Of This Account"}
	case p.location.total+added > p.cfg.Limits.Registrations:
		return nil, &refusal{code: sip.StatusServiceUnavailable, reason: "Too Many Registrations", retryAfter: 60}
	}
	return next, nil
}

// withoutAll answers `Contact: *`, which must stand alone and with Expires 0
// (§10.3 step 6).
func withoutAll(bindings []*binding, req *sip.Request, contacts int) ([]*binding, *refusal) {
	if expires, ok := expiresHeader(req); contacts != 1 || !ok || expires != 0 {
		return nil, &refusal{code: sip.StatusBadRequest, reason: "Bad Contact"}
	}
	order := &binding{callID: req.CallID().Value(), cseq: req.CSeq().SeqNo}
	for _, b := range bindings {
		if outOfOrder(b, order) {
			return nil, &refusal{code: sip.StatusInternalServerError, reason: "CSeq Out Of Order"}
		}
	}
	return nil, nil
}

// outOfOrder reports whether a REGISTER is older than the one a binding is from.
func outOfOrder(old, b *binding) bool { return old.callID == b.callID && b.cseq <= old.cseq }

// bindingOf reads a Contact. The connection it came over is where it is reached.
func (c *conn) bindingOf(user string, h *sip.ContactHeader, req *sip.Request) *binding {
	b := &binding{
		user:    user,
		contact: h.Address,
		params:  h.Params.Clone(),
		path:    pathOf(req),
		callID:  req.CallID().Value(),
		cseq:    req.CSeq().SeqNo,
		conn:    c,
	}
	b.params.Remove("expires")
	// Headers of a URI have no business in a Request-URI (§19.1.1).
	b.contact.Headers = nil
	if id, ok := b.params.Get("+sip.instance"); ok && id != "" {
		b.instance = id + ";" + b.params.GetOr("reg-id", "")
	}
	return b
}

// expiresOf is how long a Contact is to live: by its own parameter, by the
// Expires header field, or by our choice (§10.3 step 6).
func (p *Proxy) expiresOf(h *sip.ContactHeader, req *sip.Request) (time.Duration, *refusal) {
	asked := p.cfg.DefaultExpires
	if own, ok := h.Params.Get("expires"); ok {
		asked = readExpires(own)
	} else if all, ok := expiresHeader(req); ok {
		asked = all
	}
	if asked > 0 && asked < p.cfg.MinExpires {
		return 0, &refusal{code: sip.StatusIntervalToBrief, reason: "Interval Too Brief"}
	}
	return min(asked, p.cfg.MaxExpires), nil
}

func expiresHeader(req *sip.Request) (time.Duration, bool) {
	h := req.GetHeader("expires")
	if h == nil {
		return 0, false
	}
	return readExpires(h.Value()), true
}

// readExpires reads delta-seconds; what is none counts as an hour (§10.2.1.1).
func readExpires(s string) time.Duration {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 32)
	if err != nil {
		return time.Hour
	}
	return time.Duration(n) * time.Second
}

// commit makes next the bindings of user and has each removed in its time.
func (p *Proxy) commit(user string, next []*binding) {
	before := p.location.of(user)
	for _, old := range before {
		if !slices.Contains(next, old) {
			old.timeout.Stop()
		}
	}
	for _, b := range next {
		if slices.Contains(before, b) {
			continue
		}
		b.timeout = p.loop.After(time.Until(b.expires), func() {
			p.log.Info("binding removed: expired", "user", b.user)
			p.location.remove(b)
		})
	}
	p.location.replace(user, next)
	p.log.Info("registered", "user", user, "bindings", len(next))
}

// registered is the 200 with all bindings of a user (§10.3 step 8).
func (p *Proxy) registered(req *sip.Request, user string) *sip.Response {
	res := transact.NewResponse(req, sip.StatusOK, "OK")
	for _, b := range p.location.of(user) {
		params := b.params.Clone()
		params.Add("expires", seconds(max(time.Until(b.expires), time.Second)))
		res.AppendHeader(&sip.ContactHeader{Address: b.contact, Params: params})
	}
	for _, h := range req.GetHeaders("path") {
		res.AppendHeader(sip.HeaderClone(h)) // RFC 3327 §5.3
	}
	res.AppendHeader(sip.NewHeader("Supported", "path"))
	res.AppendHeader(sip.NewHeader("Date", time.Now().UTC().Format(sipDate)))
	return res
}

func contactsOf(req *sip.Request) []*sip.ContactHeader {
	var out []*sip.ContactHeader
	for _, h := range req.GetHeaders("contact") {
		if contact, ok := h.(*sip.ContactHeader); ok {
			out = append(out, contact)
		}
	}
	return out
}

// pathOf reads the Path of a REGISTER: the route from here to its Contact
// (RFC 3327 §5.3). What cannot be read is left out.
func pathOf(req *sip.Request) []sip.Uri {
	var out []sip.Uri
	for _, h := range req.GetHeaders("path") {
		for value := range strings.SplitSeq(h.Value(), ",") {
			var uri sip.Uri
			if _, err := sip.ParseAddressValue(strings.TrimSpace(value), &uri, nil); err == nil {
				out = append(out, uri)
			}
		}
	}
	return out
}

// seconds rounds up: what is said to live for some time must live for it.
func seconds(d time.Duration) string {
	return decimal(int((d + time.Second - 1) / time.Second))
}

// sipDate is the layout of a Date header field (RFC 3261 §20.17).
const sipDate = "Mon, 02 Jan 2006 15:04:05 GMT"
