package phone

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/app/store"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/message"
)

// ErrChatDisabled says that the settings allow no messages.
var ErrChatDisabled = errors.New("messages are turned off")

// Chat is the conversation with one peer, who is told from others by address alone.
type Chat struct {
	Peer   Peer
	Last   string    // beginning of the last message: foreign text
	Time   time.Time // of the last message
	Unread int       // messages received and not seen
	Draft  string    // typed and not sent
	Closed bool      // put away: its messages are kept
	// Composing says that the peer is typing (RFC 3994).
	Composing bool
}

// Chats are all conversations of the account, latest first. It is sticky on the bus and
// published at every change.
type Chats struct{ List []Chat }

// Limits of what is held in memory.
const (
	maxChats = 500
	maxLast  = 120 // bytes of Chat.Last
)

// chat is a conversation with what is known of the peer. It belongs to the loop.
type chat struct {
	Chat
	to      sipcore.Address // where it is sent
	formats message.Formats // what the peer takes beside plain text
	asked   bool            // by OPTIONS, or it is known anyway
	met     bool            // something came from there, or was taken there

	typing bool           // as the peer was told
	told   time.Time      // when that was
	idle   *sipcore.Timer // until this side counts as idle
	typed  *sipcore.Timer // until the peer does

	account         string // AOR
	saving, changed bool
	gone            bool // deleted
}

// chatting is what the phone knows of conversations and of what is sent in them. It belongs
// to the loop.
type chatting struct {
	chats   map[string]*chat // by AOR of the peer
	sending map[string]bool  // ids of messages that wait for their result
	stamped time.Time        // of the latest message
}

// keptChat is a chat as it is remembered.
type keptChat struct {
	Name   string `json:"name,omitempty"`
	Last   string `json:"last,omitempty"`
	Unread int    `json:"unread,omitempty"`
	Draft  string `json:"draft,omitempty"`
	Closed bool   `json:"closed,omitempty"`
}

// OpenChat begins a conversation, or takes up one that was put away, and returns the
// peer's AOR. The error is an *sipcore.AddressError, ErrNotLoggedIn or ErrChatDisabled.
func (p *Phone) OpenChat(to string) (peer string, err error) {
	address, err := p.chatPeer(to)
	if err != nil {
		return "", err
	}
	p.inChat(address, func(c *chat) {
		if c.Closed || c.Time.IsZero() {
			c.Time = p.stamp()
		}
		c.Closed = false
		p.chatChanged(c)
	})
	return address.AOR(), nil
}

// chatPeer reads an address of somebody to write to.
func (p *Phone) chatPeer(to string) (sipcore.Address, error) {
	account := p.Snapshot().Account
	switch {
	case !account.LoggedIn:
		return sipcore.Address{}, ErrNotLoggedIn
	case !p.deps.Config.Chat.Enable:
		return sipcore.Address{}, ErrChatDisabled
	}
	return p.address(to)
}

// CloseChat puts a conversation away without forgetting it.
func (p *Phone) CloseChat(peer string) {
	p.withChat(peer, func(c *chat) {
		c.Closed = true
		p.chatChanged(c)
	})
}

// DeleteChat forgets a conversation and its messages.
func (p *Phone) DeleteChat(peer string) { p.forget(peer) }

// DeleteChats forgets all conversations of the account.
func (p *Phone) DeleteChats() { p.forget("") }

func (p *Phone) forget(peer string) {
	p.loop.Post(func() {
		if p.agent == nil {
			return
		}
		account := p.agent.AOR().AOR()
		for aor, c := range p.chats {
			if peer == "" || aor == peer {
				c.rest()
				c.gone = true
				delete(p.chats, aor)
			}
		}
		p.publishChats()
		p.keeper.Post(func() {
			ctx := context.Background()
			p.deps.Store.Messages.Clear(ctx, account, peer)
			p.deps.Store.Chats.Clear(ctx, account, peer)
		})
	})
}

// SetDraft keeps what is typed and not sent, and tells a peer who wants to know that
// this side is typing.
func (p *Phone) SetDraft(peer, text string) {
	if len(text) > message.MaxSize {
		text = strings.ToValidUTF8(text[:message.MaxSize], "")
	}
	to, err := sipcore.ParseAddress(peer, "")
	if err != nil {
		return
	}
	p.loop.Post(func() {
		if p.agent == nil || p.chats[peer] == nil && text == "" {
			return
		}
		c := p.chat(to)
		if c.Time.IsZero() {
			c.Time = p.stamp()
		}
		if c.Draft != text {
			c.Draft = text
			p.save(c)
			p.compose(c, strings.TrimSpace(text) != "")
		}
	})
}

// Seen says that the person sees the conversation: what is unread has been read.
func (p *Phone) Seen(peer string) {
	p.withChat(peer, func(c *chat) {
		if c.Unread > 0 {
			unread := c.Unread
			c.Unread = 0
			p.chatChanged(c)
			p.displayed(c, unread)
		}
	})
}

