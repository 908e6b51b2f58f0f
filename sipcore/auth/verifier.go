package auth

import (
	"crypto/subtle"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// VerifierConfig says whom a Verifier lets pass.
type VerifierConfig struct {
	Realm string // shown to users; often the domain
	// Lookup returns a user's password; it must be set. It is called from whichever
	// goroutine verifies, without a lock held.
	Lookup func(user string) (password string, ok bool)
	// Algorithms are offered strongest first, whatever their order here; names as in
	// RFC 7616 §6.1 and RFC 8760. Empty means SHA-512-256, SHA-256 and MD5; unknown
	// ones are left out.
	Algorithms []string
	// NonceLifetime is how long a nonce is good; 0 means 5 minutes.
	NonceLifetime time.Duration
}

// Verifier challenges requests and checks the answers. Its methods may be called from
// any goroutine.
type Verifier struct {
	realm   string
	lookup  func(string) (string, bool)
	digests []digest
	nonces  *nonces
}

// NewVerifier returns a Verifier for one realm.
func NewVerifier(cfg VerifierConfig) *Verifier {
	names := cfg.Algorithms
	if len(names) == 0 {
		names = []string{"SHA-512-256", "SHA-256", "MD5"}
	}
	lifetime := cfg.NonceLifetime
	if lifetime <= 0 {
		lifetime = 5 * time.Minute
	}
	v := &Verifier{realm: cfg.Realm, lookup: cfg.Lookup, nonces: newNonces(lifetime)}
	for _, name := range names {
		if h, ok := lookupDigest(name); ok {
			v.digests = append(v.digests, h)
		}
	}
	slices.SortStableFunc(v.digests, func(a, b digest) int { return b.strength - a.strength })
	return v
}

// Challenge adds to a 401 or, for a proxy, a 407 one challenge for each algorithm,
// strongest first (RFC 8760 §2.3). stale tells the client that its password was right.
func (v *Verifier) Challenge(res *sip.Response, proxy, stale bool) {
	nonce := v.nonces.issue()
	for _, h := range v.digests {
		value := fmt.Sprintf("Digest realm=%s, nonce=%s, algorithm=%s, qop=%s",
			quote(v.realm), quote(nonce), h.name(), quote(qopAuth))
		if stale {
			value += ", stale=true"
		}
		res.AppendHeader(sip.NewHeader(placeOf(proxy).challenge, value))
	}
}

// Verify checks the answer that req carries in Authorization or, for a proxy, in
// Proxy-Authorization, and returns the user's name. The error is ErrNoCredentials,
// ErrStale or ErrWrong, wrapped; each wants another challenge. A nonce may be used
// again with a rising count, without a count only once.
func (v *Verifier) Verify(req *sip.Request, proxy bool) (user string, err error) {
	params := sent(req, placeOf(proxy), v.realm)
	if params == nil {
		return "", ErrNoCredentials
	}
	a, err := v.readAnswer(req, params)
	if err != nil {
		return "", err
	}
	user = params["username"]
	password, known := v.lookup(user)
	a.ha1 = a.digest.sum(user + ":" + v.realm + ":" + password)
	// An unknown user takes as long as a wrong password.
	right := subtle.ConstantTimeCompare([]byte(a.response()), []byte(strings.ToLower(params["response"]))) == 1
	if !known || !right {
		return "", fmt.Errorf("user %.64q: %w", user, ErrWrong)
	}
	if !v.nonces.use(a.nonce, a.nc) {
		return "", fmt.Errorf("user %.64q: %w", user, ErrStale)
	}
	return user, nil
}

// readAnswer takes from the parameters of an answer what its digest was made of.
func (v *Verifier) readAnswer(req *sip.Request, params map[string]string) (answer, error) {
	a := answer{
		nonce:  params["nonce"],
		cnonce: params["cnonce"],
		nc:     1,
		qop:    strings.ToLower(params["qop"]),
		method: string(req.Method),
		uri:    params["uri"],
		body:   req.Body(),
	}
	var ok bool
	a.digest, ok = lookupDigest(params["algorithm"])
	if !ok || !slices.ContainsFunc(v.digests, func(h digest) bool { return h.name() == a.digest.name() }) {
		return a, fmt.Errorf("%w: algorithm %.32q was not offered", ErrWrong, params["algorithm"])
	}
	switch a.qop {
	case "":
	case qopAuth, qopAuthInt:
		nc, err := strconv.ParseUint(params["nc"], 16, 32)
		if err != nil || nc == 0 || a.cnonce == "" {
			return a, fmt.Errorf("%w: nc or cnonce missing", ErrWrong)
		}
		a.nc = uint32(nc)
	default:
		return a, fmt.Errorf("%w: qop %.32q was not offered", ErrWrong, a.qop)
	}
	if !sameTarget(a.uri, req.Recipient) {
		return a, fmt.Errorf("%w: made for another address", ErrWrong)
	}
	return a, nil
}

// sameTarget compares a digest-uri with the Request-URI (RFC 3261 §22.4): an answer
// must not serve for another request.
func sameTarget(digestURI string, target sip.Uri) bool {
	if digestURI == target.String() {
		return true
	}
	var u sip.Uri
	return sip.ParseUri(digestURI, &u) == nil && u.String() == target.String()
}
