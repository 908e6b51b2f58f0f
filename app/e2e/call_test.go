//go:build linux

package e2e

import (
	"testing"

	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/peers"
	"gocommunicator/app/e2e/server"
)

// talk has one call the other and proves sound, and video when wanted, at both ends.
// Each side hears the tone of the other's microphone. Then the callee or the caller
// hangs up, and nothing stays open.
func talk(t *testing.T, caller party, callersTone int, callee party, calleesTone int, video, callerHangsUp bool) {
	t.Helper()
	caller.Dial(callee.Address(), video)
	callee.Answer(video)
	caller.Talks()
	callee.Talks()
	caller.Hears(calleesTone)
	callee.Hears(callersTone)
	if video {
		caller.Sees()
		callee.Sees()
	} else if m := caller.Media(); len(m.LocalTracks) != 1 || m.VideoSent != 0 {
		t.Errorf("an audio call uses the devices %v and sent %d packets of video", m.LocalTracks, m.VideoSent)
	}
	if callerHangsUp {
		caller.Hangup()
	} else {
		callee.Hangup()
	}
	caller.Idle()
	callee.Idle()
	caller.Released()
	callee.Released()
}

func TestTwoTabsTalkThroughTheEmbeddedServer(t *testing.T) {
	for _, test := range []struct {
		name                 string
		video, callerHangsUp bool
	}{
		{name: "audio, the callee hangs up"},
		{name: "video, the caller hangs up", video: true, callerHangsUp: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := startServer(t)
			alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
			bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
			talk(t, alice, lowTone, bob, highTone, test.video, test.callerHangsUp)
		})
	}
}

func TestCallerHearsAndSeesHerselfFromTheEchoService(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	alice.Dial("sip:echo@localhost", true)
	alice.Talks()
	alice.Hears(lowTone)
	alice.Sees()
	alice.Screenshot("echo")
	alice.Hangup()
	alice.Idle()
	alice.Released()
}

// kamailioPhone opens our page from a static host, for a user of Kamailio.
func kamailioPhone(t *testing.T, page *browser.Page, url, user string, more map[string]any) *phone {
	t.Helper()
	settings := map[string]any{"websocket": map[string]any{"servers": url}}
	for key, value := range more {
		settings[key] = value
	}
	return openPhone(t, page, serveSite(t, settings), "sip:"+user+"@"+server.Domain, logIn(server.Password(user)))
}

// throughBothServers runs a test with two of our pages, through the embedded server and
// through Kamailio.
func throughBothServers(t *testing.T, test func(t *testing.T, alice, bob *phone)) {
	t.Helper()
	t.Run("embedded server", func(t *testing.T) {
		s := startServer(t)
		test(t, openDemo(t, s, newPage(t, low, "alice"), "alice"), openDemo(t, s, newPage(t, high, "bob"), "bob"))
	})
	t.Run("Kamailio", func(t *testing.T) {
		k := server.StartKamailio(t)
		test(t, kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil), kamailioPhone(t, newPage(t, high, "bob"), k.WS, "bob", nil))
	})
}

func TestPagesTalkThroughKamailio(t *testing.T) {
	for _, test := range []struct {
		name string
		url  func(*server.Kamailio) string
	}{
		{"ws", func(k *server.Kamailio) string { return k.WS }},
		{"wss", func(k *server.Kamailio) string { return k.WSS }},
	} {
		t.Run(test.name, func(t *testing.T) {
			url := test.url(server.StartKamailio(t))
			alice := kamailioPhone(t, newPage(t, low, "alice"), url, "alice", nil)
			bob := kamailioPhone(t, newPage(t, high, "bob"), url, "bob", nil)
			talk(t, alice, lowTone, bob, highTone, true, true)
		})
	}
}

func TestPageTalksWithClientsOfOthers(t *testing.T) {
	for _, test := range []struct {
		name    string
		library peers.Library
		called  bool // we are
		video   bool
	}{
		{name: "calls JsSIP", library: peers.JsSIP, video: true},
		{name: "is called by JsSIP", library: peers.JsSIP, called: true},
		{name: "calls SIP.js", library: peers.SIPjs},
		{name: "is called by SIP.js", library: peers.SIPjs, called: true, video: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			url := server.StartKamailio(t).WS
			alice := kamailioPhone(t, newPage(t, low, "alice"), url, "alice", nil)
			bob := peers.Open(t, newPage(t, high, "bob"), test.library, peers.KamailioAccount(url, "bob"))
			if test.called {
				talk(t, bob, highTone, alice, lowTone, test.video, false)
				return
			}
			talk(t, alice, lowTone, bob, highTone, test.video, false)
		})
	}
}

func TestPageTalksWithFirefox(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	bob := openDemo(t, s, newFirefoxPage(t, "bob"), "bob")
	talk(t, alice, lowTone, bob, browser.FirefoxHertz, true, true)
}

func TestRelayOnlyCallGoesThroughTURN(t *testing.T) {
	ofCoturn := func(address func(*server.TURN) string) func(t *testing.T) (alice, bob *phone) {
		return func(t *testing.T) (alice, bob *phone) {
			url, turn := server.StartKamailio(t).WS, server.StartCoturn(t)
			settings := map[string]any{"media": map[string]any{"relay_only": true}, "turn_servers": []any{
				map[string]any{"server": address(turn), "username": turn.Username, "password": turn.Credential},
			}}
			return kamailioPhone(t, newPage(t, low, "alice"), url, "alice", settings),
				kamailioPhone(t, newPage(t, high, "bob"), url, "bob", settings)
		}
	}
	for _, test := range []struct {
		name string
		open func(t *testing.T) (alice, bob *phone)
	}{
		{"of the embedded server", func(t *testing.T) (alice, bob *phone) {
			s := startServer(t)
			open := func(page *browser.Page, name string) *phone {
				page.Before(`window.JSCommSettings = { media: { relay_only: true } };`)
				return openDemo(t, s, page, name)
			}
			return open(newPage(t, low, "alice"), "alice"), open(newPage(t, high, "bob"), "bob")
		}},
		{"of coturn", ofCoturn(func(turn *server.TURN) string { return turn.UDP })},
		{"of coturn over TLS", ofCoturn(func(turn *server.TURN) string { return turn.TLS })},
	} {
		t.Run(test.name, func(t *testing.T) {
			alice, bob := test.open(t)
			alice.Dial(bob.Address(), false)
			bob.Answer(false)
			alice.Talks()
			bob.Talks()
			alice.Hears(highTone)
			bob.Hears(lowTone)
			for _, p := range []*phone{alice, bob} {
				if m := p.Media(); m.LocalCandidate != "relay" {
					t.Errorf("%s sends from a candidate of type %q to one of type %q", p.Address(), m.LocalCandidate, m.RemoteCandidate)
				}
			}
			alice.Hangup()
			bob.Idle()
			bob.Released()
		})
	}
}
