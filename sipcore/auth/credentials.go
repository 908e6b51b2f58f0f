package auth

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

var (
	// ErrRejected says that the server was given an answer made from these
	// credentials and refused it: name or password are wrong, and asking again with
	// them is in vain (RFC 3261 §22.1).
	ErrRejected = errors.New("the server does not accept this name and password")
	// ErrNoChallenge says that the response holds no challenge that can be answered.
	// It comes wrapped with the schemes and algorithms that were offered.
	ErrNoChallenge = errors.New("no way to log in that this phone knows")
	// ErrNoCredentials says that there is nothing to authenticate with: on the
	// client neither password nor hash is known, or no user name; on the server the
	// request carries no answer to a challenge of the realm.
	ErrNoCredentials = errors.New("no credentials")
	// ErrStale says that the answer is right, but to a nonce that is not good any
	// more: challenge again with stale=true (RFC 7616 §3.3).
	ErrStale = errors.New("nonce is stale")
	// ErrWrong says that the answer is not the one of a user known here.
	ErrWrong = errors.New("wrong credentials")
)

// Credentials are what a user proves to be with. However they are printed, logged or
// encoded, nothing secret comes out.
type Credentials struct {
	Username string // as the server knows it: `bob` or `bob@example.org`, UTF-8
	Password string `json:"-"` // empty: only what Digests hold can be answered
	// Digests stand in for the password where it is not known. A challenge of another
	// realm or algorithm is answered with the password, or not at all when that is empty.
	Digests []Digest `json:"-"`
}

// Digest is what a password comes to for one realm and algorithm. It proves the user
// there as well as the password does, and nowhere else.
type Digest struct {
	Realm     string
	Algorithm string // "MD5", "SHA-256" or "SHA-512-256"
	HA1       HA1
}

// HA1 is H(username:realm:password) in hexadecimal digits (RFC 7616 §3.4.2). It prints
// and is encoded as dots; string(h) is the hash.
type HA1 string

// String hides the hash.
func (HA1) String() string { return "•••" }

// GoString hides the hash.
func (h HA1) GoString() string { return h.String() }

// Format hides the hash from every verb.
func (h HA1) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, h.String()) }

// LogValue hides the hash.
func (h HA1) LogValue() slog.Value { return slog.StringValue(h.String()) }

// MarshalText hides the hash.
func (h HA1) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// empty reports whether nothing can be proven with them.
func (c Credentials) empty() bool {
	return c.Username == "" || c.Password == "" && len(c.Digests) == 0
}

// String names the user and nothing else.
func (c Credentials) String() string {
	return fmt.Sprintf("auth.Credentials{Username: %q}", c.Username)
}

// GoString is String.
func (c Credentials) GoString() string { return c.String() }

// Format prints String for every verb: without it %d would show the fields.
func (c Credentials) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

// LogValue is String.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }

// ha1 returns H(username:realm:password), or "" when it cannot be known.
func (c Credentials) ha1(h digest, realm string) string {
	for _, d := range c.Digests {
		if known, ok := lookupDigest(d.Algorithm); ok && known.base == h.base && d.Realm == realm && d.HA1 != "" {
			return strings.ToLower(string(d.HA1))
		}
	}
	if c.Password == "" {
		return ""
	}
	return h.sum(c.Username + ":" + realm + ":" + c.Password)
}
