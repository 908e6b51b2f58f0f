//go:build linux

package e2e

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/transact"
)

// told is all that the page shows as notices.
const told = `[...document.querySelectorAll('[role=alert]')].map((e) => e.innerText).join(' | ')`

func TestMistakesInTheSettingsAreToldAndTheRestStands(t *testing.T) {
	const good = `"websocket": {"servers": "ws://127.0.0.1:1/"}`
	for name, test := range map[string]struct {
		status int
		config string
		says   []string
	}{
		"unknown key":      {200, `{"websockets": {}, ` + good + `}`, []string{"websockets", "websocket"}},
		"wrong type":       {200, `{"dialing": {"no_answer_timeout": "soon"}, ` + good + `}`, []string{"dialing.no_answer_timeout"}},
		"impossible value": {200, `{"registration": {"expiry": -1}, ` + good + `}`, []string{"registration.expiry"}},
		"malformed TURN":   {200, `{"turn_servers": [{"server": "turn1.example.org"}], ` + good + `}`, []string{"turn_servers[0].server"}},
		"unreadable":       {200, "{\n  \"websocket\": oops }", []string{"config.json", "line 2"}},
		"missing":          {404, "not here", []string{"settings could not be loaded"}},
	} {
		t.Run(name, func(t *testing.T) {
			page := newPage(t, low, "alice")
			page.Open(serveConfig(t, test.status, test.config))
			for _, want := range test.says {
				page.Until(told + `.includes(` + quote(want) + `)`)
			}
			// The rest of the page stands: the form can be used.
			page.Fill("sip-address", "alice@example.org")
			page.Until(`document.querySelector('[data-action=login]').getClientRects().length > 0`)
		})
	}
}

func TestWhatIsNoAddressIsRefusedAndKept(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	for _, input := range []string{
		"bob@", "bob@exa mple.org", "javascript:alert(1)", `bob@"x"`, strings.Repeat("b", 10_000),
	} {
		alice.Fill("address", input)
		alice.Action("dial-audio")
		alice.Until(`document.getElementById('address-hint').innerText.length > 10`)
		alice.Until(`document.querySelector('[data-input=address]').value === ` + quote(input))
	}
	for _, r := range alice.Topics() {
		if r.Topic == "jsc/call/state" {
			t.Errorf("a call was begun: %s", r.Data)
		}
	}
}

func TestOtherAlphabetsAreSentRightlyEscaped(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	for _, input := range []string{"日本", "anna maria", `o"neil`} {
		alice.Dial(input, false)
		if c := alice.state("ended", "failed"); c.code() != 404 {
			t.Errorf("%s: %+v", input, c)
		}
	}
	alice.Fill("address", "<b>bob</b>")
	alice.Action("dial-audio")
	alice.Until(`document.getElementById('address-hint').innerText.includes('<b>')`)
}

// rude is a server that misbehaves before it registers whoever asks.
func rude(t *testing.T) (url string) {
	t.Helper()
	handler := func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"sip"}, InsecureSkipVerify: true})
		if err != nil {
			return
		}
		defer func() { _ = conn.CloseNow() }()
		conn.SetReadLimit(1 << 20)
		send := func(text string) { _ = conn.Write(r.Context(), websocket.MessageText, []byte(text)) }
		send("rubbish")
		send("SIP/2.0 200 OK\r\n\r\n")
		send("SIP/2.0 200 OK\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bKnone\r\nFrom: <sip:a@b>;tag=1\r\n" +
			"To: <sip:a@b>;tag=2\r\nCall-ID: none\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n")
		send("INVITE sip:alice SIP/2.0\r\nVia: broken\r\n\r\n")
		send(strings.Repeat("x", 1<<20))
		_ = conn.Write(r.Context(), websocket.MessageBinary, []byte{0, 255, 13, 10, 200})
		for {
			_, data, err := conn.Read(r.Context())
			if err != nil {
				return
			}
			msg, err := sip.ParseMessage(data)
			if err != nil {
				continue
			}
			if req, ok := msg.(*sip.Request); ok && req.Method == sip.REGISTER {
				res := transact.NewResponse(req, 200, "OK")
				sip.CopyHeaders("Contact", req, res)
				send(res.String())
				send(res.String()) // twice
			}
		}
	}
	server := httptest.NewServer(http.HandlerFunc(handler))
	t.Cleanup(server.Close)
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

func TestPageOutlivesARudeServer(t *testing.T) {
	site := serveSite(t, map[string]any{"websocket": map[string]any{"servers": rude(t)}})
	alice := openPhone(t, newPage(t, low, "alice"), site, "sip:alice@example.org", logIn("secret"))
	alice.Until(`document.querySelector('[data-region=status]').dataset.registration === 'registered'`)
	alice.Until(`document.querySelector('[data-region=status]').dataset.link === 'up'`)
}

