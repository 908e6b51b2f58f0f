//go:build linux

package e2e

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"gocommunicator/app/e2e/need"
)

// hostPages serves two pages that lead to each other, of an origin of their own, with a
// strict policy, and the phone in a window. opener is their policy for whom they open.
func hostPages(t *testing.T, phone, tag, opener string) string {
	t.Helper()
	need.File(t, "build/site/embed/window.js", "make build")
	phone = strings.TrimSuffix(phone, "/")
	page := func(path, other string) string {
		return `<!doctype html><title>Host</title>
			<script nonce=host>var real = open; open = (...a) => window.opened = real.apply(window, a)</script><script src=` + phone + `/embed.js defer></script>
			<h1>` + path + `</h1><a id=call href="sip:bob@localhost">Bob</a> <a id=next href="` + other + `">next</a>` + tag
	}
	return host(t, map[string]string{
		"Content-Security-Policy":    "default-src 'none'; script-src " + phone + " 'nonce-host'",
		"Cross-Origin-Opener-Policy": opener,
	}, map[string]string{"/": page("/", "/two"), "/two": page("/two", "/")}) + "/"
}

// partsLoaded is when links are answered and a window can be opened.
const partsLoaded = "Object.keys(customElements.get('sip-phone')?.parts ?? {}).length === 2"

// goesOn holds that no call ends or begins during a step, and says how long nothing was
// heard in it, the pauses of the test's tone included.
func (p *phone) goesOn(step func()) {
	p.t.Helper()
	const calls = `[...new Set(e2e.topics.filter((r) => r.topic === 'jsc/call/state').map((r) => r.data.id + ' ' + r.data.state))].join()`
	var before, after string
	p.Evaluate(calls, &before)
	p.Evaluate("void (window.ear = e2e.loudness(), ear.from = performance.now())", nil)
	step()
	p.Until("performance.now() - ear.from > 2000")
	var gap float64
	p.Evaluate("(ear.stop(), Math.max(...ear.loud.map((at, i) => at - (ear.loud[i - 1] ?? ear.from)), performance.now() - (ear.loud.at(-1) ?? 0)))", &gap)
	p.t.Logf("longest silence while the page changed: %.0f ms", gap)
	if p.Evaluate(calls, &after); after != before {
		p.t.Errorf("calls and their states were %s, then %s", before, after)
	}
}

// A call goes on while the person goes from page to page, and each page finds the phone.
func TestPhoneInAWindowOutlivesThePage(t *testing.T) {
	s := startServer(t)
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	page := newPage(t, low, "host")
	page.Open(hostPages(t, s.URL(), `<sip-phone id=phone mode=window links account=alice></sip-phone>`, "unsafe-none"))
	page.Until(partsLoaded)
	page.Screenshot("before")

	// What others post is not heard.
	page.Evaluate(`void postMessage({sipPhone: 'hello', version: 1, window: ''}, '*')`, nil)
	page.Click("#call") // opens it, and calls once it is logged in
	bob.Answer(false)
	bob.Talks()
	page.Topic("jsc/call/state", "d.state === 'active'", 0)
	page.Until("phone.hasAttribute('open')")
	bob.Hears(lowTone)
	bob.goesOn(func() {
		page.Click("#next")
		page.Lands("location.pathname === '/two'")
		page.Topic("jsc/ua/snapshot", "d.calls.length === 1 && d.registration.state === 'registered'", 0)
		page.Topic("jsc/call/state", "d.state === 'active' && d.peer.uri === 'sip:bob@localhost'", 0)
		page.Topic("jsc/ua/incall", "true", 0)
	})
	bob.Hears(lowTone)

	// The new page has the phone in hand, its button shows the window, not another.
	page.Publish("jsc/call/hold", map[string]any{"on": true})
	bob.held(false, true)
	page.Publish("jsc/call/hold", map[string]any{"on": false})
	bob.held(false, false)
	page.Evaluate("history.back()", nil)
	page.Lands("location.pathname === '/'")
	page.Topic("jsc/call/state", "d.state === 'active'", 0)
	page.Evaluate("void phone.show()", nil)
	bob.Hears(lowTone)
	page.Publish("jsc/call/hangup", map[string]any{})
	bob.Idle()

	// It was closed: that is noticed, and the next click opens it anew.
	page.Until("phone.hasAttribute('open')")
	page.Evaluate("void real.call(window, '', 'sip-phone ').close()", nil)
	page.Topic("jsc/ua/notready", "true", 0)
	page.Until("!phone.hasAttribute('open')")
	from := page.Now()
	page.Click("#call")
	page.Topic("jsc/call/outgoing", "d === 'sip:bob@localhost'", from)
	bob.Until("document.querySelector('.sheet [data-action=reject]') !== null")
	bob.Action("reject")
	page.Topic("jsc/call/summary", "d.cause.code === 603", from)
}

