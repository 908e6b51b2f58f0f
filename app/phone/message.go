package phone

import (
	"strings"

	"gocommunicator/app/bus"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/message"
	"gocommunicator/sipcore/session"
)

// SendMessage sends an instant message and returns its id, under which Message
// events tell what becomes of it. The error is an *sipcore.AddressError,
// ErrNotLoggedIn or ErrMessageSize.
func (p *Phone) SendMessage(to, text string) (id string, err error) {
	account := p.Snapshot().Account
	if !account.LoggedIn {
		return "", ErrNotLoggedIn
	}
	_, domain, _ := strings.Cut(account.AOR, "@")
	peer, err := sipcore.ParseAddress(to, domain)
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
		bus.Publish(p.deps.Bus, m)
		if p.agent == nil {
			p.messageSent(m, sipcore.ErrLinkDown)
			return
		}
		p.agent.Message(message.Message{
			Peer: peer, ContentType: "text/plain;charset=UTF-8", Body: []byte(text),
		}, func(err error) { p.messageSent(m, err) })
	})
	return m.ID, nil
}

func (p *Phone) messageSent(m Message, err error) {
	m.Status = MessageSent
	if err != nil {
		m.Status, m.Cause = MessageFailed, sipcore.CauseOf(err)
	}
	bus.Publish(p.deps.Bus, m)
}

func (p *Phone) messageReceived(m message.Message) {
	bus.Publish(p.deps.Bus, Message{
		ID: session.NewID(), Direction: In,
		Peer:        Peer{URI: m.Peer.AOR(), Name: m.Peer.Name},
		Text:        strings.ToValidUTF8(string(m.Body), "\uFFFD"),
		ContentType: m.ContentType,
		Time:        m.Time.Round(0),
		Status:      MessageDelivered,
	})
}
