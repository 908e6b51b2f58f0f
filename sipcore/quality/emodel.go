package quality

import (
	"math"
	"strings"
	"time"
)

// codec is what the E-model knows of a codec.
type codec struct {
	name  string
	bpl   float64       // packet-loss robustness factor
	delay time.Duration // of a packet and of looking ahead
}

// codecs are those of calls between browsers and telephones. Everything is on the narrowband
// scale of G.107, which ends where G.711 does, so that calls with different codecs
// compare and a collector gets what it expects: the equipment impairment factor Ie is 0 for
// G.711 (G.113 Appendix I) and for what sounds better than that. The robustness is that of
// G.711 with loss concealed (G.113 Appendix I, table I.4: 25.1), which every browser does
// for every codec; for Opus and G.722 that Appendix has no value on this scale, and Opus
// with its forward error correction bears somewhat more.
var codecs = [...]codec{
	{"opus", 25.1, 26500 * time.Microsecond},
	{"g722", 25.1, 21500 * time.Microsecond},
	{"pcmu", 25.1, 20 * time.Millisecond},
	{"pcma", 25.1, 20 * time.Millisecond},
}

// bareBpl is the robustness of G.711 without concealment (G.113 Appendix I).
const bareBpl = 4.3

// codecOf finds a codec by its name as in media.KindStats. One that is not known is
// taken to conceal nothing.
func codecOf(name string) codec {
	name, _, _ = strings.Cut(name, "/")
	for _, c := range codecs {
		if c.name == name {
			return c
		}
	}
	return codec{name: name, bpl: bareBpl, delay: 20 * time.Millisecond}
}

// Rating is the transmission rating factor R of G.107 (0 to 93.2): of a connection with the
// default values of its table 2, but for the delay from mouth to ear, with echo cancelled
// at both ends as those values have it, and the share of packets lost, 0 to 1, at random
// (BurstR = 1), of a codec with Ie = 0 and the robustness bpl.
func Rating(delay time.Duration, loss, bpl float64) float64 {
	ppl := 100 * min(max(loss, 0), 1)
	r := basic - delayImpairment(max(delay.Seconds()*1000, 0)) - 95*ppl/(ppl+bpl)
	return max(r, 0)
}

// MOS is the mean opinion score of a rating, 1 to 4.5 (G.107 Annex B).
func MOS(r float64) float64 {
	switch {
	case r >= 100:
		return 4.5
	case r <= 0:
		return 1
	}
	return max(1, 1+0.035*r+r*(r-60)*(100-r)*7e-6)
}

// What the default values of G.107 table 2 come to.
const (
	noise   = -61.1791           // No, dBm0p (§7.2)
	ratio   = 15 - 1.5*(8+noise) // Ro, of signal to noise
	louder  = 1.4136             // Is (§7.3), which the delay changes by less than 0.01
	basic   = ratio - louder
	echo    = 65.0  // TELR, dB
	listens = 110.0 // WEPL, dB
	rlr     = 2.0   // dB
)

// delayImpairment is Id for a one-way delay in ms, that of echo included (G.107 §7.4).
func delayImpairment(t float64) float64 {
	// What the talker hears of itself: Idte.
	terv := echo - 40/math.Ln10*math.Log((1+t/10)/(1+t/150)) + 6*math.Exp(-0.3*t*t)
	re := 80 + 2.5*(terv-14)
	roe := -1.5 * (noise - rlr)
	talker := ((roe-re)/2 + math.Sqrt((roe-re)*(roe-re)/4+100) - 1) * (1 - math.Exp(-t))
	// What the listener hears twice: Idle, with a round trip of 2t.
	rle := 10.5 * (listens + 7) / math.Sqrt(math.Sqrt(2*t+1))
	listener := (ratio-rle)/2 + math.Sqrt((ratio-rle)*(ratio-rle)/4+169)
	return talker + listener + lateness(t)
}

// lateness is Idd, for the delay itself.
func lateness(t float64) float64 {
	if t <= 100 {
		return 0
	}
	x := math.Log(t/100) / math.Ln2
	return 25 * (sixth(x) - 3*sixth(x/3) + 2)
}

// sixth is the sixth root of 1 + x⁶; math.Pow weighs more than all the rest here.
func sixth(x float64) float64 { return math.Cbrt(math.Sqrt(1 + x*x*x*x*x*x)) }
