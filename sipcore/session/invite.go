package session

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/dialog"
)

// Invite is a call to be made.
type Invite struct {
	ID      string // by NewID; empty means that one is made
	To      sipcore.Address
	Video   bool
	Headers []string // `Name: value` each, added to the INVITE
	// Location is where the caller is; nil says nothing of it. A server that cannot take
	// it gets the call without: see Info.Unlocated.
	Location *sipcore.Location
	// Anonymous hides who calls from everybody but the server (RFC 3323, RFC 3325 §9.3).
	Anonymous bool
	// Urgent lets the call ring as long as the server does.
	Urgent bool

	progress   func(code int, reason string) // is told how it goes
	referredBy sipcore.Address               // who asked for it
}

// Invite calls somebody (RFC 3261 §13.2). The devices are opened first; the INVITE
// follows with the offer. What comes of it is told by Config.OnChange.
func (set *Set) Invite(i Invite) *Session {
	if i.ID == "" {
		i.ID = NewID()
	}
	s := newSession(i.ID, set.cfg, set, Outgoing, i.To, i.Video)
	s.progress, s.info.ReferredBy = i.progress, i.referredBy
	set.add(s)
	s.openMedia()
	s.makeOffer(func(offer []byte, err error) {
		if err != nil {
			s.end(err)
			return
		}
		s.sendInvite(i, offer)
	})
	s.changed()
	return s
}

func (s *Session) sendInvite(i Invite, offer []byte) {
	req := s.cfg.Agent.NewRequest(sip.INVITE, i.To.URI)
	if to := req.To(); i.To.Name != "" {
		to.DisplayName = sipcore.QuoteName(i.To.Name)
	}
	for _, h := range i.Headers {
		name, value, _ := strings.Cut(h, ":")
		req.AppendHeader(sip.NewHeader(strings.TrimSpace(name), strings.TrimSpace(value)))
	}
	if from := req.From(); i.Anonymous {
		from.DisplayName = "Anonymous"
		from.Address = sip.Uri{Scheme: "sip", User: "anonymous", Host: anonymousHost}
		req.AppendHeader(sip.NewHeader("Privacy", "id"))
	}
	s.askTimer(req)
	locate(req, offer, i.Location, sipcore.AOR(req.From().Address))
	if !i.Urgent {
		s.after(s.cfg.NoAnswer, s.noAnswer)
	}
	s.out = s.cfg.Agent.Request(sipcore.Outgoing{Request: req, On: s.inviteResponse})
}

func (s *Session) noAnswer() {
	switch s.info.State {
	case StateCalling, StateRinging, StateEarly:
		s.hangup(ErrNoAnswer)
	case StateIncoming, StateAnswering, StateConnecting, StateActive, StateEnded:
	}
}

// inviteResponse takes each response to the INVITE. It is called also when the
// session is long over: a 2xx that crossed the CANCEL, or one of another fork, still
// has to be acknowledged and ended (RFC 3261 §13.2.2.4, §9.1).
func (s *Session) inviteResponse(res *sip.Response, err error) {
	switch {
	case err != nil:
		s.end(err)
	case res.IsSuccess():
		s.inviteAccepted(res)
	case s.over():
	case res.IsProvisional():
		s.inviteProgress(res)
	case (res.StatusCode == 415 || res.StatusCode == 424) && s.unlocate():
		s.inviteAgain(nil)
	case res.StatusCode == 422 && s.raiseLeast(res):
		s.inviteAgain(nil)
	default:
		s.redirected(res)
		if res.IsGlobalError() || !s.tryNext() {
			s.end(sipcore.NewResponseError(res))
		}
	}
}

// maxForks bounds the early dialogs of one call: more than anybody has phones.
const maxForks = 64

func (s *Session) inviteProgress(res *sip.Response) {
	if res.StatusCode == sip.StatusTrying {
		return
	}
	s.forwarded(res)
	rseq, reliable := rseqOf(res)
	d, err := dialog.NewUAC(s.out.Request(), res)
	switch {
	case err != nil && reliable: // it cannot be acknowledged
		return
	case err != nil: // without a tag it still tells that somebody is rung
		if res.StatusCode != sip.StatusCallIsForwarded {
			s.ringing()
		}
		return
	}
	if s.early[d.RemoteTag] == nil && len(s.early) < maxForks {
		s.early[d.RemoteTag] = d
		s.set.bind(d, s)
	}
	if reliable {
		if d = s.early[d.RemoteTag]; d == nil || !s.acknowledge(d, res, rseq) {
			return
		}
	}
	if res.StatusCode == 199 || res.StatusCode == sip.StatusCallIsForwarded { // a fork has ended (RFC 6228), or goes elsewhere
		return
	}
	s.progressed(res.StatusCode, reasonOf(res))
	if body := description(res); len(body) > 0 {
		s.earlyMedia(d.RemoteTag, body)
		if s.earlyTag == d.RemoteTag {
			s.earlyReliable = s.earlyReliable || reliable
			s.noteAllow(res)
		}
	} else {
		s.ringing()
	}
}

