package ui

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"gocommunicator/app/phone"
)

func TestDuration(t *testing.T) {
	tests := []struct {
		d    time.Duration
		want string
	}{
		{0, "0:00"},
		{-time.Second, "0:00"},
		{999 * time.Millisecond, "0:00"},
		{time.Second, "0:01"},
		{59 * time.Second, "0:59"},
		{time.Minute, "1:00"},
		{59*time.Minute + 59*time.Second, "59:59"},
		{time.Hour, "1:00:00"},
		{100*time.Hour + 61*time.Second, "100:01:01"},
	}
	for _, tt := range tests {
		if got := duration(tt.d); got != tt.want {
			t.Errorf("%v is %q, want %q", tt.d, got, tt.want)
		}
	}
}

func TestPeersAreCalledByNameElseByAddress(t *testing.T) {
	tests := []struct {
		peer                   phone.Peer
		name, address, initial string
	}{
		{phone.Peer{URI: "sip:bob@example.org", Name: "Bob Taylor"}, "Bob Taylor", "bob@example.org", "B"},
		{phone.Peer{URI: "sip:bob@example.org"}, "bob", "bob@example.org", "B"},
		{phone.Peer{URI: "sips:bob@example.org", Name: " \t"}, "bob", "bob@example.org", "B"},
		{phone.Peer{URI: "sip:example.org"}, "example.org", "example.org", "E"},
		{phone.Peer{URI: "sip:+4930123@example.org"}, "+4930123", "+4930123@example.org", "4"},
		{phone.Peer{URI: "sip:j%C3%BCrgen@example.org"}, "jürgen", "jürgen@example.org", "J"},
		{phone.Peer{URI: "sip:%ff@example.org"}, "%ff", "%ff@example.org", "F"},
		{phone.Peer{URI: "sip:a@b", Name: "\u202egro.knab"}, "gro.knab", "a@b", "G"},
		// Escapes that would make it look like somebody else's address stay.
		{phone.Peer{URI: "sip:%0d%0aevil@b"}, "%0d%0aevil", "%0d%0aevil@b", "0"},
		{phone.Peer{URI: "sip:bob%00@b"}, "bob%00", "bob%00@b", "B"},
		{phone.Peer{URI: "sip:%E2%80%AEbob@b"}, "%E2%80%AEbob", "%E2%80%AEbob@b", "E"},
		{phone.Peer{URI: "sip:alice%40bank.example@evil.example"}, "alice%40bank.example", "alice%40bank.example@evil.example", "A"},
		{phone.Peer{URI: "sip:a@b", Name: "<b>x</b>"}, "<b>x</b>", "a@b", "B"},
		{phone.Peer{URI: "sip:a@b", Name: "张伟"}, "张伟", "a@b", "张"},
		{phone.Peer{URI: "sip:*@b"}, "*", "*@b", "#"},
		{phone.Peer{}, "", "", "#"},
	}
	for _, tt := range tests {
		if got := [3]string{peerName(tt.peer), peerAddress(tt.peer), initial(tt.peer)}; got != [3]string{tt.name, tt.address, tt.initial} {
			t.Errorf("%+v: %q, want %q", tt.peer, got, [3]string{tt.name, tt.address, tt.initial})
		}
	}
}

func FuzzPeer(f *testing.F) {
	f.Add("sip:bob@example.org", "Bob")
	f.Add("sip:%0d%0a%e2%80%ae@x", "\u2066\x00")
	f.Add("\xff%", "\xff")
	f.Fuzz(func(t *testing.T, uri, name string) {
		p := phone.Peer{URI: uri, Name: name}
		for _, shown := range []string{peerName(p), peerAddress(p), initial(p)} {
			if strings.ContainsFunc(shown, unicode.IsControl) || strings.ContainsAny(shown, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") {
				t.Errorf("%+v is shown as %q", p, shown)
			}
		}
	})
}

func TestOutcome(t *testing.T) {
	cause := func(c phone.Call, code int) phone.Call {
		c.Cause = &phone.Cause{Code: code}
		return c
	}
	talked := out("a", phone.Ended)
	talked.Answered, talked.Ended = began, began.Add(83*time.Second)
	broken := talked
	broken.State, broken.Cause = phone.Failed, &phone.Cause{Code: 503}
	tests := []struct {
		name string
		call phone.Call
		want string
		bad  bool
	}{
		{"talked", talked, "cause_ended 1:23", false},
		{"broken off", broken, "cause_lost 1:23", true},
		{"busy", cause(out("a", phone.Failed), 486), "cause_busy", true},
		{"no answer", cause(out("a", phone.Failed), 408), "cause_no_answer", true},
		{"declined", cause(out("a", phone.Failed), 603), "cause_declined", true},
		{"given up here", cause(out("a", phone.Ended), 487), "cause_cancelled", false},
		{"given up here without a cause", out("a", phone.Ended), "cause_cancelled", false},
		{"never came about", out("a", phone.Failed), "cause_failed", true},
		{"missed", cause(in("a", phone.Ended), 487), "cause_missed", false},
		{"missed because the link broke", cause(in("a", phone.Failed), 503), "cause_missed", false},
		{"turned down here", cause(in("a", phone.Ended), 603), "cause_ended", false},
		{"answered elsewhere", cause(in("a", phone.Ended), 200), "cause_elsewhere", false},
	}
	for _, tt := range tests {
		got := outcome(tt.call)
		if said := strings.TrimSpace(got.Key + " " + got.Tail); said != tt.want || got.Bad != tt.bad {
			t.Errorf("%s: %q, bad %v; want %q, bad %v", tt.name, said, got.Bad, tt.want, tt.bad)
		}
	}
}
