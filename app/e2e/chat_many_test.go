//go:build linux

package e2e

import (
	"fmt"
	"testing"
	"time"
)

// manyMessages is how many are remembered, three in five of them with bob.
const manyMessages = 50_000

// remember writes messages, a minute between each and the next, where the phone keeps
// them.
const remember = `(async (from, to) => {
	const db = await new Promise((done, failed) => {
		const asked = indexedDB.open('gocommunicator');
		asked.onsuccess = () => done(asked.result);
		asked.onerror = () => failed(asked.error);
	});
	const write = db.transaction(['messages', 'chats'], 'readwrite');
	for (let n = from; n < to; n += 1) {
		const peer = n %% 5 < 3 ? 'sip:bob@localhost' : 'sip:peer' + n %% 20 + '@localhost';
		const text = (n === 49998 ? 'the Needle ' : 'hay ') + n + ' lorem ipsum dolor sit amet, consectetur adipisici elit';
		const o = n * 60000 - Date.now();
		write.objectStore('messages').put({ a: 'sip:alice@localhost', i: 'm' + n, p: peer, o, x: text.toLowerCase(),
			d: JSON.stringify({ out: n %% 2 === 0, text, type: 'text/plain', status: n %% 2 ? 'delivered' : 'sent' }) });
		if (n < 20) write.objectStore('chats').put({ a: 'sip:alice@localhost', i: peer, p: peer, o, x: '', d: JSON.stringify({ last: text }) });
	}
	await new Promise((done, failed) => { write.oncomplete = done; write.onerror = () => failed(write.error); });
	db.close();
})(%d, %d)`

func TestFiftyThousandMessagesAreNoBurden(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	for n := 0; n < manyMessages; n += 10_000 {
		alice.Evaluate(fmt.Sprintf(remember, n, n+10_000), nil)
	}
	alice.Before(`window.longest = 0; new PerformanceObserver((list) => {
		for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
	}).observe({ type: 'longtask' });`)
	alice.reload()
	alice.Until(`document.querySelector('.shell')?.dataset.account === 'in' && !!document.querySelector('.chat-row[data-id="sip:bob@localhost"]')`)

	// took does something and measures the time until the page shows it, and the longest
	// time for which the page did nothing else.
	took := func(what, do, shown string) {
		t.Helper()
		var at struct{ Took, Longest float64 }
		alice.Evaluate(fmt.Sprintf(`(async () => {
			window.longest = 0;
			const began = performance.now();
			%s;
			while (!(%s)) {
				if (performance.now() - began > 45000) throw new Error('never shown');
				await new Promise((next) => requestAnimationFrame(next));
			}
			const took = performance.now() - began;
			await new Promise((next) => setTimeout(next, 50));
			return { took, longest: window.longest };
		})()`, do, shown), &at)
		t.Logf("%s: %.0f ms, the page busy for %.0f ms at a time at most", what, at.Took, at.Longest)
		if limit := 8 * time.Second; at.Took > float64(limit.Milliseconds()) {
			t.Errorf("%s took %.0f ms", what, at.Took)
		}
	}
	const messages = `document.querySelectorAll('.message').length`
	took("opening a conversation of 30,000", `document.querySelector('.chat-row[data-id="sip:bob@localhost"] [data-action=open-chat]').click()`, messages+" >= 40")
	const last = `[...document.querySelectorAll('.message')].at(-1)?.dataset.id`
	alice.Evaluate("void (window.newest = "+last+")", nil)
	for range 6 {
		alice.Until("!!document.querySelector('[data-action=messages-earlier]')")
		took("earlier messages", `window.first = document.querySelector('.message').dataset.id; document.querySelector('[data-action=messages-earlier]').click()`,
			`document.querySelector('.message').dataset.id !== window.first`)
	}
	var rows, elements int
	alice.Evaluate(messages, &rows)
	alice.Evaluate("document.querySelectorAll('*').length", &elements)
	t.Logf("%d messages and %d elements in the page", rows, elements)
	if rows > 120 || rows < 100 || elements > 4000 {
		t.Errorf("%d messages and %d elements in the page", rows, elements)
	}
	took("the newest again", `document.querySelector('[data-action=messages-newest]').click()`,
		last+" === window.newest && !document.querySelector('[data-action=messages-newest]')?.checkVisibility()")
	alice.back()
	took("searching for the oldest", `const field = document.querySelector('[data-input=chat-search]');
		field.value = 'NEEDLE'; field.dispatchEvent(new Event('input', { bubbles: true }))`,
		`document.querySelectorAll('[data-action=show-message]').length === 1`)
	took("showing it", `document.querySelector('[data-action=show-message]').click()`, `!!document.querySelector('.message[data-id=m49998]')`)
}
