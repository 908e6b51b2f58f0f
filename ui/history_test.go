package ui

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

func TestWhatCameOfAPastCallIsSaidInWords(t *testing.T) {
	talk := func(c phone.Call) phone.Call {
		c.Answered, c.Ended = time.Unix(100, 0), time.Unix(183, 0)
		return c
	}
	cause := func(c phone.Call, code int) phone.Call {
		c.Cause = &phone.Cause{Code: code}
		return c
	}
	for _, tt := range []struct {
		name string
		call phone.Call
		want string
		bad  bool
	}{
		{"talked, called by us", talk(out("a", phone.Ended)), "label_call_out 1:23", false},
		{"talked, called by them", talk(in("a", phone.Ended)), "label_call_in 1:23", false},
		{"broken off", talk(out("a", phone.Failed)), "label_call_out 1:23", true},
		{"missed", cause(in("a", phone.Ended), 487), "label_call_missed", true},
		{"missed because of no way to talk", cause(in("a", phone.Failed), 488), "label_call_missed", true},
		{"answered elsewhere", cause(in("a", phone.Ended), 200), "cause_elsewhere", false},
		{"turned down", cause(in("a", phone.Ended), 603), "label_call_declined", false},
		{"busy", cause(out("a", phone.Failed), 486), "cause_busy", true},
		{"nobody came", cause(out("a", phone.Failed), 408), "cause_no_answer", true},
		{"given up", out("a", phone.Ended), "cause_cancelled", false},
	} {
		h := past(tt.call)
		if got := strings.TrimSpace(h.Key + " " + h.Tail); got != tt.want || h.Bad != tt.bad {
			t.Errorf("%s: %q, bad %v, want %q, %v", tt.name, got, h.Bad, tt.want, tt.bad)
		}
	}
}

// many are calls that were, newest first.
func many(n int) []phone.Call {
	calls := make([]phone.Call, n)
	for i := range calls {
		calls[i] = out(strconv.Itoa(i), phone.Ended)
		calls[i].Started = time.Unix(int64(1_700_000_000-i*60), 0)
	}
	return calls
}

func rowsIn(html string) int { return strings.Count(html, `data-action="redial"`) }

func TestLongHistoryDrawsOnlyWhatIsNear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l, engine := newScreen(t)
		w := &window{
			Screen: s, ID: "list", Count: 10_000, Height: rowHeight, End: l.MoreHistory,
			Row: func(i int) app.UI {
				return &pastCall{Screen: s, T: s.texts(), Call: out(strconv.Itoa(i), phone.Ended)}
			},
		}
		html := app.HTMLString(w)
		if n := rowsIn(html); n != chunkRows {
			t.Errorf("%d rows are drawn at first", n)
		}
		if !strings.Contains(html, fmt.Sprintf(`height="%d.0"`, chunkRows*rowHeight)) {
			t.Error("there is no room for the others")
		}
		last := (w.Count - 1) / chunkRows
		far := &chunk{List: w, Index: last, Rows: w.Count - last*chunkRows, ctx: s.ctx}
		if n := rowsIn(app.HTMLString(far)); n != 0 {
			t.Errorf("%d rows out of sight are drawn", n)
		}
		w.chunks = map[string]*chunk{far.id(): far}
		w.moved(far.id(), true, 900)
		engine.ConsumeAll()
		if n := rowsIn(app.HTMLString(far)); n != far.Rows {
			t.Errorf("%d rows in sight are drawn, want %d", n, far.Rows)
		}
		if strings.Join(l.done, " ") != "more" {
			t.Errorf("at the end was done %q", l.done)
		}
		w.moved(far.id(), false, 0) // the panel is hidden
		engine.ConsumeAll()
		if n := rowsIn(app.HTMLString(far)); n != far.Rows {
			t.Error("a hidden panel loses its rows")
		}
		w.moved(far.id(), false, 1234.5)
		engine.ConsumeAll()
		if html := app.HTMLString(far); rowsIn(html) != 0 || !strings.Contains(html, `height="1234.5"`) {
			t.Errorf("out of sight again it is %s", html)
		}
		s.deps.Bus.Close()
	})
}

func TestHistoryCountsMissedCallsUntilItIsLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l, _ := newScreen(t)
		before := s.view
		s.change(func(v *View) {
			v.foldAccount(phone.Account{LoggedIn: true})
			v.foldHistory(phone.History{Calls: many(3), Missed: 2})
		})
		if e := react(&before, &s.view); e.missed != 2 {
			t.Errorf("the title tells of %d", e.missed)
		}
		html := app.HTMLString(&shell{Screen: s})
		for _, want := range []string{`data-missed="2"`, "2 missed calls"} {
			if !strings.Contains(html, want) {
				t.Errorf("there is no %s", want)
			}
		}
		s.showTab(TabSettings)
		s.showTab(TabHistory)
		s.change(func(v *View) { v.foldHistory(phone.History{Calls: many(3)}) })
		if html := app.HTMLString(&shell{Screen: s}); strings.Contains(html, "2 missed calls") {
			t.Error("what was looked at is still counted")
		}
		s.showTab(TabHistory)
		if strings.Join(l.done, ",") != "see" {
			t.Errorf("done: %q", l.done)
		}
		s.deps.Bus.Close()
	})
}

func TestKeyboardStaysInAHistoryThatGetsShorter(t *testing.T) {
	v := fold()
	v.Account, v.Tab = phone.Account{LoggedIn: true}, TabHistory
	v.History.Calls = many(3)
	after := *v
	after.History.Calls = after.History.Calls[1:]
	if got := nextFocus(v, &after); got != focusHistory {
		t.Errorf("the keyboard goes to %v", got)
	}
	if got := nextFocus(&after, v); got != focusNone {
		t.Errorf("of a longer one it goes to %v", got)
	}
}

func TestSearchWithoutAnyFindSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := newScreen(t)
		s.view.Account = phone.Account{LoggedIn: true}
		s.view.History = phone.History{Search: "x"}
		html := app.HTMLString(&shell{Screen: s})
		if !strings.Contains(html, "No call with this name") || strings.Contains(html, "Your calls will stand here") {
			t.Error("it is not said that nothing was found")
		}
		s.view.History = phone.History{}
		if html := app.HTMLString(&shell{Screen: s}); !strings.Contains(html, "Your calls will stand here") {
			t.Error("an empty history does not say what will stand there")
		}
		s.deps.Bus.Close()
	})
}
