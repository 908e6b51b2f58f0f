package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/sdp"
)

// describe puts a session description into a message.
func describe(msg sip.Message, body []byte) {
	sipcore.SetParts(msg, body, sipcore.Part{})
}

// description is the session description in a message, nil if there is none.
func description(msg sip.Message) []byte { return sipcore.PartOf(msg, sipcore.TypeSDP) }

// negotiate counts a description sent or received. The error wraps
// ErrBadDescription, and nothing has changed then.
func (s *Session) negotiate(e sdp.Event, body []byte) error {
	d, err := sdp.Parse(body)
	if err == nil {
		err = s.turn.Apply(e, d)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBadDescription, err)
	}
	switch e {
	case sdp.ReceiveAnswer:
		s.holdAgreed = s.turn.Local().Holds()
	case sdp.SendAnswer: // an inactive one may be the other side's hold
		s.holdAgreed = s.info.LocalHold
	case sdp.SendOffer, sdp.ReceiveOffer, sdp.SendProvisional, sdp.ReceiveProvisional, sdp.Rollback:
	}
	if e == sdp.ReceiveOffer || e == sdp.ReceiveProvisional || e == sdp.ReceiveAnswer {
		s.showRemote(d)
	}
	s.showAgreed()
	s.turnPassed()
	return nil
}

// rollback drops the open offer, whoever made it.
func (s *Session) rollback() {
	if s.turn.State() == sdp.Stable {
		return
	}
	if err := s.turn.Apply(sdp.Rollback, nil); err != nil {
		s.cfg.Agent.Log().Error("session: rollback", "id", s.id, "err", err)
	}
	if d := s.turn.Remote(); d != nil {
		s.showRemote(d)
	}
	s.turnPassed()
}

func (s *Session) showRemote(d *sdp.Description) {
	s.info.RemoteVideo, s.info.RemoteWatches = d.SendsVideo(), d.TakesVideo()
	s.info.RemoteHold = s.turn.Remote() != nil && d.Holds()
}

// showAgreed notes what both sides have agreed on: a call can begin on hold, and only
// now is it known whether this side's picture flows.
func (s *Session) showAgreed() {
	local, remote := s.turn.Local(), s.turn.Remote()
	if local == nil || remote == nil || s.turn.State() != sdp.Stable {
		return
	}
	s.showRemote(remote)
	s.info.Video = pictureFlows(local, remote)
	s.info.RemoteVideo = pictureFlows(remote, local)
}

// pictureFlows tells whether picture goes from one side to the other.
func pictureFlows(from, to *sdp.Description) bool {
	video := to.First("video")
	return from.SendsVideo() && video != nil && video.Direction().Receives()
}

// accept gives an answer of the other side to the media. then is called on the loop
// with what came of it.
func (s *Session) accept(answer []byte, provisional bool, then func(error)) {
	event := sdp.ReceiveAnswer
	if provisional {
		event = sdp.ReceiveProvisional
	}
	if err := s.negotiate(event, answer); err != nil {
		then(err)
		return
	}
	s.ops.run(s.loop(), opTimeout, func(ctx context.Context) ([]byte, error) {
		return nil, s.media.Accept(ctx, answer, provisional)
	}, func(_ []byte, err error) {
		if errors.Is(err, sdp.ErrUnusable) {
			err = fmt.Errorf("%w: %w", ErrBadDescription, err)
		}
		then(err)
	})
}

// unacceptable is what a 488 says of a description (RFC 3261 §20.43).
func unacceptable(err error) sip.Header {
	code := 399 // miscellaneous
	if problem := (*sdp.CheckError)(nil); errors.As(err, &problem) && problem.Problem == sdp.ProblemNoCodec {
		code = 305 // incompatible media format
	}
	return sip.NewHeader("Warning", fmt.Sprintf(`%d gocommunicator "%s"`, code, sipcore.QuoteName(err.Error())))
}

// patience is how long an offer or answer may take: the first one as long as the
// person takes to decide about the devices.
func (s *Session) patience() time.Duration {
	if s.turn.Local() == nil {
		return 0
	}
	return opTimeout
}

// makeOffer has the media make an offer. then gets it, or why there is none.
func (s *Session) makeOffer(then func(offer []byte, err error)) {
	s.offering = true
	s.ops.run(s.loop(), s.patience(), s.media.Offer, func(offer []byte, err error) {
		s.offering = false
		s.turnPassed()
		if err == nil {
			err = s.negotiate(sdp.SendOffer, offer)
		}
		then(offer, err)
	})
}

// makeAnswer has the media answer an offer that was received and checked. then gets
// it, or why there is none; the offer is dropped then.
func (s *Session) makeAnswer(offer []byte, then func(answer []byte, err error)) {
	s.ops.run(s.loop(), s.patience(), func(ctx context.Context) ([]byte, error) {
		return s.media.Answer(ctx, offer)
	}, func(answer []byte, err error) {
		if err == nil {
			err = s.negotiate(sdp.SendAnswer, answer)
		}
		if err != nil {
			s.rollback()
		}
		then(answer, err)
	})
}
