package register

import (
	"strings"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

func TestSameURI(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want bool
	}{
		// RFC 3261 §19.1.4
		{"sip:alice@AtLanTa.CoM;Transport=tcp", "sip:alice@atlanta.com;transport=TCP", true},
		{"sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", true},
		{"sip:carol@chicago.com;newparam=5", "sip:carol@chicago.com;security=on", true},
		{"sip:biloxi.com;transport=tcp;method=REGISTER", "sip:biloxi.com;method=REGISTER;transport=tcp", true},
		{"SIP:ALICE@AtLanTa.CoM", "sip:alice@atlanta.com", false},
		{"sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", false},
		{"sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", false},
		{"sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off", false},
		{"sip:bob@biloxi.com", "sips:bob@biloxi.com", false},
		{"sip:bob:a@biloxi.com", "sip:bob:b@biloxi.com", false},
	} {
		if sameURI(uri(tt.a), uri(tt.b)) != tt.want || sameURI(uri(tt.b), uri(tt.a)) != tt.want {
			t.Errorf("%s and %s: want %v", tt.a, tt.b, tt.want)
		}
	}
}

// FuzzBindings holds that no list of contacts that parses breaks its bounds.
func FuzzBindings(f *testing.F) {
	f.Add(granted(60))
	f.Add(`"A \" B" <sip:a@b;x=y?z>;expires=9999999999999, *, <sip:tok@tok.invalid>;+sip.instance=`)
	f.Add(strings.Repeat("<sip:a@b>,", 200) + "<sip:a@b>;expires=4294967295")
	f.Fuzz(func(t *testing.T, contacts string) {
		msg, err := sip.ParseMessage([]byte("SIP/2.0 200 OK\r\nCSeq: 1 REGISTER\r\nContact: " + contacts + "\r\n\r\n"))
		if err != nil {
			return
		}
		res, ok := msg.(*sip.Response)
		if !ok {
			return
		}
		all, granted := bindings(res, uri("sip:tok@tok.invalid;transport=ws"), instance, time.Hour)
		if len(all) > maxBindings || granted < 0 {
			t.Fatalf("%d bindings, granted %v", len(all), granted)
		}
		if d := refreshIn(granted); d < minRefresh || d > maxRefresh {
			t.Fatalf("refresh in %v", d)
		}
	})
}
