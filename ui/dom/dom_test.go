package dom

import (
	"math"
	"testing"
)

func TestTonesNeitherClipNorClick(t *testing.T) {
	for tone := Ring; tone <= Message; tone <<= 1 {
		samples := tone.samples()
		if len(samples) < toneRate {
			t.Fatalf("tone %d has %d samples", tone, len(samples))
		}
		var energy float64
		for i, s := range samples {
			energy += float64(s * s)
			if math.Abs(float64(s)) > 0.9 {
				t.Fatalf("tone %d clips at %d: %v", tone, i, s)
			}
			// A tone repeats: its first sample follows its last.
			step := math.Abs(float64(s - samples[(i+len(samples)-1)%len(samples)]))
			if step > 0.2 {
				t.Fatalf("tone %d clicks at %d: a step of %v", tone, i, step)
			}
		}
		if energy == 0 {
			t.Errorf("tone %d is silent", tone)
		}
	}
}

func TestRingbackIsOneSecondInFive(t *testing.T) {
	samples := Ringback.samples()
	if len(samples) != 5*toneRate {
		t.Fatalf("%d samples", len(samples))
	}
	for i, s := range samples[toneRate:] {
		if s != 0 {
			t.Fatalf("sound %v after its second, at %d", s, i)
		}
	}
}

func TestLevelFollowsTheEar(t *testing.T) {
	wave := func(amplitude float64) []byte {
		b := make([]byte, 512)
		for i := range b {
			b[i] = byte(128 + math.Round(127*amplitude*math.Sin(float64(i)/5)))
		}
		return b
	}
	tests := []struct {
		name     string
		samples  []byte
		min, max float64
	}{
		{"nothing", nil, 0, 0},
		{"silence", wave(0), 0, 0},
		{"quiet speech", wave(0.03), 0.2, 0.5},
		{"loud speech", wave(0.3), 0.8, 1},
		{"as loud as can be", wave(1), 1, 1},
	}
	for _, tt := range tests {
		if got := level(tt.samples); got < tt.min || got > tt.max {
			t.Errorf("%s: %v, want %v to %v", tt.name, got, tt.min, tt.max)
		}
	}
}

func TestEraseTakesWholeCharacters(t *testing.T) {
	tests := []struct {
		text        string
		caret, want int
	}{
		{"", 0, 0},
		{"bob", 0, 0},
		{"bob", 3, 2},
		{"bob", 1, 0},
		{"a😀", 3, 1},
		{"a😀b", 4, 3},
		{"ü", 1, 0},
		{"bob", 99, 2},
	}
	for _, tt := range tests {
		if got := before(tt.text, tt.caret); got != tt.want {
			t.Errorf("before(%q, %d) = %d, want %d", tt.text, tt.caret, got, tt.want)
		}
	}
}

func TestKeysSoundAsOnATelephone(t *testing.T) {
	for digit, want := range map[string][2]float64{
		"1": {697, 1209}, "5": {770, 1336}, "0": {941, 1336}, "*": {941, 1209}, "#": {941, 1477}, "A": {697, 1633}, "D": {941, 1633},
	} {
		if low, high, ok := keyTones(digit); !ok || low != want[0] || high != want[1] {
			t.Errorf("%s: %v and %v Hz", digit, low, high)
		}
	}
	for _, other := range []string{"", "12", "E"} {
		if _, _, ok := keyTones(other); ok {
			t.Errorf("%q has a tone", other)
		}
	}
}
