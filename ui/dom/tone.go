package dom

import (
	"math"
	"strings"
)

// Tone is a sound that the phone itself makes.
type Tone int

// The tones. All but Silence go on until another takes their place.
const (
	Silence  Tone = iota
	Ring          // somebody calls
	Ringback      // it rings at the other side: 425 Hz, 1 s in 5 (ITU-T E.180, as in most of Europe)
	Waiting       // somebody calls while there is a call
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

// samples is one period of a tone, to be repeated.
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
	case Silence:
	}
	return nil
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
