package phone

import (
	"time"

	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
)

// liveCall is what the phone knows of a call beside its session, from its beginning to its
// end: begin makes it, drop lets go of it, and nothing else does. What stays of a call after
// that is a pastCall. It belongs to the loop.
type liveCall struct {
	*session.Session
	outset

	account string // AOR of whoever was logged in at its beginning
	view    *view  // nil until there are media

	// Who the other side is, as far as somebody knows, and what the person notes.
	contact *Contact // nil until somebody says
	note    string

	answering bool // it rings and is answered by the phone in a moment, or was

	// Keys: a pause between two counts as sounding, too.
	sounding bool
	digits   string // those that wait until it has

	watch     *watch     // from the moment in which media flow
	recording *recording // while it is recorded
	transfer  *transfer  // what the other side was last asked; it stays when that has failed
	following *following // while the call leads to a conference that tells of itself
}

// outset is what a call begins with.
type outset struct {
	anyWay bool   // it may go without a relay
	wanted Dial   // as the person asked for it, who may be called elsewhere; zero for others
	tones  string // keys to be sent as soon as it is talked in; empty after that
	move   *move  // until it is answered, for one made at the wish of another's other side
}

// view is what may be looked at of a call's media from any goroutine. Phone.mu guards it.
type view struct {
	conn    *media.Conn
	samples []*Quality // what was measured, oldest first
	looked  time.Time  // when somebody last asked for that
}

// begin notes a call of which the person is told from now on.
func (p *Phone) begin(s *session.Session) *liveCall {
	c := &liveCall{Session: s, outset: p.next, account: p.Snapshot().Account.AOR}
	p.live[s.ID()] = c
	return c
}

// observe lets the media of a call be looked at, and measures them once they flow.
func (p *Phone) observe(c *liveCall, conn *media.Conn) {
	if c.view == nil {
		c.view = &view{conn: conn}
		p.mu.Lock()
		p.views[c.ID()] = c.view
		p.mu.Unlock()
	}
	if c.watch == nil && c.Info().State == session.StateActive {
		c.watch = p.watch(c.ID(), c.view, conn)
	}
}

// drop lets go of a call that has ended, and returns it as it is kept. Whoever has it still
// finds that nothing waits in it.
func (p *Phone) drop(c *liveCall) Call {
	delete(p.live, c.ID())
	c.endRecording()
	c.answering, c.tones, c.digits = false, "", ""
	past := callOf(c.Info())
	past.Quality = c.watch.end(c.Session)
	c.name(&past)
	p.addPast(c.account, past)
	return past
}

// session is that of a call that is not over, else nil. Loop.
func (p *Phone) session(id string) *session.Session {
	if c := p.live[id]; c != nil {
		return c.Session
	}
	return nil
}
