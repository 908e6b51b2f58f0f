//go:build !js

package media

import (
	"time"

	"gocommunicator/sipcore"
)

// sendDigit reports false: natively no telephone events are made.
func (p *peer) sendDigit(string, time.Duration) bool { return false }

// digitReader makes digits of telephone events. An event lasts for many packets with
// the same timestamp, the last of them sent three times, and any may be lost: a digit
// is read from the first packet that comes.
type digitReader struct {
	timestamp uint32
	seen      bool
}

// read returns the digit that a packet begins, or "".
func (r *digitReader) read(timestamp uint32, payload []byte) string {
	if len(payload) < 4 || int(payload[0]) >= len(sipcore.Digits) {
		return ""
	}
	if r.seen && int32(timestamp-r.timestamp) <= 0 {
		return "" // the same event, or an older one that was overtaken
	}
	r.timestamp, r.seen = timestamp, true
	return sipcore.Digits[payload[0] : payload[0]+1]
}
