//go:build !js

package proxy

import (
	"slices"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// binding is one Contact of an account (RFC 3261 §10).
type binding struct {
	user     string
	contact  sip.Uri
	params   sip.HeaderParams // as registered, without expires
	path     []sip.Uri        // RFC 3327: the route from here to the contact
	callID   string
	cseq     uint32
	expires  time.Time
	conn     *conn
	timeout  *sipcore.Timer
	instance string // +sip.instance with reg-id; may be empty
}

// same reports whether b and o are the same phone: by instance id, or else by the
// Contact URI (RFC 5626 §6, RFC 3261 §10.3 step 7).
func (b *binding) same(o *binding) bool {
	if b.instance != "" && o.instance != "" {
		return b.instance == o.instance
	}
	return equalURI(b.contact, o.contact)
}

// location holds the bindings of all accounts. It belongs to the proxy's loop.
type location struct {
	byUser map[string][]*binding
	total  int
}

func newLocation() *location { return &location{byUser: make(map[string][]*binding)} }

// of returns the bindings of a user; it must not be changed.
func (l *location) of(user string) []*binding { return l.byUser[user] }

// replace makes next the bindings of user.
func (l *location) replace(user string, next []*binding) {
	l.total += len(next) - len(l.byUser[user])
	if len(next) == 0 {
		delete(l.byUser, user)
		return
	}
	l.byUser[user] = next
}

// remove takes one binding out.
func (l *location) remove(b *binding) {
	b.timeout.Stop()
	l.replace(b.user, slices.DeleteFunc(slices.Clone(l.byUser[b.user]), func(o *binding) bool { return o == b }))
}

// over returns the bindings that were made over a connection.
func (l *location) over(c *conn) []*binding {
	var out []*binding
	for _, bindings := range l.byUser {
		for _, b := range bindings {
			if b.conn == c {
				out = append(out, b)
			}
		}
	}
	return out
}

// at returns the binding whose Contact is u, nil when there is none.
func (l *location) at(u sip.Uri) *binding {
	for _, bindings := range l.byUser {
		for _, b := range bindings {
			if equalURI(b.contact, u) {
				return b
			}
		}
	}
	return nil
}

// equalURI compares as RFC 3261 §19.1.4 does, as far as it concerns Contacts of
// phones: parameters other than transport do not tell phones apart.
func equalURI(a, b sip.Uri) bool {
	if !strings.EqualFold(a.Scheme, b.Scheme) || a.User != b.User || a.Port != b.Port ||
		!strings.EqualFold(a.Host, b.Host) || a.Raw() != b.Raw() {
		return false
	}
	ta, _ := a.UriParams.Get("transport")
	tb, _ := b.UriParams.Get("transport")
	return strings.EqualFold(ta, tb)
}
