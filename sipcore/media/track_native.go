//go:build !js

package media

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// localTrack is what is sent of a kind. Unlike pion's own tracks it takes whatever
// codec is negotiated: an echo sends back in the one that it hears.
type localTrack struct {
	kind  Kind
	codec string // preferred when negotiated; "" means whatever comes

	// blend is given what the microphone gives, as PCMU, and returns what is sent; nil
	// changes nothing.
	blend func(frame []byte) []byte

	muted   atomic.Bool
	sending atomic.Bool // what was agreed lets us send

	mu      sync.Mutex
	writer  webrtc.TrackLocalWriter // nil while nothing is negotiated
	ssrc    uint32
	chosen  webrtc.RTPCodecParameters
	allowed map[uint8]bool // payload types negotiated
	// The last packet sent. One SSRC must not jump in its sequence: the other side's
	// SRTP would lose count (RFC 3711 §3.3.1).
	sequence  uint16
	timestamp uint32
	// What is added to an echo's numbers, and whose they were.
	source         uint32
	sequenceShift  uint16
	timestampShift uint32

	packets, bytes, frames atomic.Uint64
}

func newLocalTrack(k Kind) *localTrack {
	return &localTrack{kind: k, sequence: uint16(rand.Uint32()), timestamp: rand.Uint32()}
}

// Bind is pion's: codecs are negotiated.
func (t *localTrack) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	codecs := ctx.CodecParameters()
	if len(codecs) == 0 { // the other side refused the kind; an error would end the sound too
		return webrtc.RTPCodecParameters{}, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.writer, t.ssrc = ctx.WriteStream(), uint32(ctx.SSRC())
	t.chosen = codecs[0]
	t.allowed = map[uint8]bool{}
	for _, c := range codecs {
		if t.codec == "" || name(c) == t.codec {
			t.allowed[uint8(c.PayloadType)] = true
		}
		if name(c) == t.codec {
			t.chosen = c
		}
	}
	return t.chosen, nil
}

// bound tells whether codecs are negotiated.
func (t *localTrack) bound() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.writer != nil
}

// Unbind is pion's: nothing can be sent any more.
func (t *localTrack) Unbind(webrtc.TrackLocalContext) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.writer = nil
	return nil
}

// ID, StreamID, RID and Kind are pion's.
func (t *localTrack) ID() string       { return string(t.kind) }
func (t *localTrack) StreamID() string { return "local" }
func (t *localTrack) RID() string      { return "" }
func (t *localTrack) Kind() webrtc.RTPCodecType {
	return webrtc.NewRTPCodecType(string(t.kind))
}

// frame sends a source's frame, which begins so long after the one before.
func (t *localTrack) frame(after time.Duration, payload []byte) {
	if t.muted.Load() {
		if t.codec != "pcmu" {
			return
		}
		payload = bytes.Repeat([]byte{silenceULaw}, len(payload))
	}
	if t.blend != nil && t.codec == "pcmu" {
		payload = t.blend(payload)
	}
	t.mu.Lock()
	t.sequence++
	t.timestamp += uint32(uint64(after) * uint64(t.chosen.ClockRate) / uint64(time.Second))
	h := &rtp.Header{
		Version: 2, PayloadType: uint8(t.chosen.PayloadType), SequenceNumber: t.sequence,
		Timestamp: t.timestamp, Marker: t.kind == Video,
	}
	t.mu.Unlock()
	t.write(h, payload)
}

// echo sends back a packet received. Those that carry nothing, with which a sender
// probes the path, are left out, and the sequence numbers close up; they go on when
// another source begins.
func (t *localTrack) echo(p *rtp.Packet) {
	if len(p.Payload) == 0 || t.muted.Load() {
		t.skip()
		return
	}
	t.mu.Lock()
	if t.source != p.SSRC {
		t.source = p.SSRC
		t.sequenceShift = t.sequence + 1 - p.SequenceNumber
		t.timestampShift = t.timestamp + t.chosen.ClockRate/10 - p.Timestamp
	}
	t.sequence, t.timestamp = p.SequenceNumber+t.sequenceShift, p.Timestamp+t.timestampShift
	h := &rtp.Header{
		Version: 2, PayloadType: p.PayloadType, SequenceNumber: t.sequence,
		Timestamp: t.timestamp, Marker: p.Marker,
	}
	t.mu.Unlock()
	t.write(h, p.Payload)
}

// skip leaves out a packet of an echo.
func (t *localTrack) skip() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sequenceShift--
}

func (t *localTrack) write(h *rtp.Header, payload []byte) {
	t.mu.Lock()
	writer, allowed := t.writer, t.allowed[h.PayloadType]
	h.SSRC = t.ssrc
	t.mu.Unlock()
	if writer == nil || !allowed || !t.sending.Load() {
		return
	}
	if _, err := writer.WriteRTP(h, payload); err != nil {
		return // the connection is not there yet, or no more: its state tells
	}
	t.packets.Add(1)
	t.bytes.Add(uint64(len(payload)))
	if h.Marker && t.kind == Video {
		t.frames.Add(1)
	}
}

// name is a codec's, in lower case: "pcmu".
func name(c webrtc.RTPCodecParameters) string {
	_, n, _ := strings.Cut(strings.ToLower(c.MimeType), "/")
	return n
}
