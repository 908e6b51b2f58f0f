package subscribe

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/dialog"
)

// Config is what is subscribed to.
type Config struct {
	To    sip.Uri // whose state, e.g. the URI of a conference
	Event string  // the event package: "conference", "presence", …
	// Accept are the content types that are understood, in lower case.
	Accept []string
	// Expires is how long it is to last till it is refreshed, in whole seconds; 0 means an
	// hour.
	Expires time.Duration
	// OnNotify is called on the loop with each body that the notifier sends. False has it
	// refused as malformed.
	OnNotify func(body []byte) bool
	// OnState is called on the loop after each change of the state; may be nil. Whatever
	// was told before a new Waiting is out of date.
	OnState func(State)
}

const (
	defaultExpires = time.Hour
	minRefresh     = 5 * time.Second // however little is granted
	maxRefresh     = 24 * time.Hour  // however much
	firstRetry     = 4 * time.Second
	maxRetry       = 5 * time.Minute
	maxRetryAfter  = time.Hour
	timerN         = 32 * time.Second // 64·T1 (RFC 6665 §4.1.2.4)
	minLife        = 10 * time.Second // what ends sooner is not asked for anew at once
	maxRaised      = 3                // times a notifier may want a longer lifetime, in a row
)

// Subscription is one subscription. Its methods are for the agent's loop only.
type Subscription struct {
	set   *Set
	cfg   Config
	state State

	// Of the dialog; another SUBSCRIBE outside of it makes another one.
	callID, tag string
	dialog      *dialog.Dialog // nil until the notifier is known
	cseq        uint32         // last used before there is a dialog
	busy        bool           // a SUBSCRIBE is on its way
	again       bool           // and another is to follow it

	granted    time.Duration
	since      time.Time // when it became active
	retryAfter time.Duration
	failures   int // in a row
	raised     int
	timer      *sipcore.Timer
}

// State is how it stands.
func (s *Subscription) State() State { return s.state }

// Stop ends it: the notifier is told. Nothing is reported afterwards but the state.
func (s *Subscription) Stop() { s.handle(inStop) }

// Refresh has the notifier tell everything anew (RFC 6665 §4.1.2.2).
func (s *Subscription) Refresh() {
	if s.state == Active || s.state == Pending {
		s.handle(inDue)
	}
}

func (s *Subscription) handle(in input) {
	t := transitions[s.state][in]
	if t.do == none {
		return
	}
	was := s.state
	if t.next != current {
		s.state = t.next
	}
	s.timer.Stop()
	switch t.do {
	case none:
	case ask:
		s.ask()
	case refresh:
		s.refresh(s.cfg.Expires)
	case expect:
		s.after(timerN, inSilent)
	case renew:
		s.after(refreshIn(s.granted), inDue)
	case retry:
		s.forget()
		s.after(s.backOff(), inDue)
	case leave:
		s.leave()
	case end:
		s.forget()
		delete(s.set.all, s)
	}
	if s.state != was || t.do == ask {
		s.set.agent.Log().Info("subscription", "event", s.cfg.Event, "state", s.state, "was", was)
		if s.cfg.OnState != nil {
			s.cfg.OnState(s.state)
		}
	}
}

func (s *Subscription) after(d time.Duration, in input) {
	s.timer = s.set.agent.Loop().After(d, func() { s.handle(in) })
}

// refreshIn is when to refresh: before the end, a little earlier for one than for another,
// so that phones do not come all at once.
func refreshIn(granted time.Duration) time.Duration {
	return min(max(granted*8/10+rand.N(granted/10+1), minRefresh), maxRefresh)
}

// backOff is how long to wait after what has failed: twice as long each time, and as long
// as the notifier asks for.
func (s *Subscription) backOff() time.Duration {
	d := maxRetry
	if s.failures < 7 {
		d = min(firstRetry<<s.failures, maxRetry)
	}
	s.failures++
	d = max(d/2+rand.N(d/2), min(s.retryAfter, maxRetryAfter))
	s.retryAfter = 0
	return d
}

// ask subscribes outside of any dialog.
func (s *Subscription) ask() {
	s.forget()
	req := s.set.agent.NewRequest(sip.SUBSCRIBE, s.cfg.To)
	req.AppendHeader(&sip.ContactHeader{Address: s.set.agent.Contact()})
	s.callID = req.CallID().Value()
	s.tag, _ = req.From().Params.Get("tag")
	s.cseq = req.CSeq().SeqNo
	s.set.known[s.key()] = s
	s.send(req, s.cfg.Expires)
}

// refresh subscribes again in the dialog, when the answer to the one before is there.
func (s *Subscription) refresh(expires time.Duration) {
	if s.busy || s.dialog == nil {
		s.again = s.busy
		return
	}
	s.send(s.dialog.NewRequest(sip.SUBSCRIBE), expires)
}

