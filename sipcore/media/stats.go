package media

import "time"

// Stats is what a Conn has measured since it was opened.
type Stats struct {
	Audio, Video KindStats
	Pair         Pair
	RTT          time.Duration // of the path in use; 0 when not known
}

// KindStats are the figures of one kind. In the page TotalAudioEnergy and
// TotalSamplesReceived stay 0 while no media element plays the track; natively they
// are known for G.711 only.
type KindStats struct {
	Codec                string // in use, "opus/48000"; "" when nothing flows
	PacketsSent          uint64
	BytesSent            uint64 // payload
	PacketsReceived      uint64
	BytesReceived        uint64 // payload
	PacketsLost          int64  // of those sent to us
	Jitter               time.Duration
	AudioLevel           float64 // of the sound received, linear, 0 to 1
	TotalAudioEnergy     float64 // level² × seconds, summed
	TotalSamplesReceived uint64
	FramesSent           uint64
	FramesDecoded        uint64 // natively: received, since nothing is decoded
}

// Pair is the path in use. Types are "host", "srflx", "prflx" or "relay", "" when
// there is no path.
type Pair struct {
	Local, Remote string
	Protocol      string // "udp" or "tcp"
}

func (s *Stats) of(k Kind) *KindStats {
	if k == Video {
		return &s.Video
	}
	return &s.Audio
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
