package sipcore_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

func TestAddressesAsTyped(t *testing.T) {
	for input, want := range map[string]string{
		"bob":                              "sip:bob@example.org",
		" bob ":                            "sip:bob@example.org",
		"bob@Example.COM":                  "sip:bob@example.com",
		"SIP:bob@example.com":              "sip:bob@example.com",
		"sips:bob@example.com":             "sips:bob@example.com",
		"sip:bob":                          "sip:bob@example.org",
		"web+sip:bob@example.com":          "sip:bob@example.com",
		"bob@example.com:5080":             "sip:bob@example.com:5080",
		"bob@[2001:db8::1]:5080":           "sip:bob@[2001:db8::1]:5080",
		"bob@127.0.0.1":                    "sip:bob@127.0.0.1",
		"sip:bob@example.com;transport=ws": "sip:bob@example.com;transport=ws",
		`"Bob B." <sip:bob@example.com>`:   "sip:bob@example.com",
		"Bob <bob@example.com>":            "sip:bob@example.com",
		"+49 (30) 123-456.7":               "sip:+49301234567@example.org",
		"tel:+49-30-1234":                  "sip:+49301234@example.org;user=phone",
		"TEL:+1 (212) 555-1234;ext=5":      "sip:+12125551234;ext=5@example.org;user=phone",
		"tel:70-42;phone-context=pbx.test": "sip:7042;phone-context=pbx.test@example.org;user=phone",
		"tel:*21*5#":                       "sip:*21*5%23@example.org;user=phone",
		"urn:service:sos":                  "urn:service:sos",
		"URN:Service:SOS.Fire":             "urn:service:sos.fire",
		"Help <urn:service:sos>":           "urn:service:sos",
		"sip:1001-1@pbx.example.test":      "sip:1001-1@pbx.example.test",
		"5.1@example.com":                  "sip:5.1@example.com",
		`"Bob, <x>" <sip:bob@x.org>`:       "sip:bob@x.org",
		"*97":                              "sip:*97@example.org",
		"**1":                              "sip:**1@example.org",
		"#31#0301234":                      "sip:%2331%230301234@example.org",
		"日本":                               "sip:%E6%97%A5%E6%9C%AC@example.org",
		"עברית@example.com":                "sip:%D7%A2%D7%91%D7%A8%D7%99%D7%AA@example.com",
		"anna maria@example.com":           "sip:anna%20maria@example.com",
		`a"b@example.com`:                  "sip:a%22b@example.com",
		"bob%40home@example.com":           "sip:bob%40home@example.com",
		"100%@example.com":                 "sip:100%25@example.com",
		"a@b@example.com":                  "sip:a%40b@example.com",
	} {
		a, err := sipcore.ParseAddress(input, "example.org")
		if err != nil {
			t.Errorf("%q: %v", input, err)
			continue
		}
		if got := a.URI.String(); got != want {
			t.Errorf("%q is %s, want %s", input, got, want)
		}
	}
}

func TestDisplayNameOfAnAddress(t *testing.T) {
	a, err := sipcore.ParseAddress(`"Bob \"B\" \\ C" <sip:bob@example.com>`, "")
	if err != nil || a.Name != `Bob "B" \ C` {
		t.Errorf("name %q, %v", a.Name, err)
	}
}

