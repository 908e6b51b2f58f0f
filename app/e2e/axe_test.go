//go:build linux

package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// violation is a rule of axe-core that something on the screen breaks.
type violation struct {
	Rule  string   `json:"rule"`
	Help  string   `json:"help"`
	Where []string `json:"where"`
}

// accessible has axe-core judge what is on the screen: in light, in dark, and from right
// to left.
func (p *phone) accessible(screen string) {
	p.t.Helper()
	for mode, prepare := range map[string]string{
		"light": "root.dataset.theme = 'light'; root.dir = 'ltr'",
		"dark":  "root.dataset.theme = 'dark'; root.dir = 'ltr'",
		"rtl":   "root.dataset.theme = 'light'; root.dir = 'rtl'",
	} {
		var found []violation
		p.Evaluate(fmt.Sprintf(`(async () => {
			const root = document.documentElement;
			%s;
			for (const a of document.getAnimations()) { try { a.finish(); } catch { a.cancel(); } }
			const { violations } = await axe.run(document, { resultTypes: ['violations'] });
			return violations.map((v) => ({ rule: v.id, help: v.help, where: v.nodes.map((n) => n.target.join(' ')) }));
		})()`, prepare), &found)
		for _, v := range found {
			p.t.Errorf("%s, %s: %s (%s) at %q", screen, mode, v.Rule, v.Help, v.Where)
		}
	}
}

func TestEveryScreenIsAccessible(t *testing.T) {
	judge := string(readFile(t, "build/peers/node_modules/axe-core/axe.min.js", "make peers"))
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(judge)
	page.Open(s.URL())
	page.Until("!!document.querySelector('[data-action=login]')")
	alice := &phone{Page: page, t: t, address: "sip:alice@localhost"}
	alice.accessible("login")
	alice.Action("login")
	alice.accessible("login without an address")
	page.Fill("sip-address", "alice@localhost")
	page.Fill("password", "alice")
	page.Action("login")
	page.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	alice.accessible("dialpad")
	alice.accessible("no chats")
	alice.chats("bob")
	alice.says("see https://example.org/ or call tel:+4930123")
	alice.reads("see https://example.org/ or call tel:+4930123", "failed")
	alice.accessible("conversation")
	alice.Action("delete-chat")
	alice.accessible("deleting a conversation")
	alice.Action("keep-chat")
	alice.Action("chat-back")
	alice.accessible("chats")
	alice.Dial("no one@", false)
	alice.accessible("wrong address")

	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	bob.Dial("alice", true)
	alice.Rung()
	alice.accessible("incoming call")
	alice.Answer(true)
	alice.Talks()
	alice.accessible("video call")
	alice.Action("more")
	alice.Action("quality")
	alice.Until(`document.querySelector('[data-region=quality] [data-id=loss]')`)
	alice.accessible("figures of a call")
	alice.Action("quality-close")
	page.Action("dtmf-pad")
	alice.accessible("keypad")
	alice.Hangup()
	bob.Idle()
	alice.accessible("history")
	alice.since = alice.Now()
	bob.Dial("alice", false)
	alice.Click("[data-state=incoming] [data-action=answer]")
	alice.Talks()
	alice.Action("hold")
	alice.held(true, false)
	alice.accessible("on hold")
	alice.handOver("no one@")
	alice.Enter()
	alice.Until("document.querySelector('[data-input=transfer-address]').getAttribute('aria-invalid') === 'true'")
	alice.accessible("whom to transfer to")
	alice.Press(kb.Escape)
	alice.Until("!document.querySelector('[data-region=transfer]')")
	bob.Publish("jsc/call/transfer", map[string]any{"to": "carol"})
	alice.Until("!!document.querySelector('[data-region=transfer-wish]')")
	alice.accessible("asked to talk to somebody else")
	alice.Press(kb.Escape)
	alice.Until("!document.querySelector('[data-region=transfer-wish]')")
	carol := openDemo(t, s, newPage(t, high, "carol"), "carol")
	carol.Dial("alice", false)
	alice.Until("!!document.querySelector('[data-state=incoming]')")
	alice.accessible("call waiting")
	alice.Click("[data-state=incoming] [data-action=reject]")
	alice.Action("hangup")
	page.Action("tab-settings")
	alice.accessible("settings")
	page.Action("open-desktop")
	page.Until("!!document.querySelector('sip-desktop section')")
	alice.accessible("notifications and headset")
	page.Action("back")
	page.Action("open-check")
	page.Action("check-start")
	page.Until("!!document.querySelector('.check-rows li:last-child:not([data-state=running])') && !document.querySelector('[data-action=check-start]').disabled")
	alice.accessible("equipment")
	page.Action("back")
	page.Action("open-shortcuts")
	page.Until("!!document.querySelector('sip-shortcuts li')")
	alice.accessible("keyboard shortcuts")
	page.Action("back")
	page.Action("open-help")
	page.Until("!!document.querySelector('sip-shortcuts li')")
	alice.accessible("help")
	page.Action("back")
	page.Action("open-trace")
	page.Until("!!document.querySelector('sip-trace li')")
	alice.accessible("messages with the server")
	page.Action("back")
	configuration(page)
	page.Action("help-server")
	page.Fill("registration.expiry", "an hour")
	page.Action("settings-save")
	page.Until(own("registration.expiry") + `.getAttribute('aria-invalid') === 'true'`)
	alice.accessible("configuration")
}
