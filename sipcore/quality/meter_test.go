package quality

import (
	"math"
	"testing"
	"time"

	"gocommunicator/sipcore/media"
)

// line is a network: what it does to the sound in each second.
type line struct {
	lost, outLost float64 // share
	rtt           time.Duration
	silent        bool // nothing is sent either way
}

// over gives statistics after another second on a line of 50 packets a second.
func (l line) over(s media.Stats) media.Stats {
	s.Audio.Codec, s.RTT = "pcmu/8000", l.rtt
	if l.silent {
		return s
	}
	lost := int64(50 * l.lost)
	s.Audio.PacketsReceived += uint64(50 - lost)
	s.Audio.PacketsLost += lost
	s.Audio.BytesReceived += 160 * uint64(50-lost)
	s.Audio.PacketsSent += 50
	s.Audio.BytesSent += 160 * 50
	s.Audio.RemoteLost += int64(50 * l.outLost)
	return s
}

func TestSampleIsWhatCameBetween(t *testing.T) {
	before := media.Stats{
		Audio: media.KindStats{
			Codec: "opus/48000/2", PacketsReceived: 1000, PacketsLost: 10, PacketsDiscarded: 5, BytesReceived: 50_000,
			PacketsSent: 900, BytesSent: 40_000, RemoteLost: 4, TotalSamplesReceived: 48_000, SamplesConcealed: 100,
			BufferDelay: 10 * time.Second, Buffered: 100,
		},
		Video: media.KindStats{FramesDecoded: 100, BytesReceived: 1000, Freezes: 1},
	}
	now := media.Stats{
		Audio: media.KindStats{
			Codec: "opus/48000/2", PacketsReceived: 1090, PacketsLost: 20, PacketsDiscarded: 10, BytesReceived: 60_000,
			PacketsSent: 1000, BytesSent: 46_000, RemoteLost: 6, TotalSamplesReceived: 96_000, SamplesConcealed: 4900,
			BufferDelay: 14 * time.Second, Buffered: 200, Jitter: 7 * time.Millisecond, RemoteJitter: 9 * time.Millisecond,
		},
		Video: media.KindStats{FramesDecoded: 130, BytesReceived: 126_000, BytesSent: 250_000, Freezes: 3, Width: 640, Height: 480},
		RTT:   60 * time.Millisecond, Pair: media.Pair{Local: "relay"},
	}
	got := Between(&before, &now, 2*time.Second)
	want := Sample{
		In:     Way{Loss: 0.15, Jitter: 7 * time.Millisecond, Audio: 40_000, Video: 500_000},
		Out:    Way{Loss: 0.02, Jitter: 9 * time.Millisecond, Audio: 24_000, Video: 1_000_000},
		RTT:    60 * time.Millisecond,
		Delay:  30*time.Millisecond + 40*time.Millisecond + 26500*time.Microsecond,
		Buffer: 40 * time.Millisecond, Codec: "opus/48000/2", Pair: media.Pair{Local: "relay"},
		Frames: 15, Width: 640, Height: 480, Freezes: 2, Concealed: 0.1,
	}
	want.In.MOS, want.Out.MOS = MOS(Rating(want.Delay, 0.15, 25.1)), MOS(Rating(want.Delay, 0.02, 25.1))
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestCountersBegunAnewAreNoNegativeFigures(t *testing.T) {
	before := media.Stats{Audio: media.KindStats{PacketsReceived: 1000, PacketsLost: 10, BytesReceived: 9, BufferDelay: time.Minute, Buffered: 1}}
	now := media.Stats{Audio: media.KindStats{PacketsReceived: 50, BytesReceived: 8, Buffered: 2}}
	if s := Between(&before, &now, time.Second); s.In.Loss != 0 || s.In.Audio != 64 || s.Buffer != 0 || s.In.MOS < 4 {
		t.Errorf("%+v", s)
	}
	if s := Between(&now, &now, 0); s.In.MOS != 0 || s.Out.MOS != 0 || s.In.Audio != 0 {
		t.Errorf("nothing at all: %+v", s)
	}
}

func TestGradeFollowsRealTroubleAndDoesNotFlicker(t *testing.T) {
	fine, poor, awful := line{rtt: 50 * time.Millisecond}, line{rtt: 50 * time.Millisecond, lost: 0.1}, line{rtt: 50 * time.Millisecond, lost: 0.4}
	type leg struct {
		on   line
		for_ int // seconds
	}
	for _, tt := range []struct {
		name    string
		legs    []leg
		changes []Grade
	}{
		{"a good line", []leg{{fine, 60}}, []Grade{Good}},
		{"one bad second", []leg{{fine, 20}, {awful, 1}, {fine, 20}}, []Grade{Good}},
		{"a bad second at the beginning", []leg{{awful, 1}, {fine, 20}}, []Grade{Good}},
		{"trouble that lasts", []leg{{fine, 20}, {awful, 30}}, []Grade{Good, Fair, Bad}},
		{"trouble that goes", []leg{{awful, 30}, {fine, 60}}, []Grade{Good, Fair, Bad, Fair, Good}},
		{"ten in a hundred", []leg{{fine, 10}, {poor, 60}}, []Grade{Good, Fair}},
		{"in and out of trouble", []leg{
			{fine, 10}, {awful, 8}, {fine, 2}, {awful, 3}, {fine, 2}, {awful, 3}, {fine, 2}, {awful, 3},
		}, []Grade{Good, Fair, Bad}},
		{"what is sent gets lost", []leg{{fine, 10}, {line{rtt: 50 * time.Millisecond, outLost: 0.4}, 30}}, []Grade{Good, Fair, Bad}},
		{"very late", []leg{{line{rtt: 1500 * time.Millisecond}, 60}}, []Grade{Good, Fair, Bad}},
		{"on hold", []leg{{line{silent: true}, 60}}, nil},
		{"on hold after trouble", []leg{{awful, 30}, {line{silent: true}, 60}}, []Grade{Good, Fair, Bad}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var m Meter
			var stats media.Stats
			at := time.Unix(0, 0)
			m.Add(stats, at)
			var got []Grade
			for _, leg := range tt.legs {
				for range leg.for_ {
					at, stats = at.Add(time.Second), leg.on.over(stats)
					was := m.Grade
					m.Add(stats, at)
					if m.Grade != was {
						got = append(got, m.Grade)
					}
				}
			}
			if len(got) != len(tt.changes) {
				t.Fatalf("got %v, want %v", got, tt.changes)
			}
			for i := range got {
				if got[i] != tt.changes[i] {
					t.Fatalf("got %v, want %v", got, tt.changes)
				}
			}
		})
	}
}

func TestSummaryIsOfTheWholeCall(t *testing.T) {
	var m Meter
	var stats media.Stats
	at := time.Unix(0, 0)
	m.Add(stats, at)
	for i := range 20 {
		l := line{rtt: 100 * time.Millisecond}
		if i >= 10 {
			l = line{rtt: 200 * time.Millisecond, lost: 0.2}
		}
		at, stats = at.Add(time.Second), l.over(stats)
		m.Add(stats, at)
	}
	s := m.Summary()
	low := MOS(Rating(120*time.Millisecond, 0.2, 25.1))
	mean := (low + MOS(Rating(70*time.Millisecond, 0, 25.1))) / 2
	if math.Abs(s.MOS-mean) > 0.01 || math.Abs(s.Worst-low) > 0.01 || s.Loss != 10 || s.LossOut != 0 ||
		s.RTT != 150 || s.Codec != "pcmu/8000" {
		t.Errorf("%+v, want a mean of %.3f and %.3f at worst", s, mean, low)
	}
}
