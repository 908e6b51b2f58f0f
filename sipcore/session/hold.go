package session

import "fmt"

// Hold puts the other side on hold or takes it off (RFC 3264 §8.4). Silence comes at
// once, the new offer as soon as no other exchange is under way. done, if not nil, is
// called on the loop with what Renegotiate says of it; a refusal leaves the call as it was.
// Asking for what is so already, or under way, is no error. It returns ErrState, wrapped,
// when Renegotiate would, and done is not called.
func (s *Session) Hold(on bool, done func(error)) error {
	if !s.negotiable() {
		return fmt.Errorf("%w: hold while %v", ErrState, s.info.State)
	}
	if done == nil {
		done = func(error) {}
	}
	if s.info.LocalHold == on {
		s.awaitOffer(done)
		return nil
	}
	s.setHold(on)
	s.Renegotiate(func(err error) {
		if err != nil && len(s.wishes) == 0 {
			s.setHold(s.holdAgreed)
		}
		done(err)
	})
	return nil
}

// awaitOffer calls done with the outcome of the last offer wished for, or at once when
// there is none.
func (s *Session) awaitOffer(done func(error)) {
	switch {
	case len(s.wishes) > 0:
		s.wishes = append(s.wishes, done)
	case len(s.offered) > 0:
		s.offered = append(s.offered, done)
	default:
		done(nil)
	}
}

func (s *Session) setHold(on bool) {
	if s.over() || s.info.LocalHold == on {
		return
	}
	s.info.LocalHold = on
	s.media.SetHold(on)
	s.changed()
}
