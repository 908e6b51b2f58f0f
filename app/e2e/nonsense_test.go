//go:build linux

package e2e

import (
	"fmt"
	"testing"

	"gocommunicator/app/e2e/peers"
	"gocommunicator/app/e2e/server"
)

// Descriptions that make no sense get 488, whenever they come, and the running call goes on
// with its sound; in answers they end the first call with a sentence and leave a running one.
func TestDescriptionsThatMakeNoSense(t *testing.T) {
	k := server.StartKamailio(t)
	alice := kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil)
	bob := peers.Open(t, newPage(t, high, "bob"), peers.JsSIP, peers.KamailioAccount(k.WS, "bob"))
	spoil := func(how string) { bob.Call("peer.spoil", how) }

	spoil("fingerprint")
	bob.Dial(alice.Address(), false)
	bob.Until(`peer.status.call === 'failed' && peer.status.cause === 'Incompatible SDP'`)

	spoil("fingerprint")
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.state("failed")
	alice.Until(told + `.includes('does not understand')`)
	bob.Idle()
	alice.Action("dismiss")

	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	alice.Hears(highTone)
	for _, method := range []string{"INVITE", "UPDATE"} {
		for _, how := range []string{"lines", "order", "direction", "fingerprint", "codec"} {
			var code int
			bob.Evaluate(fmt.Sprintf("peer.offer(%q, %q)", method, how), &code)
			if code != 488 {
				t.Errorf("%s with bad %s got %d", method, how, code)
			}
		}
	}
	alice.Hears(highTone)
	bob.Hears(lowTone)

	spoil("codec")
	alice.Action("hold")
	alice.Until(told + `.includes('goes on as it was')`)
	alice.Action("dismiss")
	alice.held(false, false)
	alice.Hears(highTone)
	alice.Action("hold")
	alice.held(true, false)
	alice.Action("resume")
	alice.held(false, false)
	alice.Hears(highTone)
	bob.Hears(lowTone)
	alice.Hangup()
	bob.Idle()
	alice.Released()
}
