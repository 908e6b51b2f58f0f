package subscribe_test

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
	"gocommunicator/sipcore/subscribe"
	"gocommunicator/sipcore/ua"
)

// watcher is an agent that subscribes at a scripted notifier.
type watcher struct {
	t      *testing.T
	peer   *siptest.Peer
	loop   *sipcore.Loop
	agent  *ua.UA
	sub    *subscribe.Subscription
	bodies []string
	states []string
}

const kind = "application/x-test"

func run(t *testing.T, test func(w *watcher)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		w := &watcher{t: t, peer: siptest.NewPeer(t), loop: sipcore.NewLoop(log)}
		var err error
		w.agent, err = ua.New(ua.Config{
			Loop: w.loop, Log: log, Account: sipcore.Address{URI: siptest.URI("sip:alice@example.test")},
			InstanceID: "urn:uuid:00000000-0000-4000-8000-000000000001",
			Link:       link.Config{Servers: []link.Server{{URL: "ws://example.test"}}, Dial: w.peer.Dialer()},
			Open:       func(bool, func(session.MediaState)) session.Media { return nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		w.do(w.agent.Open)
		w.peer.ExpectDial()
		synctest.Wait()
		defer func() {
			w.loop.Post(func() { w.agent.Close(w.loop.Close) })
			w.peer.Cut()
			<-w.loop.Done()
		}()
		w.do(func() {
			w.sub = w.agent.Subscribe(subscribe.Config{
				To: siptest.URI("sip:room@example.test;isfocus"), Event: "conference", Accept: []string{kind}, Expires: 10 * time.Minute,
				OnNotify: func(body []byte) bool {
					w.bodies = append(w.bodies, string(body))
					return string(body) != "malformed"
				},
				OnState: func(s subscribe.State) { w.states = append(w.states, s.String()) },
			})
		})
		test(w)
	})
}

// do runs f on the loop and waits for all it leads to.
func (w *watcher) do(f func()) {
	w.t.Helper()
	if err := w.loop.Do(w.t.Context(), f); err != nil {
		w.t.Fatal(err)
	}
	synctest.Wait()
}

func (w *watcher) wants(state subscribe.State) {
	w.t.Helper()
	synctest.Wait()
	w.do(func() {
		if got := w.sub.State(); got != state {
			w.t.Errorf("%v, want %v", got, state)
		}
	})
}

// granted answers a SUBSCRIBE.
func (w *watcher) granted(req *sip.Request, expires string) *siptest.Dialog {
	w.t.Helper()
	res := w.peer.Reply(req, 200, siptest.Header("Expires", expires), siptest.Contact("sip:focus@example.test"))
	return w.peer.Answered(req, res)
}

// tell sends a NOTIFY and wants it answered so.
func (w *watcher) tell(d *siptest.Dialog, code int, state, body string, more ...siptest.Mod) {
	w.t.Helper()
	mods := []siptest.Mod{siptest.Header("Event", "conference"), siptest.Header("Subscription-State", state), siptest.Contact("sip:focus@example.test")}
	if body != "" {
		mods = append(mods, siptest.Body(kind, body))
	}
	d.Request(sip.NOTIFY, append(mods, more...)...)
	w.peer.ExpectResponse(sip.NOTIFY, code)
	synctest.Wait()
}

// active has a subscription that is told something.
func (w *watcher) active() *siptest.Dialog {
	w.t.Helper()
	d := w.granted(w.peer.Expect(sip.SUBSCRIBE), "600")
	w.tell(d, 200, "active;expires=600", "first")
	w.wants(subscribe.Active)
	return d
}

func TestSubscribeIsToldAndRefreshed(t *testing.T) {
	run(t, func(w *watcher) {
		req := w.peer.Expect(sip.SUBSCRIBE)
		for _, want := range []string{"SUBSCRIBE sip:room@example.test;isfocus SIP/2.0", "\r\nEvent: conference\r\n", "\r\nAccept: " + kind + "\r\n", "\r\nExpires: 600\r\n", "\r\nContact: <sip:"} {
			if !strings.Contains(req.String(), want) {
				t.Errorf("%q is missing in\n%s", want, req)
			}
		}
		d := w.granted(req, "300")
		w.tell(d, 200, "pending", "")
		w.wants(subscribe.Pending)
		w.tell(d, 200, "active;expires=200", "one")
		w.wants(subscribe.Active)
		w.peer.Wait = 200 * time.Second
		begin := time.Now()
		again := w.peer.Expect(sip.SUBSCRIBE)
		if after := time.Since(begin); after < 160*time.Second || after > 180*time.Second {
			t.Errorf("refreshed after %v", after)
		}
		if again.CallID().Value() != req.CallID().Value() || again.CSeq().SeqNo != req.CSeq().SeqNo+1 || again.To().Params.GetOr("tag", "") != d.LocalTag || again.Recipient.User != "focus" {
			t.Errorf("not in the dialog:\n%s", again)
		}
		w.granted(again, "600")
		w.tell(d, 200, "active", "two")
		w.do(w.sub.Refresh) // at once
		w.granted(w.peer.Expect(sip.SUBSCRIBE), "600")
		w.tell(d, 200, "active;expires=600", "three")
		if got := strings.Join(w.bodies, " "); got != "one two three" {
			t.Errorf("told %s", got)
		}
		if got := strings.Join(w.states, " "); got != "pending active" {
			t.Errorf("states %s", got)
		}
	})
}

func TestNotifyMayComeBeforeTheAnswer(t *testing.T) {
	run(t, func(w *watcher) {
		req := w.peer.Expect(sip.SUBSCRIBE)
		w.peer.FaultToPhone(siptest.Only("SIP/2.0 200", siptest.Delay(time.Second)))
		d := w.granted(req, "600")
		w.tell(d, 200, "active;expires=600", "early")
		w.wants(subscribe.Active)
		time.Sleep(2 * time.Second)
		w.wants(subscribe.Active)
		w.do(w.sub.Refresh)
		if again := w.peer.Expect(sip.SUBSCRIBE); again.CSeq().SeqNo != req.CSeq().SeqNo+1 || again.To().Params.GetOr("tag", "") != d.LocalTag {
			t.Errorf("not in the dialog:\n%s", again)
		}
	})
}

func TestSubscribeRefused(t *testing.T) {
	for _, test := range []struct {
		name  string
		code  int
		more  []siptest.Mod
		state subscribe.State
		after time.Duration // at least, until it is asked for again; 0 for never
	}{
		{"too brief", 423, []siptest.Mod{siptest.Header("Min-Expires", "1200")}, subscribe.Waiting, time.Nanosecond},
		{"too brief, and no word of what would do", 423, nil, subscribe.Terminated, 0},
		{"too brief, and what would do is briefer", 423, []siptest.Mod{siptest.Header("Min-Expires", "60")}, subscribe.Terminated, 0},
		{"bad event", 489, nil, subscribe.Terminated, 0},
		{"forbidden", 403, nil, subscribe.Terminated, 0},
		{"no such conference", 404, nil, subscribe.Terminated, 0},
		{"not now", 503, nil, subscribe.Retrying, 2 * time.Second},
		{"not now, but then", 503, []siptest.Mod{siptest.Header("Retry-After", "120")}, subscribe.Retrying, 2 * time.Minute},
		{"never, by what it says", 503, []siptest.Mod{siptest.Header("Retry-After", "4000000000")}, subscribe.Retrying, time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			run(t, func(w *watcher) {
				first := w.peer.Expect(sip.SUBSCRIBE)
				begin := time.Now()
				w.peer.Reply(first, test.code, test.more...)
				w.wants(test.state)
				if test.after == 0 {
					w.peer.Quiet = 2 * time.Hour
					w.peer.ExpectNone()
					return
				}
				w.peer.Wait = 2 * time.Hour
				again := w.peer.Expect(sip.SUBSCRIBE)
				if took := time.Since(begin); took > 2*test.after && test.after > time.Nanosecond || took < test.after && test.after > time.Nanosecond {
					t.Errorf("asked again after %v", took)
				}
				if again.CallID().Value() == first.CallID().Value() {
					t.Error("in the same dialog")
				}
				if test.code == 423 && again.GetHeader("Expires").Value() != "1200" {
					t.Error("for the same time")
				}
			})
		})
	}
}

