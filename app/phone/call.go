package phone

import (
	"context"
	"errors"
	"slices"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
)

// Status codes with which calls are refused (RFC 3261 §21.4.24, §21.6.2).
const (
	busyHere = 486
	declined = 603
)

// Answer answers a call, with picture or without; other calls are put on hold, and one that
// is being made is given up.
func (p *Phone) Answer(id string, video bool) error {
	return p.on(id, isIncoming, func(s *session.Session) {
		p.makeRoom()
		p.holdOthers(s.ID())
		p.next.anyWay = s.Info().Claims.Urgent || p.isEmergency(s.Info().Remote.AOR())
		defer func() { p.next.anyWay = false }()
		if err := s.Accept(video); err != nil {
			p.log.Info("answer", "err", err) // pressed twice, or just given up by the caller
		}
	})
}

// Reject refuses a call with a final code from 300 to 699; 0 means 603.
func (p *Phone) Reject(id string, code int) error {
	if code < 300 || code > 699 {
		code = declined
	}
	return p.on(id, isIncoming, func(s *session.Session) { s.Reject(code) })
}

// Hangup ends a call, whatever its state, or all of a conference, whose id is as good.
func (p *Phone) Hangup(id string) error {
	return p.each(id, isAny, func(s *session.Session) {
		p.decide(s.ID(), false)
		s.Hangup()
	})
}

// Mute stops or resumes sending sound and picture; nil leaves it as it is. In a conference
// the microphone is muted for everybody. With push to talk the sound is not resumed in this
// way, but by Talk: the error is ErrPushToTalk, else ErrNoCall or ErrWhichCall.
func (p *Phone) Mute(id string, audio, video *bool) error {
	if audio != nil && !*audio && p.Snapshot().Equipment.On[PushToTalk] {
		return ErrPushToTalk
	}
	return p.mute(id, audio, video)
}

func (p *Phone) mute(id string, audio, video *bool) error {
	return p.each(id, isAny, func(s *session.Session) {
		mute(s, audio, video)
		for _, other := range p.members() {
			if p.together(s.ID(), other.ID()) {
				mute(other, audio, nil)
			}
		}
	})
}

func mute(s *session.Session, audio, video *bool) {
	now := s.Info()
	before := now
	if audio != nil {
		now.AudioMuted = *audio
	}
	if video != nil {
		now.VideoMuted = *video
	}
	if now.AudioMuted != before.AudioMuted || now.VideoMuted != before.VideoMuted {
		s.Mute(now.AudioMuted, now.VideoMuted)
	}
}

// Hold puts the other side of an answered call on hold, or takes it off (RFC 3264 §8.4).
// It is silent at once; should the other side refuse, the call goes on as it was and the
// person is told. Who is taken off is talked to: calls outside of its conference are put
// on hold. The id of a conference means all in it.
func (p *Phone) Hold(id string, on bool) error {
	return p.each(id, isAnswered, func(s *session.Session) {
		if m := p.joined.member(s.ID()); m != nil && on {
			m.parked = false
		}
		if !on {
			p.resume(s.ID())
		}
		p.hold(s, on)
	})
}

func (p *Phone) hold(s *session.Session, on bool) {
	err := s.Hold(on, func(err error) {
		if refused := (*sipcore.ResponseError)(nil); errors.As(err, &refused) || errors.Is(err, session.ErrBadDescription) {
			p.notice(Notice{Code: "error_hold", CallID: s.ID()})
		}
	})
	if err != nil {
		p.log.Info("hold", "err", err) // it has ended meanwhile
	}
}

// holdOthers puts every call on hold that is talked in, but for one and those in conference
// with it. It is called on the loop.
func (p *Phone) holdOthers(id string) {
	for _, c := range p.live {
		if c.ID() != id && !p.together(c.ID(), id) && isAnswered(callOf(c.Info())) && !c.Info().LocalHold {
			if m := p.joined.member(c.ID()); m != nil {
				m.parked = true
			}
			p.hold(c.Session, true)
		}
	}
}

// isDialled tells a call that the other side has not answered yet: nobody makes two such
// at once, but buttons are pressed twice.
func isDialled(c Call) bool { return c.Direction == Out && !c.State.Answered() }

