//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"gocommunicator/app/e2e/peers"
	"gocommunicator/app/e2e/server"
)

// chats begins a conversation in the way of a person.
func (p *phone) chats(address string) {
	p.t.Helper()
	p.Fill("chat-address", address)
	p.Enter()
	p.Until("!!document.querySelector('.conversation:not([hidden])')")
}

// says types a message and sends it with Enter, and returns what became of it so far.
func (p *phone) says(text string) {
	p.t.Helper()
	p.Fill("chat-text", text)
	p.Enter()
	p.reads(text, "")
	p.Until("document.querySelector('[data-input=chat-text]').value === ''")
}

// reads waits until the open conversation has a message of that text and status; empty
// means any.
func (p *phone) reads(text, status string) {
	p.t.Helper()
	words, err := json.Marshal(text)
	if err != nil {
		p.t.Fatal(err)
	}
	p.Until(fmt.Sprintf(`[...document.querySelectorAll('.message')].some((m) =>
		m.querySelector('.message-text').textContent === %s && (%q === '' || m.dataset.status === %q))`, words, status, status))
}

// unread waits until a conversation has so many unread messages, and the tab all of them.
func (p *phone) unread(peer string, n, all int) {
	p.t.Helper()
	p.Until(fmt.Sprintf(`document.querySelector('.chat-row[data-id="%s"]')?.dataset.unread === '%d' &&
		document.querySelector('.tab-chats .unread [aria-hidden]').textContent === '%d'`, peer, n, all))
}

// back goes to the list of conversations.
func (p *phone) back() {
	p.t.Helper()
	p.Action("chat-back")
	p.Until("!!document.querySelector('.conversation[hidden]')")
}

// reload opens the page anew.
func (p *phone) reload() {
	p.t.Helper()
	var url string
	p.Evaluate("location.href", &url)
	p.Open(url)
}

func TestTwoPagesChatAndSeeHowFarMessagesCome(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) (alice, bob *phone){
		"through the embedded server": func(t *testing.T) (alice, bob *phone) {
			t.Helper()
			s := startServer(t)
			return openDemo(t, s, newPage(t, low, "alice"), "alice"), openDemo(t, s, newPage(t, high, "bob"), "bob")
		},
		"through Kamailio": func(t *testing.T) (alice, bob *phone) {
			t.Helper()
			k := server.StartKamailio(t)
			return kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil), kamailioPhone(t, newPage(t, high, "bob"), k.WS, "bob", nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			alice, bob := open(t)
			alice.chats(bob.address)
			alice.says("first")
			alice.reads("first", "sent") // a stranger is not asked for more
			bob.unread(alice.address, 1, 1)
			bob.Click(`.chat-row[data-id="` + alice.address + `"] [data-action=open-chat]`)
			bob.reads("first", "delivered")
			bob.Until("document.querySelector('.tab-chats .unread').hidden")

			// By now each may know what the other takes.
			bob.says("second")
			alice.reads("second", "delivered")
			bob.Fill("chat-text", "I am ty")
			alice.Until("document.querySelector('.chat-composing').textContent !== ''")
			bob.says("third")
			alice.Until("document.querySelector('.chat-composing').textContent === ''")
			bob.reads("third", "displayed")
			alice.back()
			bob.says("fourth")
			bob.reads("fourth", "delivered")
			alice.unread(bob.address, 1, 1)
			alice.Click(`.chat-row[data-id="` + bob.address + `"] [data-action=open-chat]`)
			bob.reads("fourth", "displayed")
			alice.Screenshot("chat")

			alice.reload()
			if name == "through Kamailio" {
				logIn(server.Password("alice"))(alice)
			}
			alice.Click(`.chat-row[data-id="` + bob.address + `"] [data-action=open-chat]`)
			alice.reads("fourth", "delivered")
			alice.reads("first", "sent")
		})
	}
}

func TestUnsentTextSurvivesSwitchingAndReload(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	stands := func(text string) {
		t.Helper()
		alice.Until(fmt.Sprintf("document.querySelector('[data-input=chat-text]').value === %q", text))
	}
	alice.chats("bob")
	alice.Fill("chat-text", "for bob")
	alice.back()
	alice.chats("carol")
	stands("")
	alice.Fill("chat-text", "for carol")
	alice.Click(`.chat-row[data-id="sip:bob@localhost"] [data-action=open-chat]`)
	stands("for bob")
	alice.reload()
	alice.Click(`.chat-row[data-id="sip:carol@localhost"] [data-action=open-chat]`)
	stands("for carol")
	alice.back()
	alice.Click(`.chat-row[data-id="sip:bob@localhost"] [data-action=open-chat]`)
	stands("for bob")
	alice.Click(`.chat-row[data-id="sip:bob@localhost"] [data-action=close-chat]`)
	alice.Until(`!document.querySelector('.chat-row[data-id="sip:bob@localhost"]')`)
	alice.chats("bob")
	stands("for bob")
}

