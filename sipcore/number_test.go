package sipcore_test

import (
	"strings"
	"testing"

	"gocommunicator/sipcore"
)

// How numbers are dialled in ten countries, and one in which letters are.
var (
	germany   = sipcore.Numbering{Country: "49", International: "00", National: "0", Internal: 6, Untouched: []string{"112", "110"}}
	usa       = sipcore.Numbering{Country: "1", International: "011", National: "1", Internal: 6, Untouched: []string{"911"}}
	france    = sipcore.Numbering{Country: "33", International: "00", National: "0", Internal: 4}
	britain   = sipcore.Numbering{Country: "44", International: "00", National: "0", Internal: 6}
	italy     = sipcore.Numbering{Country: "39", International: "00", Internal: 6}
	spain     = sipcore.Numbering{Country: "34", International: "00", Internal: 6}
	norway    = sipcore.Numbering{Country: "47", International: "00", Internal: 5}
	russia    = sipcore.Numbering{Country: "7", International: "810", National: "8", Internal: 6}
	japan     = sipcore.Numbering{Country: "81", International: "010", National: "0", Internal: 5}
	hungary   = sipcore.Numbering{Country: "36", International: "00", National: "06", Internal: 6}
	australia = sipcore.Numbering{Country: "61", International: "0011", National: "0", Internal: 6, Untouched: []string{"000"}}
)

func TestNumbersAsWrittenInTenCountries(t *testing.T) {
	pbx := germany
	pbx.Outside = "0"
	office := usa
	office.Outside = "9"
	nowhere := sipcore.Numbering{}
	for _, test := range []struct {
		where     sipcore.Numbering
		from      string
		typed     string
		dialled   string
		forTheEnd bool // it is dialled behind an outside line: again would be another number
	}{
		{germany, "Germany", "0171 123-45 67", "+491711234567", false},
		{germany, "Germany", "+49 (0) 171 1234567", "+491711234567", false},
		{germany, "Germany", "+49(0)171/1234567", "+491711234567", false},
		{germany, "Germany", "(+49) 171 1234567", "+491711234567", false},
		{germany, "Germany", "0049 (0)30 / 123 45-0", "+4930123450", false},
		{germany, "Germany", "+49 0171 1234567", "+491711234567", false},
		{germany, "Germany", "(030) 123 456 78", "+493012345678", false},
		{germany, "Germany", "030 – 123\u00a0456\u202f78", "+493012345678", false},
		{germany, "Germany", "\u202a+49 30 12345678\u202c", "+493012345678", false},
		{germany, "Germany", "00 1 212 555 1234", "+12125551234", false},
		{germany, "Germany", "tel:030-12345678", "tel:+493012345678", false},
		{germany, "Germany", "tel:%2B49-30-12345678", "tel:+493012345678", false},
		{germany, "Germany", "TEL:030-12345678;ext=5", "tel:+493012345678;ext=5", false},
		{germany, "Germany", "tel:70-42;phone-context=pbx.test", "tel:70-42;phone-context=pbx.test", false},
		{germany, "Germany", "112", "112", false},
		{germany, "Germany", "1 1 2", "112", false},
		{germany, "Germany", "tel:110", "tel:110", false},
		{germany, "Germany", "116 117", "116117", false},
		{germany, "Germany", "4021", "4021", false},
		{germany, "Germany", "1234567", "1234567", false}, // local: where, nobody knows
		{germany, "Germany", "*21*0171#", "*21*0171#", false},
		{germany, "Germany", "bob", "bob", false},
		{germany, "Germany", "4711bob", "4711bob", false},
		{germany, "Germany", "0171@example.org", "0171@example.org", false},
		{germany, "Germany", "sip:01711234567@example.org", "sip:01711234567@example.org", false},
		{germany, "Germany", "sip:01711234567", "sip:01711234567", false},
		{germany, "Germany", "", "", false},
		{germany, "Germany", "+", "+", false},
		{germany, "Germany", "++49171", "++49171", false},

		{usa, "the USA", "(212) 555-1234", "+12125551234", false},
		{usa, "the USA", "1-212-555-1234", "+12125551234", false},
		{usa, "the USA", "212.555.1234", "+12125551234", false},
		{usa, "the USA", "1-800-FLOWERS", "+18003569377", false},
		{usa, "the USA", "tel:1800flowers", "tel:+18003569377", false},
		{usa, "the USA", "011 49 30 123456", "+4930123456", false},
		{usa, "the USA", "555-1234", "5551234", false}, // local
		{usa, "the USA", "911", "911", false},
		{usa, "the USA", "1800flowers", "1800flowers", false}, // somebody's name, perhaps

		{france, "France", "01 23 45 67 89", "+33123456789", false},
		{france, "France", "+33 (0)1.23.45.67.89", "+33123456789", false},
		{france, "France", "3631", "3631", false},
		{britain, "Britain", "020 7946 0958", "+442079460958", false},
		{britain, "Britain", "+44 (0)20 7946 0958", "+442079460958", false},
		{italy, "Italy", "06 1234 5678", "+390612345678", false},
		{italy, "Italy", "+39 (0)6 1234 5678", "+390612345678", false},
		{germany, "Germany", "0039 (0)6 1234 5678", "+390612345678", false},
		{italy, "Italy", "347 123 4567", "+393471234567", false},
		{spain, "Spain", "912 345 678", "+34912345678", false},
		{spain, "Spain", "0033 1 23 45 67 89", "+33123456789", false},
		{norway, "Norway", "22 12 34 56", "+4722123456", false},
		{norway, "Norway", "02800", "02800", false},
		{russia, "Russia", "8 (495) 123-45-67", "+74951234567", false},
		{russia, "Russia", "+7 812 123-45-67", "+78121234567", false},
		{russia, "Russia", "8~10 49 30 123456", "8~10 49 30 123456", false}, // no separator of a number
		{russia, "Russia", "8-10-49-30-123456", "+4930123456", false},
		{japan, "Japan", "０３－１２３４－５６７８", "+81312345678", false},
		{japan, "Japan", "010 49 30 123456", "+4930123456", false},
		{hungary, "Hungary", "06 1 234 5678", "+3612345678", false},
		{australia, "Australia", "(02) 9876 5432", "+61298765432", false},
		{australia, "Australia", "0011 49 30 123456", "+4930123456", false},
		{australia, "Australia", "000", "000", false},
		{germany, "Germany", "٠٣٠ ١٢٣٤٥٦٧٨", "+493012345678", false},

		{pbx, "a German office", "0171 1234567", "001711234567", true},
		{pbx, "a German office", "+49 171 1234567", "001711234567", true},
		{pbx, "a German office", "+1 212 555 1234", "00012125551234", true},
		{pbx, "a German office", "1234567", "01234567", true},
		{pbx, "a German office", "4021", "4021", false},
		{pbx, "a German office", "112", "112", false},
		{office, "an American office", "(212) 555-1234", "912125551234", false},
		{office, "an American office", "9 1 212 555 1234", "912125551234", false},
		{office, "an American office", "+49 30 123456", "90114930123456", false},
		{office, "an American office", "9 011 49 30 123456", "90114930123456", false},
		{office, "an American office", "911", "911", false},

		{nowhere, "nowhere", "0171 123-45 67", "01711234567", false},
		{nowhere, "nowhere", "+49 (0) 171 1234567", "+491711234567", false},
		{nowhere, "nowhere", "0049 171 1234567", "00491711234567", false},
		{nowhere, "nowhere", "1001-1", "10011", false},
	} {
		got := test.where.Dial(test.typed)
		if got != test.dialled {
			t.Errorf("%q from %s: %q, want %q", test.typed, test.from, got, test.dialled)
		}
		if again := test.where.Dial(got); again != got && !test.forTheEnd {
			t.Errorf("%q from %s is %q, and %q when that is dialled", test.typed, test.from, got, again)
		}
	}
}