func TestNotifierThatAlwaysWantsLongerIsGivenUp(t *testing.T) {
	run(t, func(w *watcher) {
		for _, least := range []string{"700", "800", "900", "1000"} {
			w.peer.Reply(w.peer.Expect(sip.SUBSCRIBE), 423, siptest.Header("Min-Expires", least))
		}
		w.wants(subscribe.Terminated)
	})
}

func TestRefreshThatFindsNothingAsksAnew(t *testing.T) {
	run(t, func(w *watcher) {
		d := w.active()
		w.do(w.sub.Refresh)
		w.peer.Reply(w.peer.Expect(sip.SUBSCRIBE), 481)
		again := w.peer.Expect(sip.SUBSCRIBE)
		if again.To().Params.Has("tag") || again.CallID().Value() == d.CallID {
			t.Errorf("in the old dialog:\n%s", again)
		}
		w.tell(d, 481, "active", "of the old one")
		w.tell(w.granted(again, "600"), 200, "active", "anew")
		if got := strings.Join(w.bodies, ", "); got != "first, anew" {
			t.Errorf("told %s", got)
		}
	})
}

func TestTerminatedForAReason(t *testing.T) {
	for _, test := range []struct {
		state string
		then  subscribe.State
		after time.Duration // at least
	}{
		{"terminated;reason=deactivated", subscribe.Waiting, 0},
		{"terminated;reason=timeout", subscribe.Waiting, 0},
		{"terminated", subscribe.Waiting, 0},
		{"Terminated;Reason=PROBATION", subscribe.Retrying, time.Second},
		{"terminated;reason=probation;retry-after=300", subscribe.Retrying, 5 * time.Minute},
		{"terminated;reason=giveup;retry-after=60", subscribe.Retrying, time.Minute},
		{"terminated;reason=anything;retry-after=60", subscribe.Retrying, time.Minute},
		{"terminated;reason=rejected", subscribe.Terminated, -1},
		{"terminated;reason=noresource", subscribe.Terminated, -1},
		{"terminated;reason=invariant", subscribe.Terminated, -1},
	} {
		t.Run(test.state, func(t *testing.T) {
			run(t, func(w *watcher) {
				d := w.active()
				time.Sleep(time.Minute)
				w.tell(d, 200, test.state, "last")
				w.wants(test.then)
				begin := time.Now()
				if test.after < 0 {
					w.peer.Quiet = 2 * time.Hour
					w.peer.ExpectNone()
				} else {
					w.peer.Wait = time.Hour
					again := w.peer.Expect(sip.SUBSCRIBE)
					if took := time.Since(begin); took < test.after || again.To().Params.Has("tag") {
						t.Errorf("after %v:\n%s", took, again)
					}
				}
				w.tell(d, 481, "active", "after the end")
				if got := strings.Join(w.bodies, ", "); got != "first, last" {
					t.Errorf("told %s", got)
				}
			})
		})
	}
}

