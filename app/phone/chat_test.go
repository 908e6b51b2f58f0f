package phone_test

import (
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/phone"
	"gocommunicator/app/store"
	"gocommunicator/sipcore/message"
	"gocommunicator/sipcore/siptest"
)

const (
	aliceURI = "sip:alice@example.test"
	bobURI   = "sip:bob@example.test"
)

// chatter is a scripted phone whose chats are watched.
type chatter struct {
	*scripted
	t *testing.T

	mu       sync.Mutex
	messages []phone.Message
	latest   phone.Chats
}

// chats are those there are now.
func (c *chatter) chats() []phone.Chat {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.latest.List
}

func (c *chatter) note(do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	do()
}

// chatting runs a test with a phone. settings are JSON.
func chatting(t *testing.T, settings string, test func(t *testing.T, c *chatter)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t, newChatter(t, settings, openStore(t)))
	})
}

func openStore(t *testing.T) *store.Store {
	s := store.Open(store.Config{Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(s.Close)
	return s
}

func newChatter(t *testing.T, settings string, remembered *store.Store) *chatter {
	t.Helper()
	layer, err := config.ParseLayer("test", []byte(settings))
	if err != nil {
		t.Fatal(err)
	}
	c := &chatter{t: t}
	c.scripted = newScriptedWith(t, remembered, layer, func(b *bus.Bus) {
		bus.Subscribe(b, func(m phone.Message) { c.note(func() { c.messages = append(c.messages, m) }) })
		bus.Subscribe(b, func(l phone.Chats) { c.note(func() { c.latest = l }) })
	})
	return c
}

// last is the latest state of a message.
func (c *chatter) last(id string) phone.Message {
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := len(c.messages) - 1; i >= 0; i-- {
		if c.messages[i].ID == id {
			return c.messages[i]
		}
	}
	c.t.Helper()
	c.t.Fatalf("no message %q in %+v", id, c.messages)
	return phone.Message{}
}

// says sends a text and returns its id and the request.
func (c *chatter) says(text string) (string, *sip.Request) {
	c.t.Helper()
	id, err := c.SendMessage("bob", text)
	if err != nil {
		c.t.Fatal(err)
	}
	return id, c.peer.Expect(sip.MESSAGE)
}

// knows lets the phone find out that bob takes everything.
func (c *chatter) knows() {
	c.t.Helper()
	_, req := c.says("hello")
	c.peer.Reply(req, 200)
	c.peer.Reply(c.peer.Expect(sip.OPTIONS), 200, siptest.Header("Accept", "application/sdp, "+message.Accepted))
	synctest.Wait()
}

// gets sends a MESSAGE to the phone and has it taken.
func (c *chatter) gets(contentType string, body []byte, mods ...siptest.Mod) {
	c.t.Helper()
	c.peer.Request(sip.MESSAGE, aliceURI, append(mods, siptest.Body(contentType, string(body)))...)
	c.peer.ExpectResponse(sip.MESSAGE, 200)
	synctest.Wait()
}

// from is who sends a request.
func from(name, uri string) siptest.Mod {
	return func(m sip.Message) {
		m.From().DisplayName, m.From().Address = name, siptest.URI(uri)
	}
}

// one is the only chat there is.
func (c *chatter) one() phone.Chat {
	c.t.Helper()
	list := c.chats()
	if len(list) != 1 {
		c.t.Fatalf("chats %+v", list)
	}
	return list[0]
}

func TestStrangersGetPlainTextAndFriendsMore(t *testing.T) {
	chatting(t, `{}`, func(t *testing.T, c *chatter) {
		id, req := c.says("hi")
		if kind := req.ContentType().Value(); !strings.HasPrefix(kind, "text/plain") || string(req.Body()) != "hi" {
			t.Errorf("first: %s %q", kind, req.Body())
		}
		c.peer.Reply(req, 200)
		asked := c.peer.Expect(sip.OPTIONS)
		if got := c.last(id); got.Status != phone.MessageSent {
			t.Errorf("%+v", got)
		}
		c.peer.Reply(asked, 200, siptest.Header("Accept", "application/sdp, message/cpim, message/imdn+xml"))
		synctest.Wait()
		id, req = c.says("again")
		if kind := req.ContentType().Value(); kind != "message/cpim" || !strings.Contains(string(req.Body()), "imdn.Message-ID: "+id+"\r\n") {
			t.Errorf("then: %s\n%s", kind, req.Body())
		}
		// Takes it no longer: the text goes plainly, and nothing is asked again.
		c.peer.Reply(req, 415, siptest.Header("Accept", "text/plain"))
		req = c.peer.Expect(sip.MESSAGE)
		if kind := req.ContentType().Value(); !strings.HasPrefix(kind, "text/plain") || string(req.Body()) != "again" {
			t.Errorf("after 415: %s %q", kind, req.Body())
		}
		c.peer.Reply(req, 200)
		if got := c.last(id); got.Status != phone.MessageSent {
			t.Errorf("after 415: %+v", got)
		}
		_, req = c.says("and again")
		if kind := req.ContentType().Value(); !strings.HasPrefix(kind, "text/plain") {
			t.Errorf("after a 415 before: %s", kind)
		}
		c.peer.Reply(req, 200)
		c.peer.ExpectNone()
	})
}

func TestWhoSendsCPIMGetsIt(t *testing.T) {
	chatting(t, `{}`, func(t *testing.T, c *chatter) {
		kind, body := message.Wrap(bobURI, aliceURI, "x1", "hi", time.Now())
		c.gets(kind, []byte(strings.Replace(string(body), "positive-delivery, display", "none", 1)))
		_, req := c.says("hello")
		if kind := req.ContentType().Value(); kind != "message/cpim" {
			t.Errorf("answered as %s", kind)
		}
	})
}

func TestNotificationsTellHowFarAMessageHasCome(t *testing.T) {
	chatting(t, `{}`, func(t *testing.T, c *chatter) {
		c.knows()
		id, req := c.says("hi")
		notified := func(by, about string, d message.Disposition) {
			kind, body := message.Notify(by, aliceURI, "n", message.Notification{ID: about, Disposition: d}, time.Now())
			// One that asks for another gets no answer.
			asking := strings.Replace(string(body), "NS:", "imdn.Disposition-Notification: positive-delivery\r\nNS:", 1)
			c.gets(kind, []byte(asking), from("Bob", by))
		}
		notified("sip:mallory@example.test", id, message.Displayed)
		if got := c.last(id); got.Status != phone.MessageSending {
			t.Errorf("by somebody else: %s", got.Status)
		}
		notified(bobURI, "other", message.Displayed)
		notified(bobURI, id, message.Delivered)
		if got := c.last(id); got.Status != phone.MessageDelivered {
			t.Errorf("delivered: %s", got.Status)
		}
		c.peer.Reply(req, 200) // overtaken by the notification
		if got := c.last(id); got.Status != phone.MessageDelivered {
			t.Errorf("sent after delivered: %s", got.Status)
		}
		notified(bobURI, id, message.Displayed)
		notified(bobURI, id, message.Delivered)
		if got := c.last(id); got.Status != phone.MessageDisplayed {
			t.Errorf("displayed: %s", got.Status)
		}
		c.peer.ExpectNone()
		if len(c.chats()) != 1 {
			t.Errorf("notifications began chats: %+v", c.chats())
		}
	})
}

func TestSenderIsToldOnlyWhatItAskedAndWhatHappened(t *testing.T) {
	for settings, displays := range map[string]bool{`{}`: true, `{"chat": {"send_display": false}}`: false} {
		chatting(t, settings, func(t *testing.T, c *chatter) {
			kind, body := message.Wrap(bobURI, aliceURI, "x1", "hi", time.Now())
			c.peer.Request(sip.MESSAGE, aliceURI, siptest.Body(kind, string(body)))
			c.peer.ExpectResponse(sip.MESSAGE, 200)
			told := c.peer.Expect(sip.MESSAGE)
			if text := string(told.Body()); !strings.Contains(text, "<message-id>x1</message-id>") || !strings.Contains(text, "<delivered/>") {
				t.Errorf("told:\n%s", text)
			}
			c.peer.Reply(told, 200)
			c.peer.ExpectNone() // not displayed before it is
			if got := c.one(); got.Unread != 1 || got.Last != "hi" {
				t.Errorf("%+v", got)
			}
			c.Seen(bobURI)
			if displays {
				told = c.peer.Expect(sip.MESSAGE)
				if text := string(told.Body()); !strings.Contains(text, "<displayed/>") || strings.Contains(text, "Disposition-Notification") {
					t.Errorf("told:\n%s", text)
				}
				c.peer.Reply(told, 415) // of no consequence
			}
			c.Seen(bobURI)
			c.peer.ExpectNone()
			if got := c.one(); got.Unread != 0 {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestTypingIsToldToThoseWhoTakeIt(t *testing.T) {
	chatting(t, `{}`, func(t *testing.T, c *chatter) {
		if _, err := c.OpenChat("bob"); err != nil {
			t.Fatal(err)
		}
		c.SetDraft(bobURI, "h")
		c.peer.ExpectNone() // a stranger
		c.knows()
		c.peer.Wait = 5 * time.Minute
		state := func(want string) {
			t.Helper()
			req := c.peer.Expect(sip.MESSAGE)
			if kind := req.ContentType().Value(); kind != "application/im-iscomposing+xml" || !strings.Contains(string(req.Body()), "<state>"+want+"</state>") {
				t.Errorf("want %s: %s\n%s", want, kind, req.Body())
			}
			c.peer.Reply(req, 200)
		}
		c.SetDraft(bobURI, "he")
		state("active")
		c.SetDraft(bobURI, "hey")
		c.peer.ExpectNone()
		began := time.Now()
		state("idle")
		if took := time.Since(began); took > message.ComposingIdle {
			t.Errorf("idle after %v", took)
		}
		text := "hey"
		began = time.Now()
		for time.Since(began) < message.ComposingRefresh {
			text += "."
			c.SetDraft(bobURI, text)
			time.Sleep(10 * time.Second)
		}
		state("active")
		state("active") // again before the first is forgotten
		c.SetDraft(bobURI, "")
		state("idle")
		c.SetDraft(bobURI, "x")
		state("active")
		_, req := c.says("x") // says by itself that typing is over
		c.peer.Reply(req, 200)
		c.peer.Quiet = time.Minute
		c.peer.ExpectNone()
	})
}

func TestPeerIsSeenTypingUntilItIsForgotten(t *testing.T) {
	chatting(t, `{}`, func(t *testing.T, c *chatter) {
		kind, active := message.Compose(true)
		c.gets(kind, active)
		if len(c.chats()) != 0 {
			t.Fatalf("a stranger's typing began a chat: %+v", c.chats())
		}
		c.gets("text/plain", []byte("hi"))
		typing := func(want bool) {
			t.Helper()
			if got := c.one(); got.Composing != want {
				t.Errorf("composing %v, want %v", got.Composing, want)
			}
		}
		c.gets(kind, active)
		typing(true)
		c.gets("text/plain", []byte("there"))
		typing(false)
		c.gets(kind, active)
		_, idle := message.Compose(false)
		c.gets(kind, idle)
		typing(false)
		c.gets(kind, active)
		time.Sleep(message.ComposingRefresh - time.Second)
		typing(true)
		time.Sleep(2 * time.Second)
		typing(false)
	})
}

func TestFailedMessageIsSentAgainOnce(t *testing.T) {
	chatting(t, `{}`, func(t *testing.T, c *chatter) {
		id, req := c.says("hi")
		c.peer.Reply(req, 480)
		if got := c.last(id); got.Status != phone.MessageFailed || got.Cause == nil || got.Cause.Code != 480 {
			t.Fatalf("%+v", got)
		}
		c.RetryMessage(id)
		c.RetryMessage(id)
		req = c.peer.Expect(sip.MESSAGE)
		if got := c.last(id); got.Status != phone.MessageSending || got.Cause != nil || string(req.Body()) != "hi" {
			t.Errorf("again: %+v", got)
		}
		c.peer.Reply(req, 200)
		if got := c.last(id); got.Status != phone.MessageSent {
			t.Errorf("%+v", got)
		}
		c.peer.Reply(c.peer.Expect(sip.OPTIONS), 200)
		c.RetryMessage(id) // has been sent
		c.RetryMessage("nonsense")
		c.peer.ExpectNone()
	})
}

func TestChatsAreTheAddressesNotTheNames(t *testing.T) {
	chatting(t, `{}`, func(t *testing.T, c *chatter) {
		c.gets("text/plain", []byte("one"), from("Bob", bobURI))
		c.gets("text/plain", []byte("two"), from("Bob", "sip:bob@evil.test"))
		c.gets("text/plain", []byte("three"), from("Robert", "sip:bob@EXAMPLE.test;transport=ws"))
		if len(c.chats()) != 2 {
			t.Fatalf("%+v", c.chats())
		}
		first, second := c.chats()[0], c.chats()[1]
		if first.Peer != (phone.Peer{URI: bobURI, Name: "Robert"}) || first.Unread != 2 || first.Last != "three" ||
			second.Peer.URI != "sip:bob@evil.test" || second.Unread != 1 {
			t.Errorf("%+v", c.chats())
		}
		for peer, want := range map[string]int{bobURI: 2, "sip:bob@evil.test": 1, "sip:nobody@x": 0} {
			if got := c.Messages(t.Context(), peer, phone.Message{}, 10); len(got) != want {
				t.Errorf("%s: %+v", peer, got)
			}
		}
	})
}

func TestChatsAreRememberedByAccountUntilDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		remembered := openStore(t)
		c := newChatter(t, `{}`, remembered)
		c.gets("text/plain", []byte("one"))
		c.gets("text/plain", []byte("two"), from("", "sip:carol@example.test"))
		c.CloseChat("sip:carol@example.test")
		if _, err := c.SendMessage("bob", "lost"); err != nil {
			t.Fatal(err)
		}
		c.peer.Expect(sip.MESSAGE) // and no answer before the page goes away
		for _, draft := range []string{"n", "no", "not sent"} {
			c.SetDraft(bobURI, draft)
		}
		synctest.Wait()
		c = newChatter(t, `{}`, remembered)
		synctest.Wait()
		if len(c.chats()) != 2 {
			t.Fatalf("%+v", c.chats())
		}
		bob, carol := c.chats()[0], c.chats()[1]
		if bob.Peer.URI != bobURI || bob.Draft != "not sent" || bob.Unread != 1 || bob.Last != "lost" || bob.Closed || !carol.Closed {
			t.Errorf("%+v", c.chats())
		}
		got := c.Messages(t.Context(), bobURI, phone.Message{}, 10)
		if len(got) != 2 || got[0].Status != phone.MessageFailed || got[0].Text != "lost" || got[1].Text != "one" {
			t.Fatalf("%+v", got)
		}
		c.RetryMessage(got[0].ID)
		c.peer.Reply(c.peer.Expect(sip.MESSAGE), 200)
		c.peer.Reply(c.peer.Expect(sip.OPTIONS), 200)
		if older := c.Messages(t.Context(), bobURI, got[0], 1); len(older) != 1 || older[0].ID != got[1].ID {
			t.Errorf("before %q: %+v", got[0].Text, older)
		}
		if found := c.SearchMessages(t.Context(), "TWO", 10); len(found) != 1 || found[0].Peer.URI != "sip:carol@example.test" {
			t.Errorf("found %+v", found)
		}
		if _, err := c.OpenChat("carol"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if c.chats()[0].Peer.URI != "sip:carol@example.test" || c.chats()[0].Closed {
			t.Errorf("taken up again: %+v", c.chats())
		}
		c.DeleteChat(bobURI)
		if left := c.one(); left.Peer.URI != "sip:carol@example.test" {
			t.Errorf("%+v", left)
		}
		if left := c.Messages(t.Context(), bobURI, phone.Message{}, 10); len(left) != 0 {
			t.Errorf("%+v", left)
		}
		c.DeleteChats()
		synctest.Wait()
		if left := c.SearchMessages(t.Context(), "", 10); len(left) != 0 || len(c.chats()) != 0 {
			t.Errorf("%+v, %+v", left, c.chats())
		}
	})
}

func TestOtherAccountSeesNothingOfTheChats(t *testing.T) {
	chatting(t, `{}`, func(t *testing.T, c *chatter) {
		c.gets("text/plain", []byte("one"))
		if err := c.Login(phone.Login{URI: "carol@example.test", Password: "x"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if len(c.chats()) != 0 || len(c.Messages(t.Context(), bobURI, phone.Message{}, 10)) != 0 ||
			len(c.SearchMessages(t.Context(), "one", 10)) != 0 {
			t.Errorf("%+v", c.chats())
		}
	})
}

func TestChatTurnedOffNeitherSendsNorTakes(t *testing.T) {
	chatting(t, `{"chat": {"enable": false}}`, func(t *testing.T, c *chatter) {
		c.peer.Request(sip.MESSAGE, aliceURI, siptest.Body("text/plain", "hi"))
		c.peer.ExpectResponse(sip.MESSAGE, 405)
		_, sent := c.SendMessage("bob", "hi")
		_, opened := c.OpenChat("bob")
		for _, err := range []error{sent, opened} {
			if !errors.Is(err, phone.ErrChatDisabled) || phone.Explain(err).Code != "error_chat_disabled" {
				t.Errorf("%v", err)
			}
		}
		synctest.Wait()
		if len(c.messages) != 0 || len(c.chats()) != 0 {
			t.Errorf("%+v, %+v", c.messages, c.chats())
		}
	})
}

func TestNewestChatsStayInMemory(t *testing.T) {
	chatting(t, `{}`, func(t *testing.T, c *chatter) {
		for i := range 510 {
			if _, err := c.OpenChat("bob" + strings.Repeat("x", i%30) + "@" + strings.Repeat("h", 1+i/30)); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if n := len(c.chats()); n != 500 {
			t.Errorf("%d chats", n)
		}
	})
}
