package phone_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/phone"
	"gocommunicator/sipcore/siptest"
)

// The registrar's list is whatever it likes to send: it is shown, and breaks nothing.
func TestOtherDevicesAreWhatTheRegistrarSays(t *testing.T) {
	const desk = `"Desk" <sip:alice@192.0.2.7:5060>;expires=300;+sip.instance="<urn:uuid:2>"`
	many := make([]string, 500)
	for i := range many {
		many[i] = fmt.Sprintf("<sip:d%d@192.0.2.1>;expires=60", i)
	}
	for name, tt := range map[string]struct {
		contacts []string // beside ours
		ours     string   // added to our Contact; "-" leaves it out
		want     []string // in order; nil means none
		count    int      // instead of want
	}{
		"none":                      {},
		"a desk phone":              {contacts: []string{desk}, want: []string{"sip:alice@192.0.2.7:5060"}},
		"all in one field":          {contacts: []string{desk + ", <sip:x@192.0.2.8>;expires=9"}, count: 2},
		"a device reached two ways": {contacts: []string{desk + ";reg-id=1", strings.Replace(desk, "5060", "5070", 1) + ";reg-id=2"}, count: 1},
		"a wildcard":                {contacts: []string{"*"}},
		"one that has expired":      {contacts: []string{"<sip:x@192.0.2.8>;expires=0"}},
		"a tel: number":             {contacts: []string{"<tel:+4912345>;expires=60"}, count: 1},
		"a former run of this one":  {contacts: []string{`<sip:old@old.invalid>;expires=60;+sip.instance="<urn:uuid:00000000-0000-4000-8000-000000000000>"`}},
		"hundreds":                  {contacts: many, count: 99},
		"nobody knows which is us":  {contacts: []string{desk, "<sip:x@192.0.2.8>;expires=9"}, ours: "-"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScripted(t)
				if err := s.Register(); err != nil { // a refresh
					t.Fatal(err)
				}
				synctest.Wait()
				req := s.peer.Expect(sip.REGISTER)
				var mods []siptest.Mod
				if tt.ours == "" {
					mods = append(mods, siptest.Header("Contact", req.Contact().Value()+";expires=600"))
				}
				for _, c := range tt.contacts {
					mods = append(mods, siptest.Header("Contact", c))
				}
				s.peer.Reply(req, 200, mods...)
				synctest.Wait()
				r := s.Snapshot().Registration
				var got []string
				for _, d := range r.Others {
					got = append(got, d.Contact)
				}
				if tt.count > 0 && len(got) != tt.count || tt.count == 0 && !slices.Equal(got, tt.want) {
					t.Fatalf("others are %q", got)
				}
				if name == "a desk phone" && (r.Others[0].Name != "Desk" || r.Others[0].Instance != "urn:uuid:2" || time.Until(r.Others[0].Until).Round(time.Second) != 5*time.Minute) {
					t.Errorf("%+v", r.Others[0])
				}
				if r.State != phone.Registered {
					t.Errorf("the registration is %s", r.State)
				}
			})
		})
	}
}

// A list that cannot be read costs the registration nothing more than a repetition.
func TestMalformedListEndsNothing(t *testing.T) {
	for _, contact := range []string{"<sip:", `"Desk <sip:a@b>`, ";;;", "<>", "sip:a@b;expires=999999999999999999999", "\x00\xff", "<sip:[::1>"} {
		synctest.Test(t, func(t *testing.T) {
			s := newScripted(t)
			if err := s.Register(); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			req := s.peer.Expect(sip.REGISTER)
			s.peer.Reply(req, 200,
				siptest.Header("Contact", req.Contact().Value()+";expires=600"), siptest.Header("Contact", contact))
			synctest.Wait()
			s.peer.Request(sip.OPTIONS, "sip:alice@example.test")
			s.peer.ExpectResponse(sip.OPTIONS, 200)
		})
	}
}
