package auth

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
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
	Password string `json:"-"` // empty: only what HA1 holds can be answered
	// HA1 holds, instead of the password, the hash H(username:realm:password) in
	// hexadecimal digits for each algorithm it is known for: "MD5", "SHA-256" or
	// "SHA-512-256". Challenges of other algorithms are answered with the password,
	// or not at all when that is empty.
	HA1 map[string]string `json:"-"`
	// Realm is the realm that the hashes in HA1 were made for. When empty they are
	// used for any.
	Realm string
}

// empty reports whether nothing can be proven with them.
func (c Credentials) empty() bool {
	return c.Username == "" || c.Password == "" && len(c.HA1) == 0
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
	if known := c.HA1[h.base]; known != "" && (c.Realm == "" || c.Realm == realm) {
		return known
	}
	if c.Password == "" {
		return ""
	}
	return h.sum(c.Username + ":" + realm + ":" + c.Password)
}
