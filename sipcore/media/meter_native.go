//go:build !js

package media

import (
	"math"
	"sync"
)

// Meter is a Platform.Sink that measures what is heard: it tells tests and probes
// that sound flows and that it is the right one. Its methods may be called from any
// goroutine.
type Meter struct {
	mu        sync.Mutex
	packets   map[Kind]int
	samples   int
	energy    float64
	crossings int
	positive  bool
	last      []int16 // those that Tone looks at
}

// toneLength is how many samples tell the tones in a mixture apart: a fifth of a second.
const toneLength = soundRate / 5

// Sink takes a packet.
func (m *Meter) Sink(p Packet) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.packets == nil {
		m.packets = map[Kind]int{}
	}
	m.packets[p.Kind]++
	samples := decodeG711(p.Codec, p.Payload)
	m.last = append(m.last, samples...)
	m.last = m.last[max(0, len(m.last)-toneLength):]
	for _, s := range samples {
		m.samples++
		m.energy += square(s)
		if positive := s > 0; positive != m.positive {
			m.positive = positive
			m.crossings++
		}
	}
}

// Packets is how many came of a kind since the start or Reset.
func (m *Meter) Packets(k Kind) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.packets[k]
}

// Sound is the loudness (root mean square, 0 to 1) and, for a single tone, the
// frequency in hertz of the G.711 sound that came since the start or Reset.
func (m *Meter) Sound() (level, hz float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.samples == 0 {
		return 0, 0
	}
	n := float64(m.samples)
	return math.Sqrt(m.energy / n), float64(m.crossings) / 2 * soundRate / n
}

// Tone is the amplitude (0 to 1) of a frequency in the latest fifth of a second of G.711
// sound, whatever else is in it; 0 before there is as much.
func (m *Meter) Tone(hz float64) float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.last) < toneLength {
		return 0
	}
	k := 2 * math.Cos(2*math.Pi*hz/soundRate) // Goertzel
	var s1, s2 float64
	for _, s := range m.last {
		s1, s2 = float64(s)/math.MaxInt16+k*s1-s2, s1
	}
	return 2 * math.Sqrt(max(0, s1*s1+s2*s2-k*s1*s2)) / toneLength
}

// Reset starts anew.
func (m *Meter) Reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.packets, m.samples, m.energy, m.crossings, m.positive, m.last = nil, 0, 0, 0, false, nil
}

func square(sample int16) float64 {
	level := float64(sample) / math.MaxInt16
	return level * level
}