func TestNumbersOfCallersAreThoseOfEverywhere(t *testing.T) {
	for user, want := range map[string]string{
		"+493012345678": "+493012345678", "03012345678": "+493012345678", "004930123456": "+4930123456",
		"+493012345678;ext=5": "+493012345678", "4021": "4021", "1234567": "1234567", "112": "112", "alice": "", "": "",
	} {
		if got := germany.Caller(user); got != want {
			t.Errorf("%q: %q, want %q", user, got, want)
		}
	}
	if got := (sipcore.Numbering{}).Caller("03012345678"); got != "03012345678" {
		t.Errorf("%q from nowhere", got)
	}
}

// Whatever is typed, a number is digits, with a + in front or without, and stays what it is.
func FuzzNumbering(f *testing.F) {
	for _, s := range []string{"0171 123-45 67", "+49 (0) 171", "tel:1800flowers;ext=1", "(0)", "((0)", "+(0)1", "٠١", "tel:%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := germany.Dial(s)
		if got == s {
			return
		}
		number, _, _ := strings.Cut(strings.TrimPrefix(got, "tel:"), ";")
		if strings.Trim(number, "0123456789") != "" && strings.Trim(number[1:], "0123456789") != "" || number == "" {
			t.Fatalf("%q becomes %q", s, got)
		}
		if again := germany.Dial(got); again != got {
			t.Fatalf("%q becomes %q, and that %q", s, got, again)
		}
	})
}
