package session

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// ErrNoOutcome says that the other side will not tell what has come of a transfer.
var ErrNoOutcome = errors.New("the news of the transfer have ended")

// ErrTarget says that a call cannot be transferred to an address.
var ErrTarget = errors.New("no address that can be called")

const (
	// firstNotify is how long the first word of a transfer that was accepted may take
	// (RFC 6665 §4.1.2.4: Timer N).
	firstNotify = 64 * t1
	// maxReferral is how long a transfer may take: as long as a call may ring, and what
	// it is made with.
	maxReferral = maxRing + time.Minute
)

// Referral is how far a transfer has come (RFC 3515).
//
//	asked ──2xx──▶ accepted ──NOTIFY 1xx──▶ accepted ──NOTIFY 200–699──▶ done
//	  │                └──no NOTIFY in time, or the subscription ends──▶ done
//	  └──refused, or 2xx with Refer-Sub: false (RFC 4488)──▶ done
type Referral struct {
	// Code is what the call that the other side makes was last answered with: 100 to
	// 699; 0 when nothing is known of it.
	Code   int
	Reason string
	Done   bool  // nothing more will be heard
	Err    error // why nothing is known, or why the other side would not: nil else
}

// referral is a transfer asked of the other side.
type referral struct {
	now   Referral
	on    func(Referral)
	timer *sipcore.Timer
}

// Refer asks the other side to call somebody else (RFC 3515): a blind transfer. on is
// called on the loop with each step, also after the session's end; the last one is Done.
// The session goes on; whether and when it is ended is the caller's to decide. It returns
// ErrTarget, or ErrState, wrapped, unless the call is established.
func (s *Session) Refer(to sip.Uri, on func(Referral)) error {
	if !Callable(to) {
		return ErrTarget
	}
	return s.refer("<"+to.String()+">", on)
}

// ReferTo asks the other side to take this one's place in another session (RFC 3891,
// RFC 5589 §7): an attended transfer.
func (s *Session) ReferTo(other *Session, on func(Referral)) error {
	if other == s || other.dialog == nil || !other.acked || other.over() {
		return fmt.Errorf("%w: transfer to %v", ErrState, other.info.State)
	}
	to := other.dialog.Remote().URI
	to.UriParams, to.Headers = nil, nil
	return s.refer("<"+to.String()+"?Replaces="+escaped(other.replacesHeader())+">", on)
}

func (s *Session) refer(to string, on func(Referral)) error {
	if s.dialog == nil || !s.acked || s.over() {
		return fmt.Errorf("%w: transfer while %v", ErrState, s.info.State)
	}
	req := s.dialog.NewRequest(sip.REFER)
	req.AppendHeader(sip.NewHeader("Refer-To", to))
	if self := req.From().Address; !IsAnonymous(self) {
		req.AppendHeader(sip.NewHeader("Referred-By", "<"+self.String()+">"))
	}
	req.AppendHeader(Supported())
	r := &referral{on: on}
	id := req.CSeq().SeqNo // NOTIFY may come before the response
	s.referrals[id] = r
	s.cfg.Agent.Request(sipcore.Outgoing{
		Request: req,
		NextCSeq: func() uint32 { // with credentials it is another one
			delete(s.referrals, id)
			id = s.dialog.NextCSeq()
			s.referrals[id] = r
			return id
		},
		On: func(res *sip.Response, err error) {
			switch {
			case res != nil && res.IsProvisional() || r.now.Done:
			case res == nil:
				s.referred(id, Referral{Done: true, Err: err})
			case !res.IsSuccess():
				s.referred(id, Referral{Done: true, Err: sipcore.NewResponseError(res)})
			case hasToken(res, "Refer-Sub", "false"):
				s.referred(id, Referral{Done: true})
			case r.timer == nil: // no NOTIFY yet
				r.timer = s.loop().After(firstNotify, func() { s.unheard(id) })
			}
		},
	})
	return nil
}

// unheard gives up waiting for news of a transfer.
func (s *Session) unheard(id uint32) {
	last := s.referrals[id].now
	last.Done, last.Err = true, fmt.Errorf("NOTIFY: %w", sipcore.ErrTimeout)
	s.referred(id, last)
}

// referred takes note of a step of a transfer.
func (s *Session) referred(id uint32, step Referral) {
	r := s.referrals[id]
	r.now = step
	r.timer.Stop()
	if step.Done {
		delete(s.referrals, id)
		defer func() {
			if s.over() && !s.byeDue {
				s.release()
			}
		}()
	}
	if r.on != nil {
		r.on(step)
	}
}

// receiveNotify takes news of a transfer, also when the session is over (RFC 5057 §4.2):
// what comes of no transfer, or of one that is done, ends with 481.
func (s *Session) receiveNotify(tx sipcore.ServerTransaction) {
	req := tx.Request()
	id, r := s.referralOf(req)
	if r == nil {
		s.reply(tx, sip.StatusCallTransactionDoesNotExists, "Subscription Does Not Exist")
		return
	}
	step, ok := sipfrag(req.Body())
	step.Done = step.Code >= 200
	if !ok {
		step = r.now
		state := ""
		if h := req.GetHeader("Subscription-State"); h != nil {
			state, _, _ = strings.Cut(h.Value(), ";")
		}
		// Some say so with every step (SIP.js 0.21), and go on telling.
		if strings.EqualFold(strings.TrimSpace(state), "terminated") {
			step.Done, step.Err = true, ErrNoOutcome
		}
	}
	s.reply(tx, sip.StatusOK, "OK")
	s.referred(id, step)
	if !step.Done {
		r.timer = s.loop().After(maxReferral, func() { s.unheard(id) })
	}
}

// referralOf finds the transfer that a NOTIFY tells of: by its number, or the only one.
func (s *Session) referralOf(notify *sip.Request) (uint32, *referral) {
	h := notify.GetHeader("Event")
	if h == nil {
		return 0, nil
	}
	event, rest, _ := strings.Cut(h.Value(), ";")
	if !strings.EqualFold(strings.TrimSpace(event), "refer") {
		return 0, nil
	}
	for param := range strings.SplitSeq(rest, ";") {
		if name, value, _ := strings.Cut(param, "="); strings.EqualFold(strings.TrimSpace(name), "id") {
			id, err := strconv.ParseUint(strings.TrimSpace(value), 10, 32)
			if err != nil {
				return 0, nil
			}
			return uint32(id), s.referrals[uint32(id)]
		}
	}
	if len(s.referrals) == 1 {
		for id, r := range s.referrals {
			return id, r
		}
	}
	return 0, nil
}

// sipfrag reads the status line of a message/sipfrag (RFC 3420).
func sipfrag(body []byte) (step Referral, ok bool) {
	line, _, _ := strings.Cut(string(body), "\n")
	version, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	code, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, err := strconv.Atoi(code)
	if err != nil || !strings.EqualFold(version, "SIP/2.0") || n < 100 || n > 699 {
		return Referral{}, false
	}
	return Referral{Code: n, Reason: reason}, true
}

// Callable tells whether a call can be transferred to a URI: it is one of those that can be
// called, and says nothing of another method or of header fields to be sent.
func Callable(u sip.Uri) bool {
	return callable(u) && len(u.Headers) == 0 && !u.UriParams.Has("method")
}

// callable tells whether a URI is one of those that can be called.
func callable(u sip.Uri) bool {
	switch strings.ToLower(u.Scheme) {
	case "sip", "sips":
		return u.Host != "" && !strings.ContainsAny(u.String(), "<>\"\r\n ")
	case "tel":
		return !strings.ContainsAny(u.String(), "<>\"\r\n ?")
	default:
		return false
	}
}
