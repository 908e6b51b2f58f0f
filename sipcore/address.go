package sipcore

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/emiago/sipgo/sip"
)

// Address is a display name with a URI (RFC 3261 §20.10, name-addr).
type Address struct {
	Name string // as shown: unquoted UTF-8; may be empty
	URI  sip.Uri
}

// AOR is the address of record of the URI: `sip:user@host`, the host in lower
// case, without port, parameters and headers (RFC 3261 §6).
func (a Address) AOR() string { return AOR(a.URI) }

// AOR returns `sip:user@host` of a URI, the host in lower case, without port,
// parameters and headers. Two peers are the same when it is equal.
func AOR(u sip.Uri) string {
	scheme := strings.ToLower(u.Scheme)
	if scheme == "" {
		scheme = "sip"
	}
	if raw := u.Raw(); raw != "" { // tel:, urn:
		return scheme + ":" + raw
	}
	host := strings.ToLower(u.Host)
	if u.User == "" {
		return scheme + ":" + host
	}
	return scheme + ":" + u.User + "@" + host
}

// AddressReason says what is wrong with something typed as an address.
type AddressReason string

// What ParseAddress finds wrong.
const (
	AddressEmpty     AddressReason = "it is empty"
	AddressTooLong   AddressReason = "it is too long"
	AddressBadChar   AddressReason = "it contains a character that cannot stand there"
	AddressBadScheme AddressReason = "it is neither sip: nor sips: nor tel: nor urn:service:"
	AddressNoDomain  AddressReason = "the part after @ is missing"
	AddressBadDomain AddressReason = "the part after @ is no host name"
	AddressBadPort   AddressReason = "the port is no number from 1 to 65535"
	AddressBadForm   AddressReason = "it cannot be read"
)

// maxAddress bounds what is worth reading: no address anybody uses is longer, and
// servers drop requests whose first line is.
const maxAddress = 512

// ParseAddress reads what a person types into the address field: `bob`,
// `bob@example.org`, `sip:bob@example.org;transport=ws`, `"Bob" <sip:bob@example.org>`,
// `+49 30 123-456`, `tel:+4930123456`, `urn:service:sos`. A name without a host is
// completed with domain. Telephone numbers lose their blanks, brackets, dots and hyphens
// and become `sip:number@domain`; a tel URI, which says that it is one, also gets
// `;user=phone` and keeps its parameters in front of the @ (RFC 3261 §19.1.6, RFC 3966):
// servers that route a tel URI itself are few. Services (RFC 5031) stay what they are.
// Characters which a user part cannot hold
// are escaped (§25.1), so that any alphabet goes through. The error is an
// *AddressError.
func ParseAddress(input, domain string) (Address, error) {
	fail := func(r AddressReason) (Address, error) {
		shown := []rune(strings.ToValidUTF8(input, "\uFFFD"))
		if len(shown) > 100 {
			shown = shown[:100]
		}
		return Address{}, &AddressError{Input: string(shown), Reason: r}
	}
	s := strings.TrimSpace(input)
	switch {
	case s == "":
		return fail(AddressEmpty)
	case len(s) > maxAddress:
		return fail(AddressTooLong)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return fail(AddressBadChar)
	}

	name := ""
	if i := angle(s); i >= 0 {
		if !strings.HasSuffix(s, ">") {
			return fail(AddressBadForm)
		}
		name = UnquoteName(s[:i])
		s = strings.TrimSpace(s[i+1 : len(s)-1])
	}

	if strings.ContainsAny(s, "<>") {
		return fail(AddressBadForm)
	}
	scheme, rest := splitScheme(s)
	scheme = strings.TrimPrefix(scheme, "web+") // which a page may take over
	switch scheme {
	case "sip", "sips":
	case "tel":
		number, params, hasParams := strings.Cut(rest, ";")
		number, ok := telephoneNumber(number)
		if !ok || hasParams && !areParams(params) {
			return fail(AddressBadForm)
		}
		if hasParams {
			number += ";" + params
		}
		u, reason := parseSIP("sip", "x", domain)
		if reason != "" {
			return fail(reason)
		}
		u.User = escapeUser(number)
		u.UriParams.Add("user", "phone")
		return Address{Name: name, URI: u}, nil
	case "urn":
		u, ok := serviceURN(rest)
		if !ok {
			return fail(AddressBadScheme)
		}
		return Address{Name: name, URI: u}, nil
	case "":
		scheme = "sip"
	default:
		return fail(AddressBadScheme)
	}
	u, reason := parseSIP(scheme, rest, domain)
	if reason != "" {
		return fail(reason)
	}
	return Address{Name: name, URI: u}, nil
}

// ParseServer reads the URI of a server: `sip:host`, with a port or without, or the
// host alone. The error is an *AddressError.
func ParseServer(input string) (sip.Uri, error) {
	scheme, rest := splitScheme(strings.TrimSpace(input))
	if scheme != "sips" {
		scheme = "sip"
	}
	// ParseAddress wants somebody at the server.
	a, err := ParseAddress(scheme+":nobody@"+rest, "")
	if err != nil {
		return sip.Uri{}, err
	}
	a.URI.User = ""
	return a.URI, nil
}

// angle is where `<` begins the URI, -1 when there is none; inside quotes it is part
// of the name.
func angle(s string) int {
	if !strings.HasPrefix(s, `"`) {
		return strings.IndexByte(s, '<')
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			if j := strings.IndexByte(s[i:], '<'); j >= 0 {
				return i + j
			}
			return -1
		}
	}
	return -1
}

