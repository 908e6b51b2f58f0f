package phone

import (
	"context"
	"encoding/json"
	"errors"

	"gocommunicator/app/bus"
	"gocommunicator/app/store"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/message"
	"gocommunicator/sipcore/session"
)

// keptMessage is a message as it is remembered.
type keptMessage struct {
	Out    bool          `json:"out,omitempty"`
	Name   string        `json:"name,omitempty"` // of the peer
	Text   string        `json:"text"`
	Type   string        `json:"type,omitempty"`
	Status MessageStatus `json:"status"`
	Cause  *Cause        `json:"cause,omitempty"`
	// Owed names the message to its sender, who is still to be told that it has been
	// displayed.
	Owed string `json:"owed,omitempty"`
}

// SendMessage sends an instant message and returns its id, under which Message
// events tell what becomes of it. The error is an *sipcore.AddressError,
// ErrNotLoggedIn, ErrChatDisabled or ErrMessageSize.
func (p *Phone) SendMessage(to, text string) (id string, err error) {
	peer, err := p.chatPeer(to)
	if err != nil {
		return "", err
	}
	if text == "" || len(text) > message.MaxSize {
		return "", ErrMessageSize
	}
	m := Message{
		ID: session.NewID(), Direction: Out,
		Peer: Peer{URI: peer.AOR(), Name: peer.Name},
		Text: text, ContentType: "text/plain", Time: now(), Status: MessageSending,
	}
	p.loop.Post(func() {
		if p.agent == nil { // logged out meanwhile
			m.Status, m.Cause = MessageFailed, sipcore.CauseOf(sipcore.ErrLinkDown)
			bus.Publish(p.deps.Bus, m)
			return
		}
		m.Time = p.stamp()
		c := p.chat(peer)
		c.Last, c.Time, c.Closed, c.Draft = beginning(text), m.Time, false, ""
		p.keepMessage(p.agent.AOR().AOR(), m, "")
		bus.Publish(p.deps.Bus, m)
		p.chatChanged(c)
		p.composed(c)
		p.transmit(c, m)
	})
	return m.ID, nil
}

// RetryMessage sends a message again that failed.
func (p *Phone) RetryMessage(id string) {
	p.loop.Post(func() {
		if p.agent == nil || p.sending[id] { // pressed twice
			return
		}
		p.sending[id] = true
		agent, account := p.agent, p.agent.AOR().AOR()
		p.keeper.Post(func() {
			m, kept, ok := p.findMessage(account, id)
			if !ok || m.Direction != Out || m.Status != MessageFailed && m.Status != MessageSending {
				p.loop.Post(func() { delete(p.sending, id) })
				return
			}
			m.Status, m.Cause = MessageSending, nil
			p.putMessage(account, m, kept.Owed)
			bus.Publish(p.deps.Bus, m)
			p.loop.Post(func() {
				to, err := sipcore.ParseAddress(m.Peer.URI, "")
				if err == nil && p.agent == agent {
					p.transmit(p.chat(to), m)
					return
				}
				delete(p.sending, id)
				p.advance(account, id, m.Peer.URI, MessageFailed, sipcore.CauseOf(sipcore.ErrLinkDown))
			})
		})
	})
}

// transmit sends a message in the best form that the peer is known to take.
func (p *Phone) transmit(c *chat, m Message) {
	account := p.agent.AOR().AOR()
	p.sending[m.ID] = true
	out := message.Message{Peer: c.to, ContentType: "text/plain;charset=UTF-8", Body: []byte(m.Text)}
	rich := c.formats.CPIM
	if rich {
		out.ContentType, out.Body = message.Wrap(account, m.Peer.URI, m.ID, m.Text, m.Time)
	}
	agent := p.agent
	agent.Message(out, func(err error) {
		delete(p.sending, m.ID)
		if rich && isUnsupported(err) && p.agent == agent {
			c.formats, c.asked = message.Formats{}, true
			p.transmit(c, m)
			return
		}
		if err != nil {
			p.advance(account, m.ID, m.Peer.URI, MessageFailed, sipcore.CauseOf(err))
			return
		}
		p.advance(account, m.ID, m.Peer.URI, MessageSent, nil)
		c.met = true
		if p.agent == agent {
			p.ask(c)
		}
	})
}

// isUnsupported tells that somebody does not take a type of content.
func isUnsupported(err error) bool {
	var refused *sipcore.ResponseError
	return errors.As(err, &refused) && refused.Code == 415
}

