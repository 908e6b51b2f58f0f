package phone

import (
	"errors"
	"slices"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/session"
)

// Dial is a call to be made.
type Dial struct {
	To      string   // as typed
	Video   bool     // with picture
	Headers []string // `Name: value`, added to the INVITE after those of the settings
	// Location is where the person is; nil tells nobody.
	Location *Location
	// Anonymous hides who calls; nil leaves that to the settings.
	Anonymous *bool
	// Wait: where nobody is logged in yet, or the connection is just being made, the call is
	// made once that is so, unless it takes longer than a minute.
	Wait bool
	// Guest does LoginGuest where nobody is logged in, and then waits.
	Guest bool
}

// dialWaits is how long a call waits for a login or a connection.
const dialWaits = time.Minute

// Dial calls somebody and returns the call's id, empty for a call that waits; other calls
// are put on hold. The error is an *sipcore.AddressError, ErrNotLoggedIn, ErrBusy or
// sipcore.ErrLinkDown.
func (p *Phone) Dial(d Dial) (id string, err error) {
	state := p.Snapshot()
	address, tones := sipcore.SplitTones(d.To)
	to, err := p.address(address)
	switch begins := state.Link.State == LinkConnecting || state.Link.State == LinkDown && state.Link.Attempt == 0; {
	case !state.Account.LoggedIn && d.Guest && err == nil:
		if err := p.guestsMay(); err != nil {
			return "", err
		}
		p.dialLater(d) // first: there may be no account to be had
		return "", p.LoginGuest()
	case !state.Account.LoggedIn && !d.Wait && !d.Guest:
		return "", ErrNotLoggedIn
	case err != nil:
		return "", err
	case d.Wait && (begins || !state.Account.LoggedIn):
		p.dialLater(d)
		return "", nil
	}
	cfg, urgent := p.settings(), p.isEmergency(to.AOR())
	if p.blocked(urgent, state.Calls) {
		return "", ErrBusy
	}
	if state.Link.State != LinkUp {
		if err := p.Reconnect(); err != nil {
			return "", err
		}
		return "", sipcore.ErrLinkDown
	}
	invite := session.Invite{ID: session.NewID(), To: to, Video: d.Video, Location: d.Location, Urgent: urgent}
	invite.Anonymous = !urgent && (d.Anonymous == nil && cfg.Dialing.Anonymous || d.Anonymous != nil && *d.Anonymous)
	for _, h := range slices.Concat(cfg.ExtraHeaders, d.Headers) {
		// What is no header, would be two, or is the phone's own to write, is left out.
		if checked, problem := config.CheckHeader(h); problem == "" {
			invite.Headers = append(invite.Headers, checked)
		}
	}
	p.loop.Post(func() {
		// The button pressed twice posts two: the second finds the first.
		switch {
		case p.agent == nil:
			p.setCall(notBegun(invite, ErrNotLoggedIn))
		case p.blocked(urgent, p.Snapshot().Calls):
			p.setCall(notBegun(invite, ErrBusy))
		default:
			if urgent {
				p.makeRoom()
			}
			p.holdOthers(invite.ID)
			p.next = outset{anyWay: urgent, wanted: d, tones: tones}
			p.agent.Invite(invite)
			p.next = outset{}
		}
	})
	return invite.ID, nil
}

// waiting is a call that waits for a connection.
type waiting struct {
	Dial
	until time.Time
}

// dialLater makes a call as soon as there is a connection; it takes the place of one that
// waits already. Meanwhile it stands in the address field.
func (p *Phone) dialLater(d Dial) {
	d.Wait = false
	bus.Publish(p.deps.Bus, Destination{To: d.To, Asked: true, Video: d.Video})
	p.mu.Lock()
	p.waiting = &waiting{d, now().Add(dialWaits)}
	p.mu.Unlock()
	if s := p.Snapshot(); s.Account.LoggedIn && s.Link.State == LinkUp { // meanwhile
		p.dialWaiting()
	}
}

// dialWaiting makes the call that has waited for a connection, if there is one.
func (p *Phone) dialWaiting() {
	p.mu.Lock()
	w := p.waiting
	p.waiting = nil
	p.mu.Unlock()
	if w == nil || now().After(w.until) {
		return
	}
	if _, err := p.Dial(w.Dial); err != nil {
		p.notice(Explain(err))
	}
}

// blocked tells that no further call can be made. One of an emergency always can, but for
// the button pressed twice.
func (p *Phone) blocked(urgent bool, calls []Call) bool {
	return !urgent && len(calls) >= p.settings().Session.MaxCalls || slices.ContainsFunc(calls, func(c Call) bool {
		return isDialled(c) && (!urgent || p.isEmergency(c.Peer.URI))
	})
}

// makeRoom gives up the call that is being made, since it cannot be held, unless it is one of
// an emergency, or to oneself, whose other end comes in here.
func (p *Phone) makeRoom() {
	own := p.Snapshot().Account.AOR
	for _, s := range p.live {
		if c := callOf(s.Info()); isDialled(c) && c.Peer.URI != own && !p.isEmergency(c.Peer.URI) {
			s.Hangup()
		}
	}
}

// notBegun is a call that was overtaken before it could begin.
func notBegun(i session.Invite, why error) Call {
	cause := &Cause{Code: 486, Reason: why.Error()}
	if errors.Is(why, ErrNotLoggedIn) {
		cause.Code = 503
	}
	return Call{
		ID: i.ID, Direction: Out, Peer: Peer{URI: i.To.AOR(), Name: i.To.Name},
		State: Failed, Cause: cause, Started: now(), Ended: now(),
	}
}
