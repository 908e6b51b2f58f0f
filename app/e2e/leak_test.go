//go:build linux

package e2e

import (
	"os"
	"testing"

	"gocommunicator/app/e2e/browser"
)

// held counts what a page holds on to when its program has collected its garbage too,
// which it does when it is given much to throw away.
func held(page *browser.Page) browser.Held {
	for range 12 {
		since := page.Now()
		page.Evaluate("void Arbiter.publish('jsc/ua/state', 'x'.repeat(2 << 20))", nil)
		page.Topic("jsc/ua/snapshot", "true", since)
	}
	page.Publish("jsc/ua/state", nil) // the last one stands in for the large ones
	page.Until("e2e.topics.at(-1).topic === 'jsc/ua/snapshot'")
	return page.Held()
}

// grown fails the test when a page holds on to something more for each of so many
// rounds than at the beginning.
func grown(t *testing.T, rounds int, before, after browser.Held) {
	t.Helper()
	t.Logf("before %+v", before)
	t.Logf("after %d: %+v", rounds, after)
	const pending = 80 // values that the program's last collection has not come to
	// The browser itself keeps a node of each form that was sent.
	for what, n := range map[string]int{
		"listeners": 2 * (after.Listeners - before.Listeners),
		"nodes":     (after.Nodes - before.Nodes) / 2,
		"values":    2 * (after.Values - before.Values - pending),
	} {
		if n >= rounds {
			t.Errorf("more %s are held after %d rounds", what, rounds)
		}
	}
	const (
		perRound = 20 << 10 // bytes; the browser's own lists of what was are in it
		noise    = 4 << 20  // what held has it throw away may still be there
	)
	if n := after.Heap - before.Heap; n > noise+rounds*perRound {
		t.Errorf("%d more bytes of heap after %d rounds", n, rounds)
	}
}

func TestTwentyLoginsLeaveNothingBehind(t *testing.T) {
	const rounds = 20
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(browser.Counted)
	page.Open(s.URL())
	login := func(name string) {
		t.Helper()
		since := page.Now()
		page.Fill("sip-address", name+"@localhost")
		page.Fill("password", name)
		page.Action("login")
		page.Topic("jsc/registration/state", "d.state === 'registered' && d.aor === 'sip:"+name+"@localhost'", since)
		page.Publish("jsc/ua/logout", nil)
		page.Topic("jsc/link/state", "d.state === 'down'", since)
	}
	for range 3 { // what is made once has been made
		login("alice")
		login("bob")
	}
	before := held(page)
	for range rounds / 2 {
		login("alice")
		login("bob")
	}
	grown(t, rounds, before, held(page))
}

// A hundred calls in the long form (make test-long), twenty-four otherwise.
func TestCallsLeaveNothingBehind(t *testing.T) {
	rounds := 24
	if os.Getenv("E2E_LONG") != "" {
		rounds = 100
	}
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(browser.Counted)
	alice := openDemo(t, s, page, "alice")
	call := func() {
		t.Helper()
		alice.Dial("echo", false)
		alice.Talks()
		alice.Hangup()
		alice.Idle()
		alice.Released()
	}
	for range 4 {
		call()
	}
	counted := func() browser.Held {
		t.Helper()
		page.Action("history-menu") // what it shows is meant to stay
		page.Action("history-clear")
		page.Action("history-clear-confirm")
		page.Until("!document.querySelector('[data-region=history] [data-id]')")
		return held(page)
	}
	before := counted()
	for range rounds {
		call()
	}
	grown(t, rounds, before, counted())
	if m := page.Media(); m.Connections > 0 {
		t.Errorf("%d connections are open", m.Connections)
	}
}
