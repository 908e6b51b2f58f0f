//go:build linux

package e2e

import (
	"testing"

	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/peers"
	"gocommunicator/app/e2e/server"
)

// The tests' own tools are right when two clients of others, neither of them ours,
// are seen to talk through Kamailio.
func TestPeersTalkThroughKamailio(t *testing.T) {
	for _, test := range []struct {
		name           string
		caller, callee peers.Library
		video, secure  bool
		firefox        bool // at the callee's
	}{
		{name: "JsSIP calls SIP.js with video", caller: peers.JsSIP, callee: peers.SIPjs, video: true},
		{name: "SIP.js calls JsSIP over wss", caller: peers.SIPjs, callee: peers.JsSIP, secure: true},
		{name: "SIP.js calls JsSIP in Firefox with video", caller: peers.SIPjs, callee: peers.JsSIP, video: true, firefox: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			kamailio := server.StartKamailio(t)
			url := kamailio.WS
			if test.secure {
				url = kamailio.WSS
			}
			alice := peers.Open(t, newPage(t, low, "alice"), test.caller, peers.KamailioAccount(url, "alice"))
			bobsPage, bobsTone := newPage(t, high, "bob"), highTone
			if test.firefox {
				bobsPage, bobsTone = newFirefoxPage(t, "bob"), browser.FirefoxHertz
			}
			bob := peers.Open(t, bobsPage, test.callee, peers.KamailioAccount(url, "bob"))

			alice.Dial(bob.Address(), test.video)
			bob.Answer(test.video)
			alice.Talks()
			bob.Talks()
			alice.Hears(bobsTone)
			bob.Hears(lowTone)
			if test.video {
				alice.Sees()
				bob.Sees()
			}
			bob.Hangup()
			alice.Idle()
			alice.Released()
			bob.Released()
		})
	}
}
