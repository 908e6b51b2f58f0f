//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gocommunicator/app/e2e/need"
)

func readFile(t *testing.T, path, made string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Clean(need.File(t, path, made)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Somebody's page of JSCommunicator's time, with jQuery and that one's topics, works
// around the phone as it did.
func TestPageOfJSCommunicatorsTimeWorksAroundThePhone(t *testing.T) {
	index := string(readFile(t, "build/site/index.html", "make build"))
	const around = `<select id="contacts"><option value="">-<option value="carol">Carol</select>
		<a id="down" href="#foot">down</a><table id="events"></table>
		<script src="jquery.js"></script><script src="host.js"></script></body>`
	s := startSite(t, map[string]string{
		"index.html": strings.Replace(index, "</body>", around, 1),
		"jquery.js":  string(readFile(t, "build/peers/node_modules/jquery/dist/jquery.js", "make peers")),
		"host.js":    string(readFile(t, "app/e2e/testdata/host.js", "git")),
	})
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	alice.Until("!document.getElementById('contacts').disabled")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")

	bob.Dial("alice", false)
	alice.Rung()
	alice.Until("document.getElementById('contacts').disabled")
	alice.Until("[...document.querySelectorAll('#events tr')].filter((r) => r.innerText.includes('jsc/call/incoming')).length === 1")
	alice.Answer(false)
	bob.Talks()
	bob.Hangup()
	alice.Until("!document.getElementById('contacts').disabled")
	for _, topic := range []string{"jsc/ua/incall", "jsc/call/connected", "jsc/call/end", "jsc/ua/idle", "jsc/call/state"} {
		alice.Until("[...document.querySelectorAll('#events td')].some((c) => c.innerText === " + quote(topic) + ")")
	}

	alice.Click("#events .redial")
	alice.Until("document.getElementById('address').value === 'sip:bob@localhost'")
	alice.Evaluate("void jQuery('#contacts').val('carol').change()", nil)
	alice.Until("document.getElementById('address').value === 'carol'")
	alice.Click("#down")
	alice.Until("host.scrolled === 1 && location.hash === '#foot'")
	alice.Until("document.querySelector('[data-region=dialpad]').checkVisibility()") // the phone is still there
	alice.Fill("address", "echo")
	alice.Enter()
	alice.Topic("jsc/call/outgoing", "d === 'sip:echo@localhost'", 0)
	alice.Until("host.keys.includes('Enter')")
}