// withChat does something to a conversation that there is.
func (p *Phone) withChat(peer string, do func(*chat)) {
	p.loop.Post(func() {
		if c := p.chats[peer]; c != nil && p.agent != nil {
			do(c)
		}
	})
}

// inChat does something to a conversation, which begins when there is none yet.
func (p *Phone) inChat(peer sipcore.Address, do func(*chat)) {
	p.loop.Post(func() {
		if p.agent != nil {
			do(p.chat(peer))
		}
	})
}

// chat is the conversation with somebody. It is called on the loop.
func (p *Phone) chat(peer sipcore.Address) *chat {
	aor := peer.AOR()
	c := p.chats[aor]
	if c == nil {
		c = &chat{Chat: Chat{Peer: Peer{URI: aor}}, to: peer, account: p.agent.AOR().AOR()}
		if len(p.chats) >= maxChats {
			list := p.chatList()
			oldest := list[len(list)-1].Peer.URI
			p.chats[oldest].rest()
			delete(p.chats, oldest) // it is remembered, and comes back with a message
		}
		p.chats[aor] = c
	}
	if peer.Name != "" {
		c.Peer.Name = peer.Name
	}
	return c
}

// rest ends what waits for its time.
func (c *chat) rest() {
	c.idle.Stop()
	c.typed.Stop()
}

// chatChanged remembers and publishes a conversation.
func (p *Phone) chatChanged(c *chat) {
	p.save(c)
	p.publishChats()
}

func (p *Phone) publishChats() { bus.Publish(p.deps.Bus, Chats{List: p.chatList()}) }

func (p *Phone) chatList() []Chat {
	list := make([]Chat, 0, len(p.chats))
	for _, c := range p.chats {
		list = append(list, c.Chat)
	}
	slices.SortFunc(list, func(a, b Chat) int {
		if order := b.Time.Compare(a.Time); order != 0 {
			return order
		}
		return strings.Compare(a.Peer.URI, b.Peer.URI)
	})
	return list
}

// save remembers a conversation. Changes that come while it is being written are written
// together, when that is done.
func (p *Phone) save(c *chat) {
	if c.changed = c.saving; c.saving {
		return
	}
	data, err := json.Marshal(keptChat{Name: c.Peer.Name, Last: c.Last, Unread: c.Unread, Draft: c.Draft, Closed: c.Closed})
	if err != nil {
		p.log.Error("chat not remembered", "err", err)
		return
	}
	c.saving = true
	r := store.Record{Account: c.account, ID: c.Peer.URI, Peer: c.Peer.URI, Time: c.Time, Data: data}
	p.keeper.Post(func() {
		p.deps.Store.Chats.Put(context.Background(), r)
		p.loop.Post(func() {
			c.saving = false
			if c.changed && !c.gone {
				p.save(c)
			}
		})
	})
}

// leaveChats ends the conversations at logout.
func (p *Phone) leaveChats() {
	for _, c := range p.chats {
		c.rest()
	}
	p.chats = map[string]*chat{}
	p.publishChats()
}

// loadChats begins with the conversations that are remembered of an account.
func (p *Phone) loadChats(account string) {
	if !p.deps.Config.Chat.Enable {
		return
	}
	agent := p.agent
	p.keeper.Post(func() {
		records := p.deps.Store.Chats.Read(context.Background(), store.Query{Account: account, Limit: maxChats})
		p.loop.Post(func() {
			if p.agent == agent {
				p.chatsLoaded(records)
			}
		})
	})
}

func (p *Phone) chatsLoaded(records []store.Record) {
	for _, r := range records {
		to, err := sipcore.ParseAddress(r.Peer, "")
		var k keptChat
		if err != nil || json.Unmarshal(r.Data, &k) != nil {
			continue // of another version
		}
		if r.Time.After(p.stamped) {
			p.stamped = r.Time
		}
		c := p.chats[r.Peer]
		if c == nil {
			p.chats[r.Peer] = &chat{to: to, account: r.Account, Chat: Chat{
				Peer: Peer{URI: r.Peer, Name: k.Name}, Last: k.Last, Time: r.Time,
				Unread: k.Unread, Draft: k.Draft, Closed: k.Closed,
			}}
			continue
		}
		// Something came before it was read.
		c.Unread += k.Unread
		if c.Draft == "" {
			c.Draft = k.Draft
		}
		if c.Peer.Name == "" {
			c.Peer.Name = k.Name
		}
		p.save(c)
	}
	p.publishChats()
}

// stamp is the time of a message: no two have the same, so that they keep their order.
func (p *Phone) stamp() time.Time {
	t := now().Truncate(time.Millisecond)
	if !t.After(p.stamped) {
		t = p.stamped.Add(time.Millisecond)
	}
	p.stamped = t
	return t
}

// beginning is as much of a text as a list of conversations shows.
func beginning(text string) string {
	if len(text) > maxLast {
		text = strings.ToValidUTF8(text[:maxLast], "") + "…"
	}
	return text
}
