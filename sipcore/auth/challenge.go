package auth

import (
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// A place is who asks: a UAS or registrar with 401, a proxy with 407. Each has its own
// header names (RFC 3261 §22.2, §22.3).
type place struct{ challenge, answer, info string }

var (
	atServer = place{"WWW-Authenticate", "Authorization", "Authentication-Info"}
	atProxy  = place{"Proxy-Authenticate", "Proxy-Authorization", "Proxy-Authentication-Info"}
	places   = []place{atServer, atProxy}
)

func placeOf(proxy bool) place {
	if proxy {
		return atProxy
	}
	return atServer
}

// maxRealm is the most bytes of a realm that are taken: it is sent back with every
// request.
const maxRealm = 1 << 10

// challenge is one Digest challenge (RFC 7616 §3.3) that can be answered.
type challenge struct {
	realm     string
	nonce     string
	opaque    string
	hasOpaque bool
	digest    digest
	algorithm string // as the server spelt it; "" when it did not
	qop       string // the one chosen; "" when none was offered
	stale     bool
}

// readChallenge takes what is needed from a field. ok is false when it is no challenge
// that can be answered.
func readChallenge(f field) (c challenge, ok bool) {
	if !f.isDigest() {
		return c, false
	}
	c.digest, ok = lookupDigest(f.params["algorithm"])
	if !ok {
		return c, false
	}
	c.realm, ok = f.params["realm"]
	if !ok || len(c.realm) > maxRealm || f.params["nonce"] == "" {
		return c, false
	}
	c.nonce = f.params["nonce"]
	c.algorithm = f.params["algorithm"]
	c.opaque, c.hasOpaque = f.params["opaque"]
	c.stale = strings.EqualFold(f.params["stale"], "true")
	c.qop, ok = chooseQOP(f.params["qop"])
	return c, ok
}

// chooseQOP prefers auth: bodies are rewritten on their way often enough for auth-int
// to break calls. ok is false when something is offered, but nothing known.
func chooseQOP(offered string) (qop string, ok bool) {
	if strings.TrimSpace(offered) == "" {
		return "", true
	}
	var options []string
	for option := range strings.SplitSeq(offered, ",") {
		options = append(options, strings.ToLower(strings.TrimSpace(option)))
	}
	for _, qop := range []string{qopAuth, qopAuthInt} {
		if slices.Contains(options, qop) {
			return qop, true
		}
	}
	return "", false
}

// challenges reads all of a response's fields for a place. They come in the server's
// order, with the names of what cannot be answered.
func challenges(res *sip.Response, at place) (known []challenge, unknown []string) {
	read := 0
	for _, h := range res.GetHeaders(at.challenge) {
		fields, err := parseFields(h.Value())
		if err != nil && len(fields) == 0 {
			unknown = append(unknown, "something unreadable")
		}
		for _, f := range fields {
			if read++; read > maxChallenges {
				return known, unknown
			}
			if c, ok := readChallenge(f); ok {
				known = append(known, c)
			} else {
				unknown = append(unknown, f.describe())
			}
		}
		if len(unknown) > maxChallenges {
			return known, unknown
		}
	}
	return known, unknown
}

// describe names a challenge that cannot be answered, for an error's text: whatever it
// holds, the name stays short and plain.
func (f field) describe() string {
	const longest = 32
	name := f.scheme
	if f.isDigest() {
		algorithm := f.params["algorithm"]
		switch _, known := lookupDigest(algorithm); {
		case !known:
			name = "Digest " + algorithm
		case f.params["nonce"] == "":
			name = "Digest without nonce"
		case f.params["qop"] != "":
			name = "Digest qop " + f.params["qop"]
		}
	}
	if len(name) > longest {
		name = name[:longest]
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, name)
}

// strongest picks, for each realm, the challenge of the best algorithm among those that
// usable lets pass; of equals the first, which the server prefers. RFC 8760 §2.4 would
// have the topmost unless local policy says otherwise: ours is not to be talked down to
// MD5 by the order.
func strongest(all []challenge, usable func(challenge) bool) []challenge {
	var best []challenge
	for _, c := range all {
		if !usable(c) {
			continue
		}
		i := slices.IndexFunc(best, func(b challenge) bool { return b.realm == c.realm })
		switch {
		case i < 0:
			best = append(best, c)
		case c.digest.strength > best[i].digest.strength:
			best[i] = c
		}
	}
	return best
}