// reasonOf is the reason phrase as it may be told to others.
func reasonOf(res *sip.Response) string {
	if res.StatusCode == sip.StatusRinging {
		return "Ringing"
	}
	return "Session Progress"
}

func (s *Session) ringing() {
	if s.info.State == StateCalling {
		s.enter(StateRinging)
	}
}

// earlyMedia lets be heard what the other side sends before it answers. One peer
// connection has one other end, so that the first fork to offer sound is the one
// heard; the others are silent till one of them answers.
func (s *Session) earlyMedia(tag string, body []byte) {
	if s.settled || s.earlyTag != "" && s.earlyTag != tag {
		return
	}
	if s.earlyTag == tag && bytes.Equal(s.earlySDP, body) {
		return
	}
	s.earlyTag, s.earlySDP = tag, body
	s.accept(body, true, func(err error) {
		if err != nil {
			s.cfg.Agent.Log().Warn("session: early media not usable", "id", s.id, "err", err)
			s.earlyTag, s.earlySDP, s.earlyReliable = "", nil, false
			s.ringing()
			return
		}
		if s.info.State == StateCalling || s.info.State == StateRinging {
			s.enter(StateEarly)
		}
	})
}

func (s *Session) inviteAccepted(res *sip.Response) {
	to := res.To()
	if to == nil {
		return
	}
	tag, _ := to.Params.Get("tag")
	known := s.unwanted[tag]
	if s.dialog != nil && s.dialog.RemoteTag == tag {
		known = s.dialog
	}
	if known != nil {
		s.ack(s.out, known) // the ACK was lost: once more
		return
	}
	d, err := s.confirmed(res, tag)
	if err != nil {
		s.cfg.Agent.Log().Warn("session: 2xx without dialog", "id", s.id, "err", err)
		s.refuse2xx(res, tag)
		if !s.over() && s.dialog == nil {
			s.end(fmt.Errorf("%w: %w", ErrBadDescription, err))
		}
		return
	}
	s.ack(s.out, d)
	if s.over() || s.dialog != nil {
		// Cancelled, or another fork was quicker.
		s.unwanted[tag] = d
		s.byeDialog(d, nil)
		return
	}
	if s.earlyTag != "" && s.earlyTag != tag {
		s.mediaUp = false // that was the path to another fork
	}
	s.dropEarly(tag)
	s.dialog = d
	s.set.bind(d, s)
	s.acked = true
	s.progressed(sip.StatusOK, "OK")
	s.noteAllow(res)
	s.noteFocus(res)
	s.takeTimer(res)
	answer := description(res)
	if len(answer) == 0 && s.earlyTag == tag {
		answer = s.earlySDP // the answer came with the 18x; the 2xx repeats it or not
	}
	s.answered()
	if s.settled && s.earlyTag == tag {
		s.activate()
		s.turnPassed()
		return
	}
	if len(answer) == 0 {
		s.hangup(fmt.Errorf("%w: no answer in the 2xx", ErrBadDescription))
		return
	}
	s.accept(answer, false, func(err error) {
		if err != nil {
			s.hangup(err)
			return
		}
		s.activate()
	})
}

// refuse2xx ends what a 2xx without a usable Contact began at the other side, by way
// of the address that was called.
func (s *Session) refuse2xx(res *sip.Response, tag string) {
	if tag == "" {
		return
	}
	res = res.Clone()
	for res.RemoveHeader("Contact") {
	}
	res.AppendHeader(&sip.ContactHeader{Address: res.To().Address})
	d, err := dialog.NewUAC(s.out.Request(), res)
	if err != nil {
		return
	}
	s.unwanted[tag] = d
	s.ack(s.out, d)
	s.byeDialog(d, ErrBadDescription)
}

// confirmed is the dialog that a 2xx founds or confirms.
func (s *Session) confirmed(res *sip.Response, tag string) (*dialog.Dialog, error) {
	if d := s.early[tag]; d != nil {
		return d, d.Confirm(res)
	}
	return dialog.NewUAC(s.out.Request(), res)
}

// dropEarly forgets the dialogs of the forks that did not answer. Their 2xx, should
// one still come, makes its dialog anew.
func (s *Session) dropEarly(keep string) {
	for tag, d := range s.early {
		if tag != keep {
			s.set.unbind(d)
		}
	}
	clear(s.early)
}

// ack acknowledges a 2xx to an INVITE of ours.
func (s *Session) ack(invite sipcore.ClientTransaction, d *dialog.Dialog) {
	if err := s.cfg.Agent.Send(d.Ack(invite.Request())); err != nil {
		s.cfg.Agent.Log().Warn("session: ACK not sent", "id", s.id, "err", err)
	}
}