// ask finds out, once, what a peer takes who is no stranger.
func (p *Phone) ask(c *chat) {
	if c.asked || !c.met {
		return
	}
	c.asked = true
	p.agent.Formats(c.to, func(f message.Formats, known bool) {
		c.asked = known
		if known {
			c.formats = c.formats.Or(f)
		}
	})
}

// ranks orders what becomes of a message that was sent: it only rises.
var ranks = map[MessageStatus]int{MessageFailed: 1, MessageSent: 1, MessageDelivered: 2, MessageDisplayed: 3}

// advance notes how far a message to a peer has come, and publishes it. What comes late
// or is about another's message changes nothing.
func (p *Phone) advance(account, id, peer string, status MessageStatus, cause *Cause) {
	p.keeper.Post(func() {
		m, kept, ok := p.findMessage(account, id)
		if !ok || m.Direction != Out || m.Peer.URI != peer || ranks[status] <= ranks[m.Status] {
			return
		}
		m.Status, m.Cause = status, cause
		p.putMessage(account, m, kept.Owed)
		bus.Publish(p.deps.Bus, m)
	})
}

// keepMessage remembers a message. owed is that of keptMessage.
func (p *Phone) keepMessage(account string, m Message, owed string) {
	p.keeper.Post(func() { p.putMessage(account, m, owed) })
}

func (p *Phone) putMessage(account string, m Message, owed string) {
	data, err := json.Marshal(keptMessage{
		Out: m.Direction == Out, Name: m.Peer.Name, Text: m.Text, Type: m.ContentType,
		Status: m.Status, Cause: m.Cause, Owed: owed,
	})
	if err != nil {
		p.log.Error("message not remembered", "err", err)
		return
	}
	p.deps.Store.Messages.Put(context.Background(), store.Record{
		Account: account, ID: m.ID, Peer: m.Peer.URI, Time: m.Time, Text: m.Text, Data: data,
	})
}

// findMessage is called on the keeper.
func (p *Phone) findMessage(account, id string) (m Message, kept keptMessage, ok bool) {
	if r := p.deps.Store.Messages.Find(context.Background(), account, id); r != nil {
		m, kept = messageOf(*r)
		return m, kept, kept.Status != ""
	}
	return m, kept, false
}

func messageOf(r store.Record) (Message, keptMessage) {
	var k keptMessage
	if json.Unmarshal(r.Data, &k) != nil {
		k = keptMessage{} // of another version
	}
	m := Message{
		ID: r.ID, Direction: In, Peer: Peer{URI: r.Peer, Name: k.Name}, Text: k.Text, ContentType: k.Type,
		Time: r.Time, Status: k.Status, Cause: k.Cause,
	}
	if k.Out {
		m.Direction = Out
	}
	return m, k
}

// Messages returns messages with a peer, newest first: those before another one, or the
// newest when its ID is empty. It waits for the browser.
func (p *Phone) Messages(ctx context.Context, peer string, before Message, limit int) (found []Message) {
	q := store.Query{Account: p.Snapshot().Account.AOR, Peer: peer, Limit: limit}
	if before.ID != "" {
		q.After = &store.Record{Account: q.Account, ID: before.ID, Peer: peer, Time: before.Time}
	}
	// Behind what is still to be written.
	err := p.keeper.Do(ctx, func() { found = p.readMessages(ctx, q) })
	if err != nil {
		return nil
	}
	return found
}

// SearchMessages returns the newest messages with anybody in which a text stands,
// newest first. It waits for the browser.
func (p *Phone) SearchMessages(ctx context.Context, text string, limit int) []Message {
	return p.readMessages(ctx, store.Query{Account: p.Snapshot().Account.AOR, Limit: limit, Search: text})
}

func (p *Phone) readMessages(ctx context.Context, q store.Query) []Message {
	records := p.deps.Store.Messages.Read(ctx, q)
	found := make([]Message, 0, len(records))
	for _, r := range records {
		if m, kept := messageOf(r); kept.Status != "" {
			found = append(found, m)
		}
	}
	return p.settled(ctx, found)
}

// settled marks messages as failed that were being sent when the page went away.
func (p *Phone) settled(ctx context.Context, found []Message) []Message {
	settle := func() {
		for i, m := range found {
			if m.Status == MessageSending && !p.sending[m.ID] {
				found[i].Status, found[i].Cause = MessageFailed, sipcore.CauseOf(sipcore.ErrLinkDown)
			}
		}
	}
	for _, m := range found {
		if m.Status == MessageSending {
			if err := p.loop.Do(ctx, settle); err != nil {
				return nil
			}
			break
		}
	}
	return found
}
