package media

import (
	"strconv"
	"time"
)

// Stats is what a Conn has measured since it was opened: what is counted is counted from
// there, and of two Stats the later less the earlier is what came between.
type Stats struct {
	_            [0]func() // nobody compares them
	Audio, Video KindStats
	Pair         Pair
	// RTT is there and back: to whom the media comes from by RTCP where that is known,
	// else over the path in use; 0 when not known.
	RTT time.Duration
}

// KindStats are the figures of one kind. In the page TotalAudioEnergy and
// TotalSamplesReceived stay 0 while no media element plays the track; natively they
// are known for G.711 only, and nothing is buffered, concealed or decoded.
type KindStats struct {
	Codec                string // in use, as in SDP: "opus/48000/2"; "" when nothing flows
	PacketsSent          uint64
	BytesSent            uint64 // payload
	PacketsReceived      uint64
	BytesReceived        uint64 // payload
	PacketsLost          int64  // of those sent to us
	PacketsDiscarded     uint64 // received too late, or too early, to be played
	Jitter               time.Duration
	AudioLevel           float64 // of the sound received, linear, 0 to 1
	TotalAudioEnergy     float64 // level² × seconds, summed
	TotalSamplesReceived uint64
	SamplesConcealed     uint64        // played without having been received
	BufferDelay          time.Duration // in the jitter buffer, summed over Buffered
	Buffered             uint64        // samples or frames that have left the jitter buffer
	FramesSent           uint64
	FramesDecoded        uint64 // natively: received, since nothing is decoded
	Width, Height        int    // of the picture received, px
	Freezes              uint64 // of the picture received
	// RemoteLost and RemoteJitter are what the other side says of that which is sent to
	// it (RFC 3550 §6.4.1).
	RemoteLost             int64
	RemoteJitter           time.Duration
	SSRCSent, SSRCReceived uint32
	PayloadType            int // RTP, of Codec
}

// Pair is the path in use. Types are "host", "srflx", "prflx" or "relay", "" when
// there is no path.
type Pair struct {
	Local, Remote string
	Protocol      string // "udp" or "tcp"; with a relay of ours how that is reached, also "tls"
	// LocalAddress and RemoteAddress are IP addresses, "" where the browser hides them.
	LocalAddress, RemoteAddress string
	LocalPort, RemotePort       int
}

func (s *Stats) of(k Kind) *KindStats {
	if k == Video {
		return &s.Video
	}
	return &s.Audio
}

// codecName is a codec as in SDP (RFC 8866 §6.6): one channel is not said.
func codecName(name string, rate, channels int) string {
	name += "/" + strconv.Itoa(rate)
	if channels > 1 {
		name += "/" + strconv.Itoa(channels)
	}
	return name
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
