package phone

import (
	"errors"
	"fmt"
	"strings"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/session"
)

// TransferState is how far a transfer has come.
//
//	asked → trying → ringing → done | failed
//
// Every state may lead to done or failed, and the other side may leave out all between.
type TransferState string

// The states of a transfer.
const (
	TransferAsked   TransferState = "asked"   // the other side is asked, or about to be
	TransferTrying  TransferState = "trying"  // it has agreed, and calls
	TransferRinging TransferState = "ringing" // there it rings
	TransferDone    TransferState = "done"    // they talk, as far as this side can know
	TransferFailed  TransferState = "failed"  // the call is as it was before
)

// Transfer is the handing over of a call to somebody else (RFC 3515, RFC 5589).
type Transfer struct {
	To    Peer
	State TransferState
	Cause *Cause // why it failed; nil when nothing was heard, and unless it failed
}

// transfer is one that was asked of the other side of a call.
type transfer struct {
	Transfer
	other string // the call that ends with this one, "" for none
	held  bool   // the other side was put on hold for it
}

// Transfer asks the other side of an answered call to talk to somebody else, and puts it
// on hold meanwhile. How it goes is told by Call.Transfer: once it has come about, the call
// ends; else the call is given back as it was, and the person is told why. The error is an
// *sipcore.AddressError, session.ErrTarget for who cannot be meant, ErrNoCall, ErrWhichCall,
// or session.ErrState for a call that is not answered or is handed over already.
func (p *Phone) Transfer(id, to string) error {
	own := p.Snapshot().Account.AOR
	target, err := p.address(to)
	if err != nil {
		return err
	}
	c, err := p.pick(id, isAnswered)
	switch aor := target.AOR(); {
	case err != nil:
		return err
	case aor == own, aor == c.Peer.URI, !session.Callable(target.URI):
		return session.ErrTarget
	}
	return p.transfer(c, &transfer{
		Transfer: Transfer{To: Peer{URI: target.AOR(), Name: target.Name}},
		held:     !c.LocalHold,
	}, func(s *session.Session, on func(session.Referral)) error {
		return s.Refer(target.URI, on)
	})
}

// TransferTo has the other sides of two answered calls talk to each other: that of the
// first is asked to take this side's place in the other (RFC 5589 §7). It is told and ends
// as Transfer, the other call with it. Where it hides who it is, the two change places. The
// error is ErrNoCall, ErrWhichCall, session.ErrState, or session.ErrTarget when both hide.
func (p *Phone) TransferTo(id, other string) error {
	to, err := p.pick(other, isAny)
	if err != nil || other == "" {
		return ErrNoCall
	}
	c, err := p.pick(id, func(c Call) bool { return c.ID != other && isAnswered(c) })
	switch {
	case err != nil:
		return err
	case c.ID == other, !to.State.Answered():
		return fmt.Errorf("%w: transfer to %v", session.ErrState, to.State)
	case to.Peer.Anonymous() && c.Peer.Anonymous():
		return session.ErrTarget
	case to.Peer.Anonymous(): // who hides cannot be called, but can call
		c, to = to, c
	}
	return p.transfer(c, &transfer{
		Transfer: Transfer{To: to.Peer}, other: to.ID,
	}, func(s *session.Session, on func(session.Referral)) error {
		if o := p.session(to.ID); o != nil {
			return s.ReferTo(o, on)
		}
		return ErrNoCall
	})
}

// transfer begins a transfer on the loop; refer asks for it.
func (p *Phone) transfer(c Call, t *transfer, refer func(*session.Session, func(session.Referral)) error) error {
	if !c.State.Answered() || c.Transfer.UnderWay() {
		return fmt.Errorf("%w: transfer while %v", session.ErrState, c.State)
	}
	t.State = TransferAsked
	p.loop.Post(func() {
		live := p.live[c.ID]
		if live == nil || p.transferring(c.ID) {
			return // it has ended meanwhile, or the button was pressed twice
		}
		s := live.Session
		live.transfer = t
		p.callChanged(s)
		ask := func(error) { // a hold refused does not stand in the way
			if !p.asked(s, t) {
				return
			}
			if err := refer(s, func(r session.Referral) { p.transferStep(s, t, r) }); err != nil {
				p.transferStep(s, t, session.Referral{Done: true, Err: err})
			}
		}
		if !t.held {
			ask(nil)
		} else if err := s.Hold(true, ask); err != nil {
			ask(err)
		}
	})
	return nil
}

// UnderWay reports whether the call is to end with the transfer, or has. It is false for nil.
func (t *Transfer) UnderWay() bool { return t != nil && t.State != TransferFailed }

// transferring tells whether the other side of a call has been asked to talk to somebody.
func (p *Phone) transferring(id string) bool {
	live := p.live[id]
	return live != nil && live.transfer != nil && live.transfer.UnderWay()
}

// asked tells whether a transfer is what the other side of a call was last asked. It is not
// once that has ended.
func (p *Phone) asked(s *session.Session, t *transfer) bool {
	live := p.live[s.ID()]
	return live != nil && live.transfer == t
}

// transferStep takes note of how a transfer goes. What is heard of it after the end of the
// call, or of the transfer, changes nothing.
func (p *Phone) transferStep(s *session.Session, t *transfer, r session.Referral) {
	if !p.asked(s, t) || !t.UnderWay() {
		return
	}
	switch {
	case !r.Done && r.Code < 101:
		t.State = TransferTrying
	case !r.Done:
		t.State = TransferRinging
	case r.Err == nil && r.Code < 300: // with code 0 they talk, or nobody will ever say
		t.State = TransferDone
	default:
		t.State = TransferFailed
		t.Cause = sipcore.CauseOf(r.Err)
		if r.Code >= 300 {
			t.Cause = &Cause{Code: r.Code, Reason: r.Reason}
		}
	}
	p.callChanged(s)
	switch t.State {
	case TransferDone:
		if o := p.session(t.other); o != nil {
			o.Hangup()
		}
		s.Hangup()
	case TransferFailed:
		if t.held {
			p.giveBack(s)
		}
		p.notice(explainTransfer(s, t, r.Err))
	case TransferAsked, TransferTrying, TransferRinging:
	}
}

// giveBack takes a call off hold again, unless the person talks with somebody else by now.
func (p *Phone) giveBack(s *session.Session) {
	for _, o := range p.live {
		if o.Session != s && !p.together(o.ID(), s.ID()) && isAnswered(callOf(o.Info())) && !o.Info().LocalHold {
			return
		}
	}
	if s.Info().LocalHold {
		p.hold(s, false)
	}
}

// explainTransfer says why a call was given back.
func explainTransfer(s *session.Session, t *transfer, err error) Notice {
	n := Notice{Code: "error_transfer_failed", CallID: s.ID(), Params: map[string]string{
		"Name": t.To.called(), "Peer": callOf(s.Info()).Peer.called(),
	}}
	var refused *sipcore.ResponseError
	switch {
	case t.Cause != nil && t.Cause.Code == declined:
		n.Code = "error_transfer_declined"
	case errors.As(err, &refused):
		n.Code = "error_transfer_refused"
	case err != nil:
		n.Code = "error_transfer_unheard"
	case t.Cause.Code == busyHere || t.Cause.Code == 600:
		n.Code = "error_transfer_busy"
	}
	return n
}

// called is what a peer is called in a sentence: by its name, else by the first part of its
// address. Foreign text.
func (p Peer) called() string {
	if p.Name != "" {
		return p.Name
	}
	user, _, _ := strings.Cut(p.URI[strings.IndexByte(p.URI, ':')+1:], "@")
	return user
}
