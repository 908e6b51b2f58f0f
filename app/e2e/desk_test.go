//go:build linux

package e2e

import (
	"strconv"
	"testing"

	"gocommunicator/app/devserver"
)

// elsewhere gives a page hide(true) and hide(false), as when another tab is in front of
// it, and notified(), which gives what the system shows of it. Chromium forgets a
// notification that it is asked for between having noted and shown it, so that one waits
// for the other.
const elsewhere = `
	let turn = Promise.resolve();
	for (const name of ['showNotification', 'getNotifications']) {
		const real = ServiceWorkerRegistration.prototype[name];
		ServiceWorkerRegistration.prototype[name] = function (...args) {
			const mine = turn.then(() => real.apply(this, args));
			turn = mine.catch(() => {});
			return mine;
		};
	}
	window.hide = (on) => {
		Object.defineProperty(document, 'visibilityState', { configurable: true, value: on ? 'hidden' : 'visible' });
		document.dispatchEvent(new Event('visibilitychange'));
	};
	window.notified = async () => {
		const worker = await navigator.serviceWorker.getRegistration('/wasm_exec/');
		return (await worker?.getNotifications() ?? []).map((n) => [n.title, n.body, ...n.actions.map((a) => a.action)].join(' | ')).sort();
	};
	window.shows = (want) => e2e.until(async () => JSON.stringify(await notified()) === want,
		45000, async () => 'notified: ' + JSON.stringify(await notified()) + ', not ' + want);
	window.press = async (action) => {
		const worker = await navigator.serviceWorker.getRegistration('/wasm_exec/');
		const shown = (await worker.getNotifications()).find((n) => n.actions.length > 0);
		navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data: { call: shown.data.call, action } })); // as the worker says it
	};`

// hidden is a page that lies behind another one, and may notify.
func hidden(t *testing.T, s *devserver.Server, permission string, before string) *phone {
	t.Helper()
	page := newPage(t, low, "alice")
	page.Permission("notifications", permission)
	page.Before(elsewhere + before)
	alice := openDemo(t, s, page, "alice")
	alice.Until(`document.querySelector('sip-desk')?.matches(':defined')`)
	alice.Evaluate(`hide(true)`, nil)
	return alice
}

// notified waits until the system shows these, each as title, body and buttons.
func (p *phone) notified(want ...string) {
	p.t.Helper()
	p.Evaluate(`shows(`+strconv.Quote(quoteAll(want))+`)`, nil)
}

func quoteAll(all []string) string {
	text := "["
	for i, s := range all {
		if i > 0 {
			text += ","
		}
		text += strconv.Quote(s)
	}
	return text + "]"
}

// Who looks elsewhere is told by the system, and answers or refuses there. Nothing stacks,
// and nothing stays that is over.
func TestWhoLooksElsewhereIsTold(t *testing.T) {
	s := startServer(t)
	alice := hidden(t, s, "granted", "")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	const rings = "bob | Incoming call | answer | reject"

	alice.since = alice.Now()
	bob.Dial("alice", false)
	alice.notified(rings)
	alice.Evaluate(`press('answer')`, nil)
	alice.Talks()
	alice.notified()
	alice.Hears(highTone)
	bob.Hangup()
	alice.Idle()

	alice.since = alice.Now()
	bob.Dial("alice", false)
	alice.notified(rings)
	bob.Hangup()
	alice.notified("bob | Missed call from bob")
	bob.Idle()

	alice.since = alice.Now()
	bob.Dial("alice", false)
	alice.notified(rings, "bob | Missed call from bob")
	alice.Evaluate(`hide(false)`, nil)
	alice.notified() // the page itself shows it
	alice.Evaluate(`hide(true)`, nil)
	alice.notified(rings)
	alice.Evaluate(`press('reject')`, nil)
	bob.state("failed")
	alice.notified()

	bob.chats("alice")
	bob.says("one")
	alice.notified("bob | one")
	bob.says("two")
	alice.notified("bob | two")
	alice.Evaluate(`hide(false)`, nil)
	alice.notified()
}

// The worker leads to the page that showed the notification, not to another one of ours.
func TestNotificationLeadsToItsPage(t *testing.T) {
	page := newPage(t, low, "alice")
	page.Open(startServer(t).URL())
	worker := string(readFile(t, "wasm_exec/notifications.js", ""))
	for _, test := range []struct{ action, client, want string }{
		{"answer", "b", `["b told answer 7","b focused"]`},
		{"", "b", `["b told  7","b focused"]`},
		{"reject", "b", `["b told reject 7"]`},
		{"", "gone", `["opened ../"]`},
		{"answer", "gone", `[]`},
	} {
		var did string
		page.Evaluate(`(async (action, client) => {
			const did = [], handlers = {};
			const tab = (id) => ({ id, postMessage: (m) => did.push(id + ' told ' + m.action + ' ' + m.call), focus: async () => { did.push(id + ' focused'); } });
			const self = {
				addEventListener: (name, f) => { handlers[name] = f; },
				clients: { matchAll: async () => [tab('a'), tab('b')], openWindow: async (url) => { did.push('opened ' + url); } },
			};
			`+worker+`
			let done;
			handlers.notificationclick({ action, notification: { close() {}, data: { client, call: '7' } }, waitUntil: (p) => { done = p; } });
			await done;
			return JSON.stringify(did);
		})(`+strconv.Quote(test.action)+`, `+strconv.Quote(test.client)+`)`, &did)
		if did != test.want {
			t.Errorf("%q of %s: %s, want %s", test.action, test.client, did, test.want)
		}
	}
}