// splitScheme tells `sip:bob` from `bob:5060`, which has none.
func splitScheme(s string) (scheme, rest string) {
	i := strings.IndexByte(s, ':')
	if i <= 0 || strings.ContainsAny(s[:i], "@.[ ") {
		return "", s
	}
	head := s[:i]
	if strings.ContainsFunc(head, func(r rune) bool {
		return !(r == '+' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	}) {
		return "", s
	}
	if c := head[0]; c >= '0' && c <= '9' || c == '+' || c == '-' {
		return "", s
	}
	return strings.ToLower(head), s[i+1:]
}

// parseSIP reads what follows the scheme of a SIP URI.
func parseSIP(scheme, rest, domain string) (sip.Uri, AddressReason) {
	rest, headers, _ := strings.Cut(rest, "?")
	if headers != "" {
		return sip.Uri{}, AddressBadForm // headers in a URI put words in the caller's mouth
	}
	rest, params, _ := strings.Cut(rest, ";")
	user, host := rest, domain
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		user, host = rest[:i], rest[i+1:]
		if host == "" {
			return sip.Uri{}, AddressNoDomain
		}
	}
	switch {
	case host == "":
		return sip.Uri{}, AddressNoDomain
	case strings.TrimSpace(user) == "":
		return sip.Uri{}, AddressEmpty
	}
	if host == domain && user == rest { // a number on its own, not somebody's address
		if number, ok := telephoneNumber(user); ok {
			user = number
		}
	}
	host, port, reason := parseHost(host)
	if reason != "" {
		return sip.Uri{}, reason
	}
	u := sip.Uri{Scheme: scheme, User: escapeUser(user), Host: host, Port: port}
	if params == "" {
		return u, ""
	}
	if !areParams(params) {
		return sip.Uri{}, AddressBadChar
	}
	for p := range strings.SplitSeq(params, ";") {
		key, value, _ := strings.Cut(p, "=")
		u.UriParams.Add(key, value)
	}
	return u, ""
}

// serviceURN reads what follows `urn:` of a service: `service:sos.fire` (RFC 5031 §4.1).
func serviceURN(rest string) (u sip.Uri, ok bool) {
	service, found := strings.CutPrefix(strings.ToLower(rest), "service:")
	if !found || !isHostName(service) || strings.Contains(service, "_") {
		return u, false
	}
	return u, sip.ParseUri("urn:service:"+service, &u) == nil
}

// areParams reports whether each is a name, with a value or without.
func areParams(params string) bool {
	for p := range strings.SplitSeq(params, ";") {
		key, value, _ := strings.Cut(p, "=")
		if !isParam(key) || value != "" && !isParam(value) {
			return false
		}
	}
	return true
}

// telephoneNumber drops the visual separators of a number (RFC 3966 §5.1.1) and
// reports whether it is one.
func telephoneNumber(s string) (string, bool) {
	var b strings.Builder
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
			b.WriteRune(r)
		case r == '*' || r == '#' || r == '+' && i == 0:
			b.WriteRune(r)
		case strings.ContainsRune(" -.()\u00a0\u2011", r):
		default:
			return "", false
		}
	}
	return b.String(), digits > 0
}

func parseHost(s string) (host string, port int, reason AddressReason) {
	host, tail := s, ""
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return "", 0, AddressBadDomain
		}
		host, tail = s[:end+1], s[end+1:]
		if ip, err := netip.ParseAddr(s[1:end]); err != nil || !ip.Is6() || ip.Zone() != "" {
			return "", 0, AddressBadDomain
		}
	} else if i := strings.IndexByte(s, ':'); i >= 0 {
		host, tail = s[:i], s[i:]
	}
	if tail != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(tail, ":"))
		if err != nil || n < 1 || n > 65535 || tail[0] != ':' {
			return "", 0, AddressBadPort
		}
		port = n
	}
	if !strings.HasPrefix(host, "[") && !isHostName(host) {
		return "", 0, AddressBadDomain
	}
	return strings.ToLower(host), port, ""
}

// isHostName holds to the labels of RFC 1123 §2.1; underscores, which some private
// networks have, pass.
func isHostName(s string) bool {
	s = strings.TrimSuffix(s, ".")
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range []byte(label) {
			if !isAlphanumeric(c) && c != '-' && c != '_' {
				return false
			}
		}
	}
	return true
}

// escapeUser escapes what cannot stand in a user part (RFC 3261 §25.1). An escape
// that is there already stays.
func escapeUser(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		escaped := c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])
		if escaped || isAlphanumeric(c) || strings.IndexByte("-_.!~*'()&=+$,;?/", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

func isParam(s string) bool {
	if s == "" {
		return false
	}
	for _, c := range []byte(s) {
		if !isAlphanumeric(c) && strings.IndexByte("-_.!~*'()[]/:&+$%", c) < 0 {
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

func isAlphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// UnquoteName makes a display name readable: outer quotes, if any, and the escapes
// of a quoted-string are taken off (RFC 3261 §25.1). sipgo leaves the escapes in.
func UnquoteName(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		s = s[1 : len(s)-1]
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

// QuoteName makes a display name fit to stand between quotes in a header:
// backslashes and quotes escaped, control characters dropped (RFC 3261 §25.1).
func QuoteName(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsControl(r):
			continue
		case r == '"' || r == '\\':
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
