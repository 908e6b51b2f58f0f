//go:build !js

package proxy

import (
	"errors"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/auth"
	"gocommunicator/sipcore/transact"
)

// authenticate asks who sends a request: with 407 as a proxy, with 401 as the
// registrar (RFC 3261 §22). It returns the account when the request may go on;
// otherwise it has answered.
func (c *conn) authenticate(tx *transact.Server, proxy bool) (user string, ok bool) {
	p, req := c.proxy, tx.Request()
	p.claimed = ""
	user, err := p.verifier.Verify(req, proxy)
	switch {
	case err == nil && p.speaksFor(user, req, proxy):
		return user, true
	case err == nil:
		c.log.Warn("request refused: not this user's address", "user", user, "from", req.From().Address.String())
		c.respond(tx, refusal{code: sip.StatusForbidden, reason: "Not Your Address"})
	case !p.failures.allow(p.claimed, p.cfg.Limits.LoginFailures):
		c.log.Warn("login refused: too many failures", "user", p.claimed)
		c.respond(tx, refusal{
			code:       sip.StatusServiceUnavailable,
			reason:     "Too Many Failed Logins",
			retryAfter: int(loginWindow / time.Second),
		})
	case errors.Is(err, auth.ErrWrong) && c.loginFailed():
		c.close("too many failed logins")
	default:
		c.challenge(tx, proxy, errors.Is(err, auth.ErrStale))
	}
	return "", false
}

// password looks up an account for the verifier, and keeps its name for the count
// of failures. An account that was failed at too often has no password for a while.
func (p *Proxy) password(user string) (string, bool) {
	p.claimed = user
	if !p.failures.allow(user, p.cfg.Limits.LoginFailures) {
		return "", false
	}
	return p.cfg.Password(user)
}

// loginFailed counts a wrong password and reports whether it was one too many for
// the connection.
func (c *conn) loginFailed() bool {
	p := c.proxy
	c.failures++
	c.log.Warn("login failed", "user", p.claimed, "failures", c.failures)
	if _, ok := p.cfg.Password(p.claimed); ok {
		// Only names that exist are counted, so that made-up ones fill no memory.
		p.failures.add(p.claimed)
	}
	return c.failures >= p.cfg.Limits.LoginFailures
}

func (c *conn) challenge(tx *transact.Server, proxy, stale bool) {
	code, reason := sip.StatusUnauthorized, "Unauthorized"
	if proxy {
		code, reason = sip.StatusProxyAuthRequired, "Proxy Authentication Required"
	}
	res := transact.NewResponse(tx.Request(), code, reason)
	c.proxy.verifier.Challenge(res, proxy, stale)
	c.send(tx, res)
}

// speaksFor reports whether the account may send a request: a REGISTER for its own
// To, anything else with its own From (RFC 3261 §10.3 step 4, §26.3.2.2) or one that hides
// it (RFC 3323 §4.1.1.3).
func (p *Proxy) speaksFor(user string, req *sip.Request, proxy bool) bool {
	address := req.From().Address
	switch {
	case !proxy:
		address = req.To().Address
	case address.User == "anonymous" && lowerHost(address.Host) == "anonymous.invalid":
		return true
	}
	return p.ours(address.Host) && unescape(address.User) == user
}

// failures counts failed logins by account within loginWindow.
type failures map[string]failure

type failure struct {
	count int
	since time.Time
}

// allow reports whether a further attempt at an account may be looked at.
func (f failures) allow(user string, limit int) bool {
	last, ok := f[user]
	if ok && time.Since(last.since) >= loginWindow {
		delete(f, user)
		return true
	}
	return last.count < limit
}

func (f failures) add(user string) {
	last, ok := f[user]
	if !ok {
		last.since = time.Now()
	}
	last.count++
	f[user] = last
}
