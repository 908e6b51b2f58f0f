package phone

import (
	"slices"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/session"
)

// TransferWish is the wish of the other side of a call that this side talks to somebody
// else. It is sticky on the bus until it is over, which may be after the end of the call:
// many phones hang up as soon as they have asked.
type TransferWish struct {
	CallID string // the call in which it was asked
	By, To Peer   // foreign names
	Over   bool   // decided, or taken for a no
}

// wishTime is how long the person has to say yes.
const wishTime = time.Minute

// wish is one that the person has not decided about.
type wish struct {
	TransferWish
	in    *session.Session
	refer *session.Referred
	timer *sipcore.Timer
}

// move is a call that was made at the wish of the other side of another, which ends when
// it is answered.
type move struct {
	from *session.Session
	held bool // by the person, before
}

// AnswerTransfer decides whether this side talks to whom the other side of a call asks it
// to; an empty id means the one that was asked. The call there is is held, and ends when
// the new one is answered. The error is ErrNoCall or ErrWhichCall.
func (p *Phone) AnswerTransfer(id string, accept bool) error {
	wishes := slices.DeleteFunc(p.Snapshot().Wishes, func(w TransferWish) bool { return id != "" && w.CallID != id })
	switch len(wishes) {
	case 0:
		return ErrNoCall
	case 1:
	default:
		return ErrWhichCall
	}
	p.loop.Post(func() { p.decide(wishes[0].CallID, accept) })
	return nil
}

// referred takes the wish of the other side, or refuses it. It is called on the loop.
func (p *Phone) referred(s *session.Session, r *session.Referred) bool {
	how, id := p.deps.Config.Session.Transfer, s.ID()
	if how == config.TransferRefuse || p.wishes[id] != nil || p.transferring(id) {
		return false
	}
	w := &wish{
		TransferWish: TransferWish{CallID: id, By: callOf(s.Info()).Peer, To: Peer{URI: r.To.AOR(), Name: r.To.Name}},
		in:           s, refer: r,
	}
	p.wishes[id] = w
	if how == config.TransferAllow {
		p.loop.Post(func() { p.decide(id, true) }) // after the response
		return true
	}
	w.timer = p.loop.After(wishTime, func() { p.decide(id, false) })
	p.setWish(w.TransferWish)
	return true
}

// setWish notes and publishes a wish as it is now.
func (p *Phone) setWish(w TransferWish) {
	p.mu.Lock()
	p.state.Wishes = slices.DeleteFunc(p.state.Wishes, func(o TransferWish) bool { return o.CallID == w.CallID })
	if !w.Over {
		p.state.Wishes = append(p.state.Wishes, w)
	}
	p.mu.Unlock()
	bus.Publish(p.deps.Bus, w)
}

// decide makes the call that the other side wants, or refuses to. Without a wish it does
// nothing.
func (p *Phone) decide(id string, accept bool) {
	w := p.wishes[id]
	if w == nil {
		return
	}
	delete(p.wishes, id)
	if w.timer != nil { // the person was asked
		w.timer.Stop()
		w.Over = true
		p.setWish(w.TransferWish)
	}
	if !accept {
		w.refer.Refuse()
		return
	}
	was, cfg, urgent := w.in.Info(), p.deps.Config, p.isEmergency(w.To.URI)
	invite := session.Invite{
		ID: session.NewID(), Video: was.Video, Headers: slices.Clone(cfg.ExtraHeaders),
		Urgent: urgent, Anonymous: cfg.Dialing.Anonymous && !urgent,
	}
	p.holdOthers(invite.ID)
	p.next = outset{anyWay: urgent, move: &move{from: w.in, held: was.LocalHold}}
	to := w.refer.Accept(invite)
	p.next = outset{}
	to.Mute(was.AudioMuted, was.VideoMuted)
}

// moved ends the call that another has come of, or gives it back when nothing has.
func (p *Phone) moved(live *liveCall, to session.Info) {
	m, over := live.move, to.State == session.StateEnded
	if m == nil || !over && to.Answered.IsZero() {
		return
	}
	live.move = nil
	switch {
	case p.live[m.from.ID()] == nil: // the other side has ended it
	case !over:
		m.from.Hangup()
	case !m.held:
		p.giveBack(m.from)
	}
}

// refuseWishes says no to all, for who logs out.
func (p *Phone) refuseWishes() {
	for id := range p.wishes {
		p.decide(id, false)
	}
}