func TestMessageThatFailedIsExplainedAndSentAgain(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	alice.chats("dave")
	alice.says("anybody?")
	alice.reads("anybody?", "failed")
	alice.Until("document.querySelector('.message-status').textContent.includes('dave is not available')")
	dave := openDemo(t, s, newPage(t, high, "dave"), "dave")
	alice.Action("retry-message")
	alice.reads("anybody?", "sent")
	dave.unread(alice.address, 1, 1)

	alice.back()
	alice.chats("nobody-at-all")
	alice.says("hello?")
	alice.Until("document.querySelector('.message-status').textContent.includes('knows nobody')")
	alice.Action("delete-chat")
	alice.Action("confirm-delete")
	alice.Until(`!document.querySelector('.chat-row[data-id="sip:nobody-at-all@localhost"]')`)
	alice.Action("delete-all-chats")
	alice.Action("keep-chat")
	alice.Action("delete-all-chats")
	alice.Action("confirm-delete")
	alice.Until("!document.querySelector('.chat-row')")
	alice.reload()
	alice.Until("document.querySelector('.shell')?.dataset.account === 'in' && !!document.querySelector('.chats .empty')")
}

// Enter sends; Shift+Enter, an input method that is composing, and every other key are
// left to the browser.
func TestOnlyEnterIsTakenFromWhoTypes(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	alice.chats("bob")
	alice.Fill("chat-text", "typed")
	var taken []string
	alice.Evaluate(`['Tab', 'Escape', 'Delete', 'Backspace', 'Home', 'Enter+shiftKey', 'Enter+isComposing', 'Enter'].filter((name) => {
		const [key, modifier] = name.split('+');
		const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, [modifier]: true });
		document.querySelector('[data-input=chat-text]').dispatchEvent(event);
		return event.defaultPrevented;
	})`, &taken)
	if got := strings.Join(taken, " "); got != "Enter" {
		t.Errorf("taken: %s", got)
	}
	alice.reads("typed", "")
}

func TestChatTurnedOffIsNowhereAndRefuses(t *testing.T) {
	k := server.StartKamailio(t)
	bob := kamailioPhone(t, newPage(t, high, "bob"), k.WS, "bob", map[string]any{"chat": map[string]any{"enable": false}})
	bob.Until("!document.querySelector('.chats, .tab-chats')")
	alice := kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil)
	alice.chats(bob.address)
	alice.says("hello")
	alice.reads("hello", "failed")
	record := alice.Topic("jsc/message/sent", "d.status === 'failed'", 0)
	if !strings.Contains(string(record.Data), `"code":405`) {
		t.Errorf("failed with %s", record.Data)
	}
	alice.Until("document.querySelector('.message-status').textContent.includes('does not take messages')")
}

func TestPeerOfTheCallIsOfferedToChat(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Dial(bob.address, false)
	bob.Answer(false)
	alice.Talks()
	for _, p := range []*phone{alice, bob} {
		p.Until("!!document.querySelector('.conversation:not([hidden])')")
	}
	bob.says("see https://example.org/a_(b). Or tel:+4930123, javascript:alert(1)")
	alice.reads("see https://example.org/a_(b). Or tel:+4930123, javascript:alert(1)", "")
	var links []string
	alice.Evaluate(`[...document.querySelectorAll('.message-text a, .message-dial')].map((a) =>
		[a.href ?? a.dataset.action, a.rel ?? '', a.target ?? ''].join(' '))`, &links)
	want := "https://example.org/a_(b) noopener noreferrer nofollow _blank|dial-link  "
	if got := strings.Join(links, "|"); got != want {
		t.Errorf("links %q, want %q", got, want)
	}
	alice.Hangup()
	alice.Idle()
	alice.Action("dial-link")
	alice.Until("document.querySelector('[data-input=address]').value === 'tel:+4930123'")
}

// Others take plain text, and it is what they get.
func TestClientsOfOthersExchangeMessagesWithThePage(t *testing.T) {
	for _, library := range []peers.Library{peers.SIPjs, peers.JsSIP} {
		t.Run(string(library), func(t *testing.T) {
			k := server.StartKamailio(t)
			alice := kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil)
			bob := peers.Open(t, newPage(t, high, "bob"), library, peers.KamailioAccount(k.WS, "bob"))
			bob.Message(alice.address, "héllo 👋 <b>")
			alice.Click(`.chat-row[data-id="` + bob.Address() + `"] [data-action=open-chat]`)
			alice.reads("héllo 👋 <b>", "delivered")
			for _, text := range []string{"hi yourself", "and שלום again"} {
				alice.says(text)
				alice.reads(text, "sent")
				bob.Reads(text)
			}
		})
	}
}
