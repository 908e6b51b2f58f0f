//go:build !js

package media

// digits are the events of RFC 4733 §3.2 by number.
const digits = "0123456789*#ABCD"

// digitReader makes digits of telephone events. An event lasts for many packets with
// the same timestamp, the last of them sent three times, and any may be lost: a digit
// is read from the first packet that comes.
type digitReader struct {
	timestamp uint32
	seen      bool
}

// read returns the digit that a packet begins, or "".
func (r *digitReader) read(timestamp uint32, payload []byte) string {
	if len(payload) < 4 || int(payload[0]) >= len(digits) {
		return ""
	}
	if r.seen && int32(timestamp-r.timestamp) <= 0 {
		return "" // the same event, or an older one that was overtaken
	}
	r.timestamp, r.seen = timestamp, true
	return digits[payload[0] : payload[0]+1]
}
