//go:build linux

package browser

import (
	"bytes"
	"encoding/binary"
	"math"
)

// tone is a WAV file (16 bit, mono, 48 kHz, two seconds) of a tone that beeps: a
// steady one would be taken for noise and suppressed.
func tone(hertz int) []byte {
	const (
		rate    = 48000
		samples = 2 * rate
		beep    = rate / 4
		level   = 0.5 * math.MaxInt16
	)
	pcm := make([]int16, samples)
	for i := range pcm {
		if i/beep%2 == 0 {
			pcm[i] = int16(level * math.Sin(2*math.Pi*float64(hertz)*float64(i)/rate))
		}
	}
	const bytesPerSample = 2
	var b bytes.Buffer
	for _, part := range []any{
		[]byte("RIFF"), uint32(36 + samples*bytesPerSample), []byte("WAVEfmt "),
		uint32(16), uint16(1), uint16(1), uint32(rate), uint32(rate * bytesPerSample), uint16(bytesPerSample), uint16(16),
		[]byte("data"), uint32(samples * bytesPerSample), pcm,
	} {
		_ = binary.Write(&b, binary.LittleEndian, part) // to memory, of fixed size: it cannot fail
	}
	return b.Bytes()
}