// Nobody is asked before there was something to be told of, and then once, in words.
func TestPersonIsAskedForNotificationsWhenTheyWereNeeded(t *testing.T) {
	s := startServer(t)
	alice := hidden(t, s, "prompt", `
		window.asked = 0;
		let answer = 'default';
		Object.defineProperty(Notification, 'permission', { get: () => answer });
		Notification.requestPermission = async () => { asked++; answer = 'granted'; return answer; };`)
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	offer := `document.querySelector('.desk-offer')`
	alice.since = alice.Now()
	bob.Dial("alice", false)
	alice.Rung()
	bob.Hangup()
	alice.Idle()
	alice.Until(`asked === 0 && !` + offer)
	alice.Evaluate(`hide(false)`, nil)
	alice.Until(offer + `?.innerText.includes('Shall the phone show calls and messages')`)
	alice.Screenshot("offer")
	alice.Action("notifications-on")
	alice.Until(`asked === 1 && !` + offer)
	alice.Action("tab-settings")
	alice.Action("open-desktop")
	alice.Until(`document.querySelector('[data-input=notifications]')?.checked`)
	alice.Screenshot("settings")
	alice.Evaluate(`void document.querySelector('[data-input=notifications]').click()`, nil)
	alice.Until(`localStorage.getItem('gocommunicator.notifications') === 'off'`)
}

func TestNothingIsNotifiedWhereTheSettingsForbidIt(t *testing.T) {
	s := startServer(t)
	alice := hidden(t, s, "granted", `window.JSCommSettings = { notifications: { enable: false } };
		window.shown = 0;
		ServiceWorkerRegistration.prototype.showNotification = async () => { shown++; };
		window.Notification = class { static permission = 'granted'; constructor() { shown++; } };`)
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.since = alice.Now()
	bob.Dial("alice", false)
	alice.Rung()
	bob.Hangup()
	alice.Idle()
	alice.Evaluate(`hide(false)`, nil)
	alice.Action("tab-settings")
	alice.Action("open-desktop")
	alice.Until(`document.querySelector('sip-desktop')?.matches(':defined') && !document.querySelector('[data-input=notifications], .desk-offer') && shown === 0`)
}

// callKeys records what the page asks of the system.
const callKeys = `
	window.lock = 0;
	navigator.wakeLock.request = async () => {
		lock++;
		const l = new EventTarget();
		l.release = async () => { lock--; l.dispatchEvent(new Event('release')); };
		window.letGo = l.release;
		return l;
	};
	window.keys = {};
	const set = MediaSession.prototype.setActionHandler;
	MediaSession.prototype.setActionHandler = function (name, f) { keys[name] = f; set.call(this, name, f); };
	window.leaving = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }));`

// In a call the screen stays on while there is a picture, the keys of the system work, the
// tab says who and how long, and the browser asks before the page is closed.
func TestSystemKnowsOfTheCall(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(elsewhere + callKeys)
	alice := openDemo(t, s, page, "alice")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Until(`document.querySelector('sip-desk')?.matches(':defined') && !leaving()`)
	bob.Dial("alice", true)
	alice.Rung()
	alice.Until(`document.title === 'bob is calling with video' && !leaving() && lock === 0`)
	alice.Answer(true)
	alice.Talks()
	alice.Until(`/^0:0\d · .*bob/.test(document.title) && leaving() && lock === 1`)
	alice.Until(`navigator.mediaSession.metadata.title === 'bob' && keys.pause && keys.play`)
	alice.Evaluate(`letGo(), hide(true)`, nil) // the browser does so
	alice.Until(`lock === 0`)
	alice.Evaluate(`hide(false)`, nil)
	alice.Until(`lock === 1`)
	said := func(condition string) { alice.Topic("jsc/call/state", condition, alice.since) }
	alice.Evaluate(`keys.togglemicrophone()`, nil)
	said("d.muted")
	alice.Evaluate(`keys.togglecamera()`, nil)
	said("d.video_muted && d.muted")
	alice.Evaluate(`keys.hangup()`, nil)
	bob.Idle()
	alice.Idle()
	alice.Until(`lock === 0 && !leaving() && keys.hangup === null && navigator.mediaSession.metadata === null && document.title === 'Phone'`)
}
