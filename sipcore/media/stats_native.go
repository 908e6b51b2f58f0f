//go:build !js

package media

import (
	"context"

	"github.com/pion/webrtc/v4"
)

// stats puts together what was counted here and what pion knows.
func (p *peer) stats(context.Context) (Stats, error) {
	var s Stats
	for _, k := range kinds {
		in := p.inbound[k]
		in.mu.Lock()
		*s.of(k) = in.figure
		in.mu.Unlock()
		if t, ok := p.conn.devices.track(k); ok {
			f := s.of(k)
			f.PacketsSent, f.BytesSent, f.FramesSent = t.packets.Load(), t.bytes.Load(), t.frames.Load()
		}
	}
	for _, entry := range p.pc.GetStats() {
		if in, ok := entry.(webrtc.InboundRTPStreamStats); ok {
			f := s.of(Kind(in.Kind))
			f.PacketsLost += int64(in.PacketsLost)
			f.Jitter = max(f.Jitter, seconds(in.Jitter))
		}
	}
	transport := p.pc.SCTP().Transport().ICETransport()
	if pair, err := transport.GetSelectedCandidatePair(); err == nil && pair != nil {
		s.Pair = Pair{Local: pair.Local.Typ.String(), Remote: pair.Remote.Typ.String(), Protocol: pair.Local.Protocol.String()}
	}
	if measured, ok := transport.GetSelectedCandidatePairStats(); ok {
		s.RTT = seconds(measured.CurrentRoundTripTime)
	}
	return s, nil
}
