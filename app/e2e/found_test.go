//go:build linux

package e2e

import (
	"strings"
	"testing"
)

// A site that names no server asks the domain of who logs in; where that says nothing, the
// form stands as it was, with a sentence.
func TestServersAreFoundByTheDomainOfWhoLogsIn(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(`window.JSCommSettings = { websocket: { servers: null }, guest: null }`)
	page.Open(s.URL())
	page.Fill("sip-address", "alice@localhost:1")
	page.Fill("password", "alice")
	page.Action("login")
	page.Topic("jsc/error", "d.code === 'error_discovery' && d.message.includes('localhost:1')", 0)
	page.Screenshot("nothing")
	page.Until(typedAddress + ` === 'alice@localhost:1' && document.querySelector('[data-input=password]').value === 'alice'`)

	alice := &phone{Page: page, t: t, address: "sip:alice@127.0.0.1"}
	page.Fill("sip-address", "alice@"+s.Addr())
	page.Action("login")
	page.Topic("jsc/registration/state", "d.state === 'registered' && d.aor === 'sip:alice@127.0.0.1'", 0)
	alice.Dial("echo", false)
	alice.Talks()
	alice.Hears(lowTone)
	alice.Hangup()
	alice.Idle()
	page.Publish("jsc/ua/logout", nil)

	// The domain alone: as guest of it, without a password.
	page.Until(`document.querySelector('[data-region=login]').checkVisibility()`)
	since := page.Now()
	page.Fill("sip-address", s.Addr())
	page.Fill("password", "")
	page.Action("login")
	page.Topic("jsc/registration/state", "d.state === 'registered' && d.aor.startsWith('sip:guest-')", since)
}

// What is asked of the web is small JSON from a secure server, or nothing.
func TestOnlySmallJSONIsTakenFromTheWeb(t *testing.T) {
	s := startSite(t, map[string]string{
		"good.json": `{"ü": 1}`, "page.html": "<!doctype html>", "large.json": `"` + strings.Repeat("x", 1<<17) + `"`,
	})
	page := newPage(t, low, "alice")
	page.Open(s.URL())
	for address, want := range map[string]string{
		"good.json": `{"ü": 1}`, "page.html": "Error: no JSON, status 200", "nowhere.json": "Error: no JSON, status 404",
		"large.json": "Error: too large", "http://192.0.2.1/good.json": "Error: not secure",
	} {
		page.Until(`fetchJSON('GET', ` + quote(address) + `).catch(String).then((said) => said === ` + quote(want) + `)`)
	}
}
