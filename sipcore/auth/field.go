package auth

import (
	"errors"
	"strings"
)

// The most that is read of what a peer sends: no honest one comes near.
const (
	maxField      = 16 << 10 // bytes of one header field
	maxChallenges = 32       // in one response, all fields together
	maxValue      = 4 << 10  // bytes of one parameter
)

var errMalformed = errors.New("malformed authentication header")

// field is one challenge or one set of credentials: a scheme with its parameters
// (RFC 7235 §2.1). Names are in lower case, values without quotes and escapes.
type field struct {
	scheme string
	params map[string]string
}

// isDigest reports whether the scheme is the one of this package.
func (f field) isDigest() bool { return strings.EqualFold(f.scheme, "Digest") }

// parseFields reads a header field that holds one challenge or several, of any scheme,
// separated by commas. With the error come the fields before the faulty one.
func parseFields(s string) ([]field, error) {
	if len(s) > maxField {
		return nil, errMalformed
	}
	var fields []field
	p := scanner{rest: s}
	for {
		p.separators()
		if p.rest == "" {
			return fields, nil
		}
		name, ok := p.token()
		if !ok {
			return fields, errMalformed
		}
		value, found, err := p.value()
		last := len(fields) - 1
		switch {
		case !found && len(fields) == maxChallenges:
			return fields, errMalformed
		case !found:
			fields = append(fields, field{scheme: name, params: map[string]string{}})
			p.token68()
		case last < 0:
			return nil, errMalformed
		case err != nil || !fields[last].add(name, value):
			return fields[:last], errMalformed
		}
	}
}

// parseParams reads a header field of parameters without a scheme, such as
// Authentication-Info.
func parseParams(s string) (map[string]string, error) {
	fields, err := parseFields("Digest " + s)
	if err != nil || len(fields) != 1 {
		return nil, errMalformed
	}
	return fields[0].params, nil
}

// add refuses a parameter that is there already: two meanings are one too many
// (RFC 7616 §3.3).
func (f field) add(name, value string) bool {
	name = strings.ToLower(name)
	if _, twice := f.params[name]; twice || len(value) > maxValue {
		return false
	}
	f.params[name] = value
	return true
}

// scanner reads the grammar of RFC 7235 appendix C from the front of rest.
type scanner struct{ rest string }

func (p *scanner) blanks() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

func (p *scanner) separators() { p.rest = strings.TrimLeft(p.rest, " \t\r\n,") }

func (p *scanner) token() (string, bool) {
	i := 0
	for i < len(p.rest) && isToken(p.rest[i]) {
		i++
	}
	t := p.rest[:i]
	p.rest = p.rest[i:]
	return t, i > 0
}

// value reads `= value` behind a name. found is false when no equals sign follows:
// the name was a scheme.
func (p *scanner) value() (value string, found bool, err error) {
	p.blanks()
	after, found := strings.CutPrefix(p.rest, "=")
	if !found {
		return "", false, nil
	}
	p.rest = after
	p.blanks()
	if strings.HasPrefix(p.rest, `"`) {
		value, err = p.quoted()
		return value, true, err
	}
	// Base64 without quotes is no token, but servers send nonces like that.
	i := 0
	for i < len(p.rest) && (isToken(p.rest[i]) || strings.IndexByte("/=:", p.rest[i]) >= 0) {
		i++
	}
	value, p.rest = p.rest[:i], p.rest[i:]
	return value, true, nil
}

// quoted reads a quoted-string and undoes its escapes (RFC 3261 §25.1).
func (p *scanner) quoted() (string, error) {
	var b strings.Builder
	for i := 1; i < len(p.rest); i++ {
		c := p.rest[i]
		switch {
		case c == '"':
			p.rest = p.rest[i+1:]
			return b.String(), nil
		case c == '\\':
			if i++; i == len(p.rest) {
				return "", errMalformed
			}
			c = p.rest[i]
		}
		if isControl(c) {
			return "", errMalformed
		}
		b.WriteByte(c)
	}
	return "", errMalformed
}

// token68 skips what schemes such as NTLM put in place of parameters. A name with an
// equals sign behind it is a parameter and stays.
func (p *scanner) token68() {
	end := strings.IndexByte(p.rest, ',')
	if end < 0 {
		end = len(p.rest)
	}
	word := strings.TrimRight(p.rest[:end], " \t\r\n")
	if strings.ContainsAny(word, " \t\"") || strings.Contains(strings.TrimRight(word, "="), "=") {
		return
	}
	if trimmed := strings.TrimRight(word, "="); trimmed != "" && len(word)-len(trimmed) <= 2 {
		p.rest = p.rest[end:]
	}
}

// quote makes a quoted-string. Control characters, which would end the header, are
// dropped.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(s) {
		if isControl(c) {
			continue
		}
		if c == '"' || c == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	b.WriteByte('"')
	return b.String()
}

func isControl(c byte) bool { return c < ' ' && c != '\t' || c == 0x7f }

func isToken(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' ||
		strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}
