//go:build !js

package media

import (
	"math"
	"time"
)

const (
	soundRate   = 8000 // samples per second of G.711
	soundFrame  = 20 * time.Millisecond
	soundLength = soundRate / 50 // samples per frame
)

// Tone is a steady tone as PCMU at a fifth of full scale.
func Tone(hz float64) Source {
	return soundSource(func(t float64) float64 { return 0.2 * math.Sin(2*math.Pi*hz*t) })
}

// melody is a row of notes in semitones from A4; rest is silence.
var melody = [...]int{3, 7, 10, 15, 10, 7, 5, 8, 12, 17, 12, 8, 2, 5, 10, 14, 10, 5, 3, 7, 10, 15, rest, rest}

const (
	rest = math.MinInt
	note = 0.28 // seconds
)

// Melody is a soft row of notes as PCMU, without end.
func Melody() Source { return soundSource(playMelody) }

// playMelody is the sound at t seconds: each note swells quickly and fades like a
// plucked string, with an octave above it to make it warmer.
func playMelody(t float64) float64 {
	n := int(t / note)
	semitone := melody[n%len(melody)]
	if semitone == rest {
		return 0
	}
	in := t - float64(n)*note
	hz := 440 * math.Pow(2, float64(semitone)/12-1)
	swell := math.Min(in/0.01, 1) * math.Exp(-4*in) * math.Min((note-in)/0.01, 1)
	return 0.35 * swell * (math.Sin(2*math.Pi*hz*t) + 0.4*math.Sin(4*math.Pi*hz*t))
}

// soundSource makes frames of a sound given as a function of seconds, −1 to 1.
func soundSource(sound func(t float64) float64) Source {
	return Source{Codec: "pcmu", Frame: soundFrame, Next: func(n int) []byte {
		frame := make([]byte, soundLength)
		for i := range frame {
			t := float64(n*soundLength+i) / soundRate
			frame[i] = encodeULaw(int16(sound(t) * math.MaxInt16))
		}
		return frame
	}}
}
