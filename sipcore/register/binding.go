package register

import (
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// maxBindings bounds what is kept of a registrar's list.
const maxBindings = 100

// Binding is one contact that an address of record is bound to.
type Binding struct {
	URI        sip.Uri
	Name       string        // the display name of the contact, as shown; mostly empty
	Expires    time.Duration // what is left of it, counted from the registrar's answer
	InstanceID string        // `urn:uuid:…`; empty when the device did not tell
	Own        bool          // ours, or left behind by a former run of this device
}

// bindings reads the contacts of a 2xx to REGISTER (RFC 3261 §10.2.4) and finds what
// the registrar granted to ours: by the expires parameter of our contact, else the
// Expires header, else what was asked for.
func bindings(res *sip.Response, contact sip.Uri, instance string, asked time.Duration) (all []Binding, granted time.Duration) {
	fallback := asked
	if d, ok := sipcore.Seconds(res, "Expires"); ok {
		fallback = d
	}
	best, bestRank := -1, 0
	for _, h := range res.GetHeaders("Contact") {
		c, ok := h.(*sip.ContactHeader)
		if !ok || c.Address.Wildcard || len(all) == maxBindings {
			continue
		}
		b := Binding{
			URI: *c.Address.Clone(), Name: sipcore.UnquoteName(c.DisplayName),
			Expires: fallback, InstanceID: instanceID(c),
		}
		if seconds, err := strconv.ParseUint(param(c.Params, "expires"), 10, 32); err == nil {
			b.Expires = time.Duration(seconds) * time.Second
		}
		rank := likeness(b, contact, instance)
		b.Own = rank > 0
		all = append(all, b)
		if rank > bestRank || rank == bestRank && rank > 0 && b.Expires > all[best].Expires {
			best, bestRank = len(all)-1, rank
		}
	}
	if best < 0 && len(all) == 1 && all[0].InstanceID == "" {
		// A registrar behind a border controller may have rewritten it. What it just
		// accepted must be in the list, and there is no other.
		best, all[0].Own = 0, asked > 0
	}
	if best < 0 {
		return all, fallback
	}
	return all, all[best].Expires
}

// likeness ranks a binding: 0 when it is another device's, more the surer it is the one
// just made. The instance id says more than the URI, which registrars rewrite; a former
// run of this device has the same id and another URI.
func likeness(b Binding, contact sip.Uri, instance string) int {
	sameInstance := b.InstanceID != "" && strings.EqualFold(b.InstanceID, instance)
	switch same := sameURI(b.URI, contact); {
	case sameInstance && same:
		return 3
	case sameInstance:
		return 2
	case same && b.InstanceID == "":
		return 1
	default:
		return 0
	}
}

func instanceID(c *sip.ContactHeader) string {
	return strings.Trim(param(c.Params, "+sip.instance"), `"<> `)
}

// lookup finds a parameter whatever its case.
func lookup(params sip.HeaderParams, name string) (value string, ok bool) {
	for _, p := range params {
		if strings.EqualFold(p.K, name) {
			return p.V, true
		}
	}
	return "", false
}

// param is lookup where an absent parameter is as good as an empty one.
func param(params sip.HeaderParams, name string) string {
	value, _ := lookup(params, name)
	return value
}

// sameURI compares as RFC 3261 §19.1.4 says: the user part exactly, hosts in any case,
// parameters in any order, and a parameter that only one side has does not matter
// unless it is one of those that say where to send.
func sameURI(a, b sip.Uri) bool {
	if !strings.EqualFold(a.Scheme, b.Scheme) || a.User != b.User || a.Password != b.Password ||
		!strings.EqualFold(a.Host, b.Host) || a.Port != b.Port {
		return false
	}
	for _, name := range []string{"user", "ttl", "method", "maddr", "transport"} {
		if !strings.EqualFold(param(a.UriParams, name), param(b.UriParams, name)) {
			return false
		}
	}
	for _, p := range a.UriParams {
		if other, both := lookup(b.UriParams, p.K); both && !strings.EqualFold(p.V, other) {
			return false
		}
	}
	return true
}