func TestWhatIsNoAddress(t *testing.T) {
	for input, want := range map[string]sipcore.AddressReason{
		"":                          sipcore.AddressEmpty,
		" \t ":                      sipcore.AddressEmpty,
		"   ":                       sipcore.AddressEmpty,
		"@example.com":              sipcore.AddressEmpty,
		"bob@":                      sipcore.AddressNoDomain,
		"bob@exa mple.com":          sipcore.AddressBadDomain,
		"bob@example..com":          sipcore.AddressBadDomain,
		"bob@-a.com":                sipcore.AddressBadDomain,
		"bob@[::1":                  sipcore.AddressBadDomain,
		"bob@[1.2.3.4]":             sipcore.AddressBadDomain,
		"bob@:5060":                 sipcore.AddressBadDomain,
		"bob@example.com:":          sipcore.AddressBadPort,
		"bob@example.com:0":         sipcore.AddressBadPort,
		"bob@example.com:99999":     sipcore.AddressBadPort,
		"bob@example.com:x":         sipcore.AddressBadPort,
		"http://example.com":        sipcore.AddressBadScheme,
		"javascript:alert(1)":       sipcore.AddressBadScheme,
		"mailto:bob@example.com":    sipcore.AddressBadScheme,
		"tel:bob":                   sipcore.AddressBadForm,
		"tel:+49;a b":               sipcore.AddressBadForm,
		"tel:+49;":                  sipcore.AddressBadForm,
		"urn:isbn:0451450523":       sipcore.AddressBadScheme,
		"urn:service:":              sipcore.AddressBadScheme,
		"urn:service:sos..fire":     sipcore.AddressBadScheme,
		"urn:service:sos;x":         sipcore.AddressBadScheme,
		"<b>bob</b>":                sipcore.AddressBadForm,
		"bob@example.com>":          sipcore.AddressBadForm,
		"<bob@example.com":          sipcore.AddressBadForm,
		"bob@example.com?Subject=x": sipcore.AddressBadForm,
		"bob@example.com\r\nX: y":   sipcore.AddressBadChar,
		"bob\x00@example.com":       sipcore.AddressBadChar,
		"bob\xff@example.com":       sipcore.AddressBadChar,
		"bob@example.com;a b":       sipcore.AddressBadChar,
		strings.Repeat("b", 10_000): sipcore.AddressTooLong,
	} {
		_, err := sipcore.ParseAddress(input, "example.org")
		var problem *sipcore.AddressError
		if !errors.As(err, &problem) || problem.Reason != want {
			t.Errorf("%.40q: %v, want %q", input, err, want)
		}
	}
	if _, err := sipcore.ParseAddress("bob", ""); err == nil {
		t.Error("a name without domain is taken")
	}
}

func TestServersAsInSettings(t *testing.T) {
	for input, want := range map[string]string{
		"sip:reg.example.org":      "sip:reg.example.org",
		"sip:reg.example.org:5070": "sip:reg.example.org:5070",
		"reg.example.org:5070":     "sip:reg.example.org:5070",
		"sips:reg.example.org":     "sips:reg.example.org",
		"":                         "",
		"sip:":                     "",
		"sip:a b":                  "",
	} {
		got := ""
		if u, err := sipcore.ParseServer(input); err == nil {
			got = u.String()
		}
		if got != want {
			t.Errorf("%q is %q, want %q", input, got, want)
		}
	}
}

func TestAORComparesPeers(t *testing.T) {
	for _, input := range []string{"bob@example.org", "SIP:bob@EXAMPLE.org:5060;transport=ws", `"B" <sip:bob@example.org>`} {
		a, err := sipcore.ParseAddress(input, "")
		if err != nil || a.AOR() != "sip:bob@example.org" {
			t.Errorf("%s: %s, %v", input, a.AOR(), err)
		}
	}
}

func TestNamesAreQuotedAndUnquoted(t *testing.T) {
	for _, name := range []string{"", "Bob", `a "b" \ c`, "日本", `\\`} {
		if got := sipcore.UnquoteName(`"` + sipcore.QuoteName(name) + `"`); got != name {
			t.Errorf("%q comes back as %q", name, got)
		}
	}
	if got := sipcore.QuoteName("a\r\nb"); got != "ab" {
		t.Errorf("line break in a name: %q", got)
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"bob", `"B" <sip:b@c:1;x=y>`, "tel:+1 2", "a@[::1]:5", "%zz@x", "<>", ":5060", "[", "sip::@"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := sipcore.ParseAddress(s, "example.org")
		if err != nil {
			return
		}
		text := a.URI.String()
		if strings.ContainsAny(text, "\r\n <>\"") || !utf8.ValidString(text) {
			t.Fatalf("%q becomes %q", s, text)
		}
		var u sip.Uri
		if err := sip.ParseUri(text, &u); err != nil {
			t.Fatalf("%q becomes %q, which cannot be read: %v", s, text, err)
		}
		if u.User != a.URI.User || u.Host != a.URI.Host {
			t.Fatalf("%q becomes %q, read as user %q host %q", s, text, u.User, u.Host)
		}
	})
}
