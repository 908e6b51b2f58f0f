package config

import (
	"net/url"
	"strings"
	"testing"
)

// What a domain says is taken as a whole or not at all; keys that nobody knows are passed
// over, and nothing else, whatever words are in it.
func TestWhatADomainSaysIsTakenAsAWhole(t *testing.T) {
	from := &url.URL{Scheme: "https", Host: "example.test", Path: "/.well-known/gocommunicator.json"}
	for _, test := range []struct{ data, server, problem string }{
		{`{"websocket": {"servers": "/sip"}, "colour": 1}`, "wss://example.test/sip", ""},
		{`{"websocket": {"servers": ["wss://a.test/", "ws://b.test/"]}}`, "", "only connect to wss:"},
		{`{"websocket": {"servers": "ws://b.test/: is unknown"}}`, "", "only connect to wss:"},
		{`{"websocket": {"servers": "wss://a.test/"}, "turn_servers": 7}`, "", "turn_servers"},
		{`<!doctype html>`, "", "cannot be read"},
	} {
		d, err := ParseDomain(from, []byte(test.data))
		var server string
		for _, s := range d.WebSocket.Servers {
			server = s.URL
		}
		if server != test.server || (err == nil) != (test.problem == "") || err != nil && !strings.Contains(err.Error(), test.problem) {
			t.Errorf("%s: %q, %v", test.data, server, err)
		}
	}
}
