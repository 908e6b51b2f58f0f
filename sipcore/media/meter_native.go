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
}

// Sink takes a packet.
func (m *Meter) Sink(p Packet) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.packets == nil {
		m.packets = map[Kind]int{}
	}
	m.packets[p.Kind]++
	for _, s := range decodeG711(p.Codec, p.Payload) {
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

// Reset starts anew.
func (m *Meter) Reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.packets, m.samples, m.energy, m.crossings, m.positive = nil, 0, 0, 0, false
}

func square(sample int16) float64 {
	level := float64(sample) / math.MaxInt16
	return level * level
}