// Whoever ends each subscription at once does not keep the phone busy.
func TestNotifierThatEndsAtOnceIsAskedSeldom(t *testing.T) {
	run(t, func(w *watcher) {
		w.peer.Wait = time.Hour
		begin := time.Now()
		for range 10 {
			d := w.granted(w.peer.Expect(sip.SUBSCRIBE), "600")
			w.tell(d, 200, "active", "x")
			w.tell(d, 200, "terminated;reason=deactivated", "")
		}
		if took := time.Since(begin); took < 10*time.Second {
			t.Errorf("ten times in %v", took)
		}
	})
}

func TestNotifyThatIsNoneOfOurs(t *testing.T) {
	state, event := siptest.Header("Subscription-State", "active"), siptest.Header("Event", "conference")
	for _, test := range []struct {
		name string
		code int
		mods []siptest.Mod
	}{
		{"of another package", 481, []siptest.Mod{state, siptest.Header("Event", "presence")}},
		{"of no package", 481, []siptest.Mod{state}},
		{"with an id that was never given", 481, []siptest.Mod{state, siptest.Header("Event", "conference;id=7")}},
		{"of another notifier", 481, []siptest.Mod{state, event, siptest.FromTag("other")}},
		{"without a state", 400, []siptest.Mod{event}},
		{"of another type", 415, []siptest.Mod{state, event, siptest.Body("text/html", "<b>")}},
		{"malformed", 400, []siptest.Mod{state, event, siptest.Body(kind, "malformed")}},
		{"too large", 413, []siptest.Mod{state, event, siptest.Body(kind, strings.Repeat("x", 129<<10))}},
	} {
		t.Run(test.name, func(t *testing.T) {
			run(t, func(w *watcher) {
				d := w.active()
				d.Request(sip.NOTIFY, test.mods...)
				res := w.peer.ExpectResponse(sip.NOTIFY, test.code)
				if test.code == 415 && res.GetHeader("Accept").Value() != kind {
					t.Error("it does not say what is taken")
				}
				w.wants(subscribe.Active)
				w.tell(d, 200, "active", "next")
			})
		})
	}
	t.Run("out of order", func(t *testing.T) {
		run(t, func(w *watcher) {
			d := w.active()
			d.Seq = 1
			w.tell(d, 500, "active", "old")
			w.wants(subscribe.Active)
		})
	})
	t.Run("of ten megabytes", func(t *testing.T) {
		run(t, func(w *watcher) {
			d := w.active()
			d.Request(sip.NOTIFY, state, event, siptest.Body(kind, strings.Repeat("x", 10<<20)))
			w.peer.ExpectNone() // it is not even read
			w.tell(d, 200, "active", "next")
		})
	})
}

