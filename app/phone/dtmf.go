package phone

import (
	"errors"
	"strings"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
)

// ErrDigitRefused says that the other side takes no keys.
var ErrDigitRefused = errors.New("the other side takes no keys")

// SendDTMF sends keys in an answered call, one after the other: 0 to 9, *, # and A to
// D. They go in the sound (RFC 4733) when the other side takes them so, else as INFO,
// unless the settings want one of the two, and behind those that still wait. A comma among
// them is a pause, a semicolon waits for ConfirmDTMF. Each is told by a Digit when it goes
// out. The error is sipcore.ErrDigits, ErrNoCall or ErrWhichCall.
func (p *Phone) SendDTMF(id, tones string) error {
	digits, err := sipcore.ParseTones(tones)
	if err != nil {
		return err
	}
	return p.on(id, isAnswered, func(s *session.Session) { p.sendTones(p.live[s.ID()], digits) })
}

func (p *Phone) sendTones(live *liveCall, digits string) {
	waiting := live.digits
	asks := strings.HasPrefix(waiting, string(sipcore.Wait))
	if live.digits = waiting + digits; asks { // what is pressed meanwhile does not wait
		live.digits = digits + waiting
	}
	if !live.sounding || asks {
		p.nextDigit(live)
	}
}

// ConfirmDTMF sends the keys that wait for it, or drops them. The error is ErrNoCall or
// ErrWhichCall.
func (p *Phone) ConfirmDTMF(id string, send bool) error {
	asks := func(c Call) bool { return strings.HasPrefix(c.Tones, string(sipcore.Wait)) }
	return p.on(id, asks, func(s *session.Session) {
		live := p.live[s.ID()]
		waiting, found := strings.CutPrefix(live.digits, string(sipcore.Wait))
		if !found {
			return
		}
		if live.digits = waiting; !send {
			live.digits = ""
		}
		p.nextDigit(live)
		p.callChanged(s)
	})
}

// tonesDialled sends what was dialled behind the address, as soon as the call is talked in.
func (p *Phone) tonesDialled(live *liveCall) {
	if tones := live.tones; tones != "" && live.Info().State == session.StateActive {
		live.tones = ""
		p.sendTones(live, tones)
	}
}

// tonesLeft is what is still to be sent in a call, if that is a matter of time or of the
// person.
func (live *liveCall) tonesLeft() string {
	if left := live.tones + live.digits; strings.ContainsAny(left, sipcore.Pauses) {
		return left
	}
	return live.tones
}

// nextDigit sends the first of the digits that wait, and the next when it has sounded.
func (p *Phone) nextDigit(live *liveCall) {
	s, waiting := live.Session, live.digits
	live.sounding = waiting != ""
	if !live.sounding {
		return
	}
	next := p.deps.Config.Session.DTMFDuration + media.ToneGap
	switch waiting[0] {
	case sipcore.Wait:
		p.callChanged(s)
		return
	case sipcore.Pause, sipcore.ShortPause:
		if next = 2 * time.Second; waiting[0] == sipcore.ShortPause {
			next = time.Second
		}
		p.callChanged(s)
		p.loop.After(next, func() {
			if live.digits != "" { // it goes on
				live.digits = live.digits[1:]
				p.callChanged(s)
			}
			p.nextDigit(live)
		})
		return
	}
	live.digits = waiting[1:]
	if err := p.sendDigit(s, waiting[:1]); err != nil {
		p.digitFailed(s.ID(), err)
	} else {
		bus.Publish(p.deps.Bus, Digit{CallID: s.ID(), Digit: waiting[:1], Direction: Out})
	}
	p.loop.After(next, func() { p.nextDigit(live) })
}

func (p *Phone) sendDigit(s *session.Session, digit string) error {
	duration, method := p.deps.Config.Session.DTMFDuration, p.deps.Config.Session.DTMFMethod
	m, ok := s.Media().(*callMedia)
	switch {
	case method != config.DTMFInfo && ok && m.conn.SendDigit(digit, duration):
		return nil
	case method == config.DTMFSound:
		return ErrDigitRefused
	}
	return s.SendDigit(digit, duration, func(err error) {
		if err != nil {
			p.digitFailed(s.ID(), err)
		}
	})
}

// digitFailed drops the digits that wait: what follows one that was lost means
// something else.
func (p *Phone) digitFailed(id string, err error) {
	live := p.live[id]
	if live == nil {
		return // the call has ended meanwhile
	}
	live.digits = ""
	var refused *sipcore.ResponseError
	if errors.As(err, &refused) {
		err = ErrDigitRefused
	}
	n := Explain(err)
	n.CallID = id
	p.notice(n)
}

// infoReceived takes a digit that came in an INFO.
func (p *Phone) infoReceived(s *session.Session, contentType string, body []byte) (taken bool) {
	digit, ok := session.ParseDigit(contentType, body)
	if ok {
		bus.Publish(p.deps.Bus, Digit{CallID: s.ID(), Digit: digit, Direction: In})
	}
	return ok
}

// eventReceived takes a digit that came in the sound of a call.
func (p *Phone) eventReceived(m *callMedia, digit string) {
	for id, c := range p.live {
		if c.Media() == session.Media(m) {
			bus.Publish(p.deps.Bus, Digit{CallID: id, Digit: digit, Direction: In})
		}
	}
}
