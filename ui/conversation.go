package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// conversation is the messages with one peer, and the box to write to it. It stays in
// the page, so that nothing rebuilds a field in which somebody types.
type conversation struct {
	app.Compo
	Screen   *Screen
	T        texts
	Chat     phone.Chat
	Thread   thread
	Deleting bool

	release []func()
}

// OnMount begins to watch both ends of the messages, when they are in the page.
func (c *conversation) OnMount(ctx app.Context) {
	s := c.Screen
	ctx.Defer(func(app.Context) {
		c.release = []func(){
			dom.OnSight(earlierID, func(seen bool) {
				if seen {
					s.post(func(*View) { s.readEarlier() })
				}
			}),
			dom.OnSight(latestID, func(seen bool) { s.post(func(v *View) { v.AtEnd = seen }) }),
			dom.OnEnter(chatTextID, func() { s.ctx.Dispatch(func(app.Context) { s.sendTyped() }) }),
			dom.OnReturn(func() { s.post(func(*View) {}) }),
		}
	})
}

// OnDismount ends that.
func (c *conversation) OnDismount() {
	for _, release := range c.release {
		release()
	}
}

// Render draws the conversation. Its scroller begins at its end, so that the browser
// keeps to the end what is there, and in its place what is not.
func (c *conversation) Render() app.UI {
	t, peer := c.T, c.Chat.Peer
	composing, asked := "", app.UI(tag("div", ""))
	if c.Chat.Composing {
		composing = t.named("state_composing", peer)
	}
	if c.Deleting {
		asked = question(c.Screen, t, t.named("hint_chat_delete", peer))
	}
	return tag("div", "id=conversation|class=conversation|role=group|tabindex=-1|aria-labelledby=conversation-name",
		tag("header", "class=chat-head",
			control("chat-back", "button ghost chat-back", "arrow-left", t.T("action_chat_back"), false, c.back),
			tag("div", "class=row-words",
				tag("h3", "id=conversation-name|class=row-name", text("bdi", "", t.name(peer))),
				text("bdi", "class=quiet", peerAddress(peer)),
			),
			control("call-chat", "button ghost", "phone", t.named("action_chat_call", peer), false, c.call).
				Hidden(c.Screen.deps.Dialing.none()),
			control("delete-chat", "button ghost", "trash-2", t.T("action_chat_delete"), false, c.ask),
		),
		tag("div", "", asked),
		tag("div", "class=chat-scroll|tabindex=0|role=group",
			tag("div", "class=chat-thread",
				tag("div", "id=chat-earlier|class=chat-more",
					control("messages-earlier", "link", "", t.T("action_messages_earlier"), true, c.earlier).Hidden(!c.Thread.earlier)),
				tag("ol", "class=messages", c.messages()...),
				tag("div", "class=chat-more",
					control("messages-newest", "link", "", t.T("action_messages_newest"), true, c.newest).Hidden(!c.Thread.later)),
				text("p", "id=chat-latest|class=chat-composing quiet", composing),
			),
		).Attr("aria-label", t.T("label_messages")),
		&chatBox{Screen: c.Screen, T: t, Peer: peer},
	).Attr("data-id", peer.URI).Hidden(peer.URI == "")
}

// messages are the messages with the days between them.
func (c *conversation) messages() (list []app.UI) {
	day := ""
	for _, m := range c.Thread.messages {
		if d := m.Time.Local().Format("2006-01-02"); d != day {
			day = d
			list = append(list, text("li", "class=chat-day quiet", dom.Day(m.Time, c.T.Lang())))
		}
		list = append(list, &bubble{Screen: c.Screen, T: c.T, Message: m})
	}
	return list
}

func (c *conversation) back(app.Context, app.Event)    { c.Screen.openChat("") }
func (c *conversation) call(app.Context, app.Event)    { c.Screen.dial(c.Chat.Peer.URI, false) }
func (c *conversation) earlier(app.Context, app.Event) { c.Screen.readEarlier() }
func (c *conversation) newest(app.Context, app.Event)  { c.Screen.openChat(c.Chat.Peer.URI) }
func (c *conversation) ask(app.Context, app.Event)     { c.Screen.askDelete(c.Chat.Peer.URI) }

// chatBox is where a message is typed.
type chatBox struct {
	app.Compo
	Screen *Screen
	T      texts
	Peer   phone.Peer
}

// Render draws the field and the button to send.
func (b *chatBox) Render() app.UI {
	to, send := b.T.named("hint_chat_text", b.Peer), b.T.T("action_message_send")
	return tag("form", "class=chat-box|novalidate=true",
		tag("textarea", "id=chat-text|data-input=chat-text|rows=1|dir=auto|enterkeyhint=send").
			Attr("aria-label", to).Attr("placeholder", to).OnInput(b.typed),
		tag("button", "type=submit|class=button chat-send|data-action=send-message", icon("send-horizontal")).
			Attr("aria-label", send).Attr("title", send),
	).OnSubmit(b.submit)
}

func (b *chatBox) submit(_ app.Context, e app.Event) {
	e.PreventDefault()
	b.Screen.sendTyped()
	dom.Focus(chatTextID)
}

func (b *chatBox) typed(app.Context, app.Event) { b.Screen.typed() }