func TestNotifierThatNeverTellsIsAskedAgainLater(t *testing.T) {
	run(t, func(w *watcher) {
		begin := time.Now()
		d := w.granted(w.peer.Expect(sip.SUBSCRIBE), "600")
		w.peer.Wait = time.Minute
		w.peer.Expect(sip.SUBSCRIBE)
		if took := time.Since(begin); took < 34*time.Second || took > 36*time.Second {
			t.Errorf("after %v", took)
		}
		w.tell(d, 481, "active", "late")
	})
}

func TestStopTellsTheNotifier(t *testing.T) {
	run(t, func(w *watcher) {
		d := w.active()
		w.do(w.sub.Stop)
		last := w.peer.Expect(sip.SUBSCRIBE)
		if last.GetHeader("Expires").Value() != "0" {
			t.Errorf("%s", last)
		}
		w.granted(last, "0")
		w.wants(subscribe.Stopping)
		w.tell(d, 200, "terminated;reason=timeout", "last")
		w.wants(subscribe.Terminated)
		w.tell(d, 481, "active", "after that")
		if len(w.bodies) != 1 {
			t.Errorf("told %v", w.bodies)
		}
	})
	t.Run("before it has answered", func(t *testing.T) {
		run(t, func(w *watcher) {
			first := w.peer.Expect(sip.SUBSCRIBE)
			w.do(w.sub.Stop)
			w.peer.ExpectNone()
			w.granted(first, "600")
			if last := w.peer.Expect(sip.SUBSCRIBE); last.GetHeader("Expires").Value() != "0" {
				t.Errorf("%s", last)
			}
			time.Sleep(time.Minute) // and it never answers
			w.wants(subscribe.Terminated)
		})
	})
	t.Run("while there is none", func(t *testing.T) {
		run(t, func(w *watcher) {
			w.peer.Reply(w.peer.Expect(sip.SUBSCRIBE), 503)
			w.do(w.sub.Stop)
			w.wants(subscribe.Terminated)
			w.peer.Quiet = time.Hour
			w.peer.ExpectNone()
		})
	})
}

func TestNewConnectionIsToldOf(t *testing.T) {
	run(t, func(w *watcher) {
		w.active()
		w.peer.Cut()
		w.peer.Wait = time.Minute
		w.peer.ExpectDial()
		if req := w.peer.Expect(sip.SUBSCRIBE); !req.To().Params.Has("tag") {
			t.Errorf("%s", req)
		}
	})
}
