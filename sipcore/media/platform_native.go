//go:build !js

package media

import (
	"context"
	"net/netip"
	"time"
)

// Platform stands in for a browser's devices and network.
type Platform struct {
	// Capture stands in for getUserMedia: it returns what is to be sent of a kind. It
	// may wait, until ctx ends; what it returns after the call has ended is not used.
	// An error that is no *MediaError is reported as one with Unknown. nil means
	// silence, and no camera.
	Capture func(ctx context.Context, kind Kind) (Source, error)
	// Machine has the devices in place of Capture, when it is not nil.
	Machine *Machine
	// Echo sends back what comes, as it comes, instead of what Capture gives.
	Echo bool
	// Sink is given each packet received, in order for each kind, from a goroutine per
	// kind. It must not keep the payload.
	Sink func(Packet)
	// Codecs limits what is negotiated, by name in lower case ("pcmu", "vp8", …); nil
	// means all that pass through here. Telephone events are always among them.
	Codecs []string
	// Loopback gathers candidates on the loopback interface too, for machines which
	// have no other.
	Loopback bool
	// Bind is the only address to use; the zero value means all.
	Bind netip.Addr
}

func (c Config) echoes() bool { return c.Platform.Echo }

// Source is one kind of media to be sent.
type Source struct {
	Codec string        // of the frames, e.g. "pcmu", "vp8", the same for a Conn's whole life; nothing is sent when it is not negotiated
	Frame time.Duration // between two frames
	// Next returns the n-th frame, the payload of one RTP packet; nil means none. It
	// is called from one goroutine, also while nothing can be sent yet.
	Next func(n int) []byte
}

// Packet is media received.
type Packet struct {
	Kind        Kind   // Screen for one shown beside a camera
	Codec       string // "pcmu/8000"
	Timestamp   uint32 // RTP, in units of the codec's clock
	Sequence    uint16
	Marker      bool
	PayloadType uint8
	Payload     []byte
}

// NewEcho makes an engine whose Conns send sound and picture back to where they come
// from, in whatever codec was negotiated, and report telephone events (Events.Digit).
func NewEcho(cfg Config) (*Engine, error) {
	cfg.Platform.Echo = true
	return NewEngine(cfg)
}

// NewTones makes an engine whose Conns play a soft melody as PCMU, and have no picture.
func NewTones(cfg Config) (*Engine, error) {
	cfg.Platform.Codecs = []string{"pcmu"}
	cfg.Platform.Capture = func(_ context.Context, kind Kind) (Source, error) {
		if kind != Audio {
			return Source{}, &MediaError{Kind: kind, Reason: NotFound}
		}
		return Melody(), nil
	}
	return NewEngine(cfg)
}

func silence(_ context.Context, kind Kind) (Source, error) {
	if kind != Audio {
		return Source{}, &MediaError{Kind: kind, Reason: NotFound}
	}
	return soundSource(func(float64) float64 { return 0 }), nil
}
