//go:build !js

package media

import (
	"cmp"
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
	p.measuring.Lock() // pion takes what it measures with away as it closes
	defer p.measuring.Unlock()
	if p.closed {
		return s, nil
	}
	for _, entry := range p.pc.GetStats() {
		switch e := entry.(type) {
		case webrtc.InboundRTPStreamStats:
			f := s.of(Kind(e.Kind))
			f.PacketsLost += int64(e.PacketsLost)
			f.Jitter = max(f.Jitter, seconds(e.Jitter))
			f.SSRCReceived = uint32(e.SSRC)
		case webrtc.OutboundRTPStreamStats:
			s.of(Kind(e.Kind)).SSRCSent = uint32(e.SSRC)
		case webrtc.RemoteInboundRTPStreamStats:
			f := s.of(Kind(e.Kind))
			f.RemoteLost += int64(e.PacketsLost)
			f.RemoteJitter = max(f.RemoteJitter, seconds(e.Jitter))
			s.RTT = max(s.RTT, seconds(e.RoundTripTime))
		}
	}
	transport := p.pc.SCTP().Transport().ICETransport()
	if pair, err := transport.GetSelectedCandidatePair(); err == nil && pair != nil {
		s.Pair = Pair{
			Local: pair.Local.Typ.String(), Remote: pair.Remote.Typ.String(), Protocol: pair.Local.Protocol.String(),

			LocalAddress: pair.Local.Address, LocalPort: int(pair.Local.Port),
			RemoteAddress: pair.Remote.Address, RemotePort: int(pair.Remote.Port),
		}
	}
	if measured, ok := transport.GetSelectedCandidatePairStats(); ok {
		s.RTT = cmp.Or(s.RTT, seconds(measured.CurrentRoundTripTime))
	}
	return s, nil
}