func TestServerThatClosesOrIsSilentIsReportedAndTriedAgain(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"closes": func(w http.ResponseWriter, r *http.Request) {
			if conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"sip"}, InsecureSkipVerify: true}); err == nil {
				_ = conn.Close(websocket.StatusTryAgainLater, "")
			}
		},
		"is no WebSocket": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusTeapot) },
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(handler)
			defer server.Close()
			url := "ws" + strings.TrimPrefix(server.URL, "http")
			page := newPage(t, low, "alice")
			page.Open(serveSite(t, map[string]any{"websocket": map[string]any{"servers": url, "connection_recovery_min_interval": 0.1}}))
			page.Fill("sip-address", "alice@example.org")
			page.Fill("password", "secret")
			page.Action("login")
			page.Topic("jsc/link/state", "d.state === 'down' && d.retry_in > 0", 0)
			page.Topic("jsc/link/state", "d.state === 'connecting' && d.attempt > 1", 0)
			page.Until(`document.querySelector('[data-region=status]').innerText.includes('No connection')`)
		})
	}
}

func TestWrongPasswordBringsTheFormBackAsItWas(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Open(s.URL())
	page.Fill("sip-address", "alice@localhost")
	page.Fill("password", "wrong")
	page.Action("login")
	page.Until(told + `.includes('password is wrong')`)
	page.Until(`document.querySelector('[data-input=sip-address]').value === 'alice@localhost'`)
	page.Fill("password", "alice")
	page.Action("login")
	page.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	page.Until(`document.querySelector('[data-input=password]').value === ''`)
}

func TestDemoAccountIsOneClickAway(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "carol")
	page.Open(s.URL())
	page.Click(`[data-action="login-demo"][data-id="carol"]`)
	page.Topic("jsc/registration/state", "d.state === 'registered' && d.aor === 'sip:carol@localhost'", 0)
}

func TestPageOfTheHostDoesEverythingByTopics(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Open(s.URL())
	page.Call("Arbiter.publish", "jsc/ua/login", map[string]any{"uri": "sip:alice@localhost", "password": "alice", "display_name": "Alice"})
	page.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")

	page.Call("Arbiter.publish", "jsc/call/dial", map[string]any{"to": "bob"})
	bob.Rung()
	bob.Call("Arbiter.publish", "jsc/call/answer", map[string]any{})
	page.Topic("jsc/call/state", "d.state === 'active' && d.peer.uri === 'sip:bob@localhost'", 0)
	page.Topic("jsc/call/connected", "d === null", 0)
	page.Call("Arbiter.publish", "jsc/message/send", map[string]any{"to": "bob", "text": "<img src=x onerror=alert(1)>"})
	bob.Topic("jsc/message/received", "d.text === '<img src=x onerror=alert(1)>'", 0)
	page.Topic("jsc/message/sent", "d.status === 'sent'", 0)
	page.Call("Arbiter.publish", "jsc/call/hangup", map[string]any{})
	bob.Topic("jsc/call/end", "d === null", 0)
	page.Call("Arbiter.publish", "jsc/ua/state", nil)
	page.Topic("jsc/ua/snapshot", "d.calls.length === 0 && d.registration.state === 'registered'", 0)
	page.Call("Arbiter.publish", "jsc/call/answer", map[string]any{"id": 7})
	page.Topic("jsc/error", "d.message.length > 0", 0)
	page.Call("Arbiter.publish", "jsc/ua/logout", nil)
	page.Topic("jsc/registration/state", "d.state === 'unregistered' && d.aor === ''", 0)
}

func TestSecondPressOfADoubleClickOnHangUpCallsNobody(t *testing.T) {
	page := widgetInCall(t, 320, 480)
	page.Evaluate(`void (() => {
		const phone = frames[0], r = phone.document.querySelector('[data-action=hangup]').getBoundingClientRect();
		const under = () => phone.document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)?.closest('[data-action]')?.dataset.action ?? 'nothing';
		window.seen = [];
		const shell = phone.document.querySelector('.shell');
		new MutationObserver((_, watch) => { // the topic may come later, when a browser has a lot to do
			if (shell.dataset.call !== 'none') return;
			watch.disconnect();
			const begun = performance.now();
			const look = () => {
				if (performance.now() - begun > 300) return; // a frame may have taken long
				seen.push(under());
				requestAnimationFrame(look);
			};
			look();
		}).observe(shell, { attributeFilter: ['data-call'] });
		phone.document.querySelector('[data-action=hangup]').click();
		window.under = under;
	})()`, nil)
	page.Until(`under() === 'dial-video'`) // which stands there in the end
	var seen []string
	page.Evaluate(`seen`, &seen)
	if len(seen) == 0 || slices.Contains(seen, "dial-video") {
		t.Errorf("in the time of a double click: %v", seen)
	}
}

func TestLoginFormBeginsWithWhatIsKnown(t *testing.T) {
	page := newPage(t, low, "alice")
	page.Open(serveConfig(t, http.StatusOK, `{"websocket": {"servers": "ws://127.0.0.1:1/"}, "user": {"uri": "sip:alice@example.org", "display_name": "Alice"}}`))
	page.Until(`document.querySelector('[data-input=sip-address]')?.value === 'alice@example.org'`)
	page.Until(`document.querySelector('[data-input=display-name]').value === 'Alice'`)
	page.Action("login")
	page.Until(`document.getElementById('password-hint').innerText.includes('password')`)
}

func quote(s string) string {
	return "`" + strings.ReplaceAll(strings.ReplaceAll(s, `\`, `\\`), "`", "\\`") + "`"
}
