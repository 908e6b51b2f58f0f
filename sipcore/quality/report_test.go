package quality

import (
	"strings"
	"testing"
	"time"

	"gocommunicator/sipcore/media"
)

func TestReportSaysWhatIsKnownInTheWordsOfTheRFC(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	var m Meter
	m.Add(media.Stats{}, at)
	stats := media.Stats{RTT: 80 * time.Millisecond, Pair: media.Pair{
		Local: "relay", Protocol: "udp", LocalAddress: "192.0.2.1", LocalPort: 5000,
	}}
	stats.Audio = media.KindStats{
		Codec: "opus/48000/2", PayloadType: 111, PacketsReceived: 950, PacketsLost: 50, PacketsDiscarded: 10,
		PacketsSent: 1000, RemoteLost: 20, Jitter: 7 * time.Millisecond, RemoteJitter: 9 * time.Millisecond,
		BufferDelay: 60 * time.Second, Buffered: 1000, SSRCSent: 0x1a3b5c7d, SSRCReceived: 0xabcd,
	}
	m.Add(stats, at.Add(20*time.Second))
	got := m.Report(Talk{
		CallID: "c1@x", LocalTag: "lt", RemoteTag: "rt", Local: "sip:alice@example.org", Remote: "sip:bob@example.net",
		Outgoing: true, Start: at, Stop: at.Add(20 * time.Second), Group: "Phone",
	})
	want := strings.Join([]string{
		"VQSessionReport: CallTerm",
		"CallID: c1@x",
		"LocalID: <sip:alice@example.org>",
		"RemoteID: <sip:bob@example.net>",
		"OrigID: <sip:alice@example.org>",
		"LocalGroup: Phone",
		"RemoteGroup: example.net",
		"LocalAddr: IP=192.0.2.1 PORT=5000 SSRC=0x1a3b5c7d",
		"RemoteAddr: IP=0.0.0.0 PORT=0 SSRC=0xabcd",
		"LocalMetrics:",
		"Timestamps: START=2026-01-02T02:04:05Z STOP=2026-01-02T02:04:25Z",
		"SessionDesc: PT=111 PD=opus SR=48000 PPS=48 PLC=3 SSUP=off",
		"JitterBuffer: JBA=3 JBN=60",
		"PacketLoss: NLR=5.0 JDR=1.0",
		"Delay: RTD=80 ESD=86 SOWD=126 IAJ=7",
		"QualityEst: RLQ=75 RCQ=72 MOSLQ=3.8 MOSCQ=3.7 QoEEstAlg=G.107",
		"RemoteMetrics:",
		"Timestamps: START=2026-01-02T02:04:05Z STOP=2026-01-02T02:04:25Z",
		"SessionDesc: PT=111 PD=opus SR=48000 PPS=50 PLC=3 SSUP=off",
		"PacketLoss: NLR=2.0",
		"Delay: RTD=80 IAJ=9",
		"QualityEst: RLQ=86 RCQ=83 MOSLQ=4.2 MOSCQ=4.1 QoEEstAlg=G.107",
		"DialogID: c1@x;to-tag=rt;from-tag=lt",
		"",
	}, "\r\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var silent Meter
	silent.Add(media.Stats{}, at)
	silent.Add(media.Stats{}, at.Add(time.Second))
	if got := silent.Report(Talk{Remote: "sip:bob@example.net"}); strings.Contains(got, "QualityEst") || strings.Contains(got, "RemoteMetrics") ||
		strings.Contains(got, "SessionDesc") || !strings.Contains(got, "OrigID: <sip:bob@example.net>") {
		t.Errorf("nothing was heard, and the report is\n%s", got)
	}
}
