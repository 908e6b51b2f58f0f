package session

import (
	"fmt"
	"strings"
	"time"

	"gocommunicator/sipcore"
)

// The content types of keys in INFO. No RFC has them; phones and servers agree on the
// first, and some send the second.
const (
	dtmfRelay = "application/dtmf-relay" // lines Signal=5 and Duration=160, in ms
	dtmfPlain = "application/dtmf"       // the key alone
)

// SendDigit sends one of sipcore.Digits in an INFO, for those who take no telephone
// events (RFC 4733). done and the error are those of SendInfo: who does not take it so
// either answers 415.
func (s *Session) SendDigit(digit string, duration time.Duration, done func(error)) error {
	body := fmt.Sprintf("Signal=%s\r\nDuration=%d\r\n", digit, duration.Milliseconds())
	return s.SendInfo(dtmfRelay, []byte(body), done)
}

// ParseDigit reads one of sipcore.Digits from the body of an INFO.
func ParseDigit(contentType string, body []byte) (digit string, ok bool) {
	kind, _, _ := strings.Cut(contentType, ";")
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case dtmfPlain:
		digit = string(body)
	case dtmfRelay:
		for line := range strings.Lines(string(body)) {
			name, value, _ := strings.Cut(line, "=")
			if strings.EqualFold(strings.TrimSpace(name), "signal") {
				digit = value
			}
		}
	}
	digit, err := sipcore.ParseDigits(strings.TrimSpace(digit))
	return digit, err == nil && len(digit) == 1
}
