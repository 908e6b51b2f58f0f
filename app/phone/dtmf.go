package phone

import (
	"errors"

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
// unless the settings want one of the two, and behind those that still wait. Each is told by a Digit when it goes out. The error
// is sipcore.ErrDigits, ErrNoCall or ErrWhichCall.
func (p *Phone) SendDTMF(id, tones string) error {
	digits, err := sipcore.ParseDigits(tones)
	if err != nil {
		return err
	}
	return p.on(id, isAnswered, func(s *session.Session) {
		waiting, sounding := p.digits[s.ID()]
		p.digits[s.ID()] = waiting + digits
		if !sounding {
			p.nextDigit(s)
		}
	})
}

// nextDigit sends the first of the digits that wait, and the next when it has sounded.
func (p *Phone) nextDigit(s *session.Session) {
	id := s.ID()
	waiting := p.digits[id]
	if waiting == "" {
		delete(p.digits, id)
		return
	}
	p.digits[id] = waiting[1:]
	if err := p.sendDigit(s, waiting[:1]); err != nil {
		p.digitFailed(id, err)
	} else {
		bus.Publish(p.deps.Bus, Digit{CallID: id, Digit: waiting[:1], Direction: Out})
	}
	p.loop.After(p.deps.Config.Session.DTMFDuration+media.ToneGap, func() { p.nextDigit(s) })
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
	if p.sessions[id] == nil {
		return // the call has ended meanwhile
	}
	if _, sounding := p.digits[id]; sounding {
		p.digits[id] = ""
	}
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
	for id, s := range p.sessions {
		if s.Media() == session.Media(m) {
			bus.Publish(p.deps.Bus, Digit{CallID: id, Digit: digit, Direction: In})
		}
	}
}
