//go:build linux

package e2e

import "testing"

// inCall waits until the phone talks with somebody, all other calls being held.
func (p *phone) inCall(address string, calls int) {
	p.t.Helper()
	p.Until(`(() => {
		const rows = [...document.querySelectorAll('[data-region=call]')];
		const shown = rows.filter((r) => r.checkVisibility());
		return rows.length === ` + string(rune('0'+calls)) + ` && shown.length === 1 && shown[0].dataset.state === 'active'
			&& shown[0].innerText.includes(` + quote(address) + `)
			&& rows.every((r) => r === shown[0] || r.dataset.state === 'held');
	})()`)
}

// A call that comes in while another goes on is answered in its stead or beside it, and a
// click on its row goes back.
func TestSecondCallIsAnsweredBesideTheFirst(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	carol := openDemo(t, s, newPage(t, low, "carol"), "carol")
	alice.Dial("bob", false)
	bob.Answer(false)
	alice.Talks()
	alice.inCall("bob@localhost", 1)

	carol.Dial("alice", false)
	carol.Rings()
	alice.Until("[...document.querySelectorAll('[data-state=incoming] .wide span')].every((word) => word.scrollWidth <= word.clientWidth)")
	alice.Click("[data-state=incoming] [data-action=answer]")
	carol.Talks()
	alice.inCall("carol@localhost", 2)
	bob.held(false, true)
	alice.Hears(lowTone)
	alice.Click(".strip-call[data-state=held]")
	alice.inCall("bob@localhost", 2)
	carol.held(false, true)
	bob.Hears(lowTone)
	alice.Action("hangup")
	bob.Idle()
	alice.Click("[data-action=resume]")
	alice.inCall("carol@localhost", 1)
	alice.Hears(lowTone)

	// Beside it somebody else is called.
	alice.Action("more")
	alice.Action("add-call")
	alice.since = alice.Now()
	alice.Dial("bob", false)
	bob.since = bob.Now()
	bob.Click("[data-state=incoming] [data-action=answer]")
	alice.inCall("bob@localhost", 2)
	alice.Hears(highTone)

	// And a third call takes the place of the one that is talked in.
	alice.Action("hangup")
	alice.Click("[data-action=resume]")
	alice.inCall("carol@localhost", 1)
	bob.Dial("alice", false)
	alice.Click("[data-state=incoming] [data-action=answer-hangup]")
	alice.inCall("bob@localhost", 1)
	carol.Idle()
	alice.Hears(highTone)
	alice.Action("hangup")
	alice.Released()
}
