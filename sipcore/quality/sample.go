package quality

import (
	"time"

	"gocommunicator/sipcore/media"
)

// Sample is how a call did for a while.
type Sample struct {
	// In is what came and is heard here, Out what was sent and is heard at the other
	// side, as that reports it.
	In, Out Way
	RTT     time.Duration // 0 when not known
	Delay   time.Duration // from mouth to ear, as far as it is known
	Codec   string        // of the sound, "opus/48000/2"
	Pair    media.Pair
	// The picture received: frames for each second, px, how often it stood still.
	Frames        float64
	Width, Height int
	Freezes       int
	Concealed     float64       // share of the sound played that was made up, 0 to 1
	Buffer        time.Duration // that the sound waited in the jitter buffer
}

// Way is one of the two.
type Way struct {
	MOS          float64       // 1 to 4.5; 0 when nothing is known
	Loss         float64       // share of the sound's packets lost or too late, 0 to 1
	Jitter       time.Duration // of the sound
	Audio, Video float64       // bit/s, without headers
}

// Between makes a Sample of what was measured at two moments, so far apart.
func Between(before, now *media.Stats, apart time.Duration) Sample {
	in, was := &now.Audio, &before.Audio
	c := codecOf(in.Codec)
	s := Sample{
		RTT: now.RTT, Codec: in.Codec, Pair: now.Pair,
		Width: now.Video.Width, Height: now.Video.Height, Freezes: int(since(before.Video.Freezes, now.Video.Freezes)),
		Concealed: share(since(was.SamplesConcealed, in.SamplesConcealed), since(was.TotalSamplesReceived, in.TotalSamplesReceived)),
	}
	if n := since(was.Buffered, in.Buffered); n > 0 {
		s.Buffer = max(0, time.Duration(float64(in.BufferDelay-was.BufferDelay)/n))
	}
	s.Delay = s.RTT/2 + s.Buffer + c.delay

	received, lost := since(was.PacketsReceived, in.PacketsReceived), max(0, float64(in.PacketsLost-was.PacketsLost))
	missing := lost + since(was.PacketsDiscarded, in.PacketsDiscarded)
	s.In = Way{Loss: share(missing, received+lost), Jitter: in.Jitter}
	if received+lost > 0 {
		s.In.MOS = MOS(Rating(s.Delay, s.In.Loss, c.bpl))
	}
	sent := since(was.PacketsSent, in.PacketsSent)
	s.Out = Way{Loss: share(max(0, float64(in.RemoteLost-was.RemoteLost)), sent), Jitter: in.RemoteJitter}
	if sent > 0 && now.RTT > 0 { // without a report nothing is known of that side
		s.Out.MOS = MOS(Rating(s.Delay, s.Out.Loss, c.bpl))
	}
	if each := apart.Seconds(); each > 0 {
		s.In.Audio, s.Out.Audio = 8*since(was.BytesReceived, in.BytesReceived)/each, 8*since(was.BytesSent, in.BytesSent)/each
		s.In.Video = 8 * since(before.Video.BytesReceived, now.Video.BytesReceived) / each
		s.Out.Video = 8 * since(before.Video.BytesSent, now.Video.BytesSent) / each
		s.Frames = since(before.Video.FramesDecoded, now.Video.FramesDecoded) / each
	}
	return s
}

// since is how much a counter has risen; one that was begun anew, as with another peer
// connection, counts from 0.
func since(before, now uint64) float64 {
	if now < before {
		return float64(now)
	}
	return float64(now - before)
}

// share is a part of a whole, 0 to 1.
func share(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return min(part/whole, 1)
}
