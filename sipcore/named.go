package sipcore

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Named is an address in a header field, with the parameters that stand behind it.
type Named struct {
	Address
	Params sip.HeaderParams
}

// maxNamed is more than any header has.
const maxNamed = 32

// NamedIn reads a header of comma-separated addresses, such as Contact or Diversion, from
// all its fields. What is no address is left out.
func NamedIn(msg sip.Message, name string) (all []Named) {
	for _, h := range msg.GetHeaders(name) {
		for _, text := range values(h.Value()) {
			var n Named
			display, err := sip.ParseAddressValue(text, &n.URI, &n.Params)
			if err != nil || n.URI.Wildcard || len(all) == maxNamed {
				continue
			}
			n.Name = UnquoteName(display)
			all = append(all, n)
		}
	}
	return all
}

// values takes a list apart at the commas that stand neither between quotes nor in < >.
func values(list string) (all []string) {
	quoted, inside, from := false, false, 0
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '<' || c == '>':
			inside = c == '<'
		case c == ',' && !inside:
			all, from = append(all, strings.TrimSpace(list[from:i])), i+1
		}
	}
	return append(all, strings.TrimSpace(list[from:]))
}
