//go:build linux

package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"gocommunicator/app/devserver"
	"gocommunicator/app/e2e/browser"
)

// host serves pages of an origin of its own: a header for all of them, and what stands
// under which path.
func host(t *testing.T, header map[string]string, files map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		for name, value := range header {
			w.Header().Set(name, value)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if strings.HasSuffix(r.URL.Path, ".js") {
			w.Header().Set("Content-Type", "text/javascript")
		}
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// widget is a page with the phone of s in it, for alice.
func widget(s *devserver.Server, attributes, body string) string {
	return "<!doctype html><title>Host</title><script src=" + strings.TrimSuffix(s.URL(), "/") + "/embed.js defer></script>" + body +
		"<sip-phone account=alice load=now " + attributes + "></sip-phone>"
}

// A page of JSCommunicator's time, with its jQuery and an Arbiter of its own, gets the phone
// by one element and goes on as it did.
func TestWidgetInAPageOfJSCommunicatorsTime(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "host")
	alice := openPhone(t, page, host(t, nil, map[string]string{
		"/": widget(s, "", `<select id="contacts"><option value="">-<option value="carol">Carol</select>
			<a id="down" href="#foot">down</a><table id="events"></table><button id="own">own</button>
			<style>button { border: 3px solid red }</style>
			<script src="arbiter.js"></script><script>window.theirs = Arbiter</script>
			<script src="jquery.js"></script><script src="host.js"></script>`),
		"/arbiter.js": string(readFile(t, "web/arbiter.js", "git")),
		"/jquery.js":  string(readFile(t, "build/peers/node_modules/jquery/dist/jquery.js", "make peers")),
		"/host.js":    string(readFile(t, "app/e2e/testdata/host.js", "git")),
	}), "sip:alice@localhost", nil)
	page.Until("Arbiter === theirs && !document.getElementById('contacts').disabled")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")

	bob.Dial("alice", false)
	page.Until("[...document.querySelectorAll('#events tr')].filter((r) => r.innerText.includes('jsc/call/incoming')).length === 1")
	page.Publish("jsc/call/answer", map[string]any{})
	bob.Talks()
	alice.Talks()
	page.Until("document.getElementById('contacts').disabled")
	bob.Hangup()
	page.Until("!document.getElementById('contacts').disabled")
	page.Until("[...document.querySelectorAll('#events td')].some((c) => c.innerText === 'jsc/call/end')")

	// Links and keys are the page's, as are its styles; the phone's are not.
	page.Click("#down")
	page.Until("host.scrolled === 1 && location.hash === '#foot'")
	page.Click("#own")
	page.Enter()
	page.Until("host.keys === 'Enter' && getComputedStyle(document.getElementById('own')).borderWidth === '3px'")
}

// Whatever a script of the page or of a third origin in it posts, the phone does nothing for it.
func TestForgedMessagesToAWidgetCountForNothing(t *testing.T) {
	s := startServer(t)
	third := host(t, nil, map[string]string{"/": `<!doctype html><script>
		const { port1, port2 } = new MessageChannel();
		const forged = [{ sipPhone: 'hello', version: 1 }, { sipPhone: 'refused', version: 1 },
			{ topic: 'jsc/call/dial', data: { to: 'bob' } }, { sipPhone: 'welcome', version: 1, settings: '{"user": {"domain": "evil.example"}}' }];
		addEventListener('message', ({ data }) => {
			if (data !== 'go') return;
			for (const message of forged) for (const w of [parent, ...Array.from({ length: parent.length }, (_, i) => parent[i])]) w.postMessage(message, '*');
			try { parent.postMessage(forged[0], '*', [port1]); } catch (e) { console.log(String(e)); }
			parent.postMessage('done', '*');
		});</script>`})
	page := newPage(t, low, "host")
	alice := openPhone(t, page, host(t, nil, map[string]string{"/": widget(s, "", `<iframe src="`+third+`"></iframe>`)}), "sip:alice@localhost", nil)
	since := page.Now()
	page.Evaluate(`new Promise((done) => {
		addEventListener('message', ({ data }) => data === 'done' && done());
		frames[0].postMessage('go', '*');
		for (const message of [null, 7, 'jsc/call/dial', [], { sipPhone: 'hello' }, { sipPhone: 'welcome', version: 1 }, { sipPhone: 'refused' },
			{ topic: 'jsc/call/dial', data: { to: 'bob' } }]) postMessage(message, '*');
	})`, nil)

	// Of what comes by the port itself only topics of the phone's are any.
	page.Evaluate(`void document.querySelector('sip-phone').setAttribute('theme', '{"scheme": "dark", "--accent": "url(javascript:1)", "color": "red"}')`, nil)
	page.Evaluate(`void document.querySelector('sip-phone').publish('constructor', {})`, nil)
	page.Evaluate(`void document.querySelector('sip-phone').publish('jsc/call/dial', { to: () => {} })`, nil)
	page.Topic("jsc/error", "d.message.includes('cannot be sent')", since)
	for _, data := range []any{nil, 7, "x", []any{}, map[string]any{"to": map[string]any{}}} {
		before := page.Now()
		page.Publish("jsc/call/dial", data)
		page.Topic("jsc/error", "true", before)
	}
	asked := page.Now()
	page.Publish("jsc/ua/state", nil)
	page.Topic("jsc/ua/snapshot", "d.calls.length === 0 && d.registration.aor === 'sip:alice@localhost' && d.registration.state === 'registered'", asked)
	for _, r := range page.Topics() {
		if r.Time > since && strings.HasPrefix(r.Topic, "jsc/call/") && r.Topic != "jsc/call/dial" {
			t.Errorf("%s came of a forged message", r.Topic)
		}
	}
	alice.since = asked
	page.Publish("jsc/call/dial", map[string]any{"to": "echo"})
	alice.Talks()
}

// Where the page may not use a microphone, that is said to it, and to the person when it
// matters; calls can be taken all the same.
func TestWidgetWithoutAMicrophoneSaysSo(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "host")
	openPhone(t, page, host(t, map[string]string{"Permissions-Policy": "microphone=(), camera=()"}, map[string]string{"/": widget(s, "", "")}), "sip:alice@localhost", nil)
	page.Topic("jsc/error", "d.message.includes('Permissions-Policy')", 0)
	since := page.Now()
	page.Publish("jsc/call/dial", map[string]any{"to": "bob"})
	page.Topic("jsc/error", "/microphone/i.test(d.message)", since)
	page.Screenshot("no-microphone")
}

