package sipcore

import (
	"net/url"
	"strings"
)

// What stands between keys that are sent one after the other.
const (
	Pause      = ',' // 2 s
	ShortPause = 'P' // 1 s, the p of post-dial (RFC 2806 §2.2)
	Wait       = ';' // until the person says so
)

// Pauses are all of them.
const Pauses = ",;P"

// ParseTones reads keys as people type them, with pauses between them. The error is
// ErrDigits.
func ParseTones(s string) (tones string, err error) {
	tones = strings.ToUpper(s)
	if strings.Trim(tones, Digits+Pauses) != "" || strings.Trim(tones, Pauses) == "" {
		return "", ErrDigits
	}
	return tones, nil
}

// SplitTones takes the keys that are to be sent once a call is answered off what is dialled:
// `+4912345,,1234#`, `sip:x@example.org;1234#`, `tel:+49123;postd=pp22`. They begin with the
// first comma or semicolon behind which there is nothing but keys, blanks, commas and
// semicolons, beginning with a digit, star or hash: no parameter of a URI is named so. What
// is no sequence stays part of the address. An extension, as in `+1 212 555-1234 x12`, is
// keys that wait for the person.
func SplitTones(input string) (address, tones string) {
	if address, tones = splitPostDial(input); tones != "" {
		return address, tones
	}
	for i := 1; i < len(input); i++ {
		before := strings.TrimSpace(input[:i])
		if input[i] != Pause && input[i] != Wait || strings.Trim(before, Pauses) == "" {
			continue
		}
		plain := strings.NewReplacer(" ", "", "-", "").Replace(input[i:])
		t, err := ParseTones(plain)
		if err == nil && !strings.ContainsAny(plain, "Pp") && strings.IndexByte("0123456789*#", strings.TrimLeft(plain, ",;")[0]) >= 0 {
			return before, t
		}
	}
	return splitExtension(input)
}

// maxExtension is how many digits an extension has at most, minNumber how many a number at
// least that has one.
const (
	maxExtension = 7
	minNumber    = 7
)

// splitExtension takes the extension off a number, as people write it: `x12`, `ext. 12`.
func splitExtension(input string) (address, tones string) {
	before := strings.TrimRight(strings.TrimSpace(input), "0123456789")
	extension := strings.TrimSpace(input)[len(before):]
	before = strings.TrimRight(before, " .:")
	for _, word := range []string{"extension", "ext", "x"} {
		at := len(before) - len(word)
		if at < 0 || !strings.EqualFold(before[at:], word) {
			continue
		}
		_, number := splitScheme(before[:at])
		number, ok := readNumber(strings.TrimRight(number, ",; "), false)
		if ok && len(number) >= minNumber && extension != "" && len(extension) <= maxExtension {
			return strings.TrimRight(before[:at], ",; "), string(Wait) + extension
		}
		break
	}
	return input, ""
}

const postDial = ";postd="

// splitPostDial takes the parameter of a telephone number off.
func splitPostDial(input string) (address, tones string) {
	at := 0
	for ; at+len(postDial) <= len(input) && !strings.EqualFold(input[at:at+len(postDial)], postDial); at++ {
	}
	if at+len(postDial) > len(input) {
		return input, ""
	}
	value, rest := input[at+len(postDial):], ""
	if end := strings.IndexAny(value, ";>"); end >= 0 {
		value, rest = value[:end], value[end:]
	}
	if plain, err := url.PathUnescape(value); err == nil {
		value = plain
	}
	tones, err := ParseTones(strings.NewReplacer("w", ";", "W", ";", "-", "").Replace(value))
	if err != nil {
		return input, ""
	}
	return input[:at] + rest, tones
}
