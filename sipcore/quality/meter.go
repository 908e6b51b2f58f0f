package quality

import (
	"math"
	"time"

	"gocommunicator/sipcore/media"
)

// Grade is how a call is, in a word.
//
//	unknown ──▶ good ◀──▶ fair ◀──▶ bad
//
// It changes with a score that is smoothed over smoothing, goes down where the table of
// floors says, and up again only margin above that.
type Grade string

// The grades.
const (
	Unknown Grade = ""
	Good    Grade = "good" // some may notice something
	Fair    Grade = "fair" // many are not satisfied (G.107 Annex B: R under 70)
	Bad     Grade = "bad"  // nearly all are not (R under 60)
)

const (
	smoothing = 10 * time.Second
	fairBelow = 3.6 // MOS
	badBelow  = 3.1
	margin    = 0.2
)

// Summary is how a call was from its beginning, as it is kept. Times are ms, shares of the
// sound are percent.
type Summary struct {
	MOS      float64 `json:"mos,omitempty"`     // of what was heard here, on average; 0 when nothing was
	Worst    float64 `json:"worst,omitempty"`   // at worst
	MOSOut   float64 `json:"mos_out,omitempty"` // of what the other side heard; 0 when not known
	Loss     float64 `json:"loss"`              // of what came
	LossOut  float64 `json:"loss_out"`          // of what was sent
	Jitter   float64 `json:"jitter"`
	RTT      float64 `json:"rtt"`
	Codec    string  `json:"codec"`
	Route    string  `json:"route"`    // "host", "srflx", "prflx" or "relay"
	Protocol string  `json:"protocol"` // "udp", "tcp" or "tls"
}

// Meter follows one call. The zero value is ready.
type Meter struct {
	_     [0]func() // nobody compares one
	Grade Grade

	// The statistics of the first and of the last look, and when they were.
	first, last media.Stats
	begun, at   time.Time

	smooth        float64 // score, 0 before the first
	worst         float64
	in, out       mean // scores
	jitter, rtt   mean // ms
	buffer, delay mean // ms
}

// mean is an average over time.
type mean struct{ sum, seconds float64 }

func (m *mean) add(v float64, d time.Duration) {
	m.sum += v * d.Seconds()
	m.seconds += d.Seconds()
}

func (m *mean) value() float64 {
	if m.seconds == 0 {
		return 0
	}
	return m.sum / m.seconds
}

// Add takes what was measured at a moment and gives the Sample since the one before;
// ok is false for the first, before which there was nothing.
func (m *Meter) Add(now media.Stats, at time.Time) (s Sample, ok bool) {
	last, apart := m.last, at.Sub(m.at)
	m.last, m.at = now, at
	if m.begun.IsZero() {
		m.first, m.begun = now, at
		return Sample{}, false
	}
	s = Between(&last, &now, apart)
	m.jitter.add(Ms(s.In.Jitter), apart)
	m.buffer.add(Ms(s.Buffer), apart)
	if s.RTT > 0 {
		m.rtt.add(Ms(s.RTT), apart)
		m.delay.add(Ms(s.Delay), apart)
	}
	if s.Out.MOS > 0 {
		m.out.add(s.Out.MOS, apart)
	}
	if s.In.MOS > 0 {
		m.in.add(s.In.MOS, apart)
		if m.worst == 0 || s.In.MOS < m.worst {
			m.worst = s.In.MOS
		}
	}
	m.judge(s, apart)
	return s, true
}

// judge lets the grade follow the worse of both ways.
func (m *Meter) judge(s Sample, apart time.Duration) {
	score := s.In.MOS
	if score == 0 || s.Out.MOS > 0 && s.Out.MOS < score {
		score = s.Out.MOS
	}
	if score == 0 {
		return // on hold, or nobody sends
	}
	if m.smooth == 0 {
		m.smooth = basicMOS // a bad second at the beginning is no bad call
	}
	m.smooth += (score - m.smooth) * (1 - math.Exp(-apart.Seconds()/smoothing.Seconds()))
	m.Grade = m.Grade.next(m.smooth)
}

// basicMOS is the score of a connection that has no fault.
var basicMOS = MOS(basic)

// next is the grade after another, with a smoothed score.
func (g Grade) next(score float64) Grade {
	switch {
	case score < badBelow, g == Bad && score < badBelow+margin:
		return Bad
	case score < fairBelow, (g == Fair || g == Bad) && score < fairBelow+margin:
		return Fair
	}
	return Good
}

// Grade is how it was, in a word.
func (s Summary) Grade() Grade {
	if s.MOS == 0 {
		return Unknown
	}
	return Unknown.next(s.MOS)
}

// Summary is how the call was so far.
func (m *Meter) Summary() Summary {
	whole := Between(&m.first, &m.last, m.at.Sub(m.begun))
	return Summary{
		MOS: Round(m.in.value()), Worst: Round(m.worst), MOSOut: Round(m.out.value()),
		Loss: Round(100 * whole.In.Loss), LossOut: Round(100 * whole.Out.Loss),
		Jitter: Round(m.jitter.value()), RTT: Round(m.rtt.value()),
		Codec: m.last.Audio.Codec, Route: m.last.Pair.Local, Protocol: m.last.Pair.Protocol,
	}
}

// Ms is a length of time in ms.
func Ms(d time.Duration) float64 { return d.Seconds() * 1000 }

// Round keeps two digits.
func Round(v float64) float64 { return math.Round(100*v) / 100 }
