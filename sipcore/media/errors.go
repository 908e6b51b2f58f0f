package media

import (
	"errors"
	"fmt"

	"gocommunicator/sipcore/sdp"
)

// Reason is why a device could not be had.
type Reason string

// The reasons.
const (
	// NotAllowed: the person, the browser's settings or the embedding page refuse it.
	NotAllowed Reason = "not allowed"
	// NotFound: there is no such device.
	NotFound Reason = "not found"
	// NotReadable: another program has it, or it does not work.
	NotReadable Reason = "busy or broken"
	// Overconstrained: no device can do what was asked.
	Overconstrained Reason = "cannot do what was asked"
	// InsecureContext: the page did not come over https or from this machine, so the
	// browser gives no devices.
	InsecureContext Reason = "insecure page"
	// Unsupported: the browser has no WebRTC.
	Unsupported Reason = "not supported"
	// Timeout: the person did not answer the question in time.
	Timeout Reason = "no decision in time"
	// Unknown: anything else.
	Unknown Reason = "unknown"
)

// MediaError says that a device could not be had. When sound and picture were wanted
// and only the camera fails, Kind is Video, the microphone is kept, and the same call
// after Conn.SetWant with NoCamera succeeds.
type MediaError struct {
	Kind   Kind // "" when it is about neither in particular
	Reason Reason
	Err    error // what the browser said; may be nil
}

func (e *MediaError) Error() string {
	device := "media"
	switch e.Kind {
	case Audio:
		device = "microphone"
	case Video:
		device = "camera"
	case Screen:
		device = "screen"
	}
	if e.Err == nil {
		return fmt.Sprintf("%s: %s", device, e.Reason)
	}
	return fmt.Sprintf("%s: %s: %v", device, e.Reason, e.Err)
}

// Unwrap returns what the browser said.
func (e *MediaError) Unwrap() error { return e.Err }

// DescriptionError says that a description of the other side cannot be used. It
// means 488 for an offer.
type DescriptionError struct{ Err error }

func (e *DescriptionError) Error() string { return fmt.Sprintf("session description: %v", e.Err) }

// Is makes it an sdp.ErrUnusable.
func (e *DescriptionError) Is(target error) bool { return target == sdp.ErrUnusable }

// Unwrap returns what is wrong with it.
func (e *DescriptionError) Unwrap() error { return e.Err }

var (
	// ErrNoRelay says that a relay is demanded and that no TURN server gave an address
	// in time.
	ErrNoRelay = errors.New("no TURN server gave a relay address")
	// ErrTurn says that an offer or answer is not possible now: none is open, or
	// another one is.
	ErrTurn = errors.New("offer or answer out of turn")
)
