package sipcore_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

func TestAddressesOfAHeader(t *testing.T) {
	for _, test := range []struct {
		fields []string
		want   string // AORs and names
	}{
		{[]string{`<sip:a@x>`, `"B, \"the\" <b>" <sip:b@x;p=1>;q=0.5,sip:c@x;q=1`}, `sip:a@x() sip:b@x(B, "the" <b>) sip:c@x()`},
		{[]string{`Carol <tel:+49,30>`, ``, `<`, `>`, `"`, `*`, `,,`}, `tel:+49,30(Carol)`},
		{[]string{strings.Repeat("<sip:a@x>,", 1000)}, strings.TrimSpace(strings.Repeat("sip:a@x() ", 32))},
	} {
		req := sip.NewRequest(sip.INVITE, sip.Uri{Scheme: "sip", Host: "x"})
		for _, f := range test.fields {
			req.AppendHeader(sip.NewHeader("Diversion", f))
		}
		var got []string
		for _, n := range sipcore.NamedIn(req, "Diversion") {
			got = append(got, n.AOR()+"("+n.Name+")")
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%q: %q", test.fields, got)
		}
	}
}

func FuzzNamedIn(f *testing.F) {
	f.Add(`"B, \"x" <sip:b@x>;q=0.5, sip:c@x`)
	f.Add(`<tel:+49>;index=1.1;mp=1,"`)
	f.Fuzz(func(t *testing.T, value string) {
		req := sip.NewRequest(sip.INVITE, sip.Uri{Scheme: "sip", Host: "x"})
		req.AppendHeader(sip.NewHeader("Contact", value))
		all := sipcore.NamedIn(req, "Contact")
		if slices.ContainsFunc(all, func(n sipcore.Named) bool { return n.URI.Wildcard }) || len(all) > 32 {
			t.Errorf("%q: %+v", value, all)
		}
	})
}
