//go:build !js

package media

import (
	"math"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// inbound is what is received of a kind.
type inbound struct {
	expected atomic.Bool // the other side may send
	flowing  atomic.Bool // it has sent
	ssrc     atomic.Uint32

	mu     sync.Mutex
	figure KindStats
}

// receive is called by pion for each track, when its first packet is there.
func (p *peer) receive(track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	k := Kind(track.Kind().String())
	if t := p.onLine(p.conn.line()); t != nil && t.Receiver() == receiver {
		k = Screen
	}
	in := p.inbound[k]
	if in == nil {
		return
	}
	in.ssrc.Store(uint32(track.SSRC()))
	in.flowing.Store(true)
	if in.expected.Load() && p.conn.stream(k).set(k.flows(), true) {
		p.conn.heard()
	}
	p.spawn(func() { p.read(k, track, receiver) })
	p.spawn(func() {
		for {
			if _, _, err := receiver.ReadRTCP(); err != nil {
				return
			}
		}
	})
	if k == Video && p.conn.engine.cfg.Platform.Echo {
		p.requestKeyFrame(track.SSRC()) // what was sent before we listened is lost
	}
}

// spawn starts one of the Conn's goroutines, unless that is closed: a track may come
// while it closes.
func (p *peer) spawn(f func()) {
	p.conn.mu.Lock()
	defer p.conn.mu.Unlock()
	if !p.conn.closed {
		p.conn.tasks.Go(f)
	}
}

func (p *peer) read(k Kind, track *webrtc.TrackRemote, receiver *webrtc.RTPReceiver) {
	codecs := payloadTypes(receiver)
	var reader digitReader
	for {
		packet, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		codec, ok := codecs[packet.PayloadType]
		if !ok { // a later offer may have added it
			codecs = payloadTypes(receiver)
			codec = codecs[packet.PayloadType]
		}
		platform := p.conn.engine.cfg.Platform
		local, open := p.conn.devices.track(k)
		echoes := open && platform.Echo
		if strings.HasPrefix(codec, telephoneEvent+"/") {
			if digit := reader.read(packet.Timestamp, packet.Payload); digit != "" {
				notify(p.conn.events.Digit, digit)
			}
			if echoes {
				local.skip()
			}
			continue
		}
		p.inbound[k].count(k, codec, packet)
		if m := p.conn.mixed(); m != nil {
			m.take(p.conn, decodeG711(codec, packet.Payload))
		}
		if echoes {
			local.echo(packet)
		}
		if platform.Sink != nil {
			platform.Sink(Packet{
				Kind: k, Codec: codec, Timestamp: packet.Timestamp, Sequence: packet.SequenceNumber,
				Marker: packet.Marker, PayloadType: packet.PayloadType, Payload: packet.Payload,
			})
		}
	}
}

// payloadTypes names the negotiated codecs, e.g. "pcmu/8000".
func payloadTypes(receiver *webrtc.RTPReceiver) map[uint8]string {
	names := map[uint8]string{}
	for _, c := range receiver.GetParameters().Codecs {
		names[uint8(c.PayloadType)] = codecName(name(c), int(c.ClockRate), int(c.Channels))
	}
	return names
}

func (in *inbound) count(k Kind, codec string, packet *rtp.Packet) {
	in.mu.Lock()
	defer in.mu.Unlock()
	f := &in.figure
	f.Codec, f.PayloadType = codec, int(packet.PayloadType)
	f.PacketsReceived++
	f.BytesReceived += uint64(len(packet.Payload))
	if k.flows() == Video && packet.Marker {
		f.FramesDecoded++
	}
	samples := decodeG711(codec, packet.Payload)
	if len(samples) == 0 {
		return
	}
	energy := 0.0
	for _, s := range samples {
		energy += square(s)
	}
	f.TotalSamplesReceived += uint64(len(samples))
	f.TotalAudioEnergy += energy / soundRate
	f.AudioLevel = math.Sqrt(energy / float64(len(samples)))
}

// readFeedback reads what the receiver of our media says. An echo passes the wish for
// a key frame on to whom the picture comes from.
func (p *peer) readFeedback(k Kind, sender *webrtc.RTPSender) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		if k != Video || !p.conn.engine.cfg.Platform.Echo {
			continue
		}
		for _, packet := range packets {
			switch packet.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				p.requestKeyFrame(webrtc.SSRC(p.inbound[Video].ssrc.Load()))
			}
		}
	}
}

func (p *peer) requestKeyFrame(ssrc webrtc.SSRC) {
	if ssrc == 0 {
		return
	}
	err := p.pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(ssrc)}})
	if err != nil {
		p.conn.engine.cfg.Log.Debug("media: key frame request", "err", err)
	}
}
