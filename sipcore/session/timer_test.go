package session_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
	"gocommunicator/sipcore/ua"
)

func halfHour(c *ua.Config) { c.SessionExpires = 30 * time.Minute }

func expires(value string) siptest.Mod { return siptest.Header("Session-Expires", value) }

var (
	takesUpdate = siptest.Header("Allow", "INVITE, ACK, BYE, UPDATE")
	knowsTimer  = siptest.Header("Supported", "timer")
)

func wantHeader(t *testing.T, msg sip.Message, name, want string) {
	t.Helper()
	got := ""
	for _, h := range msg.GetHeaders(name) {
		got += h.Value()
	}
	if got != want {
		t.Errorf("%s: %q, want %q", name, got, want)
	}
}

// timed makes a call whose 2xx has these header fields.
func (p *phone) timed(mods ...siptest.Mod) (*session.Session, *siptest.Dialog) {
	p.t.Helper()
	s := p.call(false)
	invite := p.peer.Expect(sip.INVITE)
	res := p.peer.Reply(invite, 200, append(mods, siptest.ToTag("b"), audio)...)
	p.peer.Expect(sip.ACK)
	p.wantState("active")
	p.peer.Wait = 2 * time.Hour // of the bubble
	return s, p.peer.Answered(invite, res)
}

// wantAfter checks what time has passed since start.
func wantAfter(t *testing.T, start time.Time, want time.Duration) {
	t.Helper()
	if got := time.Since(start); got != want {
		t.Errorf("after %v, want %v", got, want)
	}
}

func TestTimerIsRefreshedByUpdate(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s := p.call(false)
		invite := p.peer.Expect(sip.INVITE)
		wantHeader(t, invite, "Session-Expires", "1800")
		p.peer.Reply(invite, 200, siptest.ToTag("b"), audio, takesUpdate, expires("600;refresher=uac"))
		p.peer.Expect(sip.ACK)
		p.peer.Wait = 2 * time.Hour
		for range 3 {
			start := time.Now()
			update := p.peer.Expect(sip.UPDATE)
			wantAfter(t, start, 300*time.Second)
			wantHeader(t, update, "Session-Expires", "600;refresher=uac")
			if len(update.Body()) > 0 || !hasTimer(update) {
				t.Errorf("with an offer, or without timer:\n%s", update)
			}
			p.peer.Reply(update, 200, expires("600;refresher=uac"))
		}
		p.do(s.Hangup)
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		time.Sleep(2 * time.Hour)
		p.peer.ExpectNone()
		p.wantNothingLeft()
	}, halfHour)
}

func hasTimer(req *sip.Request) bool {
	for _, tag := range sipcore.Tokens(req, "Supported") {
		if tag == "timer" {
			return true
		}
	}
	return false
}

func TestTimerIsRefreshedByReinviteWhereUpdateIsNotTaken(t *testing.T) {
	for name, known := range map[string]bool{"known before": true, "learnt by 405": false} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				allow := takesUpdate
				if known {
					allow = siptest.Header("Allow", "INVITE, ACK, BYE")
				}
				p.timed(allow, expires("600;refresher=uac"))
				start := time.Now()
				if !known {
					p.peer.Reply(p.peer.Expect(sip.UPDATE), 405)
				}
				for range 2 {
					re := p.peer.Expect(sip.INVITE)
					wantAfter(t, start, 300*time.Second)
					wantHeader(t, re, "Session-Expires", "600;refresher=uac")
					p.peer.Reply(re, 200, audio, expires("600;refresher=uac"))
					p.peer.Expect(sip.ACK)
					start = time.Now()
				}
				p.wantState("active")
			}, halfHour)
		})
	}
}

func TestCallThatIsNotRefreshedEnds(t *testing.T) {
	for interval, want := range map[int]time.Duration{1800: 1768 * time.Second, 90: 60 * time.Second} {
		run(t, func(t *testing.T, p *phone) {
			_, d := p.timed(expires(fmt.Sprintf("%d;refresher=uas", interval)))
			for _, refresh := range []func(){
				func() {
					d.Request(sip.UPDATE, knowsTimer, expires(fmt.Sprintf("%d;refresher=uac", interval)))
					res := p.peer.ExpectResponse(sip.UPDATE, 200)
					wantHeader(t, res, "Session-Expires", fmt.Sprintf("%d;refresher=uac", interval))
					wantHeader(t, res, "Require", "timer")
				},
				func() {
					req := d.Request(sip.INVITE, audio, knowsTimer, expires(fmt.Sprintf("%d;refresher=uac", interval)))
					res := p.peer.ExpectResponse(sip.INVITE, 200)
					wantHeader(t, res, "Session-Expires", fmt.Sprintf("%d;refresher=uac", interval))
					p.peer.Ack(req, res)
				},
				func() { // forgotten: the agreement stands
					d.Request(sip.UPDATE, knowsTimer)
					wantHeader(t, p.peer.ExpectResponse(sip.UPDATE, 200), "Session-Expires", fmt.Sprintf("%d;refresher=uac", interval))
				},
			} {
				time.Sleep(want - time.Second)
				p.peer.ExpectNone()
				refresh()
			}
			start := time.Now()
			bye := p.peer.Expect(sip.BYE)
			wantAfter(t, start, want)
			wantHeader(t, bye, "Reason", `SIP;cause=408;text="Request Timeout"`)
			p.peer.Reply(bye, 200)
			p.wantState("ended")
			if err := p.info().Err; !errors.Is(err, sipcore.ErrTimeout) {
				t.Errorf("error %v", err)
			}
			p.wantNothingLeft()
		}, halfHour)
	}
}

