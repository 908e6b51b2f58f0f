package sipcore

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Numbering is how telephone numbers are dialled from where the phone is. Its parts are
// digits. The zero value makes a number of what is written as one, and leaves it as it is
// dialled.
type Numbering struct {
	Country       string // country code, `49`; empty: nobody knows what a national number is elsewhere
	International string // dialled before a country code in place of +, `00`
	National      string // dialled before a number of the own country, `0`; empty where there is no such
	Outside       string // dialled before each number that is not internal, `0`; empty without such a line
	Internal      int    // how many digits a number may have to be internal: it stays as it is
	Untouched     []string
}

// kept are the country codes behind which a 0 that is written in brackets is dialled.
var kept = []string{"39", "225", "241", "242", "378", "379"}

// Dial makes what ParseAddress reads of a number as people write it, on its own or as tel
// URI: `0171 123-45 67`, `+49 (0) 171/1234567`, `(212) 555-1234`, `1-800-FLOWERS`. It
// becomes `+` and all of the number (E.164), or, where that needs an outside line, what is
// dialled behind it. Numbers that are internal, untouched or have * or # in them, local
// ones, a tel URI that says where it holds (phone-context), and what is no number stay as
// they are. What comes out stays so when it is dialled again, but behind an outside line.
func (n Numbering) Dial(typed string) string {
	scheme, rest := splitScheme(strings.TrimSpace(typed))
	params := ""
	switch scheme {
	case "":
	case "tel":
		if i := strings.IndexByte(rest, ';'); i >= 0 {
			rest, params = rest[:i], rest[i:]
		}
		plain, err := url.PathUnescape(rest)
		if err != nil || strings.Contains(strings.ToLower(params), ";phone-context=") {
			return typed
		}
		rest = plain
		scheme += ":"
	default:
		return typed
	}
	number, ok := readNumber(rest, scheme != "")
	if !ok {
		return typed
	}
	return scheme + n.outward(number) + params
}

// outward is what is dialled to reach a number.
func (n Numbering) outward(number string) string {
	plain, global := strings.CutPrefix(number, "+")
	if !global && len(number) <= n.Internal || slices.Contains(n.Untouched, number) {
		return number
	}
	// Who is used to dial for an outside line may still do so, where that is no beginning of
	// a number.
	if rest, dialled := strings.CutPrefix(number, n.Outside); n.Outside != "" && dialled && len(rest) > n.Internal &&
		!strings.HasPrefix(n.National, n.Outside) && !strings.HasPrefix(n.International, n.Outside) && n.begins(rest) {
		number = rest
	}
	full := n.Full(number)
	switch own, isOwn := strings.CutPrefix(full, "+"+n.Country); {
	case n.Outside == "" && full != "":
		return full
	case n.Outside == "":
		return number
	case full != "" && n.Country != "" && isOwn:
		return n.Outside + n.National + own
	case full != "":
		return n.Outside + n.International + full[1:]
	case global:
		return n.Outside + n.International + plain
	}
	return n.Outside + number
}

// begins tells a number that is not local.
func (n Numbering) begins(number string) bool {
	return n.International != "" && strings.HasPrefix(number, n.International) || n.National != "" && strings.HasPrefix(number, n.National)
}

// Full is a number, digits with or without a + in front, as it is reached from everywhere:
// `+4930123456` (E.164). It is empty where that is not known.
func (n Numbering) Full(number string) string {
	if global, ok := strings.CutPrefix(number, "+"); ok {
		if own, isOwn := strings.CutPrefix(global, n.Country); isOwn && strings.HasPrefix(n.National, "0") && n.Country != "" {
			global = n.Country + strings.TrimPrefix(own, n.National) // written as both
		}
		return "+" + global
	}
	if n.Country == "" || number == "" {
		return ""
	}
	if abroad, ok := strings.CutPrefix(number, n.International); ok && n.International != "" {
		return n.Full("+" + abroad)
	}
	national, ok := strings.CutPrefix(number, n.National)
	// Where they dial their country's code, as in North America, ten digits are a number too.
	if ok || n.National == n.Country && len(number) == 10 {
		return "+" + n.Country + national
	}
	return ""
}

// Caller is the number that a user part stands for, as far as Full knows it, else its
// digits; empty when it is none.
func (n Numbering) Caller(user string) string {
	number, _, _ := strings.Cut(user, ";")
	number, ok := readNumber(number, false)
	if !ok || len(strings.TrimPrefix(number, "+")) <= n.Internal {
		return number
	}
	if full := n.Full(number); full != "" {
		return full
	}
	return number
}

// readNumber reads a number as people write it: digits of several scripts, a + in front,
// letters for keys (ITU-T E.161), separators, and a 0 in brackets that is not dialled
// together with the country code. Letters are read in capitals, of a number that looks like
// one, and any where it says that it is one.
func readNumber(s string, said bool) (number string, ok bool) {
	var b strings.Builder
	digits, letters, lower, separated, global := 0, 0, false, false, false
	for _, r := range s {
		d, isDigit := digitOf(r)
		switch {
		case isDigit:
			digits++
			b.WriteByte(d)
		case (r == '+' || r == '＋') && digits == 0 && !global:
			global = true
		case r == '(' || r == ')':
			b.WriteRune(r)
			separated = true
		case isSeparator(r):
			separated = true
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			if digits == 0 {
				return "", false
			}
			lower = lower || r >= 'a'
			letters++
			b.WriteByte("22233344455566677778889999"[r&0x1f-1])
		default:
			return "", false
		}
	}
	if letters > 0 && (letters < 3 || digits+letters < 7 || !said && (lower || !separated)) {
		return "", false
	}
	number = b.String()
	if i := strings.Index(number, "(0)"); i > 1 && (global || strings.HasPrefix(number, "00")) && !slices.ContainsFunc(kept, func(code string) bool {
		return strings.TrimLeft(number[:i], "0") == code
	}) {
		number = number[:i] + number[i+len("(0)"):]
	}
	number = strings.NewReplacer("(", "", ")", "").Replace(number)
	if global {
		number = "+" + number
	}
	return number, digits > 0
}

// digitOf reads the digits of those who write theirs in another way.
func digitOf(r rune) (digit byte, ok bool) {
	for _, zero := range [...]rune{'0', '\u0660', '\u06f0', '\uff10'} {
		if r >= zero && r <= zero+9 {
			return byte('0' + r - zero), true
		}
	}
	return 0, false
}

// isSeparator tells what stands between the digits of a number to be read more easily
// (RFC 3966 §5.1.1, and what people take in place of it), and what is not seen.
func isSeparator(r rune) bool {
	return strings.ContainsRune("-./·", r) || r >= '\u2010' && r <= '\u2015' || r == '\u2212' || r == '\uff0d' ||
		unicode.IsSpace(r) || unicode.Is(unicode.Cf, r)
}
