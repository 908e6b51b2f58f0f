//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/transact"
)

// hostileTexts would do something if a page took them for anything but text: each
// calls owned, or breaks out of where it stands.
var hostileTexts = []string{
	`<img src=x onerror=owned()>`,
	`<script>owned()</script>`,
	`"><svg onload=owned()>`,
	`</title></textarea></style><script>owned()</script>`,
	`' onmouseover='owned()' autofocus onfocus='owned()`,
	`javascript:owned()`,
	`<a href="javascript:owned()">click</a> http://example.org/"onclick="owned()`,
	`<iframe srcdoc="<script>parent.owned()</script>">`,
	`&lt;img src=x onerror=owned()&gt; &#60;script&#62;`,
	`{{.Name}} {{template "x"}} ${owned()} %s %d %!(EXTRA)`,
	"\u202egnp.exe\u202c \u2066\u2067 \ufeff",
	"a\u0000b\u0001c\u001b[31m",
	strings.Repeat("W", 5000),
	strings.Repeat("\u0301", 500),
}

// hostile is a server that registers whoever asks and refuses every call, each time
// with what it was given last as the reason.
type hostile struct {
	t      *testing.T
	url    string
	conns  chan *websocket.Conn
	reason chan string
	conn   *websocket.Conn
}

func startHostile(t *testing.T) *hostile {
	t.Helper()
	h := &hostile{t: t, conns: make(chan *websocket.Conn, 1), reason: make(chan string, 1)}
	server := httptest.NewServer(http.HandlerFunc(h.serve))
	t.Cleanup(server.Close)
	h.url = "ws" + strings.TrimPrefix(server.URL, "http")
	return h
}

func (h *hostile) serve(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"sip"}, InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer func() { _ = conn.CloseNow() }()
	for {
		_, data, err := conn.Read(r.Context())
		if err != nil {
			return
		}
		msg, err := sip.ParseMessage(data)
		if err != nil {
			continue
		}
		req, ok := msg.(*sip.Request)
		if !ok {
			continue
		}
		switch req.Method {
		case sip.REGISTER:
			res := transact.NewResponse(req, 200, "OK")
			sip.CopyHeaders("Contact", req, res)
			_ = conn.Write(r.Context(), websocket.MessageText, []byte(res.String()))
			select {
			case h.conns <- conn:
			default:
			}
		case sip.INVITE:
			res := transact.NewResponse(req, 486, <-h.reason)
			_ = conn.Write(r.Context(), websocket.MessageText, []byte(res.String()))
		case sip.ACK:
		default:
			_ = conn.Write(r.Context(), websocket.MessageText, []byte(transact.NewResponse(req, 200, "OK").String()))
		}
	}
}

// send sends a request with a hostile name, subject and user agent. The branch and the
// Call-ID belong to the number.
func (h *hostile) send(method string, number int, name, body string) {
	h.t.Helper()
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name)
	header := strings.NewReplacer("\r", " ", "\n", " ").Replace(name)
	text := fmt.Sprintf("%s sip:alice@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/WS evil.invalid;branch=z9hG4bK%d\r\n"+
		"Max-Forwards: 70\r\nFrom: \"%s\" <sip:mallory%d@example.org>;tag=%d\r\nTo: <sip:alice@example.org>\r\n"+
		"Call-ID: hostile%d\r\nCSeq: 1 %s\r\nContact: <sip:mallory@evil.invalid;transport=ws>\r\n"+
		"Subject: %s\r\nUser-Agent: %s\r\nX-Other: %s\r\n", method, number, quoted, number, number, number, method, header, header, header)
	if body != "" {
		text += "Content-Type: text/plain;charset=UTF-8\r\n"
	}
	text += fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
	if err := h.conn.Write(h.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		h.t.Fatal(err)
	}
}

// Whatever a peer writes into names, messages, headers and reasons is text on the
// screen and in the topics, and nothing else.
func TestHostileTextIsNeverMoreThanText(t *testing.T) {
	h := startHostile(t)
	page := newPage(t, low, "alice")
	page.Before(`window.owned = () => { window.wasOwned = true; }`)
	site := serveSite(t, map[string]any{"websocket": map[string]any{"servers": h.url}})
	alice := openPhone(t, page, site, "sip:alice@example.org", logIn("secret"))
	h.conn = <-h.conns
	var scripts int
	page.Evaluate("document.scripts.length", &scripts)

	for i, text := range hostileTexts {
		h.message(alice, 2*i+100, text)
		h.ring(alice, 2*i+101, text)
		h.refuse(alice, text)
	}
	page.Until("!document.title.includes('{{')")
	var bad []string
	page.Evaluate(`[...document.querySelectorAll('*')].flatMap((e) => e.getAttributeNames()
		.filter((a) => a.startsWith('on') || a === 'srcdoc' || ['href', 'src', 'action'].includes(a) && e.getAttribute(a).trim().toLowerCase().startsWith('javascript:'))
		.map((a) => e.outerHTML.slice(0, 200)))`, &bad)
	for _, element := range bad {
		t.Errorf("there is %s", element)
	}
	page.Until(fmt.Sprintf("!window.wasOwned && document.scripts.length === %d && !document.querySelector('iframe')", scripts))
}

// message has a message come in, whose text must reach the page's host as it is.
func (h *hostile) message(alice *phone, number int, text string) {
	h.t.Helper()
	since := alice.Now()
	h.send("MESSAGE", number, text, text)
	record := alice.Topic("jsc/message/received", "true", since)
	var got struct{ Text string }
	if err := json.Unmarshal(record.Data, &got); err != nil || got.Text != text {
		h.t.Errorf("%.40q came in as %.40q (%v)", text, got.Text, err)
	}
	// The same on the screen, as the message of a conversation and as the name above it.
	alice.Click(fmt.Sprintf(`.chat-row[data-id="sip:mallory%d@example.org"] [data-action=open-chat]`, number))
	shown, err := json.Marshal(strings.NewReplacer("\u0000", "", "\u0001", "", "\u001b", "").Replace(text))
	if err != nil {
		h.t.Fatal(err)
	}
	alice.Until(fmt.Sprintf("document.querySelectorAll('.message').length === 1 && %s.startsWith(document.querySelector('.message-text').textContent)", shown))
	alice.Action("chat-back")
}

// ring has somebody of that name call, and give up.
func (h *hostile) ring(alice *phone, number int, name string) {
	h.t.Helper()
	alice.since = alice.Now()
	h.send("INVITE", number, name, "")
	alice.Rung()
	alice.Until("document.querySelector('[data-region=calls] [data-id]')?.innerText.length > 0")
	h.send("CANCEL", number, name, "")
	alice.Idle()
}

// refuse has a call of the person refused for that reason.
func (h *hostile) refuse(alice *phone, reason string) {
	h.t.Helper()
	h.reason <- strings.NewReplacer("\u0000", "", "\r", " ", "\n", " ").Replace(reason)
	alice.Dial("mallory", false)
	if c := alice.state("failed"); c.code() != 486 {
		h.t.Errorf("the call failed with %d", c.code())
	}
}
