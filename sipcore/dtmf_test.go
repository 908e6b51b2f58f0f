package sipcore

import (
	"errors"
	"testing"
)

func TestDigitsAreKeysOfATelephoneAndNothingElse(t *testing.T) {
	for input, want := range map[string]string{
		"1": "1", "0123456789*#ABCD": "0123456789*#ABCD", "12a#d": "12A#D",
		"": "", "1 2": "", "e": "", "5\r\n": "", "+49": "", "１": "", "1x1": "",
	} {
		got, err := ParseDigits(input)
		if got != want || (err == nil) != (want != "") || err != nil && !errors.Is(err, ErrDigits) {
			t.Errorf("%q: got %q, %v", input, got, err)
		}
	}
}