func TestRefreshThatFails(t *testing.T) {
	const never = 0
	for code, ends := range map[int]bool{481: true, 408: true, never: true, 500: false, 503: false, 403: false} {
		for _, method := range []sip.RequestMethod{sip.UPDATE, sip.INVITE} {
			t.Run(fmt.Sprint(method, code), func(t *testing.T) {
				run(t, func(t *testing.T, p *phone) {
					allow := takesUpdate
					if method == sip.INVITE {
						allow = siptest.Header("Allow", "INVITE")
					}
					p.timed(allow, expires("800;refresher=uac"))
					refuse := func() {
						req := p.peer.Expect(method)
						if code == never {
							return
						}
						p.peer.Reply(req, code)
						if method == sip.INVITE {
							p.peer.Expect(sip.ACK)
						}
					}
					start := time.Now()
					refuse()
					wantAfter(t, start, 400*time.Second)
					for n := 5; !ends && n < 8; n++ { // each eighth of the interval
						refuse()
						wantAfter(t, start, time.Duration(n)*100*time.Second)
					}
					p.peer.Reply(p.peer.Expect(sip.BYE), 481)
					if !ends {
						wantAfter(t, start, 768*time.Second)
					}
					p.wantState("ended")
					p.wantNothingLeft()
				}, halfHour)
			})
		}
	}
}

func TestRefreshThatFailsOnceAndThenSucceeds(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.timed(takesUpdate, expires("800;refresher=uac"))
		p.peer.Reply(p.peer.Expect(sip.UPDATE), 500)
		p.peer.Reply(p.peer.Expect(sip.UPDATE), 200, expires("800;refresher=uac"))
		start := time.Now()
		p.peer.Reply(p.peer.Expect(sip.UPDATE), 200, expires("800;refresher=uas")) // they go on
		wantAfter(t, start, 400*time.Second)
		start = time.Now()
		p.peer.Reply(p.peer.Expect(sip.BYE), 200)
		wantAfter(t, start, 768*time.Second)
	}, halfHour)
}

func TestIntervalTooSmallIsRaised(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.call(false)
		first := p.peer.Expect(sip.INVITE)
		p.peer.Reply(first, 422, siptest.ToTag("b"), siptest.Header("Min-SE", "3600"))
		p.peer.Expect(sip.ACK)
		again := p.peer.Expect(sip.INVITE)
		wantHeader(t, again, "Session-Expires", "3600")
		wantHeader(t, again, "Min-SE", "3600")
		if again.CallID().Value() != first.CallID().Value() || again.CSeq().SeqNo != first.CSeq().SeqNo+1 ||
			string(again.Body()) != string(first.Body()) || again.To().Params.Has("tag") {
			t.Errorf("not the same call:\n%s", again)
		}
		p.peer.Reply(again, 200, siptest.ToTag("b"), audio, takesUpdate, expires("3600;refresher=uac"))
		p.peer.Expect(sip.ACK)
		p.wantState("active")
		p.peer.Wait = 3 * time.Hour
		p.peer.Reply(p.peer.Expect(sip.UPDATE), 422, siptest.Header("Min-SE", "7200"))
		update := p.peer.Expect(sip.UPDATE)
		wantHeader(t, update, "Session-Expires", "7200;refresher=uac")
		p.peer.Reply(update, 200, expires("7200;refresher=uac"), siptest.Header("Allow", "INVITE"))
		p.wantState("active")
	}, halfHour)
}

func TestHopelessIntervalsEndTheAttempt(t *testing.T) {
	for _, least := range []string{"", "x", "0", "90", "1800", "86401", "4294967295"} {
		run(t, func(t *testing.T, p *phone) {
			p.call(false)
			p.peer.Reply(p.peer.Expect(sip.INVITE), 422, siptest.ToTag("b"), siptest.Header("Min-SE", least))
			p.peer.Expect(sip.ACK)
			p.peer.ExpectNone()
			p.wantState("ended")
		}, halfHour)
	}
}

