package ui

import (
	"maps"
	"slices"
	"strings"

	"gocommunicator/app/phone"
)

// How many messages are read at a time, and how many stand in the page at most.
const (
	pageSize  = 40
	maxThread = 120
)

// thread is the part of a conversation that is in the page, oldest first. It is not
// changed but replaced.
type thread struct {
	messages []phone.Message
	earlier  bool // there are older ones to be read
	later    bool // newer ones were left out
	read     bool // the first page has come
}

// place is where a message stands or would stand.
func (t thread) place(m phone.Message) (i int, there bool) {
	if i := slices.IndexFunc(t.messages, func(o phone.Message) bool { return o.ID == m.ID }); i >= 0 {
		return i, true
	}
	i, _ = slices.BinarySearchFunc(t.messages, m, func(a, b phone.Message) int {
		if order := a.Time.Compare(b.Time); order != 0 {
			return order
		}
		return strings.Compare(b.ID, a.ID) // as they are read
	})
	return i, false
}

// with has a message taken in: in its place when it is there, else where its time is.
func (t thread) with(m phone.Message) thread {
	i, there := t.place(m)
	switch {
	case there:
		t.messages = slices.Clone(t.messages)
		t.messages[i] = m
	case t.later && i == len(t.messages):
		// It comes with those that were left out.
	default:
		t.messages = slices.Insert(slices.Clone(t.messages), i, m)
		if len(t.messages) > maxThread {
			t.messages, t.earlier = t.messages[pageSize:], true
		}
	}
	return t
}

// took has a page taken in that was read, newest first, of older messages than those
// that are there. What has been told meanwhile is later news.
func (t thread) took(page []phone.Message) thread {
	t.read, t.earlier = true, len(page) == pageSize
	for _, m := range page {
		if i, there := t.place(m); !there {
			t.messages = slices.Insert(slices.Clone(t.messages), i, m)
		}
	}
	if len(t.messages) > maxThread {
		t.messages, t.later = t.messages[:maxThread], true
	}
	return t
}

// chatOf is the conversation with a peer; there need not be one yet.
func (v *View) chatOf(peer string) phone.Chat {
	for _, c := range v.Chats {
		if c.Peer.URI == peer {
			return c
		}
	}
	for _, c := range v.Calls {
		if c.Peer.URI == peer {
			return phone.Chat{Peer: c.Peer}
		}
	}
	return phone.Chat{Peer: phone.Peer{URI: peer}}
}

// chatRows are the conversations to choose from: those that were not put away, the open
// one, and the one with whoever is in the call.
func (v *View) chatRows() []phone.Chat {
	var rows []phone.Chat
	extra := []string{v.Open}
	if c, ok := v.Call(v.Current); ok && c.Peer.URI != v.Open {
		extra = append(extra, c.Peer.URI)
	}
	for _, c := range v.Chats {
		if i := slices.Index(extra, c.Peer.URI); i >= 0 {
			extra[i], c.Closed = "", false
		}
		if !c.Closed {
			rows = append(rows, c)
		}
	}
	var first []phone.Chat
	for _, peer := range extra {
		if peer != "" {
			first = append(first, v.chatOf(peer))
		}
	}
	return append(first, rows...)
}

// unread counts the messages that have not been seen.
func (v *View) unread() (n int) {
	for _, c := range v.Chats {
		n += c.Unread
	}
	return n
}

func (v *View) foldChats(c phone.Chats) { v.Chats = c.List }

// foldMessage takes in a message, or what has become of one.
func (v *View) foldMessage(m phone.Message) {
	if m.Peer.URI == v.Open {
		v.Thread = v.Thread.with(m)
	}
	switch {
	case m.Direction == phone.In:
		v.tell(Hint{Key: "label_message_from", Params: map[string]string{"Name": peerName(m.Peer)}, Tail: readable(beginning(m.Text))})
	case m.Status == phone.MessageFailed:
		v.tell(failure(m))
	}
}

// tell has something said to those who do not see it.
func (v *View) tell(h Hint) { v.Told, v.Tells = h, v.Tells+1 }

// open shows a conversation, or the list of them when peer is empty.
func (v *View) open(peer string) {
	v.Open, v.Thread, v.Deleting = peer, thread{}, ""
}

// offerCallPeer offers the conversation with whoever is in the call now, unless the person
// is in another.
func (v *View) offerCallPeer(before string) {
	c, ok := v.Call(v.Current)
	switch {
	case ok && v.Current != before && v.Open == "" && !c.Peer.Anonymous():
		v.open(c.Peer.URI)
		v.offered = c.Peer.URI
	case !ok && v.offered != "" && v.Open == v.offered && len(v.Thread.messages) == 0 && v.drafted(v.Open) == "":
		v.open("")
	}
}

// failure says why a message was not delivered.
func failure(m phone.Message) Hint {
	code := 0
	if m.Cause != nil {
		code = m.Cause.Code
	}
	key := "error_message_failed"
	switch code {
	case 404, 410, 484, 604:
		key = "cause_not_found"
	case 480:
		key = "cause_unavailable"
	case 405, 415, 488, 501, 603, 606:
		key = "error_message_refused"
	case 408, 502, 503, 504:
		key = "cause_not_reachable"
	case 413, 513:
		key = "error_message_size"
	}
	return Hint{Key: key, Params: map[string]string{"Name": peerName(m.Peer)}, Bad: true}
}

// beginning is as much of a message as is said at once.
func beginning(text string) string {
	if len(text) > maxShown {
		return strings.ToValidUTF8(text[:maxShown], "") + "…"
	}
	return text
}

// drafted is what is typed and not sent to a peer: as it was typed since the page was
// opened, else as it was remembered.
func (v *View) drafted(peer string) string {
	if draft, ok := v.Drafts[peer]; ok {
		return draft
	}
	return v.chatOf(peer).Draft
}

func (v *View) draft(peer, text string) {
	v.Drafts = maps.Clone(v.Drafts)
	if v.Drafts == nil {
		v.Drafts = map[string]string{}
	}
	v.Drafts[peer] = text
}
