//go:build !js

package media

// G.711 in the form of the reference algorithm: a sign, three bits of exponent, four
// of mantissa, all inverted (µ-law) or every other bit inverted (A-law).

const (
	uLawBias = 0x84
	uLawClip = 32635
)

// silenceULaw is a frame's worth of nothing in PCMU, sent while muted.
const silenceULaw = 0xFF

func encodeULaw(sample int16) byte {
	s, sign := int(sample), byte(0)
	if s < 0 {
		s, sign = -s, 0x80
	}
	s = min(s, uLawClip) + uLawBias
	exponent := 7
	for mask := 0x4000; s&mask == 0 && exponent > 0; mask >>= 1 {
		exponent--
	}
	mantissa := byte(s>>(exponent+3)) & 0x0F
	return ^(sign | byte(exponent<<4) | mantissa)
}

func decodeULaw(b byte) int16 {
	b = ^b
	exponent := int(b>>4) & 7
	s := (int(b&0x0F)<<3 + uLawBias) << exponent
	s -= uLawBias
	if b&0x80 != 0 {
		s = -s
	}
	return int16(s)
}

func decodeALaw(b byte) int16 {
	b ^= 0x55
	exponent := int(b>>4) & 7
	s := int(b&0x0F)<<4 + 8
	if exponent > 0 {
		s = (s + 0x100) << (exponent - 1)
	}
	if b&0x80 == 0 {
		s = -s
	}
	return int16(s)
}

// decodeG711 returns the samples of a packet, or nil when it is no G.711.
func decodeG711(codec string, payload []byte) []int16 {
	var decode func(byte) int16
	switch codec {
	case "pcmu/8000":
		decode = decodeULaw
	case "pcma/8000":
		decode = decodeALaw
	default:
		return nil
	}
	samples := make([]int16, len(payload))
	for i, b := range payload {
		samples[i] = decode(b)
	}
	return samples
}
