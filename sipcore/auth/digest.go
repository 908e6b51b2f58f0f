package auth

import (
	"crypto/md5" //nolint:gosec // what most registrars still ask for; used last
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"strings"
)

// digest is one algorithm of RFC 7616 §3.2.
type digest struct {
	base     string // as spelt in HA1 and, without session, in headers
	session  bool   // the -sess form: A1 holds nonce and cnonce too
	strength int    // the larger the better
	sum      func(string) string
}

// name is the value of the algorithm parameter.
func (h digest) name() string {
	if h.session {
		return h.base + "-sess"
	}
	return h.base
}

// lookupDigest finds an algorithm by its name in any case; "" means MD5
// (RFC 7616 §3.3).
func lookupDigest(name string) (digest, bool) {
	base, session := name, false
	if i := len(name) - len("-sess"); i > 0 && strings.EqualFold(name[i:], "-sess") {
		base, session = name[:i], true
	}
	switch strings.ToUpper(base) {
	case "", "MD5":
		return digest{base: "MD5", session: session, strength: 1, sum: sumMD5}, true
	case "SHA-256":
		return digest{base: "SHA-256", session: session, strength: 2, sum: sumSHA256}, true
	case "SHA-512-256":
		return digest{base: "SHA-512-256", session: session, strength: 3, sum: sumSHA512}, true
	default:
		return digest{}, false
	}
}

func sumMD5(s string) string {
	sum := md5.Sum([]byte(s)) //nolint:gosec // see the import
	return hex.EncodeToString(sum[:])
}

func sumSHA256(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func sumSHA512(s string) string {
	sum := sha512.Sum512_256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// The qualities of protection (RFC 7616 §3.4). An empty one is that of RFC 2069.
const (
	qopAuth    = "auth"
	qopAuthInt = "auth-int"
)

// answer is what the response of a digest is computed from.
type answer struct {
	digest digest
	ha1    string // H(username:realm:password)
	nonce  string
	cnonce string
	nc     uint32
	qop    string
	method string
	uri    string
	body   []byte
}

// response computes request-digest (RFC 7616 §3.4.1).
func (a answer) response() string {
	sum := a.digest.sum
	ha1 := a.ha1
	if a.digest.session {
		ha1 = sum(ha1 + ":" + a.nonce + ":" + a.cnonce)
	}
	a2 := a.method + ":" + a.uri
	if a.qop == qopAuthInt {
		a2 += ":" + sum(string(a.body))
	}
	if a.qop == "" {
		return sum(ha1 + ":" + a.nonce + ":" + sum(a2))
	}
	return sum(ha1 + ":" + a.nonce + ":" + nonceCount(a.nc) + ":" + a.cnonce + ":" + a.qop + ":" + sum(a2))
}

func nonceCount(nc uint32) string { return fmt.Sprintf("%08x", nc) }
