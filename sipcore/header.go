package sipcore

import (
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Seconds reads a header that counts seconds, such as Expires or Retry-After; a
// comment or parameters behind the number are ignored. ok is false when the header is
// absent or no number.
func Seconds(msg sip.Message, name string) (d time.Duration, ok bool) {
	headers := msg.GetHeaders(name)
	if len(headers) == 0 {
		return 0, false
	}
	value := strings.TrimSpace(headers[0].Value())
	if i := strings.IndexAny(value, " \t;("); i >= 0 {
		value = value[:i]
	}
	n, err := strconv.ParseUint(value, 10, 32)
	if err != nil {
		return 0, false
	}
	return time.Duration(n) * time.Second, true
}

// RetryAfter is what a response asks to wait, 0 when it does not (RFC 3261 §20.33).
func RetryAfter(res *sip.Response) time.Duration {
	d, _ := Seconds(res, "Retry-After")
	return d
}

// Tokens reads a header of comma-separated tokens, such as Require or Allow, from all
// its fields.
func Tokens(msg sip.Message, name string) []string {
	var tokens []string
	for _, h := range msg.GetHeaders(name) {
		for t := range strings.SplitSeq(h.Value(), ",") {
			if t = strings.TrimSpace(t); t != "" {
				tokens = append(tokens, t)
			}
		}
	}
	return tokens
}
