//go:build linux

package e2e

import (
	"strings"
	"testing"

	"gocommunicator/app/e2e/need"
)

// hostPage serves a page of an origin of its own, with a strict policy that names only the
// phone's, and returns its address.
func hostPage(t *testing.T, phone, body string) string {
	t.Helper()
	phone = strings.TrimSuffix(phone, "/")
	return host(t, map[string]string{"Content-Security-Policy": "default-src 'none'; script-src " + phone + " 'nonce-host'; frame-src " + phone}, map[string]string{
		"/": "<!doctype html><title>Host</title><script nonce=host>var was = new Set(Object.getOwnPropertyNames(window))</script><script src=" + phone + "/embed.js defer></script>" + body,
	})
}

// In a page of another origin the phone is an element, and that page's Arbiter is the
// phone's.
func TestWidgetInAPageOfAnotherOrigin(t *testing.T) {
	need.File(t, "build/site/embed.js", "make build")
	s := startServer(t)
	page := newPage(t, low, "host")
	alice := openPhone(t, page, hostPage(t, s.URL(), `<sip-phone account=alice load=now></sip-phone>
		<script nonce=host type=module>Arbiter.publish('jsc/destination/set', 'early')</script>`), "sip:alice@localhost", nil)
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")

	// Other scripts of the page find no frame, and what they post counts for nothing.
	page.Until("frames.length === 0 && document.querySelector('sip-phone').shadowRoot === null")
	page.Evaluate(`void [{topic: 'jsc/call/dial', data: {to: 'bob'}}, {sipPhone: 'hello', version: 1}].forEach((data) => postMessage(data, '*'))`, nil)
	page.Publish("jsc/ua/state", nil)
	page.Topic("jsc/ua/snapshot", "d.calls.length === 0 && d.registration.state === 'registered'", 0)

	page.Publish("jsc/call/dial", map[string]any{"to": "bob"})
	bob.Answer(false)
	alice.Talks()
	bob.Hears(lowTone)
	page.Screenshot("call")
	page.Publish("jsc/call/hangup", map[string]any{})
	bob.Idle()
	page.Topic("jsc/call/state", "d.state === 'ended'", 0)
	page.Until(`Object.getOwnPropertyNames(window).filter((n) => !was.has(n) && n !== 'Arbiter').length === 0`)
}

// A page that is not on the list may hold the phone, and gets nothing from it.
func TestWidgetInAPageThatIsNotOnTheList(t *testing.T) {
	index := string(readFile(t, "build/site/index.html", "make build"))
	s := startSite(t, map[string]string{
		"index.html":  strings.Replace(index, "</head>", `<script src="settings.js"></script></head>`, 1),
		"settings.js": `window.JSCommSettings = {embed: {allowed_origins: ["https://erp.example.org"]}};`,
	})
	page := newPage(t, low, "host")
	page.Open(hostPage(t, s.URL(), "<sip-phone account=alice load=now nonsense=1></sip-phone>"))
	page.Topic("jsc/error", "d.message.includes('nonsense')", 0)
	page.Topic("jsc/error", "d.message.includes('embed.allowed_origins')", 0)
	page.Screenshot("refused")
	for _, r := range page.Topics() {
		if r.Topic != "jsc/error" {
			t.Errorf("%s was let through", r.Topic)
		}
	}
}
