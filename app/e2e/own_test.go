//go:build linux

package e2e

import (
	"strings"
	"testing"

	"gocommunicator/app/e2e/browser"
)

// configuration opens the box of what the person may set.
func configuration(p *browser.Page) {
	p.Action("tab-settings")
	p.Action("configuration")
	p.Until(`document.querySelector('[data-action=settings-save]').checkVisibility()`)
}

const saidOfSettings = `document.querySelector('.own [role=status]').innerText`

// own is what stands in a field of it.
func own(path string) string { return `document.getElementById('own-` + path + `')` }

func TestPersonSetsNameAndServerForThisBrowser(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	configuration(alice.Page)

	// Each box explains itself.
	const help = `document.querySelector('[data-action=help-server]').parentElement`
	alice.Until(`!` + help + `.open`)
	alice.Action("help-server")
	alice.Until(help + `.open && ` + help + `.innerText.includes('WebSocket')`)
	alice.Screenshot("help")

	// What cannot be used is said at its field, and nothing is changed.
	alice.Fill("websocket.servers", "https://a.test")
	alice.Fill("registration.expiry", "an hour")
	alice.Fill("user.display_name", "Al Ice")
	alice.Action("settings-save")
	alice.Until(`document.getElementById('own-websocket.servers-hint').innerText.includes('websocket.servers: must begin with wss:')`)
	alice.Until(`document.getElementById('own-registration.expiry-hint').innerText.includes('must be a number of seconds')`)
	alice.Until(own("websocket.servers") + ` === document.activeElement && ` + own("websocket.servers") + `.getAttribute('aria-invalid') === 'true'`)
	alice.Until(`localStorage.getItem('gocommunicator.settings') === null && ` + own("websocket.servers") + `.value === 'https://a.test'`)
	alice.Screenshot("wrong")

	// A name holds at once: the next call has it.
	alice.Fill("websocket.servers", "")
	alice.Fill("registration.expiry", "600")
	since := alice.Now()
	alice.Action("settings-save")
	alice.Until(saidOfSettings + ` === 'Saved'`)
	alice.Until(own("websocket.servers") + `.value.endsWith('/sip')`) // the site's
	alice.Topic("jsc/registration/state", "d.state === 'registered' && d.expires === 600", since)
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Dial(bob.Address(), false)
	bob.Topic("jsc/call/state", "d.state === 'incoming' && d.peer.name === 'Al Ice'", 0)
	alice.Hangup()
	alice.Idle()

	// And at the next visit, until it is taken back.
	alice.Open(s.URL() + "?account=alice")
	alice.Topic("jsc/registration/state", "d.state === 'registered' && d.expires === 600", 0)
	configuration(alice.Page)
	alice.Until(own("user.display_name") + `.value === 'Al Ice'`)
	since = alice.Now()
	alice.Action("settings-reset")
	alice.Until(own("user.display_name") + `.value === '' && ` + own("registration.expiry") + `.value === '3600'`)
	alice.Topic("jsc/registration/state", "d.state === 'registered' && d.expires === 3600", since)
	alice.Until(`!document.querySelector('[data-action=settings-reset]').checkVisibility()`)
}

// A password goes to no server but the one that it was for.
func TestOtherServerOfThePersonGetsNoPassword(t *testing.T) {
	page := newPage(t, low, "alice")
	page.Before(`window.JSCommSettings = { user: { uri: 'sip:alice@localhost', sip_auth_password: 'alice' } }`)
	s := startServer(t)
	page.Open(s.URL())
	page.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	configuration(page)
	page.Fill("websocket.servers", "ws://127.0.0.1:1/")
	page.Action("settings-save")
	const asked = `document.querySelector('[data-region=login]')?.checkVisibility() && ` + typedAddress + ` === 'alice@localhost'`
	page.Until(asked)
	page.Open(s.URL()) // the next visit
	page.Until(asked)
	for _, r := range page.Topics() {
		if strings.Contains(string(r.Data), "registering") {
			t.Errorf("the password was sent: %s", r.Data)
		}
	}
}

func TestSiteMayKeepItsSettingsToItself(t *testing.T) {
	page := newPage(t, low, "alice")
	page.Before(`window.JSCommSettings = { user_settings: false };
		try { localStorage.setItem('gocommunicator.settings', '{"user.display_name": "Mallory"}'); } catch {}`)
	alice := openDemo(t, startServer(t), page, "alice")
	alice.Action("tab-settings")
	alice.Until(`document.querySelector('[data-region=settings]').checkVisibility() && !document.querySelector('[data-region=configuration]')`)
	alice.Until(typedName + ` === ''`)
}
