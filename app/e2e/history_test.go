//go:build linux

package e2e

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"gocommunicator/app/e2e/browser"
)

// rows waits until the history shows these calls, newest first, each told by words that
// stand in its row.
func (p *phone) rows(want ...[]string) {
	p.t.Helper()
	p.Until(fmt.Sprintf(`(() => {
		const rows = [...document.querySelectorAll('[data-region=history] .past')].map((r) => r.innerText.toLowerCase());
		const want = %s;
		return rows.length === want.length && want.every((words, i) => words.every((w) => rows[i].includes(w.toLowerCase())));
	})()`, quoteJSON(want)))
}

func quoteJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// missed waits until so many calls count as missed, in the page and in its title.
func (p *phone) missed(n int) {
	p.t.Helper()
	p.Until(fmt.Sprintf(`document.querySelector('[data-region=history]')?.dataset.missed === '%d'`, n))
	title := fmt.Sprintf(`document.title.startsWith('(%d) ')`, n)
	if n == 0 {
		title = `!document.title.startsWith('(')`
	}
	p.Until(title)
}

func TestHistoryOutlivesTheReload(t *testing.T) {
	s := startServer(t)
	alicePage := newPage(t, low, "alice")
	alice, bob := openDemo(t, s, alicePage, "alice"), openDemo(t, s, newPage(t, high, "bob"), "bob")

	alice.Dial("bob", false)
	bob.Answer(false)
	alice.Talks()
	bob.Talks()
	alice.Hangup()
	bob.Idle()
	alice.Idle()
	alice.rows([]string{"bob", "outgoing", "0:0"})
	bob.rows([]string{"alice", "incoming", "0:0"})

	bob.Dial("alice", false)
	alice.since = alice.Now()
	bob.Rings()
	bob.Hangup()
	alice.Idle()
	alice.missed(1)
	bob.rows([]string{"alice", "cancelled"}, []string{"alice"})

	alice.Dial("nobody", false)
	alice.Idle()
	all := [][]string{{"nobody", "the server knows nobody"}, {"bob", "missed"}, {"bob", "outgoing", "0:0"}}
	alice.rows(all...)

	alice = openDemo(t, s, alicePage, "alice")
	alice.rows(all...)
	alice.missed(1)
	alice.Until(`document.querySelector('[data-region=history]').innerText.toLowerCase().includes('today')`)
	alice.Action("tab-history")
	alice.missed(0)
	alice = openDemo(t, s, alicePage, "alice")
	alice.rows(all...)
	alice.missed(0)

	alice.Fill("history-search", "BOB")
	alice.rows(all[1:]...)
	alice.Fill("history-search", "zzz")
	alice.Until(`document.querySelector('[data-region=history]').innerText.includes('No call with this name')`)
	alice.Fill("history-search", "nobody")
	alice.rows(all[0])
	alice.Action("history-delete")
	alice.Until(`document.querySelectorAll('[data-region=history] .past').length === 0`)
	alice.Fill("history-search", " ")
	alice.Evaluate(`(() => { const f = document.querySelector('[data-input=history-search]'); f.value = ''; f.dispatchEvent(new Event('input')); })()`, nil)
	alice.rows(all[1:]...)

	alice.downloads()
	alice.Action("history-menu")
	alice.Action("history-export-csv")
	name, text := alice.downloaded(1)
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(lines) != 3 || !strings.HasSuffix(name, ".csv") {
		t.Errorf("%s: %v\n%s", name, err, text)
	}
	alice.Action("history-menu")
	alice.Action("history-export-json")
	name, text = alice.downloaded(2)
	var entries []struct{ URI string }
	if err := json.Unmarshal([]byte(text), &entries); err != nil || len(entries) != 2 || entries[0].URI != bob.address || !strings.HasSuffix(name, ".json") {
		t.Errorf("%s: %v\n%s", name, err, text)
	}

	// A row with the keyboard on it dials again by Enter.
	alice.Evaluate(`document.querySelector('[data-action=redial]').focus()`, nil)
	alice.since = alice.Now()
	bob.since = bob.Now()
	alice.Enter()
	bob.Rung()
	alice.Hangup()
	bob.Idle()
	alice.Idle()
	alice.rows(append([][]string{{"bob", "cancelled"}}, all[1:]...)...)
	alice.since = alice.Now()
	bob.since = bob.Now()
	alice.Click(`.past:first-child [data-action=redial]`)
	bob.Rung()
	alice.Hangup()
	alice.Idle()

	alice.Action("history-menu")
	alice.Action("history-clear")
	alice.Action("history-clear-cancel")
	alice.Until(`document.querySelectorAll('[data-region=history] .past').length === 4`)
	alice.Action("history-menu")
	alice.Action("history-clear")
	alice.Action("history-clear-confirm")
	alice.Until(`document.querySelector('[data-region=history]').innerText.includes('Your calls will stand here')`)
	alice = openDemo(t, s, alicePage, "alice")
	alice.Until(`document.querySelector('[data-region=history]').innerText.includes('Your calls will stand here')`)
	alice.missed(0)
}

// downloads catches what the page would have the browser save.
func (p *phone) downloads() {
	p.t.Helper()
	p.Evaluate(`void (() => {
		window.saved = [];
		const blobs = {}, create = URL.createObjectURL, click = HTMLAnchorElement.prototype.click;
		URL.createObjectURL = (blob) => {
			const address = create.call(URL, blob);
			blobs[address] = blob;
			return address;
		};
		HTMLAnchorElement.prototype.click = async function () {
			if (!this.download) return click.call(this);
			saved.push({ name: this.download, text: await blobs[this.href].text() });
		};
	})()`, nil)
}

