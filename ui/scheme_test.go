package ui

import (
	"testing"

	"gocommunicator/app/phone"
)

func TestSchemeChosenIsThatOfAnAddressWithoutOne(t *testing.T) {
	for _, tt := range []struct{ chosen, typed, want string }{
		{"", "bob", "bob"},
		{"sip", "bob", "bob"},
		{"tel", "+1 212 555-1234", "tel:+1 212 555-1234"},
		{"urn", "service:sos", "urn:service:sos"},
		{"urn", "tel:+1", "tel:+1"},
		{"tel", "SIPS:bob@example.org", "SIPS:bob@example.org"},
		{"tel", "urn:service:sos", "urn:service:sos"},
	} {
		v := View{Scheme: tt.chosen}
		if got := v.withScheme(tt.typed); got != tt.want {
			t.Errorf("%q as %q: %q, want %q", tt.typed, tt.chosen, got, tt.want)
		}
	}
}

func TestAddressPutInBringsItsScheme(t *testing.T) {
	v := View{Scheme: "urn"}
	v.foldDestination(phone.Destination{To: "bob"})
	if v.Scheme != "" {
		t.Errorf("scheme %q of bob", v.Scheme)
	}
	v.foldDestination(phone.Destination{To: "tel:+1"})
	if v.Scheme != "tel" {
		t.Errorf("scheme %q of tel:+1", v.Scheme)
	}
}
