//go:build linux

package e2e

import (
	"strings"
	"testing"
)

// dump is everything that the browser keeps for the page, as text.
const dump = `(async () => {
	const kept = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
	for (const { name } of await indexedDB.databases()) {
		const db = await new Promise((done) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); });
		for (const store of db.objectStoreNames) {
			const all = await new Promise((done) => {
				const r = db.transaction(store).objectStore(store).getAll();
				r.onsuccess = () => done(r.result);
			});
			for (const value of all) {
				kept.push(JSON.stringify(value), ...Object.values(value).map((v) =>
					v instanceof ArrayBuffer ? new TextDecoder('latin1').decode(v) : v instanceof CryptoKey ? 'key' + v.extractable : ''));
			}
		}
		db.close();
	}
	return kept.join('\n');
})()`

// mouse says that there is one: without it a field is not gone to by itself, since that
// would bring up a keyboard on the screen.
const mouse = `{
	const real = matchMedia.bind(window);
	window.matchMedia = (query) => query.includes('any-pointer') ? { matches: true } : real(query);
}`

func TestLoginFormByKeyboard(t *testing.T) {
	server := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(mouse)
	page.Open(server.URL())
	focused := func(name string) {
		t.Helper()
		page.Until(`document.activeElement.dataset.input === ` + quote(name))
	}
	focused("display-name")
	page.Fill("display-name", `Älice; "=" 🙂`)
	page.Enter()
	focused("sip-address")
	page.Fill("sip-address", "sip:alice@local host")
	page.Enter()
	focused("password")
	page.Enter()
	page.Until(`document.getElementById('password-hint').innerText.includes('password')`)
	page.Fill("password", "alice")
	page.Enter()
	focused("sip-address")
	page.Until(`document.getElementById('sip-address-hint').innerText && document.getElementById('sip-address').ariaInvalid === 'true'`)
	page.Until(`!document.getElementById('password-hint').innerText`)
	page.Fill("sip-address", "sip:alice@localhost")
	page.Enter()
	focused("password")
	page.Enter()
	page.Topic("jsc/registration/state", "d.state === 'registered' && d.aor === 'sip:alice@localhost'", 0)
	page.Until(`document.querySelector('.bar-name').innerText === 'Älice; "=" 🙂'`)
	page.Until(`document.getElementById('password').value === ''`)
}

// A person who ticks both boxes is not asked again, until they log out.
func TestStayLoggedIn(t *testing.T) {
	server := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(mouse)
	page.Open(server.URL())
	const name = `A; b="c" 🙂`
	page.Fill("display-name", name)
	page.Fill("sip-address", "sip:alice@localhost")
	page.Fill("password", "alice")
	page.Until(`document.getElementById('remember-credential').disabled`)
	page.Click("#remember")
	page.Until(`!document.getElementById('remember-credential').disabled`)
	page.Click("#remember-credential")
	page.Screenshot("form")
	page.Action("login")
	page.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	sealed := `(await ` + dump + `).includes('keyfalse')`
	page.Until(`(async () => ` + sealed + `)()`)
	var kept string
	page.Evaluate(dump, &kept)
	for _, secret := range []string{"ha1", "digests", "SHA-256"} {
		if strings.Contains(kept, secret) {
			t.Errorf("%q can be read in what the browser keeps:\n%q", secret, kept)
		}
	}

	page.Open(server.URL())
	page.Topic("jsc/registration/state", "d.state === 'registered' && d.aor === 'sip:alice@localhost'", 0)
	page.Until(`document.querySelector('.bar-name').innerText === ` + quote(name))
	page.Action("tab-settings")
	page.Action("logout")
	page.Until(`document.querySelector('[data-region=login]').checkVisibility()`)
	page.Until(`document.getElementById('password').value === '' && document.activeElement.id === 'password'`)
	page.Until(`(async () => !(` + sealed + `))()`)

	page.Open(server.URL())
	page.Until(`document.getElementById('sip-address')?.value === 'alice@localhost'`)
	page.Until(`document.getElementById('display-name').value === ` + quote(name))
	page.Until(`document.getElementById('remember').checked && !document.getElementById('remember-credential').checked`)
	page.Until(`document.activeElement.id === 'password'`)
	page.Click("#remember")
	page.Until(`!JSON.stringify(localStorage).includes('alice')`)
	page.Open(server.URL())
	page.Until(`document.getElementById('sip-address')?.value === '' && document.getElementById('display-name').value === ''`)
}

// A tab that was duplicated has the storage of the other, and must not take its place at
// the registrar: a frame shares it in the same way.
func TestDuplicatedTabIsAnotherDevice(t *testing.T) {
	server := startServer(t)
	page := newPage(t, low, "alice")
	const id = `sessionStorage.getItem('gocommunicator.instance')`
	page.Open(server.URL() + "?account=alice")
	page.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	var first, again, other string
	page.Evaluate(id, &first)
	page.Open(server.URL() + "?account=alice")
	page.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	if page.Evaluate(id, &again); again != first {
		t.Errorf("a tab that is loaded again is %s, was %s", again, first)
	}
	page.Evaluate(`(() => {
		const frame = document.createElement('iframe');
		frame.src = '?account=alice';
		document.body.append(frame);
		window.other = frame;
	})()`, nil)
	page.Until(`other.contentDocument.querySelector('[data-region=status]')?.dataset.registration === 'registered'`)
	if page.Evaluate(id, &other); other == first {
		t.Error("both are the same device")
	}
	page.Call("Arbiter.publish", "jsc/ua/register")
	page.Topic("jsc/registration/state", "d.state === 'registered' && d.others.length === 1", 0)
	page.Until(`document.querySelector('[data-region=dialpad] .hint').innerText.includes('1 other device')`)
}