// downloaded is the nth file that was caught.
func (p *phone) downloaded(n int) (name, text string) {
	p.t.Helper()
	p.Until(fmt.Sprintf(`saved.length === %d`, n))
	var file struct{ Name, Text string }
	p.Evaluate(fmt.Sprintf(`saved[%d]`, n-1), &file)
	return file.Name, file.Text
}

func TestCallThatAReloadEndsIsInTheHistory(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	alice := openDemo(t, s, page, "alice")
	alice.Dial("echo", false)
	alice.Talks()
	alice = openDemo(t, s, page, "alice")
	alice.rows([]string{"echo", "outgoing", "0:0"})
}

func TestPhoneWorksWithoutStorageAndSaysSoOnce(t *testing.T) {
	for name, script := range map[string]string{
		"forbidden": `Object.defineProperty(globalThis, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError'); } })`,
		"absent":    `Object.defineProperty(globalThis, 'indexedDB', { value: undefined })`,
	} {
		t.Run(name, func(t *testing.T) {
			s := startServer(t)
			page := newPage(t, low, "alice")
			page.Before(script)
			alice := openDemo(t, s, page, "alice")
			alice.Until(`document.querySelector('[data-notice=error_storage]')?.innerText.includes('remember nothing')`)
			alice.Action("dismiss")
			for n := range 2 {
				alice.Dial("nobody", false)
				alice.Idle()
				alice.Until(fmt.Sprintf(`document.querySelectorAll('[data-region=history] .past').length === %d`, n+1))
			}
			alice.Until(`document.querySelectorAll('[data-notice]').length === 0`)
			alice.Fill("history-search", "nobody")
			alice.Until(`document.querySelectorAll('[data-region=history] .past').length === 2`)
		})
	}
}

// fillHistory puts calls of alice into the database as they would have got there, the
// newest a minute old.
func fillHistory(page *browser.Page, n int) {
	page.Evaluate(fmt.Sprintf(`(async () => {
		const wait = (r) => new Promise((done, failed) => { r.onsuccess = () => done(r.result); r.onerror = failed; });
		const db = await wait(indexedDB.open('gocommunicator'));
		const transaction = db.transaction('calls', 'readwrite'), calls = transaction.objectStore('calls');
		const a = 'sip:alice@localhost', now = Date.now();
		for (let i = 0; i < %d; i++) {
			const ended = now - (i + 1) * 60_000, iso = (ms) => new Date(ms).toISOString();
			const p = 'sip:peer' + i %% 50 + '@localhost', id = 'old' + i, missed = i %% 3 === 0;
			const d = { id, direction: i %% 2 && !missed ? 'out' : 'in', uri: p, state: 'ended', missed, started: iso(ended - 40_000), ended: iso(ended) };
			if (!missed) d.answered = iso(ended - 30_000);
			calls.put({ a, i: id, p, o: -ended, x: '\n' + p.slice(4), d: JSON.stringify(d) });
		}
		await new Promise((done, failed) => { transaction.oncomplete = done; transaction.onabort = failed; });
		db.close();
	})()`, n), nil)
}

func TestTenThousandCallsScrollSmoothly(t *testing.T) {
	const total = 10_000
	s := startServer(t)
	page := newPage(t, low, "alice")
	openDemo(t, s, page, "alice")
	fillHistory(page, total)
	alice := openDemo(t, s, page, "alice")
	alice.Until(`document.querySelectorAll('[data-region=history] .past').length > 0`)

	// Scrolls to the end, some screens each frame, and counts.
	var seen struct {
		Calls, MostRows, Frames int
		Done                    bool
		LongestTask, Slowest    float64
		Height                  float64
	}
	alice.Evaluate(`void (() => {
		const list = document.getElementById('history-list'), ids = new Set();
		const seen = { calls: 0, mostRows: 0, frames: 0, longestTask: 0, slowest: 0, done: false };
		new PerformanceObserver((l) => l.getEntries().forEach((e) => { seen.longestTask = Math.max(seen.longestTask, e.duration); }))
			.observe({ type: 'longtask' });
		let last = performance.now();
		const step = (now) => {
			const rows = list.querySelectorAll('.past');
			rows.forEach((r) => ids.add(r.dataset.id));
			seen.slowest = Math.max(seen.slowest, now - last);
			last = now;
			Object.assign(seen, { calls: ids.size, mostRows: Math.max(seen.mostRows, rows.length), frames: seen.frames + 1,
				done: ids.has('old9999'), height: list.scrollHeight });
			list.scrollTop += 3000;
			if (!seen.done) requestAnimationFrame(step);
		};
		window.seen = seen;
		requestAnimationFrame(step);
	})()`, nil)
	for was := -1; was < seen.Calls && !seen.Done; { // as long as there are more and more
		was = seen.Calls
		alice.Evaluate(`new Promise((done) => {
			const begun = performance.now(), look = () => (seen.done || performance.now() - begun > 3000 ? done(seen) : requestAnimationFrame(look));
			look();
		})`, &seen)
	}
	t.Logf("%d calls seen in %d frames: %d rows in the page at most, slowest frame %.0f ms, longest task above 50 ms: %.0f ms, height %.0f px",
		seen.Calls, seen.Frames, seen.MostRows, seen.Slowest, seen.LongestTask, seen.Height)
	if !seen.Done || seen.Calls < total/10 {
		t.Errorf("scrolling through %d calls showed %d, the oldest among them: %v", total, seen.Calls, seen.Done)
	}
	if seen.MostRows > 150 {
		t.Errorf("%d rows were in the page at once", seen.MostRows)
	}
	alice.Until(`document.querySelector('.past[data-id=old9999]')?.getClientRects().length > 0`)
	alice.Fill("history-search", "peer49@")
	alice.Until(`document.querySelector('.past')?.dataset.id === 'old49'`)
}
