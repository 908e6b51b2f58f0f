//go:build linux

package e2e

import (
	"testing"

	"gocommunicator/app/e2e/server"
)

// The help opens by a key, offers what there is to try out, and a call to oneself comes
// back, through whatever server.
func TestHelpTriesTheOwnAccountOut(t *testing.T) {
	for name, open := range map[string]func(*testing.T) *phone{
		"the embedded server": func(t *testing.T) *phone { return openDemo(t, startServer(t), newPage(t, low, "alice"), "alice") },
		"Kamailio": func(t *testing.T) *phone {
			return kamailioPhone(t, newPage(t, low, "alice"), server.StartKamailio(t).WS, "alice", nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			alice := open(t)
			alice.Evaluate(`void document.activeElement.blur()`, nil)
			alice.key("?")
			alice.Until(`document.activeElement.dataset.region === 'help'`)
			if name == "the embedded server" {
				alice.Until(`[...document.querySelectorAll('a[data-action=open-account]')].some((a) => a.href === new URL('?account=bob', location).href && a.target === '_blank')`)
			}
			alice.Click(`[data-region=help] details:first-of-type summary`)
			alice.Until(`document.querySelector('[data-region=help] details').open`)
			alice.Screenshot("help")
			alice.since = alice.Now()
			alice.Action("self-call")
			alice.Rung()
			alice.Screenshot("self-call")
			alice.Action("answer")
			both := func(state string) string {
				return `new Set(e2e.topics.filter((r) => r.topic === 'jsc/call/state' && r.data.state === '` + state + `').map((r) => r.data.id)).size === 2`
			}
			alice.Until(both("active"))
			alice.Hears(lowTone)
			alice.Hangup()
			alice.Until(both("ended"))
			alice.Released()
		})
	}
}
