//go:build linux

package e2e

import (
	"strconv"
	"strings"
	"testing"
)

// Whoever wants to know what the phone and the server say to each other looks, searches,
// keeps, prints, and finds no secret.
func TestTraceShowsWhatWentOverTheLink(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(`window.print = () => { window.printed = document.querySelector('.printed').textContent; dispatchEvent(new Event('afterprint')); };
		URL.createObjectURL = (blob) => { blob.text().then((text) => { window.saved = text; }); return 'blob:none'; };
		HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; };
		Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } });`)
	alice := openDemo(t, s, page, "alice")
	alice.Until(`!performance.getEntriesByType('resource').some((e) => e.name.endsWith('trace.js'))`)
	alice.Action("tab-settings")
	alice.Action("open-trace")
	rows := func(n int) {
		t.Helper()
		alice.Until(`[...document.querySelectorAll('[data-region=trace] li')].filter((r) => !r.hidden).length === ` + strconv.Itoa(n))
	}
	rows(4) // REGISTER, 401, REGISTER, 200
	alice.Click(`[data-region=trace] li:nth-child(3) [data-action=trace-open]`)
	var text string
	alice.Evaluate(`document.querySelector('[data-region=trace] li:nth-child(3) pre').innerText`, &text)
	if !strings.HasPrefix(text, "REGISTER sip:localhost SIP/2.0\n") || !strings.Contains(text, "response=•••") {
		t.Errorf("the REGISTER with credentials is\n%s", text)
	}
	alice.Screenshot("trace")

	alice.Dial("sip:echo@localhost", false)
	alice.Talks()
	alice.Until(`document.querySelector('[data-region=trace] li:last-child summary').innerText.includes('ACK sip:')`)
	alice.Fill("trace-filter", "register")
	rows(4)
	alice.Fill("trace-filter", "nothing at all")
	alice.Until(`document.querySelector('.trace-hint').innerText !== ''`)
	alice.Evaluate(`void document.querySelector('[data-region=trace] li:last-child [data-action=trace-call]').click()`, nil)
	var all string
	for action, result := range map[string]string{"copy": "copied", "download": "saved", "print": "printed"} {
		alice.Action("trace-" + action)
		alice.Until(`window.` + result + ` !== undefined`)
		alice.Evaluate(result, &all)
		if !strings.Contains(all, "INVITE sip:echo@localhost") || strings.Contains(all, "REGISTER") || strings.Count(all, "a=ice-pwd:") != strings.Count(all, "a=ice-pwd:•••") {
			t.Errorf("%s gives\n%s", action, all)
		}
	}
	alice.Until(`savedAs === 'sip-trace.txt' && !document.querySelector('.printed')`)

	alice.Action("trace-pause")
	alice.Action("trace-clear")
	alice.Hangup()
	alice.Idle()
	rows(0)
	alice.Action("trace-pause")
	alice.Evaluate(`void (document.querySelector('[data-input=trace-filter]').value = '')`, nil)
	alice.Until(`document.querySelector('[data-region=trace] li summary')?.innerText.includes('BYE ')`)
	alice.Action("back")
	alice.Until(`!document.querySelector('[data-region=trace]') && document.activeElement.dataset.action === 'open-trace'`)
}
