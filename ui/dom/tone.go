package dom

import (
	"math"
	"strings"
)

// Tone is a sound that the phone itself makes, or several of them together.
type Tone uint8

// The tones. Those up to Waiting can go on and on, the others are short. What a
// telephone says is 425 Hz, in the rhythms of most of Europe (ITU-T E.180).
const (
	Ring       Tone = 1 << iota // somebody calls
	Ringback                    // it rings at the other side: 1 s in 5
	Waiting                     // somebody calls while there is a call
	Busy                        // who was called is busy or declines: 0.5 s in 1
	Congestion                  // the call did not come about: 0.25 s in 0.5
	Message                     // a message has come
	Announce                    // the phone is about to answer by itself
)

// Channel is what tones have one volume for.
type Channel int

// The channels.
const (
	Ringer Channel = iota // the ring
	Signal                // everything else that the phone itself makes heard
)

const toneRate = 16000 // samples per second

// keyTones are the two frequencies in Hz of a telephone's key (ITU-T Q.23).
func keyTones(digit string) (low, high float64, ok bool) {
	i := strings.Index("123A456B789C*0#D", digit)
	if i < 0 || len(digit) != 1 {
		return 0, 0, false
	}
	return [...]float64{697, 770, 852, 941}[i/4], [...]float64{1209, 1336, 1477, 1633}[i%4], true
}

// note is a sine with a soft beginning and a fading end.
type note struct {
	at, length float64 // seconds
	hertz      float64
	gain       float64 // of 1
	fade       bool    // dies away like a struck bar; else it holds
}

// samples is a short tone, or one period of another, to be repeated.
func (t Tone) samples() []float32 {
	switch t {
	case Ring:
		return synthesise(3.2,
			note{0.00, 0.9, 659.26, 0.22, true}, note{0.18, 0.9, 783.99, 0.22, true},
			note{0.36, 1.2, 1046.5, 0.22, true}, note{0.90, 0.9, 659.26, 0.18, true},
			note{1.08, 0.9, 783.99, 0.18, true}, note{1.26, 1.4, 1046.5, 0.18, true},
		)
	case Ringback:
		return synthesise(5, note{0, 1, 425, 0.1, false})
	case Waiting:
		return synthesise(5, note{0, 0.5, 659.26, 0.08, true}, note{0.2, 0.6, 783.99, 0.08, true})
	case Busy:
		return synthesise(4, beeps(4, 0.5)...)
	case Congestion:
		return synthesise(3, beeps(6, 0.25)...)
	case Announce:
		return synthesise(1, note{0, 0.3, 880, 0.2, false}, note{0.4, 0.3, 1318.51, 0.2, false})
	case Message:
		return synthesise(1, note{0, 0.4, 1174.66, 0.16, true}, note{0.13, 0.8, 1567.98, 0.16, true})
	}
	return nil
}

// beeps are n of that length, in seconds, with as much silence after each.
func beeps(n int, length float64) []note {
	notes := make([]note, n)
	for i := range notes {
		notes[i] = note{2 * length * float64(i), length, 425, 0.1, false}
	}
	return notes
}

func synthesise(period float64, notes ...note) []float32 {
	out := make([]float32, int(period*toneRate))
	for _, n := range notes {
		from := int(n.at * toneRate)
		for i := range int(n.length * toneRate) {
			if from+i >= len(out) {
				break
			}
			t := float64(i) / toneRate
			out[from+i] += float32(n.gain * n.envelope(t) * math.Sin(2*math.Pi*n.hertz*t))
		}
	}
	return out
}

// envelope keeps the note from clicking at its two ends.
func (n note) envelope(t float64) float64 {
	const edge = 0.012
	e := math.Min(1, math.Min(t, n.length-t)/edge)
	if n.fade {
		e *= math.Exp(-4 * t / n.length)
	}
	return math.Max(0, e)
}

// level puts the loudness of 8 bit samples (128 is silence) on a scale of 0 to 1 that
// looks to the eye as it sounds to the ear: -50 dBFS to -10 dBFS.
func level(samples []byte) float64 {
	if len(samples) == 0 {
		return 0
	}
	var sum float64
	for _, s := range samples {
		v := (float64(s) - 128) / 128
		sum += v * v
	}
	if sum == 0 {
		return 0
	}
	decibel := 10 * math.Log10(sum/float64(len(samples)))
	return math.Max(0, math.Min(1, (decibel+50)/40))
}
