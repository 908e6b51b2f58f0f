package phone_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/phone"
)

func TestNumbersAreDialledAsTheSettingsSay(t *testing.T) {
	for _, test := range []struct{ name, settings, typed, uri, shown string }{
		{"nothing set", `{}`, "0171 123-45 67", "sip:01711234567@example.test", ""},
		{"country", `{"country_code": "+49"}`, "0171 123-45 67", "sip:+491711234567@example.test", "0171 123-45 67"},
		{"a tel URI", `{"country_code": "49"}`, "tel:0171-123%2045;ext=1", "sip:+4917112345;ext=1@example.test;user=phone", "0171-123 45"},
		{"written whole", `{"country_code": "49"}`, "+49 171 1234567", "sip:+491711234567@example.test", ""},
		{"North America", `{"country_code": "1", "international_prefix": "011", "national_prefix": "1"}`, "011 49 171 1234567", "sip:+491711234567@example.test", "011 49 171 1234567"},
		{"no national prefix", `{"country_code": "34", "national_prefix": ""}`, "912 345 678", "sip:+34912345678@example.test", "912 345 678"},
		{"outside line", `{"country_code": "49", "outside_line": "0"}`, "0171 1234567", "sip:001711234567@example.test", "0171 1234567"},
		{"internal", `{"country_code": "49", "outside_line": "0"}`, "4021", "sip:4021@example.test", ""},
		{"not internal", `{"country_code": "49", "outside_line": "0", "internal_digits": 3}`, "4021", "sip:04021@example.test", "4021"},
		{"emergency", `{"country_code": "49", "outside_line": "0", "internal_digits": 0}`, "112", "sip:112@example.test", ""},
		{"an address", `{"country_code": "49", "outside_line": "0"}`, "sip:01711234567@example.test", "sip:01711234567@example.test", ""},
		{"an extension", `{"country_code": "1", "national_prefix": "1"}`, "(212) 555-1234 x12", "sip:+12125551234@example.test", "(212) 555-1234"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				settings, err := config.ParseLayer("test", []byte(`{"dialing": `+test.settings+`}`))
				if err != nil {
					t.Fatal(err)
				}
				s := newScriptedWith(t, nil, settings, func(*bus.Bus) {})
				if _, err := s.Dial(phone.Dial{To: test.typed}); err != nil {
					t.Fatal(err)
				}
				if c := <-s.calls; c.Peer.Name != test.shown {
					t.Errorf("is shown as %q", c.Peer.Name)
				}
				invite := s.peer.Expect(sip.INVITE)
				if got := invite.Recipient.String(); got != test.uri {
					t.Errorf("goes to %s", got)
				}
				s.peer.Reply(invite, 486)
				s.peer.Expect(sip.ACK)
			})
		})
	}
}

// A click on a number of the page around the phone is not lost while nobody is logged in.
func TestCallAskedForBeforeTheLoginIsMadeAfterIt(t *testing.T) {
	for _, test := range []struct {
		name string
		late time.Duration
		made bool
	}{
		{"soon", 10 * time.Second, true},
		{"when nobody thinks of it any more", 2 * time.Minute, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var shown []phone.Destination
				s := newScriptedWith(t, nil, config.Layer{}, func(b *bus.Bus) {
					bus.Subscribe(b, func(d phone.Destination) { shown = append(shown, d) })
				})
				s.Logout()
				synctest.Wait()
				if _, err := s.Dial(phone.Dial{To: "carol", Wait: true}); err != nil {
					t.Fatal(err)
				}
				if _, err := s.Dial(phone.Dial{To: "bob", Wait: true}); err != nil {
					t.Fatal(err)
				}
				if _, err := s.Dial(phone.Dial{To: "bob@", Wait: true}); err == nil {
					t.Error("what is no address waits too")
				}
				synctest.Wait()
				if last := len(shown) - 1; last != 1 || shown[last].To != "bob" || !shown[last].Asked {
					t.Errorf("the address field gets %+v", shown)
				}
				time.Sleep(test.late)
				if err := s.Login(phone.Login{URI: "alice@example.test", Password: "secret"}); err != nil {
					t.Fatal(err)
				}
				s.peer.ExpectDial()
				synctest.Wait()
				var to []string
				for _, c := range s.Snapshot().Calls {
					to = append(to, c.Peer.URI)
				}
				if (len(to) == 1 && to[0] == "sip:bob@example.test") != test.made {
					t.Errorf("calls %q", to)
				}
			})
		})
	}
}