func TestWindowThatTheBrowserBlocksOrThePageCannotReach(t *testing.T) {
	s := startServer(t)
	t.Run("blocked", func(t *testing.T) {
		page := newPage(t, low, "host")
		page.Open(hostPages(t, s.URL(), `<sip-phone id=phone mode=window links lang=de account=alice></sip-phone>`, "unsafe-none"))
		page.Until(partsLoaded)
		page.Evaluate("void (open = () => null)", nil)
		page.Publish("jsc/call/dial", map[string]any{"to": "bob"})
		page.Topic("jsc/error", "d.message.includes('pop-ups have to be allowed')", 0)
		page.Screenshot("blocked")
		page.Evaluate("void (open = real)", nil)
		page.Click("#call")
		page.Topic("jsc/call/outgoing", "d === 'sip:bob@localhost'", 0)
	})
	t.Run("kept apart by the page's policy", func(t *testing.T) {
		page := newPage(t, low, "host")
		page.Open(hostPages(t, s.URL(), `<sip-phone id=phone mode=window links account=alice></sip-phone>`, "same-origin"))
		page.Until(partsLoaded)
		page.Click("#call")
		page.Topic("jsc/error", "d.message.includes('Cross-Origin-Opener-Policy')", 0)
	})
	t.Run("the phone in such a window", func(t *testing.T) {
		alone := openPhone(t, newPage(t, low, "alone"), s.URL()+"?account=alice&window=", "sip:alice@localhost", nil)
		alone.Until("document.querySelector('.notice')?.innerText.includes('works on its own')")
		alone.Screenshot("alone")
	})
}

// A part that could not be had is asked for again: when the person clicks again, or after a while.
func TestPartThatCouldNotBeLoadedIsLoadedLater(t *testing.T) {
	files := http.FileServer(http.Dir(need.File(t, "build/site", "make build")))
	failing := map[string]*atomic.Int32{"/embed/links.js": {}, "/embed/window.js": {}}
	failing["/embed/links.js"].Store(1)
	failing["/embed/window.js"].Store(2) // ahead of the click, and with the first one
	phone := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if left := failing[r.URL.Path]; left != nil && left.Add(-1) >= 0 {
			http.Error(w, "later", http.StatusServiceUnavailable)
			return
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(phone.Close)
	page := newPage(t, low, "host")
	page.Open(hostPages(t, phone.URL, `<sip-phone id=phone mode=window links></sip-phone>`, ""))
	page.Topic("jsc/error", "d.message.startsWith('links needs')", 0)
	page.Until("!!customElements.get('sip-phone').parts.links")
	from := page.Now()
	page.Click("#call")
	page.Topic("jsc/error", "d.message.startsWith('window needs')", from)
	page.Click("#call")
	page.Until("!!window.opened && location.pathname === '/'")
}

// A page that is not on the list may open the phone, and gets nothing from it.
func TestWindowOfAPageThatIsNotOnTheList(t *testing.T) {
	index := string(readFile(t, "build/site/index.html", "make build"))
	s := startSite(t, map[string]string{
		"index.html":  strings.Replace(index, "</head>", `<script src="settings.js"></script></head>`, 1),
		"settings.js": `window.JSCommSettings = {embed: {allowed_origins: ["https://erp.example.org"]}};`,
	})
	page := newPage(t, low, "host")
	page.Open(hostPages(t, s.URL(), `<sip-phone mode=window links account=alice></sip-phone>`, "unsafe-none"))
	page.Until(partsLoaded)
	page.Click("#call")
	page.Topic("jsc/error", "d.message.includes('embed.allowed_origins')", 0)
	for _, r := range page.Topics() {
		if r.Topic != "jsc/error" && r.Topic != "jsc/call/dial" {
			t.Errorf("%s was let through", r.Topic)
		}
	}
}
