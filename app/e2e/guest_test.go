//go:build linux

package e2e

import (
	"testing"

	"gocommunicator/app/e2e/server"
)

// openButton opens a page of the embedded server with settings and more in its address.
func openButton(t *testing.T, url, settings, query string) *phone {
	t.Helper()
	p := &phone{Page: newPage(t, low, "visitor"), t: t}
	p.Before("window.JSCommSettings = " + settings)
	p.Open(url + query)
	return p
}

// The page of a button has that and nothing else; who presses it calls without an account,
// and is called back.
func TestButtonCallsAsGuest(t *testing.T) {
	s := startServer(t)
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	v := openButton(t, s.URL(), `{ button: { to: 'sip:bob@localhost', label: 'Talk to <b>us</b>' } }`, "?button=1&dial=carol&video=true")
	v.Until(`document.querySelector('[data-action=call]')?.innerText === 'Talk to <b>us</b>'`)
	v.Until(seen + ` === 'caller' && [...document.querySelectorAll('button')].filter((b) => b.checkVisibility()).length === 1`)
	v.Screenshot("button")
	v.calledNobody() // a link does not dial
	v.Action("call")
	bob.Rung()
	v.Screenshot("rings")
	bob.Answer(false)
	v.Talks()
	v.Hears(highTone)
	bob.Hears(lowTone)
	v.Screenshot("call")
	v.Until(`[...document.querySelectorAll('.call button')].filter((b) => b.checkVisibility()).map((b) => b.dataset.action).join() === 'mute,dtmf-pad,hangup'`)
	v.Action("mute")
	bob.Silence()
	v.Action("hangup")
	bob.Idle()
	v.Until(`document.querySelector('[data-action=call]')?.checkVisibility()`)

	v.since, bob.since = v.Now(), bob.Now()
	bob.Click(`.history [data-action=redial]`)
	v.Rung()
	v.Screenshot("called back")
	v.Action("answer")
	v.Talks()
	v.Hears(highTone)
	bob.Hangup()
	v.Idle()
	v.Released()
}

// With button.only the page is that whatever its address says; what goes wrong is said.
func TestButtonThatIsAllThereIs(t *testing.T) {
	s := startServer(t)
	v := openButton(t, s.URL(), `{ button: { to: 'sip:echo@localhost', only: true, video: true }, guest: { enrol_url: '/nowhere' } }`, "")
	v.Until(`document.querySelector('[data-action=call]')?.innerText === 'Video call'`)
	v.Action("call")
	v.Topic("jsc/error", "d.code === 'error_guest_account'", 0)
	v.Until(told + `.includes('Calls without an account are not possible at the moment')`)
	v.Screenshot("failed")

	v = openButton(t, s.URL(), `{ panels: ['dialpad'] }`, "?button=1")
	v.Topic("jsc/error", "d.code === 'error_config' && d.message.includes('button.to')", 0)
	v.Until(`document.querySelector('[data-region=login]')?.checkVisibility()`)
	v.Click(`[data-action=guest]`)
	v.Topic("jsc/registration/state", "d.state === 'registered' && d.aor.startsWith('sip:guest-')", 0)
	v.Dial("echo", false)
	v.Talks()
	v.Hears(lowTone)
	v.Hangup()
	v.Idle()
}

// Kamailio takes nobody whom it does not know: that is said, and how to go on.
func TestAnonymousCallThatAServerRefusesIsExplained(t *testing.T) {
	k := server.StartKamailio(t)
	v := &phone{Page: newPage(t, low, "visitor"), t: t}
	v.Open(serveSite(t, map[string]any{
		"websocket": map[string]any{"servers": k.WS}, "guest": map[string]any{"anonymous": true},
		"button": map[string]any{"to": "sip:bob@" + server.Domain, "only": true},
	}))
	v.Until(`document.querySelector('[data-action=call]')?.checkVisibility()`)
	v.Action("call")
	v.Topic("jsc/error", "d.code === 'error_guest_refused'", 0)
	v.Until(told + `.includes('The server takes no calls without an account')`)
	v.Screenshot("refused")
}
