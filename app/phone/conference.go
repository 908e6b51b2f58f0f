package phone

import (
	"errors"
	"slices"

	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
)

var (
	// ErrJoin says that there are no two answered calls to be joined.
	ErrJoin = errors.New("a conference takes two answered calls")
	// ErrNoConference says that a command is about a conference and there is none.
	ErrNoConference = errors.New("there is no conference")
)

// conference is several calls that are talked in at once. This side mixes: what one says
// goes through here to the others. It belongs to the loop.
type conference struct {
	id      string
	members []*member // in the order in which they joined
	mix     media.Mix
}

// member is a call in a conference.
type member struct {
	id       string
	silenced bool // the others do not hear it
	parked   bool // held because another call is talked in, and taken off with the others
}

func (c *conference) member(id string) *member {
	if c != nil {
		for _, m := range c.members {
			if m.id == id {
				return m
			}
		}
	}
	return nil
}

// Join joins answered calls, so that everybody hears everybody, with those that are joined
// already; without ids it joins all. Those that this side has put on hold are taken off,
// save who was held as a member. The error is ErrNoCall or ErrJoin.
func (p *Phone) Join(ids ...string) error {
	var chosen []string
	joined := 0
	calls := p.Snapshot().Calls
	for _, c := range calls {
		switch {
		case !isAnswered(c):
		case len(ids) == 0 || slices.Contains(ids, c.ID):
			chosen = append(chosen, c.ID)
		case c.Conference != "":
			joined++
		}
	}
	for _, id := range ids {
		if !slices.ContainsFunc(calls, func(c Call) bool { return c.ID == id }) {
			return ErrNoCall
		}
		if !slices.Contains(chosen, id) {
			return ErrJoin
		}
	}
	if len(chosen)+joined < 2 {
		return ErrJoin
	}
	p.loop.Post(func() { p.join(chosen) })
	return nil
}

func (p *Phone) join(ids []string) {
	c := p.joined
	if c == nil {
		c = &conference{id: session.NewID()}
		p.joined = c
	}
	for _, id := range ids {
		s := p.session(id)
		if s != nil && c.member(id) == nil && isAnswered(callOf(s.Info())) {
			c.members = append(c.members, &member{id: id, parked: true})
		}
	}
	if len(c.members) < 2 { // ended meanwhile
		p.dissolve()
		return
	}
	p.resume(c.members[len(c.members)-1].id)
	muted := func(s *session.Session) bool { return s.Info().AudioMuted }
	if members := p.members(); slices.ContainsFunc(members, muted) { // a microphone is not opened unasked
		for _, s := range members {
			s.Mute(true, s.Info().VideoMuted)
		}
	}
	p.conferred()
}

// Split ends the conference, but none of its calls: one goes on, the others are held. No
// id means the first that is not held. The error is ErrNoConference.
func (p *Phone) Split(id string) error {
	return p.inConference(id, func(c *conference) {
		if c.member(id) == nil {
			id = c.members[0].id
			for _, s := range slices.Backward(p.members()) {
				if !s.Info().LocalHold {
					id = s.ID()
				}
			}
		}
		members := p.members()
		p.dissolve()
		p.holdOthers(id)
		for _, s := range members {
			if s.ID() == id && s.Info().LocalHold {
				p.hold(s, false)
			}
		}
	})
}

// Silence keeps what one member of the conference says from the others, or no longer;
// this side hears it. The error is ErrNoConference.
func (p *Phone) Silence(id string, on bool) error {
	return p.inConference(id, func(c *conference) {
		if m := c.member(id); m != nil {
			m.silenced = on
			p.conferred()
		}
	})
}

// inConference does something on the loop, when there is a conference and the id is that
// of a member, the conference's own or empty.
func (p *Phone) inConference(id string, do func(*conference)) error {
	if !slices.ContainsFunc(p.Snapshot().Calls, func(c Call) bool {
		return c.Conference != "" && (id == "" || id == c.ID || id == c.Conference)
	}) {
		return ErrNoConference
	}
	p.loop.Post(func() {
		if p.joined != nil {
			do(p.joined)
		}
	})
	return nil
}

// each does something to a call as on does, or to all calls of the conference when the id
// is that of it. An empty id means the conference, too, when every call of which could is
// true is in it.
func (p *Phone) each(id string, could func(Call) bool, do func(*session.Session)) error {
	meant := ""
	for _, c := range p.Snapshot().Calls {
		switch {
		case c.Conference != "" && (c.Conference == id || id == "" && could(c)):
			meant = c.Conference
		case id == "" && could(c):
			return p.on(id, could, do)
		}
	}
	if meant == "" {
		return p.on(id, could, do)
	}
	p.loop.Post(func() {
		if p.joined == nil || p.joined.id != meant {
			return
		}
		for _, s := range p.members() {
			do(s)
		}
	})
	return nil
}

// members are the sessions of the conference.
func (p *Phone) members() []*session.Session {
	var members []*session.Session
	if p.joined != nil {
		for _, m := range p.joined.members {
			members = append(members, p.session(m.id))
		}
	}
	return members
}

// together tells whether two calls are in the conference.
func (p *Phone) together(a, b string) bool {
	return p.joined.member(a) != nil && p.joined.member(b) != nil
}

// resume has a call talked in. A conference that was held for another call is taken off
// as a whole.
func (p *Phone) resume(id string) {
	p.holdOthers(id)
	for _, s := range p.members() {
		m := p.joined.member(s.ID())
		if p.together(id, m.id) && (m.parked || m.id == id) {
			m.parked = false
			if s.Info().LocalHold {
				p.hold(s, false)
			}
		}
	}
}

// dissolve leaves the calls of the conference as they are, one beside the other.
func (p *Phone) dissolve() {
	members := p.members()
	p.joined.mix.Set(nil)
	p.joined = nil
	for _, s := range members {
		p.callChanged(s)
	}
}

// conferred mixes what is to be heard now, and publishes the members.
func (p *Phone) conferred() {
	p.mix()
	for _, s := range p.members() {
		p.callChanged(s)
	}
}

// mix follows a change of the conference or of one of its calls. Music for who is held
// elsewhere is nothing for the others.
func (p *Phone) mix() {
	calls := map[*media.Conn]bool{}
	for _, s := range p.members() {
		if m, ok := s.Media().(*callMedia); ok {
			if r := p.live[s.ID()].recording; r != nil {
				r.mix.Set(nil) // its tone is heard in this one
			}
			calls[m.conn] = p.joined.member(s.ID()).silenced || s.Info().RemoteHold
		}
	}
	p.joined.mix.Set(calls)
}

// leaves takes a call that has ended out of the conference. One that is left over is a
// call like any other.
func (p *Phone) leaves(id string) {
	c := p.joined
	if c.member(id) == nil {
		return
	}
	c.members = slices.DeleteFunc(c.members, func(m *member) bool { return m.id == id })
	if len(c.members) < 2 {
		p.dissolve()
		return
	}
	p.mix()
}
