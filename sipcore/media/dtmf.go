package media

import (
	"slices"
	"time"

	"gocommunicator/sipcore/sdp"
)

// ToneGap is the silence after a key's tone before the next one.
const ToneGap = 70 * time.Millisecond

const telephoneEvent = "telephone-event"

// SendDigit sends one of sipcore.Digits in the audio stream as a telephone event
// (RFC 4733). It reports false when the other side would not hear it: nothing of the
// sort was agreed, sound does not flow to it, or the platform cannot. One that still
// sounds is not cut off: the next follows it after a gap of 70 ms.
func (c *Conn) SendDigit(digit string, duration time.Duration) bool {
	c.mu.Lock()
	p, able := c.peer, c.eventsTaken && !c.closed
	c.mu.Unlock()
	return able && p != nil && p.sendDigit(digit, duration)
}

// takesEvents tells whether a telephone event sent by local reaches remote. An event
// has the clock of the sound around it: one beside Opus (48000 Hz) that the other side
// takes at 8000 Hz only is sent by no browser, though it says so.
func takesEvents(local, remote *sdp.Description) bool {
	theirs := remote.Media()
	for i, m := range local.Media() {
		if m.Kind() == string(Audio) && !m.Rejected() && !theirs[i].Rejected() {
			return m.Direction().Sends() && theirs[i].Direction().Receives() &&
				eventsFit(m, theirs[i]) && eventsFit(theirs[i], m)
		}
	}
	return false
}

// eventsFit tells whether the codec that one side likes best of what both have comes
// with events of its clock on both sides. Which side's wish decides is for the sender
// to say (RFC 3264 §6.1), so both are asked.
func eventsFit(one, other *sdp.Media) bool {
	has := func(codecs []sdp.Codec, c sdp.Codec) bool {
		return slices.ContainsFunc(codecs, func(o sdp.Codec) bool { return o.Name == c.Name && o.ClockRate == c.ClockRate })
	}
	ours, theirs := one.Codecs(), other.Codecs()
	i := slices.IndexFunc(ours, func(c sdp.Codec) bool {
		return c.Name != telephoneEvent && c.Name != "cn" && c.Name != "red" && has(theirs, c)
	})
	if i < 0 {
		return false
	}
	event := sdp.Codec{Name: telephoneEvent, ClockRate: ours[i].ClockRate}
	return has(ours, event) && has(theirs, event)
}
