//go:build !js

package sample

import "strings"

// keyDigits is how many digits at the end of a number tell whose it is: enough for that,
// and few enough to be there however the number is written, with a country code or not.
const keyDigits = 8

// reachKey is the same for all ways to write one number or SIP address: the last digits of
// a number, the user and host of an address. It is empty for what is neither.
func reachKey(address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	scheme := ""
	for _, s := range []string{"sips:", "sip:", "tel:"} {
		if rest, ok := strings.CutPrefix(address, s); ok {
			scheme, address = s, rest
			break
		}
	}
	address, _, _ = strings.Cut(address, ";")
	user, host, _ := strings.Cut(address, "@")
	host, _, _ = strings.Cut(host, "?")
	if key := digits(user); key != "" {
		return key
	}
	if host == "" || user == "" || scheme == "tel:" {
		return ""
	}
	return user + "@" + host
}

// digits are the last of a number, and empty for a text that is none.
func digits(number string) string {
	var b strings.Builder
	for _, r := range number {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case !strings.ContainsRune("+-./() \u00a0", r):
			return ""
		}
	}
	all := b.String()
	return all[max(0, len(all)-keyDigits):]
}
