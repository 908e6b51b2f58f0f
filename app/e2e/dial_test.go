//go:build linux

package e2e

import (
	"testing"

	"gocommunicator/app/e2e/need"
)

// links are those of a host page: for each what a plain click on it makes of the topics.
const links = `<main>
	<p><a id=sip href="sip:bob@localhost?subject=x">Bob</a> <a id=tel href="tel:0171-123%2045">0171</a> <a id=page href="#there">there</a></p>
	<table><tr data-sip-dial="carol"><td id=row>Carol<td><button id=edit>Edit</button> <a id=other href="#edit">Edit</a></table>
	<a id=taken href="sip:bob@localhost">taken</a> <div id=tree></div>
	<p id=text>Call +49 (0) 30 1234-56 or <b>(030) 765 43 21</b>, not on 01.02.2026. <textarea>030 123 45 67</textarea></p>
</main>
<script nonce=host>
	const made = document.body.innerHTML;
	taken.onclick = (event) => event.preventDefault();
	tree.attachShadow({mode: 'open'}).innerHTML = '<span data-sip-dial="sip:dave@localhost" data-sip-video>Dave</span>';
	var clicks = [];
	addEventListener('click', (event) => { clicks.push([event.composedPath()[0].id, event.defaultPrevented]); });
</script>`

func TestLinksOfAHostPageDialThroughThePhone(t *testing.T) {
	need.File(t, "build/site/embed.js", "make build")
	s := startServer(t)
	page := newPage(t, low, "host")
	page.Open(hostPage(t, s.URL(), links+`<sip-phone id=phone account=alice mode=docked load=call links=text config='{"dialing": {"country_code": "49"}}'></sip-phone>`))
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	page.Until("document.querySelectorAll('#text a').length === 2") // it has been loaded

	// What is not the phone's stays the page's.
	for _, id := range []string{"page", "other", "edit", "taken"} {
		page.Click("#" + id)
	}
	page.Evaluate(`['ctrlKey', 'metaKey', 'shiftKey', 'altKey'].forEach((key) => sip.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, [key]: true})))`, nil)
	page.Until("location.hash === '#edit' && clicks.length === 8 && !phone.hasAttribute('open')")
	page.Until("clicks.every(([id, prevented]) => prevented === (id === 'taken'))")

	// The first click loads the phone, which opens, logs in and calls.
	page.Click("#sip")
	page.Until("phone.hasAttribute('open')")
	bob.Rung()
	page.Topic("jsc/call/outgoing", "d === 'sip:bob@localhost'", 0)
	bob.Answer(false)
	bob.Talks()
	page.Screenshot("called")
	page.Publish("jsc/call/hangup", map[string]any{})
	bob.Idle()

	for _, test := range []struct{ name, click, peer string }{
		{"tel", "tel.click()", "sip:+4917112345@localhost"},
		{"a row", "row.click()", "sip:carol@localhost"},
		{"a row that came later", `document.querySelector('table').insertAdjacentHTML('beforeend', '<tr data-sip-dial="zoe"><td id=later>Zoe'), later.click()`, "sip:zoe@localhost"},
		{"in a shadow tree", "tree.shadowRoot.firstChild.click()", "sip:dave@localhost"},
		{"in text", "document.querySelector('#text a').click()", "sip:+4930123456@localhost"},
		{"in text that came later", "text.append('0049 40 765432'), setTimeout(() => [...text.querySelectorAll('a')].at(-1).click(), 50)", "sip:+4940765432@localhost"},
	} {
		from := page.Now()
		page.Evaluate("void ("+test.click+")", nil)
		begun := page.Topic("jsc/call/outgoing", "d === "+quote(test.peer), from)
		page.Topic("jsc/ua/idle", "true", begun.Time) // there is nobody of that name, or at home
	}
	page.Topic("jsc/call/state", "d.peer.uri === 'sip:+4930123456@localhost' && d.peer.name === '+49 (0) 30 1234-56'", 0)

	// Texts are as they were when the phone goes.
	page.Evaluate("phone.remove(), text.lastChild.remove(), later.closest('tbody').remove()", nil)
	page.Until("made.trim().startsWith(document.querySelector('main').outerHTML) && text.childNodes.length === 4")
	page.Click("#page")
	page.Evaluate("sip.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))", nil)
	page.Until("clicks.at(-1)[0] === 'sip' && !clicks.at(-1)[1]")
}

// Of two phones in a page the first answers, unless a link names the other.
func TestLinksOfAPageWithTwoPhones(t *testing.T) {
	need.File(t, "build/site/embed.js", "make build")
	s := startServer(t)
	page := newPage(t, low, "host")
	page.Open(hostPage(t, s.URL(), `<a id=first href="sip:carol@localhost">Carol</a>
		<div data-sip-phone="b."><a id=second href="sip:carol@localhost">Carol</a></div>
		<div data-sip-phone="c."><a id=third href="#sip:carol@localhost">Carol</a></div>
		<sip-phone prefix="a." account=alice load=now links></sip-phone><sip-phone prefix="b." account=bob load=now links></sip-phone>
		<script nonce=host type=module>
			window.heard = [];
			Arbiter.subscribe('a.jsc/*, b.jsc/*', {}, null, (data, topic) => { heard.push(topic.slice(0, 2) + (data?.state ?? data)); });
		</script>`))
	page.Until("heard.includes('a.registered') && heard.includes('b.registered')")
	page.Click("#first")
	page.Until("heard.includes('a.sip:carol@localhost') && !heard.includes('b.sip:carol@localhost')")
	page.Click("#second")
	page.Until("heard.includes('b.sip:carol@localhost')")
	page.Screenshot("two")

	// The two phones call each other, each by its own topics.
	page.Until("heard.filter((h) => h === 'a.failed').length === 1 && heard.filter((h) => h === 'b.failed').length === 1")
	page.Evaluate("void Arbiter.publish('a.jsc/call/dial', {to: 'bob'})", nil)
	page.Until("heard.includes('b.incoming') && heard.includes('a.ringing') && !heard.includes('a.incoming')")
	page.Evaluate("void Arbiter.publish('b.jsc/call/answer', {})", nil)
	page.Until("heard.includes('a.active') && heard.includes('b.active')")
	page.Evaluate("void Arbiter.publish('a.jsc/call/hangup', {})", nil)
	page.Until("heard.includes('a.ended') && heard.includes('b.ended')")
}
