package sdp

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Origin tells one session from another and its versions from each other (o= line,
// RFC 8866 §5.2).
type Origin struct {
	Username  string
	SessionID uint64
	Version   uint64
	Address   string
}

// Origin is the description's o= line.
func (d *Description) Origin() Origin { return d.origin }

func parseOrigin(value string) (o Origin, ok bool) {
	fields := strings.Fields(value)
	if len(fields) != 6 {
		return o, false
	}
	id, err := strconv.ParseUint(fields[1], 10, 64)
	version, err2 := strconv.ParseUint(fields[2], 10, 64)
	o = Origin{Username: fields[0], SessionID: id, Version: version, Address: fields[5]}
	return o, err == nil && err2 == nil
}

// Change is how a description stands to the one before it from the same author.
type Change int

// The changes.
const (
	// Unchanged: the same version, so nothing has to be negotiated anew. It is how a
	// session is refreshed (RFC 3264 §8, RFC 4028 §7.4).
	Unchanged Change = iota
	// Modified: the next version of the same session.
	Modified
	// Replaced: another session altogether, as comes from behind a B2BUA that has
	// connected somebody else (RFC 3264 §8 forbids it; it is common).
	Replaced
)

// ErrVersion says that a description is older than the one before it, or differs from
// it under the same version (RFC 3264 §8).
var ErrVersion = errors.New("session description of a wrong version")

// Since compares a description with the one before it from the same author. previous
// may be nil: then everything is new. With ErrVersion comes Modified, since peers
// which count wrongly are better taken at their word than at their number.
func (d *Description) Since(previous *Description) (Change, error) {
	if previous == nil {
		return Replaced, nil
	}
	now, before := d.Origin(), previous.Origin()
	switch {
	case now.SessionID != before.SessionID || now.Username != before.Username || now.Address != before.Address:
		return Replaced, nil
	case now.Version > before.Version:
		return Modified, nil
	case now.Version < before.Version:
		return Modified, fmt.Errorf("%w: %d after %d", ErrVersion, now.Version, before.Version)
	case string(d.Bytes()) != string(previous.Bytes()):
		return Modified, fmt.Errorf("%w: %d again, but changed", ErrVersion, now.Version)
	default:
		return Unchanged, nil
	}
}
