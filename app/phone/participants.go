package phone

import (
	"errors"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/subscribe"
)

// Participant is somebody in a conference of a server.
type Participant struct {
	Peer          // foreign text
	Status string // "connected", "on-hold", "dialing-out", …, as the server says; may be empty
}

// Participants are those who take part in the conference that a call leads to, as its
// server tells. They are published at every change, and as none when it tells no more.
type Participants struct {
	CallID string
	Users  []Participant
}

// following is what is told of the conference that a call leads to. It belongs to the loop.
type following struct {
	uri   string
	sub   *subscribe.Subscription
	info  subscribe.Conference
	asked bool // for the whole, since the last whole was told
}

// followFocus follows the conference of a call while there is one that tells of itself.
func (p *Phone) followFocus(live *liveCall, i session.Info) {
	uri := ""
	if i.State == session.StateActive && i.Focus.Tells && p.agent != nil {
		uri = i.Focus.URI.String()
	}
	f := live.following
	if f == nil && uri == "" || f != nil && f.uri == uri {
		return
	}
	if f != nil {
		f.sub.Stop()
		live.following = nil
		f.info = subscribe.Conference{}
		p.participate(i.ID, f)
	}
	if uri == "" {
		return
	}
	f = &following{uri: uri}
	live.following = f
	f.sub = p.agent.Subscribe(subscribe.Config{
		To: i.Focus.URI, Event: subscribe.ConferenceEvent, Accept: []string{subscribe.ConferenceType}, Expires: time.Hour,
		OnNotify: func(body []byte) bool { return p.conferenceTold(live, f, body) },
		OnState: func(s subscribe.State) {
			if s == subscribe.Waiting || s == subscribe.Retrying { // what it told is out of date
				f.info, f.asked = subscribe.Conference{}, false
			}
		},
	})
}

func (p *Phone) conferenceTold(live *liveCall, f *following, body []byte) (understood bool) {
	err := f.info.Apply(body)
	switch {
	case err == nil:
		f.asked = false
		if live.following == f {
			p.participate(live.ID(), f)
		}
	case !errors.Is(err, subscribe.ErrPart):
		return false
	case !f.asked: // once: a server that never tells the whole is not asked for ever
		f.asked = true
		p.loop.Post(f.sub.Refresh)
	}
	return true
}

// participate publishes who takes part.
func (p *Phone) participate(id string, f *following) {
	told := Participants{CallID: id}
	for _, u := range f.info.Users() {
		told.Users = append(told.Users, Participant{Peer: Peer{URI: u.URI, Name: u.Name}, Status: u.Status})
	}
	bus.Publish(p.deps.Bus, told)
}
