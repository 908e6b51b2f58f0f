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

// timerTag is the option tag of session timers (RFC 4028).
const timerTag = "timer"

const (
	// minExpires is the shortest interval that this side takes part in: the least that
	// there may be (RFC 4028 §4).
	minExpires = 90 * time.Second
	// maxMinExpires bounds what a 422 can make of ours.
	maxMinExpires = 24 * time.Hour
)

// timer is the session timer: a session of which nothing is heard in time is over.
//
//	none ──2xx with Session-Expires──▶ running ──2xx to INVITE or UPDATE──▶ running anew
//	running ──2xx without it──▶ none
//	running, this side is the refresher ──half the interval──▶ UPDATE or re-INVITE,
//	    each eighth of it again until one is accepted
//	running ──nothing accepted till shortly before the interval's end──▶ BYE
type timer struct {
	interval  time.Duration // 0 while none runs
	refresher bool          // this side refreshes
	least     time.Duration // the longest Min-SE heard
	end, next *sipcore.Timer
}

func (t *timer) stop() {
	t.end.Stop()
	t.next.Stop()
	t.interval = 0
}

// expiresOf reads Session-Expires; refresher is "uac", "uas" or what else stands there.
func expiresOf(msg sip.Message) (interval time.Duration, refresher string) {
	interval, _ = sipcore.Seconds(msg, "Session-Expires")
	for _, h := range msg.GetHeaders("Session-Expires") {
		for param := range strings.SplitSeq(h.Value(), ";") {
			if name, value, _ := strings.Cut(param, "="); strings.EqualFold(strings.TrimSpace(name), "refresher") {
				refresher = strings.ToLower(strings.TrimSpace(value))
			}
		}
	}
	return interval, refresher
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// refreshTooBrief refuses a request whose interval is too short, if its sender knows what
// that means (RFC 4028 §9).
func (set *Set) refreshTooBrief(tx sipcore.ServerTransaction) bool {
	req := tx.Request()
	interval, _ := expiresOf(req)
	if interval == 0 || interval >= minExpires || !hasToken(req, "Supported", timerTag) {
		return false
	}
	set.refuse(tx, 422, "Session Interval Too Small", sip.NewHeader("Min-SE", seconds(minExpires)))
	return true
}

// askTimer puts into a request what this side wants, or has to keep up (RFC 4028 §7.1,
// §7.4).
func (s *Session) askTimer(req *sip.Request) {
	interval := s.timer.interval
	if interval == 0 {
		interval = s.cfg.SessionExpires
	}
	if interval == 0 {
		return
	}
	value := seconds(max(interval, s.timer.least, minExpires))
	switch {
	case s.timer.interval == 0:
	case s.timer.refresher:
		value += ";refresher=uac"
	default:
		value += ";refresher=uas"
	}
	req.AppendHeader(sip.NewHeader("Session-Expires", value))
	if s.timer.least > 0 {
		req.AppendHeader(sip.NewHeader("Min-SE", seconds(s.timer.least)))
	}
}

// takeTimer starts the timer anew by the 2xx to a request of this side (RFC 4028 §7.2).
func (s *Session) takeTimer(res *sip.Response) {
	interval, refresher := expiresOf(res)
	s.startTimer(interval, refresher != "uas")
}

// answerTimer starts the timer anew by a request of the other side, and says so in the
// 2xx to it (RFC 4028 §9).
func (s *Session) answerTimer(req *sip.Request, res *sip.Response) {
	interval, refresher := expiresOf(req)
	supported := hasToken(req, "Supported", timerTag) || hasToken(req, "Require", timerTag)
	if least, ok := sipcore.Seconds(req, "Min-SE"); ok {
		s.timer.least = max(s.timer.least, min(least, maxMinExpires))
	}
	switch {
	case interval >= minExpires:
	case s.timer.interval > 0: // forgotten by the other side; the agreement stands
		interval = s.timer.interval
	case supported && s.cfg.SessionExpires > 0:
		interval = max(s.cfg.SessionExpires, s.timer.least, minExpires)
	default:
		s.startTimer(0, false)
		return
	}
	mine := !supported
	switch {
	case supported && (refresher == "uac" || refresher == "uas"):
		mine = refresher == "uas"
	case s.timer.interval > 0:
		mine = s.timer.refresher
	}
	refresher = "uas"
	if !mine {
		refresher = "uac"
		res.AppendHeader(sip.NewHeader("Require", timerTag))
	}
	res.AppendHeader(sip.NewHeader("Session-Expires", seconds(interval)+";refresher="+refresher))
	s.startTimer(interval, mine)
}

// startTimer starts the timer anew, or ends it with interval 0.
func (s *Session) startTimer(interval time.Duration, mine bool) {
	s.timer.stop()
	if interval == 0 || s.over() {
		return
	}
	interval = max(interval, minExpires)
	s.timer.interval, s.timer.refresher = interval, mine
	// RFC 4028 §10: so much before the end.
	s.timer.end = s.loop().After(interval-min(32*time.Second, interval/3), func() {
		s.hangup(fmt.Errorf("session timer: %w", sipcore.ErrTimeout))
	})
	if mine {
		s.timer.next = s.loop().After(interval/2, s.refresh)
	}
}

// refresh tells the other side that this one still takes part (RFC 4028 §7.4). One that
// fails without saying that the call is over is repeated.
func (s *Session) refresh() {
	s.timer.next.Stop()
	s.timer.next = s.loop().After(s.timer.interval/8, s.refresh)
	if !s.updates {
		if len(s.offered)+len(s.wishes) == 0 {
			s.Renegotiate(func(error) {})
		}
		return
	}
	s.sendUpdate(s.dialog, nil, func(res *sip.Response, err error) {
		switch {
		case res == nil && !errors.Is(err, sipcore.ErrTimeout), res != nil && res.IsSuccess():
		case res != nil && res.StatusCode == 422 && s.raiseLeast(res):
			s.refresh()
		case res != nil && (res.StatusCode == sip.StatusMethodNotAllowed || res.StatusCode == sip.StatusNotImplemented):
			s.updates = false
			s.refresh()
		case res == nil, res.StatusCode == 481, res.StatusCode == 408:
			if res != nil {
				err = sipcore.NewResponseError(res)
			}
			s.hangup(err)
		}
	})
}

// raiseLeast takes the Min-SE of a 422 (RFC 4028 §7.3). It reports false when repeating
// the request would have no chance.
func (s *Session) raiseLeast(res *sip.Response) bool {
	least, _ := sipcore.Seconds(res, "Min-SE")
	if least > maxMinExpires || least <= max(s.cfg.SessionExpires, s.timer.interval, s.timer.least) {
		return false
	}
	s.timer.least = least
	return true
}

// inviteAgain repeats the INVITE with a longer interval (RFC 4028 §7.3), without what was
// refused or to another address: as change, unless nil, makes it.
func (s *Session) inviteAgain(change func(*sip.Request)) {
	req := s.out.Request().Clone()
	if change != nil {
		change(req)
	}
	if s.info.Unlocated {
		withoutLocation(req)
	}
	for _, name := range []string{"Via", "Authorization", "Proxy-Authorization", "Session-Expires", "Min-SE"} {
		for req.RemoveHeader(name) {
		}
	}
	req.CSeq().SeqNo++
	s.dropEarly("")
	s.earlyTag, s.earlySDP, s.earlyReliable = "", nil, false
	s.askTimer(req)
	s.out = s.cfg.Agent.Request(sipcore.Outgoing{Request: req, On: s.inviteResponse})
}
