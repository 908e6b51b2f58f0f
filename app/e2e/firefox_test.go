//go:build linux

package e2e

import "testing"

// What people do day by day, in the other browser: log in, call, write, and look at what
// was.
func TestMainPathInFirefox(t *testing.T) {
	s := startServer(t)
	page := newFirefoxPage(t, "bob")
	page.Open(s.URL())
	bob := &phone{Page: page, t: t, address: "sip:bob@localhost"}
	page.Fill("display-name", "Bob")
	logIn("bob")(bob)
	page.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")

	bob.Dial("alice", false)
	alice.Answer(false)
	bob.Talks()
	bob.Hears(lowTone)
	bob.Action("hold")
	bob.held(true, false)
	bob.Action("resume")
	bob.held(false, false)
	bob.Hears(lowTone)
	bob.Hangup()
	bob.Idle()

	bob.chats("alice")
	bob.says("written in Firefox")
	alice.Topic("jsc/message/received", "d.text === 'written in Firefox' && d.peer.name === 'Bob'", 0)
	alice.chats("bob")
	alice.says("and answered")
	bob.reads("and answered", "")

	bob.Until("document.querySelector('[data-region=history] [data-id]').innerText.includes('alice')")
	bob.reload()
	logIn("bob")(bob)
	bob.Until("document.querySelector('[data-region=history] [data-id]')?.innerText.includes('alice')")
	bob.Until("document.querySelector('.chat-row')?.innerText.includes('and answered')")
	bob.since = bob.Now()
	bob.Click("[data-region=history] [data-action=redial]")
	alice.since = alice.Now()
	bob.state("trying", "ringing")
	bob.Hangup()
	bob.Idle()
}
