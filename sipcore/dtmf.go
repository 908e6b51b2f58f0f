package sipcore

import (
	"errors"
	"strings"
)

// Digits are the keys of a telephone, each at the number of its event
// (RFC 4733 §3.2).
const Digits = "0123456789*#ABCD"

// ErrDigits says that something else than keys of a telephone was to be sent, or
// nothing at all.
var ErrDigits = errors.New("not keys of a telephone: those are 0 to 9, *, # and A to D")

// ParseDigits reads keys as people type them: a to d become A to D. The error is
// ErrDigits.
func ParseDigits(s string) (digits string, err error) {
	digits = strings.ToUpper(s)
	if digits == "" || strings.Trim(digits, Digits) != "" {
		return "", ErrDigits
	}
	return digits, nil
}
