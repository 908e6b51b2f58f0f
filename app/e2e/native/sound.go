//go:build linux

package native

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
)

// sound is mono, or the first channel of what was not.
type sound struct {
	samples []float64 // from -1 to 1
	rate    int       // Hz
}

// wavHeader is how long the header of a WAV file of PCM is.
const wavHeader = 44

// readWAV reads a WAV file (16 bit) that may be written still, so that its header does
// not know how long it is. One that is not there yet is empty.
func readWAV(file string) sound {
	b, err := os.ReadFile(filepath.Clean(file))
	if err != nil || len(b) <= wavHeader || string(b[8:16]) != "WAVEfmt " {
		return sound{}
	}
	frame := 2 * int(binary.LittleEndian.Uint16(b[22:]))
	s := sound{rate: int(binary.LittleEndian.Uint32(b[24:]))}
	for b = b[wavHeader:]; frame > 0 && len(b) >= frame; b = b[frame:] {
		s.samples = append(s.samples, float64(int16(binary.LittleEndian.Uint16(b)))/math.MaxInt16)
	}
	return s
}

// last is the last of it, so many seconds.
func (s sound) last(seconds float64) sound {
	n := min(len(s.samples), int(seconds*float64(s.rate)))
	return sound{s.samples[len(s.samples)-n:], s.rate}
}

// from is what comes after so many samples.
func (s sound) from(n int) sound { return sound{s.samples[min(n, len(s.samples)):], s.rate} }

// loud is how many samples of it can be heard.
func (s sound) loud() (n int) {
	for _, v := range s.samples {
		if math.Abs(v) > 0.02 {
			n++
		}
	}
	return n
}

// strongest is the tone that is strongest in it, of those from 100 to 2000 Hz in steps of
// 10 Hz (Goertzel).
func (s sound) strongest() (hertz int, amplitude float64) {
	for f := 100; f <= 2000; f += 10 {
		k := 2 * math.Cos(2*math.Pi*float64(f)/float64(s.rate))
		var s1, s2 float64
		for _, v := range s.samples {
			s1, s2 = v+k*s1-s2, s1
		}
		if a := 2 * math.Sqrt(max(0, s1*s1+s2*s2-k*s1*s2)) / float64(max(1, len(s.samples))); a > amplitude {
			hertz, amplitude = f, a
		}
	}
	return hertz, amplitude
}