// In a sandbox the phone is of no origin: nobody gives it a microphone, nor does it remember
// anything. It says so where the person looks, and where it can be used instead, whether its
// server lets everybody have its files or not.
func TestPhoneInASandboxLeadsToAWindowOfItsOwn(t *testing.T) {
	s := startServer(t)
	target, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	for name, everybody := range map[string]bool{"files for its own pages": false, "files for everybody": true} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(&httputil.ReverseProxy{
				Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
				ModifyResponse: func(r *http.Response) error {
					r.Header.Set("Content-Security-Policy", "sandbox allow-scripts")
					if everybody {
						r.Header.Set("Access-Control-Allow-Origin", "*")
					}
					return nil
				},
			})
			t.Cleanup(server.Close)
			page := newPage(t, low, "alice")
			page.Open(server.URL + "/?account=alice")
			page.Until("document.body.innerText.includes('cannot run inside this page') && document.querySelector('a[target=_blank]').href === location.href")
			page.Screenshot("sandboxed")
			page.Until("document.querySelector('[data-action]') === null")
		})
	}
}

// A tag that is written wrongly says which attribute is, and the phone stands.
func TestMistakesInATagAreToldAndThePhoneStands(t *testing.T) {
	s := startServer(t)
	for _, test := range []struct{ attributes, says string }{
		{`nonsense=1`, "nonsense"},
		{`theme="{no json"`, "theme"},
		{`config="{no json"`, "config: cannot be read"},
		{`config='{"session": {"max_calls": "many"}}'`, "session.max_calls"},
		{`lang=tlh`, ""},
	} {
		t.Run(test.attributes, func(t *testing.T) {
			page := newPage(t, low, "host")
			openPhone(t, page, host(t, nil, map[string]string{"/": widget(s, test.attributes, "")}), "sip:alice@localhost", nil)
			if test.says != "" {
				page.Topic("jsc/error", "d.message.includes("+quote(test.says)+")", 0)
			}
		})
	}
}

// What holds no phone, or one that a sandbox keeps from answering, is told of after a while.
func TestFrameWithoutAPhoneIsToldOf(t *testing.T) {
	s := startServer(t)
	nowhere, sandboxed := newPage(t, low, "nowhere"), newPage(t, low, "sandboxed")
	nowhere.Open(host(t, nil, map[string]string{"/": widget(s, "src=/nowhere", "")}))
	sandboxed.Open(host(t, map[string]string{"Content-Security-Policy": "sandbox allow-scripts"}, map[string]string{"/": widget(s, "", "")}))
	for _, page := range []*browser.Page{nowhere, sandboxed} {
		page.Topic("jsc/error", "d.message.includes('no phone that answers')", 0)
	}
}

// A phone that is a button alone takes no more room in a page than that, until there is a call.
func TestWidgetIsAsHighAsItsContent(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "host")
	page.Open(host(t, nil, map[string]string{"/": widget(s, `config='{"button": {"to": "echo", "label": "Talk to us", "only": true}}'`, "<p>Questions?")}))
	const high = "document.querySelector('sip-phone').offsetHeight"
	page.Until(high + " > 60 && " + high + " < 250")
	page.Screenshot("button")
	page.Click("sip-phone") // in the middle of it
	page.Topic("jsc/call/state", "d.state === 'active'", 0)
	page.Until(high + " === 36 * 16")
	page.Screenshot("call")
	page.Publish("jsc/call/hangup", map[string]any{})
	page.Until(high + " > 60 && " + high + " < 250")
}