// leave has the notifier forget it. Who was never heard of cannot be told.
func (s *Subscription) leave() {
	if s.dialog == nil && !s.busy {
		s.handle(inSilent)
		return
	}
	s.after(timerN, inSilent)
	s.refresh(0)
}

func (s *Subscription) send(req *sip.Request, expires time.Duration) {
	req.AppendHeader(sip.NewHeader("Event", s.cfg.Event))
	req.AppendHeader(sip.NewHeader("Accept", strings.Join(s.cfg.Accept, ", ")))
	req.AppendHeader(sip.NewHeader("Expires", strconv.Itoa(int(expires/time.Second))))
	callID := s.callID // names the dialog, or what will be one
	s.busy, s.again = true, false
	var tx sipcore.ClientTransaction
	tx = s.set.agent.Request(sipcore.Outgoing{Request: req, NextCSeq: s.nextCSeq, On: func(res *sip.Response, err error) {
		if callID != s.callID || res != nil && res.IsProvisional() {
			return
		}
		s.busy = false
		s.handle(s.judge(tx, res, err))
		switch {
		case s.busy || s.dialog == nil:
		case s.state == Stopping && expires > 0:
			s.refresh(0) // what was wanted before it was stopped
		case s.again:
			s.refresh(s.cfg.Expires)
		}
	}})
}

func (s *Subscription) nextCSeq() uint32 {
	if s.dialog != nil {
		return s.dialog.NextCSeq()
	}
	s.cseq++
	return s.cseq
}

// judge keeps what an answer says and tells which input it is.
func (s *Subscription) judge(tx sipcore.ClientTransaction, res *sip.Response, err error) input {
	if err != nil {
		s.set.agent.Log().Warn("SUBSCRIBE failed", "event", s.cfg.Event, "err", err)
		return inUnavailable
	}
	if res.IsSuccess() {
		s.raised = 0
		s.granted = s.cfg.Expires
		if d, ok := sipcore.Seconds(res, "Expires"); ok {
			s.granted = min(d, s.granted)
		}
		if s.dialog == nil {
			if d, err := dialog.NewUAC(tx.Request(), res); err == nil {
				s.dialog = d
			}
		} else if tag, _ := res.To().Params.Get("tag"); tag == s.dialog.RemoteTag {
			s.dialog.Refresh(res)
		}
		return inAccepted
	}
	s.set.agent.Log().Warn("SUBSCRIBE refused", "event", s.cfg.Event, "code", res.StatusCode, "reason", res.Reason)
	s.retryAfter = sipcore.RetryAfter(res)
	switch code := res.StatusCode; {
	case code == 423:
		least, ok := sipcore.Seconds(res, "Min-Expires")
		if !ok || least <= s.cfg.Expires || s.raised >= maxRaised {
			return inRefused
		}
		s.raised++
		s.cfg.Expires = least
		return inTooBrief
	case code == 481:
		return inGone
	case s.retryAfter > 0, code == 408, code == 480, code/100 == 5 && code != 501 && code != 505:
		return inUnavailable
	}
	return inRefused
}

// told takes the Subscription-State of a NOTIFY (RFC 6665 §4.1.3).
func (s *Subscription) told(state string) {
	value, rest, _ := strings.Cut(state, ";")
	params := map[string]string{}
	for p := range strings.SplitSeq(rest, ";") {
		name, value, _ := strings.Cut(p, "=")
		params[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
	}
	seconds := func(name string) (time.Duration, bool) {
		n, err := strconv.ParseUint(params[name], 10, 31)
		return time.Duration(n) * time.Second, err == nil
	}
	if d, ok := seconds("expires"); ok {
		s.granted = min(d, s.cfg.Expires)
	} else if s.granted == 0 {
		s.granted = s.cfg.Expires
	}
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "pending":
		s.handle(inPending)
	case "terminated":
		s.retryAfter, _ = seconds("retry-after")
		in := endings(strings.ToLower(params["reason"]), s.retryAfter)
		if in == inEnded && time.Since(s.since) < minLife {
			in = inEndedLater
		}
		s.handle(in)
	default: // what is not known counts as active
		s.failures = 0
		if s.state != Active {
			s.since = time.Now()
		}
		s.handle(inActive)
	}
}

// endings tells what a reason for the end means (RFC 6665 §4.1.3).
func endings(reason string, retryAfter time.Duration) input {
	switch {
	case slices.Contains([]string{"rejected", "noresource", "invariant"}, reason):
		return inOver
	case retryAfter > 0, reason == "probation", reason == "giveup":
		return inEndedLater
	}
	return inEnded
}

func (s *Subscription) key() key { return key{s.callID, s.tag} }

// forget lets go of the dialog: what comes of it ends with 481.
func (s *Subscription) forget() {
	delete(s.set.known, s.key())
	s.callID, s.tag, s.dialog, s.busy, s.again, s.granted = "", "", nil, false, false, 0
}