func TestReinviteWithAnIntervalTooSmallIsRepeated(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		s, _ := p.timed(expires("600;refresher=uas"))
		result := p.hold(s, true)
		re := p.peer.Expect(sip.INVITE)
		wantHeader(t, re, "Session-Expires", "600;refresher=uas") // theirs it stays
		p.peer.Reply(re, 422, siptest.Header("Min-SE", "2000"))
		p.peer.Expect(sip.ACK)
		re = p.peer.Expect(sip.INVITE)
		wantHeader(t, re, "Session-Expires", "2000;refresher=uas")
		p.peer.Reply(re, 200, audio, expires("2000;refresher=uas"))
		p.peer.Expect(sip.ACK)
		wantResult(t, result, 0)
	}, halfHour)
}

func TestTooBriefIntervalsAreRefused(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", audio, knowsTimer, expires("89"))
		res := p.peer.ExpectResponse(sip.INVITE, 422)
		wantHeader(t, res, "Min-SE", "90")
		p.peer.Ack(invite, res)
		p.wantHistory("")
		_, d := p.answered()
		for _, method := range []sip.RequestMethod{sip.INVITE, sip.UPDATE} {
			req := d.Request(method, knowsTimer, expires("60"))
			res := p.peer.ExpectResponse(method, 422)
			if method == sip.INVITE {
				p.peer.Ack(req, res)
			}
		}
		p.wantState("active")
	})
}

// RFC 4028 §9, table 2, and what else may come.
func TestTimerOfACallThatComesIn(t *testing.T) {
	for name, c := range map[string]struct {
		mods             []siptest.Mod
		off              bool // this side asks for none
		expires, require string
	}{
		"supported, nothing asked":      {[]siptest.Mod{knowsTimer}, false, "1800;refresher=uac", "timer"},
		"supported, we want none":       {[]siptest.Mod{knowsTimer}, true, "", ""},
		"not supported":                 {nil, false, "", ""},
		"added by a proxy":              {[]siptest.Mod{expires("1000")}, true, "1000;refresher=uas", ""},
		"asked":                         {[]siptest.Mod{knowsTimer, expires("1000")}, true, "1000;refresher=uac", "timer"},
		"asked of us":                   {[]siptest.Mod{knowsTimer, expires("1000;refresher=uas")}, true, "1000;refresher=uas", ""},
		"asked for itself":              {[]siptest.Mod{knowsTimer, expires("1000 ; Refresher=UAC")}, true, "1000;refresher=uac", "timer"},
		"asked of nobody":               {[]siptest.Mod{knowsTimer, expires("1000;refresher=x")}, true, "1000;refresher=uac", "timer"},
		"demanded":                      {[]siptest.Mod{siptest.Header("Require", "timer"), expires("1000")}, true, "1000;refresher=uac", "timer"},
		"least":                         {[]siptest.Mod{knowsTimer, siptest.Header("Min-SE", "4000")}, false, "4000;refresher=uac", "timer"},
		"too brief, but not to be told": {[]siptest.Mod{expires("10")}, true, "", ""},
		"rubbish":                       {[]siptest.Mod{knowsTimer, expires("x")}, true, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, p *phone) {
				p.peer.Wait = 2 * time.Hour
				invite := p.peer.Request(sip.INVITE, "sip:alice@example.test", append(c.mods, audio, takesUpdate)...)
				p.peer.ExpectResponse(sip.INVITE, 180)
				s := p.incomingCall()
				p.do(func() { p.accept(s, false) })
				start := time.Now()
				res := p.peer.ExpectResponse(sip.INVITE, 200)
				wantHeader(t, res, "Session-Expires", c.expires)
				wantHeader(t, res, "Require", c.require)
				p.peer.Ack(invite, res)
				p.media().on(session.MediaConnected)
				switch {
				case c.expires == "":
					time.Sleep(24 * time.Hour)
					p.peer.ExpectNone()
					p.wantState("active")
				case c.require == "":
					wantHeader(t, p.peer.Expect(sip.UPDATE), "Session-Expires", "1000;refresher=uac")
					wantAfter(t, start, 500*time.Second)
				default:
					p.peer.Expect(sip.BYE)
				}
			}, func(cfg *ua.Config) {
				if !c.off {
					halfHour(cfg)
				}
			})
		})
	}
}

func TestNoTimerWithoutSessionExpiresInThe2xx(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.timed(takesUpdate)
		time.Sleep(24 * time.Hour)
		p.peer.ExpectNone()
		p.wantState("active")
	}, halfHour)
}

func TestRefreshWhileTheLinkIsDownIsRepeated(t *testing.T) {
	run(t, func(t *testing.T, p *phone) {
		p.timed(takesUpdate, expires("800;refresher=uac"))
		time.Sleep(399 * time.Second)
		p.peer.Refuse(true)
		p.peer.Cut()
		time.Sleep(50 * time.Second)
		p.peer.Refuse(false)
		time.Sleep(48 * time.Second)
		synctest.Wait()
		p.peer.Reply(p.peer.Expect(sip.UPDATE), 200, expires("800;refresher=uac"))
		p.wantState("active")
	}, halfHour)
}