func isAny(Call) bool        { return true }
func isAnswered(c Call) bool { return c.State.Answered() }
func isIncoming(c Call) bool { return c.State == Incoming }

// on does something to a call on the loop. An empty id means the one call of which
// could is true.
func (p *Phone) on(id string, could func(Call) bool, do func(*session.Session)) error {
	c, err := p.pick(id, could)
	if err != nil {
		return err
	}
	p.loop.Post(func() {
		if s := p.session(c.ID); s != nil {
			do(s)
		}
	})
	return nil
}

// pick finds the call of an id, or the one of which could is true.
func (p *Phone) pick(id string, could func(Call) bool) (Call, error) {
	var found []Call
	for _, c := range p.Snapshot().Calls {
		if c.ID == id || id == "" && could(c) {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 0:
		return Call{}, ErrNoCall
	case 1:
		return found[0], nil
	default:
		return Call{}, ErrWhichCall
	}
}

// Local is what this side sends in a call.
func (p *Phone) Local(id string) Stream {
	if c := p.conn(id); c != nil {
		return c.Local()
	}
	return Stream{}
}

// Remote is what comes from the other side of a call.
func (p *Phone) Remote(id string) Stream {
	if c := p.conn(id); c != nil {
		return c.Remote()
	}
	return Stream{}
}

// RemoteScreen is what the other side of a call shows beside its camera.
func (p *Phone) RemoteScreen(id string) Stream {
	if c := p.conn(id); c != nil {
		return c.RemoteScreen()
	}
	return Stream{}
}

// Stats measures the media of a call. It waits for the browser.
func (p *Phone) Stats(ctx context.Context, id string) (media.Stats, error) {
	c := p.conn(id)
	if c == nil {
		return media.Stats{}, ErrNoCall
	}
	return c.Stats(ctx)
}

func (p *Phone) conn(id string) *media.Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	if v := p.views[id]; v != nil {
		return v.conn
	}
	return nil
}

// comesBack reports whether a call that comes in is the other end of the only one that
// there is: who calls the own address tries the own account out.
func (p *Phone) comesBack(sessions []*session.Session, in *session.Session) bool {
	own, out := p.agent.AOR().AOR(), sessions[0].Info()
	return len(sessions) == 2 && out.Direction == session.Outgoing && out.Answered.IsZero() &&
		out.Remote.AOR() == own && in.Info().Remote.AOR() == own
}

// callChanged publishes a call as it is now. It is called on the loop.
func (p *Phone) callChanged(s *session.Session) {
	info := s.Info()
	live := p.live[info.ID]
	known, over := live != nil, info.State == session.StateEnded
	switch {
	case over && !known:
		return // refused before anybody was told of it
	case over:
		past := p.drop(live)
		defer p.keepCall(live.account, past) // after it is published
	case !known:
		live = p.begin(s)
		defer p.closeMicrophone(s)
	}
	if m, ok := s.Media().(*callMedia); ok {
		p.observe(live, m.conn)
	}
	before := p.Snapshot()
	if info.Unlocated && !slices.ContainsFunc(before.Calls, func(c Call) bool { return c.ID == info.ID && c.Unlocated }) {
		p.notice(Notice{Code: "error_location_refused", CallID: info.ID})
	}
	if p.joined.member(info.ID) != nil && known && !over {
		p.mix()
	}
	p.tonesDialled(live)
	c := p.shown(live, info)
	answers := isAnswered(c) && c.Peer.URI != before.Account.AOR && slices.ContainsFunc(before.Calls, func(o Call) bool {
		return o.ID == c.ID && isDialled(o)
	})
	p.setCall(c)
	p.tellRecorded()
	if !known {
		p.lookUp(c)
	}
	p.moved(live, info)
	if answers { // another may have been taken off hold meanwhile
		p.holdOthers(c.ID)
	}
	p.followFocus(live, info)
	if !over {
		return
	}
	switch {
	case tellsMore(info.Err):
		n := Explain(info.Err)
		n.CallID = info.ID
		p.notice(n)
	case p.guest && info.Direction == session.Outgoing && (unproven(c.Cause) || c.Cause != nil && c.Cause.Code == 403):
		p.notice(Notice{Code: "error_guest_refused", CallID: c.ID})
	case p.recalled && unproven(c.Cause):
		// Who asked was not met while the password was at hand.
		p.notice(Notice{Code: "error_call_password", CallID: c.ID})
	}
	p.elsewhere(c, live.wanted)
	p.leaves(c.ID)
}

