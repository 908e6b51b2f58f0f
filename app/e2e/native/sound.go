//go:build linux

package native

import (
	"bytes"
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
// not tell how long it is, or, while it is empty, anything: then it is mono at 48 kHz.
// One that is not there yet is silent.
func readWAV(file string) sound {
	s, channels := sound{rate: 48000}, 1
	b, err := os.ReadFile(filepath.Clean(file))
	if err != nil || len(b) <= wavHeader {
		return s
	}
	if string(b[:4]) == "RIFF" {
		channels = int(binary.LittleEndian.Uint16(b[22:]))
		s.rate = int(binary.LittleEndian.Uint32(b[24:]))
	}
	for b = b[wavHeader:]; len(b) >= 2*channels; b = b[2*channels:] {
		s.samples = append(s.samples, float64(int16(binary.LittleEndian.Uint16(b)))/math.MaxInt16)
	}
	return s
}

// from is what comes after so many samples.
func (s sound) from(n int) sound {
	return sound{s.samples[max(0, min(n, len(s.samples))):], s.rate}
}

// has tells whether a tone is the strongest in the last half second of it.
func (s sound) has(hertz int) bool {
	got, amplitude := s.from(len(s.samples) - s.rate/2).strongest()
	return amplitude > 0.005 && got >= hertz-10 && got <= hertz+10
}

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

// toneWAV is a WAV file (16 bit, mono, 48 kHz, two seconds) of a tone.
func toneWAV(hertz int) []byte {
	const (
		rate    = 48000
		samples = 2 * rate
	)
	pcm := make([]int16, samples)
	for i := range pcm {
		pcm[i] = int16(math.MaxInt16 / 2 * math.Sin(2*math.Pi*float64(hertz)*float64(i)/rate))
	}
	var b bytes.Buffer
	for _, part := range []any{
		[]byte("RIFF"), uint32(wavHeader - 8 + 2*samples), []byte("WAVEfmt "),
		uint32(16), uint16(1), uint16(1), uint32(rate), uint32(2 * rate), uint16(2), uint16(16),
		[]byte("data"), uint32(2 * samples), pcm,
	} {
		_ = binary.Write(&b, binary.LittleEndian, part) // to memory, of fixed size: it cannot fail
	}
	return b.Bytes()
}
