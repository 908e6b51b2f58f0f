// Package idna stands in for golang.org/x/net/idna in the page's program: net/http, which
// libraries import for the sake of types, has host names made plain by it before it calls
// them, and no page calls anybody but through the browser. With the real one come the
// tables of Unicode's normal forms.
package idna

import "errors"

var errNone = errors.New("idna: not in a page")

// Profile stands for a set of rules; there is none.
type Profile struct{}

// Lookup stands for the rules of host names.
var Lookup = &Profile{}

// ToASCII fails.
func (*Profile) ToASCII(string) (string, error) { return "", errNone }

// ToASCII fails.
func ToASCII(string) (string, error) { return "", errNone }