// shown is a call with all that the phone knows of it beside its session.
func (p *Phone) shown(live *liveCall, info session.Info) Call {
	c := callOf(info)
	live.name(&c)
	p.showPicture(live.Session, &c)
	c.Recording = live.recording != nil
	if m := p.joined.member(c.ID); m != nil {
		c.Conference, c.Silenced = p.joined.id, m.silenced
	}
	if t := live.transfer; t != nil {
		transfer := t.Transfer
		c.Transfer = &transfer
	}
	c.AutoAnswer, c.Tones = live.answering, live.tonesLeft()
	if by := info.Claims.Forwarder; by != nil && p.settings().Session.TrustIdentity {
		c.ForwardedBy = &Peer{URI: by.AOR(), Name: by.Name}
	}
	return c
}

// tellsMore reports whether the end of a call has a reason on this side, about which
// the person can do something. What the other side or the server said is part of the
// call's end.
func tellsMore(err error) bool {
	var device *media.MediaError
	return errors.As(err, &device) || errors.Is(err, media.ErrNoRelay) ||
		errors.Is(err, session.ErrMediaFailed) || errors.Is(err, session.ErrBadDescription) || errors.Is(err, sipcore.ErrLinkDown)
}

// callOf puts a session into the terms of the person.
func callOf(i session.Info) Call {
	c := Call{
		ID:        i.ID,
		Direction: Out,
		Peer:      Peer{URI: i.Remote.AOR(), Name: i.Remote.Name},
		State:     stateOf(i),
		Video:     i.Video, RemoteVideo: i.RemoteVideo, RemoteWatches: i.RemoteWatches,
		AudioMuted: i.AudioMuted, VideoMuted: i.VideoMuted,
		LocalHold: i.LocalHold, RemoteHold: i.RemoteHold, Focus: i.Focus.URI.Host != "",
		Location:  i.Location,
		Unlocated: i.Unlocated,
		Started:   i.Started, Answered: i.Answered, Ended: i.Ended,
	}
	if i.Direction == session.Incoming {
		c.Direction = In
	}
	if i.Forwarded != nil {
		c.Forwarded = &Peer{URI: i.Forwarded.AOR(), Name: i.Forwarded.Name}
	}
	if i.State == session.StateEnded {
		c.Cause = causeOf(i)
	}
	if by := i.ReferredBy; by.URI.Scheme != "" {
		c.ReferredBy = &Peer{URI: by.AOR(), Name: by.Name}
	}
	return c
}

func stateOf(i session.Info) CallState {
	switch i.State {
	case session.StateCalling:
		return Trying
	case session.StateRinging:
		return Ringing
	case session.StateEarly:
		return Early
	case session.StateIncoming:
		return Incoming
	case session.StateAnswering, session.StateConnecting:
		return Connecting
	case session.StateActive:
		if i.LocalHold || i.RemoteHold {
			return Held
		}
		return Active
	case session.StateEnded:
	}
	var refused *sipcore.ResponseError
	switch {
	case i.Err == nil, errors.Is(i.Err, sipcore.ErrCanceled):
		return Ended
	case i.Direction == session.Incoming && i.Answered.IsZero() && errors.As(i.Err, &refused):
		return Ended // turned down by the person
	default:
		return Failed
	}
}

// causeOf is why a call ended, nil for an ordinary end.
func causeOf(i session.Info) *Cause {
	switch {
	case i.Elsewhere:
		return &Cause{Code: 200, Reason: "Call completed elsewhere"}
	case errors.Is(i.Err, session.ErrNoAnswer), errors.Is(i.Err, session.ErrNoAck):
		return &Cause{Code: 408, Reason: "Request Timeout"}
	case errors.Is(i.Err, session.ErrMediaFailed), errors.Is(i.Err, session.ErrBadDescription):
		return &Cause{Code: 488, Reason: "Not Acceptable Here"}
	}
	return sipcore.CauseOf(i.Err)
}
