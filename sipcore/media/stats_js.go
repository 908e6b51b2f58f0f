package media

import (
	"context"
	"fmt"
	"strings"
	"syscall/js"
	"time"

	"gocommunicator/sipcore/promise"
)

// stats reads RTCStatsReport (W3C webrtc-stats).
func (p *peer) stats(ctx context.Context) (Stats, error) {
	report, err := promise.Await(ctx, func() js.Value { return p.value.Call("getStats") }, nil)
	if err != nil {
		return Stats{}, fmt.Errorf("statistics: %w", err)
	}
	var s Stats
	var reported time.Duration // there and back, by RTCP
	entries := js.Global().Get("Array").Call("from", report.Call("values"))
	for i := range entries.Length() {
		e := entries.Index(i)
		kind := s.of(Kind(text(e, "kind")))
		switch text(e, "type") {
		case "inbound-rtp":
			readInbound(kind, e, report)
		case "outbound-rtp":
			readOutbound(kind, e, report)
		case "remote-inbound-rtp":
			kind.RemoteLost += int64(number(e, "packetsLost"))
			kind.RemoteJitter = max(kind.RemoteJitter, seconds(number(e, "jitter")))
			reported = max(reported, seconds(number(e, "roundTripTime")))
		case "transport":
			readPair(&s, report.Call("get", e.Get("selectedCandidatePairId")), report)
		case "candidate-pair":
			if e.Get("selected").Truthy() { // Firefox, which has no transport entry
				readPair(&s, e, report)
			}
		}
	}
	if reported > 0 {
		s.RTT = reported
	}
	return s, nil
}

func readInbound(k *KindStats, e, report js.Value) {
	k.PacketsReceived += uint64(number(e, "packetsReceived"))
	k.BytesReceived += uint64(number(e, "bytesReceived"))
	k.PacketsLost += int64(number(e, "packetsLost"))
	k.PacketsDiscarded += uint64(number(e, "packetsDiscarded"))
	k.SamplesConcealed += uint64(number(e, "concealedSamples"))
	k.BufferDelay += seconds(number(e, "jitterBufferDelay"))
	k.Buffered += uint64(number(e, "jitterBufferEmittedCount"))
	k.FramesDecoded += uint64(number(e, "framesDecoded"))
	k.TotalSamplesReceived += uint64(number(e, "totalSamplesReceived"))
	k.TotalAudioEnergy += number(e, "totalAudioEnergy")
	k.AudioLevel = max(k.AudioLevel, number(e, "audioLevel"))
	k.Jitter = max(k.Jitter, seconds(number(e, "jitter")))
	k.Width, k.Height = max(k.Width, int(number(e, "frameWidth"))), max(k.Height, int(number(e, "frameHeight")))
	k.Freezes += uint64(number(e, "freezeCount"))
	k.SSRCReceived = uint32(number(e, "ssrc"))
	readCodec(k, e, report)
}

func readOutbound(k *KindStats, e, report js.Value) {
	k.PacketsSent += uint64(number(e, "packetsSent"))
	k.BytesSent += uint64(number(e, "bytesSent"))
	k.FramesSent += uint64(number(e, "framesSent"))
	k.SSRCSent = uint32(number(e, "ssrc"))
	readCodec(k, e, report)
}

// readCodec names the codec, unless one is named already.
func readCodec(k *KindStats, e, report js.Value) {
	codec := report.Call("get", e.Get("codecId"))
	if k.Codec != "" || codec.IsUndefined() {
		return
	}
	_, name, _ := strings.Cut(strings.ToLower(text(codec, "mimeType")), "/")
	k.Codec = codecName(name, int(number(codec, "clockRate")), int(number(codec, "channels")))
	k.PayloadType = int(number(codec, "payloadType"))
}

func readPair(s *Stats, pair, report js.Value) {
	if pair.IsUndefined() {
		return
	}
	s.RTT = seconds(number(pair, "currentRoundTripTime"))
	local := report.Call("get", pair.Get("localCandidateId"))
	remote := report.Call("get", pair.Get("remoteCandidateId"))
	if local.IsUndefined() || remote.IsUndefined() {
		return
	}
	s.Pair = Pair{
		Local:    text(local, "candidateType"),
		Remote:   text(remote, "candidateType"),
		Protocol: text(local, "protocol"),

		LocalAddress: text(local, "address"), LocalPort: int(number(local, "port")),
		RemoteAddress: text(remote, "address"), RemotePort: int(number(remote, "port")),
	}
	if way := text(local, "relayProtocol"); way != "" {
		s.Pair.Protocol = way
	}
}

func number(e js.Value, key string) float64 {
	v := e.Get(key)
	if v.Type() != js.TypeNumber {
		return 0
	}
	return max(v.Float(), 0)
}

func text(e js.Value, key string) string {
	v := e.Get(key)
	if v.Type() != js.TypeString {
		return ""
	}
	return v.String()
}
