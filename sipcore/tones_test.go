package sipcore_test

import (
	"errors"
	"strings"
	"testing"

	"gocommunicator/sipcore"
)

func TestKeysAreTakenOffWhatIsDialled(t *testing.T) {
	for input, want := range map[string][2]string{
		"+4912345,,1234#":                        {"+4912345", ",,1234#"},
		"0800 123 456, ,12 34#":                  {"0800 123 456", ",,1234#"},
		"+4912345;1234#":                         {"+4912345", ";1234#"},
		"+4912345,,1;2,3":                        {"+4912345", ",,1;2,3"},
		"bob,12":                                 {"bob", ",12"},
		"sip:x@example.org,,1234#":               {"sip:x@example.org", ",,1234#"},
		"sip:x@example.org;1234#":                {"sip:x@example.org", ";1234#"},
		"sip:x@example.org;transport=ws,,1a":     {"sip:x@example.org;transport=ws", ",,1A"},
		"sip:x@example.org;transport=ws;*1":      {"sip:x@example.org;transport=ws", ";*1"},
		`"Bob" <sip:bob@example.org>,,12`:        {`"Bob" <sip:bob@example.org>`, ",,12"},
		"tel:+49123;postd=pp22":                  {"tel:+49123", "PP22"},
		"tel:+49123;postd=w1-2%23;ext=5":         {"tel:+49123;ext=5", ";12#"},
		"<tel:+49123;PostD=p22>":                 {"<tel:+49123>", "P22"},
		"tel:7042;phone-context=example.com,,12": {"tel:7042;phone-context=example.com", ",,12"},

		"+1 (212) 555-1234 x12":       {"+1 (212) 555-1234", ";12"},
		"212-555-1234, ext. 4021":     {"212-555-1234", ";4021"},
		"tel:+1-212-555-1234x12":      {"tel:+1-212-555-1234", ";12"},
		"+1 212 555 1234 EXTENSION 7": {"+1 212 555 1234", ";7"},
		"12x12":                       {"12x12", ""},
		"box12":                       {"box12", ""},
		"+1 212 555 1234 x":           {"+1 212 555 1234 x", ""},
		"+1 212 555 1234 x12345678":   {"+1 212 555 1234 x12345678", ""},

		"bob": {"bob", ""}, "": {"", ""}, ",,12": {",,12", ""}, "+49123,": {"+49123,", ""},
		"sip:bob@example.org;transport=ws":     {"sip:bob@example.org;transport=ws", ""},
		"sip:bob@example.org;lr":               {"sip:bob@example.org;lr", ""},
		"sip:bob@example.org;abba":             {"sip:bob@example.org;abba", ""},
		"sip:a,b@example.org":                  {"sip:a,b@example.org", ""},
		"sip:1,2@example.org":                  {"sip:1,2@example.org", ""},
		"sip:+49;ext=5@example.org;user=phone": {"sip:+49;ext=5@example.org;user=phone", ""},
		"tel:+49123;ext=12":                    {"tel:+49123;ext=12", ""},
		"tel:+49123;postd=x":                   {"tel:+49123;postd=x", ""},
		"*21*123#":                             {"*21*123#", ""},
		"urn:service:sos":                      {"urn:service:sos", ""},
		"javascript:alert(1),12":               {"javascript:alert(1)", ",12"}, // and that is refused
	} {
		if address, tones := sipcore.SplitTones(input); address != want[0] || tones != want[1] {
			t.Errorf("%q: %q %q, want %q", input, address, tones, want)
		}
	}
}

func TestKeysWithPauses(t *testing.T) {
	for input, want := range map[string]string{"12#": "12#", "1,2;a": "1,2;A", ",1": ",1", "": "", ",;": "", "1x": "", "1 2": ""} {
		got, err := sipcore.ParseTones(input)
		if got != want || errors.Is(err, sipcore.ErrDigits) != (want == "") {
			t.Errorf("%q: %q %v", input, got, err)
		}
	}
}

func FuzzSplitTones(f *testing.F) {
	f.Add("+4912345,,1234#")
	f.Add("tel:+49123;postd=pp22>;x")
	f.Fuzz(func(t *testing.T, input string) {
		address, tones := sipcore.SplitTones(input)
		if tones == "" && address != input || strings.Trim(tones, sipcore.Digits+",;P") != "" {
			t.Errorf("%q: %q %q", input, address, tones)
		}
	})
}
