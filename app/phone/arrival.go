package phone

import (
	"slices"
	"strings"
	"time"

	"gocommunicator/app/config"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/session"
)

// anonymityDisallowed refuses those who hide (RFC 5079).
const anonymityDisallowed = 433

// announced is how long before the phone answers a call by itself it says so.
const announced = time.Second

// never is when nothing is done by itself.
const never = time.Duration(-1)

// arrival is what is known of a call that comes in.
type arrival struct {
	caller sipcore.Address
	claims session.Claims
	calls  int  // others that there are
	own    bool // the only one of them is the other end of it
}

// fate is what the phone does with a call by itself. The zero value, but for the two
// times, lets it ring.
type fate struct {
	code    int              // it is refused with, 0 for none
	forward *sipcore.Address // where it is sent
	why     session.Diverted // and the reason
	after   time.Duration    // of ringing until then
	answer  time.Duration    // of ringing until it is answered, or never
	muted   bool             // without microphone
}

// fateOf says what is done with a call. What concerns an emergency rings, whatever is set.
func (p *Phone) fateOf(a arrival) fate {
	s := p.settings().Session
	f := fate{after: never, answer: never}
	busy := !a.own && (a.calls >= s.MaxCalls || a.calls > 0 && !s.CallWaiting)
	// Anybody can write that, so that there is a bound to it too.
	urgent := (a.claims.Urgent || p.isEmergency(a.caller.AOR())) && a.calls < 2*s.MaxCalls
	forward := func(to string, why session.Diverted, after time.Duration) bool {
		if target, err := p.forwardTo(to); err == nil {
			f.forward, f.why, f.after = &target, why, after
			return true
		}
		return false // none is set, or it is of no use with this account
	}
	switch {
	case urgent:
	case a.claims.Anonymous && s.RejectAnonymous:
		f.code = anonymityDisallowed
		return f
	case forward(s.ForwardAlways, session.Unconditional, 0):
		return f
	case p.Snapshot().DND.On:
		f.code = s.DNDCode
		return f
	case busy && forward(s.ForwardBusy, session.UserBusy, 0):
		return f
	case busy:
		f.code = busyHere
		return f
	default:
		forward(s.ForwardNoAnswer, session.NoAnswer, s.ForwardAfter)
	}
	trusted := p.trusts(a.caller)
	switch {
	case a.calls > 0 && !s.AutoAnswerInCall:
	case a.claims.AutoAnswer && trusted:
		f.answer, f.muted = max(a.claims.After, announced), s.IntercomMuted
	case s.AutoAnswer == config.AutoAnswerAlways, s.AutoAnswer == config.AutoAnswerTrusted && trusted:
		f.answer = max(s.AutoAnswerDelay, announced)
	}
	return f
}

// domain is that of whoever is logged in.
func (p *Phone) domain() string {
	_, domain, _ := strings.Cut(p.Snapshot().Account.AOR, "@")
	return domain
}

// trusts tells whether a caller is among those who may ask to be answered.
func (p *Phone) trusts(caller sipcore.Address) bool {
	domain := p.domain()
	return slices.ContainsFunc(p.settings().Session.TrustedCallers, func(entry string) bool {
		if strings.EqualFold(entry, caller.URI.Host) {
			return true
		}
		a, err := sipcore.ParseAddress(entry, domain)
		return err == nil && a.AOR() == caller.AOR()
	})
}

// isEmergency tells an emergency service by its name (RFC 5031) or number.
func (p *Phone) isEmergency(aor string) bool {
	scheme, user, _ := strings.Cut(strings.ToLower(aor), ":")
	if scheme == "urn" {
		return user == "service:sos" || strings.HasPrefix(user, "service:sos.")
	}
	if end := strings.IndexAny(user, ";@"); end >= 0 {
		user = user[:end]
	}
	return slices.Contains(p.settings().Dialing.EmergencyNumbers, user)
}

// forwardTo reads an address to forward calls to. The error is an *sipcore.AddressError or
// ErrForwardSelf.
func (p *Phone) forwardTo(to string) (sipcore.Address, error) {
	a, err := p.address(to)
	if err == nil && a.AOR() == p.Snapshot().Account.AOR {
		err = ErrForwardSelf
	}
	return a, err
}

// CheckForward says what is wrong with an address to forward calls to; an empty one forwards
// none. The error is an *sipcore.AddressError or ErrForwardSelf.
func (p *Phone) CheckForward(to string) error {
	if strings.TrimSpace(to) == "" {
		return nil
	}
	_, err := p.forwardTo(to)
	return err
}

// incoming decides about a call that comes in.
func (p *Phone) incoming(s *session.Session) {
	info, sessions := s.Info(), p.agent.Sessions()
	if info.Replaces != "" { // the other ends with its answer
		p.callChanged(s)
		return
	}
	f := p.fateOf(arrival{
		caller: info.Remote, claims: info.Claims, calls: len(sessions) - 1, own: p.comesBack(sessions, s),
	})
	switch {
	case f.code != 0:
		s.Reject(f.code)
		p.keepRefused(s, nil)
	case f.forward != nil && f.after == 0:
		s.Redirect(f.forward.URI, f.why)
		p.keepRefused(s, causeOf(s.Info()))
	default:
		p.callChanged(s)
		p.await(s, f)
	}
}

// keepRefused remembers a call of which nobody was told: one that was refused counts as
// missed, but for those who hide.
func (p *Phone) keepRefused(s *session.Session, cause *Cause) {
	if c := causeOf(s.Info()); c != nil && c.Code == anonymityDisallowed {
		cause = c
	}
	missed := callOf(s.Info())
	missed.State, missed.Cause, missed.Ended = Ended, cause, now()
	p.keepCall(p.Snapshot().Account.AOR, missed)
}

// await does what is to be done with a call if it rings that long.
func (p *Phone) await(s *session.Session, f fate) {
	live := p.live[s.ID()]
	rings := func() bool { return s.Info().State == session.StateIncoming }
	if f.forward != nil {
		p.loop.After(f.after, func() {
			if rings() && !live.answering {
				s.Redirect(f.forward.URI, f.why)
			}
		})
	}
	if f.answer == never {
		return
	}
	p.loop.After(f.answer-announced, func() {
		if rings() {
			live.answering = true
			p.callChanged(s)
		}
	})
	p.loop.After(f.answer, func() {
		switch {
		case !rings() || !live.answering:
			return
		case len(p.live) > 1 && !p.settings().Session.AutoAnswerInCall: // begun meanwhile
			live.answering = false
			p.callChanged(s)
			return
		}
		p.makeRoom()
		p.holdOthers(s.ID())
		s.Mute(f.muted || s.Info().AudioMuted, s.Info().VideoMuted)
		if err := s.Accept(s.Info().RemoteVideo && p.settings().Session.AutoAnswerVideo); err != nil {
			p.log.Info("answer", "err", err)
		}
	})
}
