package phone

import (
	"context"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/app/store"
	"gocommunicator/sipcore/message"
	"gocommunicator/sipcore/session"
)

// messageReceived takes what came by MESSAGE. It is called on the loop.
func (p *Phone) messageReceived(m message.Message) {
	account, aor := p.agent.AOR().AOR(), m.Peer.AOR()
	if n := m.Content.Notification; n != nil {
		if status, ok := dispositions[n.Disposition]; ok {
			p.advance(account, n.ID, aor, status, nil)
		}
		return
	}
	if composing := m.Content.Composing; composing != nil {
		if c := p.chats[aor]; c != nil { // strangers have nothing to compose an answer to
			c.formats = c.formats.Or(m.Content.Proves())
			p.peerComposes(c, *composing)
		}
		return
	}
	if m.Content.Text == "" {
		return // nothing was said
	}
	c := p.chat(m.Peer)
	c.formats, c.met = c.formats.Or(m.Content.Proves()), true
	c.typed.Stop()
	got := Message{
		ID: m.ID, Direction: In, Peer: c.Peer, Text: m.Content.Text, ContentType: "text/plain",
		Time: p.stamp(), Status: MessageDelivered,
	}
	if got.Time.Sub(m.Time) > time.Second { // kept by a server while nobody was here
		got.Time = m.Time.Round(0)
	}
	c.Last, c.Time, c.Closed, c.Composing = beginning(got.Text), got.Time, false, false
	c.Unread++
	owed := ""
	if m.Content.WantDisplayed && p.deps.Config.Chat.SendDisplay {
		owed = m.Content.ID
	}
	p.keepMessage(account, got, owed)
	bus.Publish(p.deps.Bus, got)
	p.chatChanged(c)
	if m.Content.WantDelivered {
		p.notify(c, message.Notification{ID: m.Content.ID, Disposition: message.Delivered})
	}
}

// dispositions are what notifications say of a message that was sent.
var dispositions = map[message.Disposition]MessageStatus{
	message.Delivered: MessageDelivered,
	message.Displayed: MessageDisplayed,
}

// displayed tells the peer of those messages, the newest so many, of which it wants to
// know when they have been seen.
func (p *Phone) displayed(c *chat, unread int) {
	agent, account, peer := p.agent, p.agent.AOR().AOR(), c.Peer.URI
	p.keeper.Post(func() {
		var told []message.Notification
		left := unread
		q := store.Query{Account: account, Peer: peer, Limit: min(2*unread, 200)}
		for _, r := range p.deps.Store.Messages.Read(context.Background(), q) {
			m, kept := messageOf(r)
			if m.Direction == Out || left == 0 {
				continue
			}
			left--
			if kept.Owed == "" {
				continue
			}
			told = append(told, message.Notification{ID: kept.Owed, Disposition: message.Displayed})
			p.putMessage(account, m, "")
		}
		p.loop.Post(func() {
			for _, n := range told {
				if p.agent == agent {
					p.notify(c, n)
				}
			}
		})
	})
}

// notify tells the sender of a message what became of it. Whether that arrives is of no
// consequence.
func (p *Phone) notify(c *chat, n message.Notification) {
	kind, body := message.Notify(p.agent.AOR().AOR(), c.Peer.URI, session.NewID(), n, now())
	p.agent.Message(message.Message{Peer: c.to, ContentType: kind, Body: body}, func(err error) {
		if err != nil {
			p.log.Debug("notification", "to", c.Peer.URI, "err", err)
		}
	})
}

// composed is what a message that is sent says by itself: typing is over (RFC 3994 §3.2).
func (p *Phone) composed(c *chat) {
	c.idle.Stop()
	c.typing = false
}

// compose tells a peer who takes it whether this side is typing: at the beginning, again
// before that is forgotten, and at the end.
func (p *Phone) compose(c *chat, typing bool) {
	c.idle.Stop()
	if !c.formats.Composing {
		p.ask(c)
		return
	}
	if typing {
		c.idle = p.loop.After(message.ComposingIdle, func() { p.compose(c, false) })
	}
	// Said again in time to arrive before what was said is forgotten.
	again := now().Sub(c.told) > message.ComposingRefresh-message.ComposingIdle
	if typing == c.typing && !(typing && again) {
		return
	}
	c.typing, c.told = typing, now()
	if p.agent == nil {
		return
	}
	kind, body := message.Compose(typing)
	p.agent.Message(message.Message{Peer: c.to, ContentType: kind, Body: body}, func(err error) {
		if isUnsupported(err) {
			c.formats.Composing = false
		}
	})
}

// peerComposes notes whether the peer is typing, as long as that holds.
func (p *Phone) peerComposes(c *chat, now message.Composing) {
	c.typed.Stop()
	if now.Active {
		c.typed = p.loop.After(now.Refresh, func() { p.peerComposes(c, message.Composing{}) })
	}
	if c.Composing != now.Active {
		c.Composing = now.Active
		p.publishChats()
	}
}
