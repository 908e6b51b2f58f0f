package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// chats is the column, in the compact layout the panel, of conversations: the list of
// them, and the one that is open.
type chats struct {
	app.Compo
	Screen   *Screen
	T        texts
	Rows     []phone.Chat
	Open     phone.Chat
	Thread   thread
	Deleting string // whose messages are about to go; "*" is everybody's
	Search   string
	Found    []phone.Message
	Drafts   map[string]string
}

// Render draws the list and the conversation; which of them shows is a matter of the
// style sheet.
func (c *chats) Render() app.UI {
	t := c.T
	open := "no"
	if c.Open.Peer.URI != "" {
		open = "yes"
	}
	return tag("section", "class=panel chats|data-region=chat|data-open="+open,
		tag("div", "class=chat-list",
			text("h2", "class=panel-title", t.T("label_chats")),
			tag("form", "class=chat-new|novalidate=true|autocomplete=off",
				tag("input", "id=chat-address|type=text|data-input=chat-address|dir=auto|autocapitalize=none|spellcheck=false|inputmode=email").
					Attr("aria-label", t.T("label_chat_address")).Attr("placeholder", t.T("hint_dial")),
				tag("button", "type=submit|class=button|data-action=new-chat", icon("plus")).
					Attr("aria-label", t.T("action_chat_new")).Attr("title", t.T("action_chat_new")),
			).OnSubmit(c.begin),
			tag("div", "class=chat-search",
				tag("input", "id=chat-search|type=search|data-input=chat-search|dir=auto").OnInput(c.search).
					Attr("aria-label", t.T("hint_chat_search")).Attr("placeholder", t.T("hint_chat_search")),
			).Hidden(len(c.Rows) == 0 && c.Search == ""),
			tag("ul", "class=rows", c.rows()...),
			c.empty(),
			tag("div", "class=chat-all", c.deleteAll()),
		),
		&conversation{Screen: c.Screen, T: t, Chat: c.Open, Thread: c.Thread, Deleting: c.Deleting != "" && c.Deleting == c.Open.Peer.URI},
	).Attr("aria-label", t.T("label_chats"))
}

func (c *chats) searching() bool { return c.Search != "" && c.Open.Peer.URI == "" }

// rows are the conversations, or the messages found. What is done in them goes by the
// row's id in the page.
func (c *chats) rows() (rows []app.UI) {
	if c.searching() {
		for _, m := range c.Found {
			rows = append(rows, tag("li", "class=row chat-row",
				tag("button", "type=button|class=chat-choose|data-action=show-message",
					c.words(m.Peer, readable(beginning(m.Text))),
					text("span", "class=quiet figures", dom.Day(m.Time, c.T.Lang())),
				).OnClick(c.show),
			).Attr("data-id", m.ID))
		}
		return rows
	}
	for _, chat := range c.Rows {
		rows = append(rows, c.row(chat))
	}
	return rows
}

// row is a conversation; in the wide layout it becomes a tab above the one that is open.
func (c *chats) row(chat phone.Chat) app.UI {
	last := readable(chat.Last)
	if draft, ok := c.Drafts[chat.Peer.URI]; ok {
		chat.Draft = draft
	}
	switch {
	case chat.Composing:
		last = c.T.named("state_composing", chat.Peer)
	case chat.Draft != "":
		last = c.T.T("label_draft", "Text", readable(beginning(chat.Draft)))
	}
	return tag("li", "class=row chat-row|data-unread="+strconv.Itoa(chat.Unread),
		tag("button", "type=button|class=chat-choose|data-action=open-chat",
			text("span", "class=avatar|aria-hidden=true", initial(chat.Peer)),
			c.words(chat.Peer, last),
			unread(c.T, "label_unread", chat.Unread),
		).OnClick(c.choose).Attr("aria-current", strconv.FormatBool(chat.Peer.URI == c.Open.Peer.URI)),
		control("close-chat", "button ghost", "x", c.T.named("action_chat_close", chat.Peer), false, c.putAway),
	).Attr("data-id", chat.Peer.URI)
}

func (c *chats) words(peer phone.Peer, last string) app.UI {
	return tag("span", "class=row-words",
		text("bdi", "class=row-name", c.T.name(peer)),
		text("bdi", "class=quiet chat-last", last),
	)
}

// empty says what will stand where nothing is.
func (c *chats) empty() app.UI {
	switch {
	case c.searching() && len(c.Found) == 0:
		return text("p", "class=quiet chat-none|role=status", c.T.T("hint_search_empty"))
	case len(c.Rows) == 0:
		return tag("div", "class=empty",
			tag("span", "class=empty-mark", icon("message-circle")),
			text("p", "class=quiet", c.T.T("hint_chats_empty")),
		)
	}
	return tag("div", "")
}

func (c *chats) deleteAll() app.UI {
	switch {
	case c.Deleting == "*":
		return question(c.Screen, c.T, c.T.T("hint_chats_delete"))
	case len(c.Rows) > 0 && c.Search == "":
		return control("delete-all-chats", "link", "", c.T.T("action_chats_delete"), true, c.askAll)
	}
	return tag("div", "")
}

// question asks before messages are deleted.
func question(s *Screen, t texts, asked string) app.UI {
	return tag("div", "id=chat-question|class=chat-question|role=group|tabindex=-1",
		text("p", "", asked),
		control("keep-chat", "wide secondary", "", t.T("action_keep"), true, s.keepChat),
		control("confirm-delete", "wide reject", "", t.T("action_delete"), true, s.deleteChat),
	).Attr("aria-label", asked)
}

// unread is the mark with the number of things that have not been seen; key says how
// many they are.
func unread(t texts, key string, n int) app.UI {
	count, said := strconv.Itoa(n), ""
	if n > 99 {
		count = "99+"
	}
	if n > 0 {
		said = t.N(key, n)
	}
	return tag("span", "class=unread",
		text("span", "aria-hidden=true", count),
		text("span", "class=unseen", said),
	).Hidden(n == 0)
}

func (c *chats) begin(_ app.Context, e app.Event) {
	e.PreventDefault()
	c.Screen.newChat()
}

func (c *chats) search(app.Context, app.Event)        { c.Screen.search(dom.Value(chatSearchID)) }
func (c *chats) askAll(app.Context, app.Event)        { c.Screen.askDelete("*") }
func (c *chats) choose(ctx app.Context, _ app.Event)  { c.Screen.openChat(idOf(ctx)) }
func (c *chats) putAway(ctx app.Context, _ app.Event) { c.Screen.closeChat(idOf(ctx)) }
func (c *chats) show(ctx app.Context, _ app.Event)    { c.Screen.showMessage(idOf(ctx)) }
