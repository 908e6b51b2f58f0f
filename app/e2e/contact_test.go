//go:build linux

package e2e

import (
	"testing"

	"gocommunicator/app/e2e/server"
)

// aRecord is what a page's database has of somebody, as JavaScript.
const aRecord = `{name: 'Carol <b>Ćwik</b>', url: 'https://erp.example.org/accounts/7?a=1&b=2', notes: 'Pays late.\nAsk for the "blue" order.',
	photo: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="teal"/></svg>',
	fields: [{label: 'City', value: 'Bonn'}, {label: 'Account', value: 'A very long name of a company that does not fit into any line of a telephone Ltd.'}, {label: 'Since', value: '2009'}, {label: 'Rank', value: '4'}]}`

// knows has the page around a phone answer who calls.
func (p *phone) knows(record string) {
	p.t.Helper()
	p.Evaluate(`void Arbiter.subscribe('jsc/contact/lookup', ({id, uri}) => { window.asked = uri; Arbiter.publish('jsc/contact/found', {id, ...`+record+`}); })`, nil)
}

// recordShown waits until a record stands in a region.
func (p *phone) recordShown(region string) {
	p.t.Helper()
	p.Until(`(() => { const r = document.querySelector(` + quote(region+" [data-region=record]") + `); return r?.innerText.includes('Bonn') && r.innerText.includes('Pays late')
		&& document.querySelector(` + quote(region+" h2") + `).innerText === 'Carol <b>Ćwik</b>' && document.querySelector(` + quote(region+" .avatar-photo") + `)?.naturalWidth > 0; })()`)
}

// Who calls is shown as the page around the phone knows it, while it rings and in the call;
// the record is a click away, and a note goes into the log and the history.
func recordPops(t *testing.T, caller, called *phone) {
	t.Helper()
	called.knows(aRecord)
	caller.Dial(called.Address(), false)
	called.Rung()
	called.recordShown(".sheet")
	called.Until("asked === " + quote(caller.Address()))
	called.Screenshot("rings")
	called.Action("answer")
	caller.Talks()
	called.recordShown("[data-region=call]")

	// Nobody opens it for the phone: the browser does. Then the page does.
	called.Evaluate(`void addEventListener('click', (event) => { if (event.target.closest('[data-action=record]')) { window.left = event.defaultPrevented; event.preventDefault(); } })`, nil)
	called.Click("[data-region=call] [data-action=record]")
	called.Topic("jsc/contact/open", "d.url === 'https://erp.example.org/accounts/7?a=1&b=2'", 0)
	called.Until("left === false && document.querySelector('[data-action=record]').target === '_blank'")
	called.Evaluate(`void Arbiter.subscribe('jsc/contact/open', () => {})`, nil)
	called.Click("[data-region=call] [data-action=record]")
	called.Until("left === true")

	// What is being written is still there, and the keyboard in it, when the call ends.
	called.Action("more")
	called.Action("note")
	called.Fill("note", "calls back on Mon")
	caller.Hangup()
	called.Idle()
	summary := called.Topic("jsc/call/summary", "d.note === 'calls back on Mon' && d.direction === 'in' && d.answered > 0 && d.contact.name.startsWith('Carol')", 0)
	called.Until("document.activeElement?.dataset.input === 'note' && document.activeElement.value === 'calls back on Mon'")
	called.Fill("note", "calls back on Monday")
	called.Topic("jsc/call/summary", "d.note === 'calls back on Monday'", summary.Time)
	called.Action("note-close")
	called.Until("document.querySelector('[data-region=history] .past').innerText.includes('calls back on Monday')")
	called.Until("document.querySelector('[data-region=history] .row-name').innerText === 'Carol <b>Ćwik</b>'")
}

func TestRecordOfTheCallerPopsUp(t *testing.T) {
	t.Run("embedded server", func(t *testing.T) {
		s := startServer(t)
		alice, bob := openDemo(t, s, newPage(t, low, "alice"), "alice"), openDemo(t, s, newPage(t, high, "bob"), "bob")
		recordPops(t, alice, bob)

		// It survives a reload, with the note.
		bob.Open(s.URL() + "?account=bob")
		bob.Until("document.querySelector('[data-region=history] .past')?.innerText.includes('calls back on Monday')")
		// After a call without a note it is offered, until the next call.
		alice.Dial("bob", false)
		bob.Answer(false)
		bob.Talks()
		bob.Hangup()
		bob.Action("note")
		bob.Fill("note", "nothing special")
		bob.Topic("jsc/call/summary", "d.note === 'nothing special'", 0)
		alice.Dial("bob", false)
		bob.Until("document.querySelector('[data-input=note]').value === 'nothing special'")
		bob.Answer(false)
		bob.Until("!document.querySelector('[data-input=note]')")
	})
	t.Run("Kamailio", func(t *testing.T) {
		k := server.StartKamailio(t)
		recordPops(t, kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil), kamailioPhone(t, newPage(t, high, "bob"), k.WS, "bob", nil))
	})
}

// Without any code a server is asked. Whatever it answers, the call goes on.
func TestCallerIsLookedUpByAnAddressOfTheSettings(t *testing.T) {
	s := startSite(t, map[string]string{
		"good.json": `{"name": "Known <i>here</i>", "url": "https://erp.example.org/7", "fields": [{"label": "City", "value": "Bonn"}]}`,
		"page.html": `<!doctype html><title>Log in</title>`,
	})
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	for _, file := range []string{"good.json", "page.html"} {
		page := newPage(t, high, "bob")
		page.Before(`window.JSCommSettings = {contacts: {lookup_url: ` + quote("/"+file+"?u={uri}") + `}}`)
		bob := openDemo(t, s, page, "bob")
		alice.Dial("bob", false)
		bob.Rung()
		if file == "good.json" {
			bob.Until("document.querySelector('.sheet h2').innerText === 'Known <i>here</i>' && document.querySelector('.sheet [data-region=record]').innerText.includes('Bonn')")
		} else {
			bob.Topic("jsc/error", "d.code === 'error_contact'", 0)
			bob.Until("document.querySelector('.sheet [data-region=record]').innerText.includes('could not be looked up') && !document.querySelector('.notice')")
		}
		bob.Answer(false)
		alice.Talks()
		bob.Hangup()
		alice.Idle()
		bob.Close()
	}
}
