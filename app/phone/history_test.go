package phone

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/store"
	"gocommunicator/sipcore"
)

const aliceAOR = "sip:alice@example.test"

// callLog is a phone with a history and nothing else, of which a test waits for what is
// published.
type callLog struct {
	*Phone
	t         *testing.T
	histories chan History
	files     chan File
}

func newCallLog(t *testing.T, s *store.Store) *callLog {
	t.Helper()
	b := bus.New(nil)
	l := &callLog{t: t, histories: make(chan History, 100), files: make(chan File, 10)}
	l.Phone = New(Deps{Bus: b, Config: config.Config{}, Store: s})
	bus.Subscribe(b, func(h History) { l.histories <- h })
	t.Cleanup(func() {
		l.Close()
		<-l.Done()
		b.Close()
		<-b.Done()
	})
	l.setAccount(Account{LoggedIn: true, AOR: aliceAOR})
	return l
}

func (l *callLog) save(f File) { l.files <- f }

// settled is the history when everything asked for so far is done.
func (l *callLog) settled() (h History) {
	l.t.Helper()
	if err := l.keeper.Do(l.t.Context(), func() { h = l.history.shown }); err != nil {
		l.t.Fatal(err)
	}
	return h
}

func (l *callLog) shows(want string, missed int) {
	l.t.Helper()
	h := l.settled()
	var ids []string
	for _, c := range h.Calls {
		ids = append(ids, c.ID)
	}
	if got := strings.Join(ids, " "); got != want || h.Missed != missed {
		l.t.Errorf("history is %q with %d missed, want %q with %d", got, h.Missed, want, missed)
	}
}

// past is a call that ended n seconds ago; kind is "missed", "talk", "busy" (of the
// other side) or "elsewhere".
func past(id, kind string, n int) Call {
	ended := now().Add(-time.Duration(n) * time.Second)
	c := Call{
		ID: id, Direction: In, State: Ended, Peer: Peer{URI: "sip:bob@example.test", Name: "Bob"},
		Started: ended.Add(-10 * time.Second), Ended: ended,
	}
	switch kind {
	case "talk":
		c.Direction, c.Answered, c.Video = Out, ended.Add(-5*time.Second), true
	case "busy":
		c.Direction, c.State, c.Cause = Out, Failed, &Cause{Code: 486, Reason: "Busy Here"}
	case "elsewhere":
		c.Cause = &Cause{Code: 200, Reason: "Call completed elsewhere"}
	}
	return c
}

func memory(t *testing.T) *store.Store {
	s := store.Open(store.Config{})
	t.Cleanup(s.Close)
	return s
}

func TestHistoryIsKeptByAccount(t *testing.T) {
	s := memory(t)
	l := newCallLog(t, s)
	l.keepCall(aliceAOR, past("a", "talk", 3))
	l.keepCall("sip:bob@example.test", past("x", "missed", 2))
	l.keepCall("", past("nobody's", "missed", 2))
	l.keepCall(aliceAOR, past("b", "missed", 1))
	l.keepCall(aliceAOR, past("c", "elsewhere", 0))
	l.shows("c b a", 1)
	l.setAccount(Account{})
	l.shows("", 0)
	l.setAccount(Account{LoggedIn: true, AOR: "sip:bob@example.test"})
	l.shows("x", 1)

	again := newCallLog(t, s) // as after a reload
	again.shows("c b a", 1)
	for i, want := range []Call{past("c", "elsewhere", 0), past("b", "missed", 1), past("a", "talk", 3)} {
		got := again.settled().Calls[i]
		if got.Direction != want.Direction || got.Peer != want.Peer || got.Video != want.Video || got.State != want.State ||
			got.Answered.IsZero() != want.Answered.IsZero() || (got.Cause == nil) != (want.Cause == nil) ||
			got.Ended.Sub(want.Ended).Abs() > 10*time.Second {
			t.Errorf("kept %+v, want about %+v", got, want)
		}
	}
	if c := again.settled().Calls[0].Cause; c.Code != 200 || c.Reason == "" {
		t.Errorf("cause is %+v", c)
	}
}

// A page that is left has no time for whatever the store is waited for.
func TestCallThatEndsWithTheLoginIsKeptAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := memory(t)
		l := newCallLog(t, s)
		release := make(chan struct{})
		l.keeper.Post(func() { <-release })
		before := past("b", "talk", 5)
		l.addPast(aliceAOR, before)
		if err := l.SetNote("b", "calls back"); err != nil {
			t.Fatal(err)
		}
		l.Leave()
		l.setAccount(Account{})
		l.keepCall(aliceAOR, past("a", "talk", 0))
		synctest.Wait()
		if s.Calls.Find(t.Context(), aliceAOR, "a") == nil {
			t.Error("the call waits for what was before it")
		}
		if r := s.Calls.Find(t.Context(), aliceAOR, "b"); r == nil || !strings.Contains(r.Text, "calls back") {
			t.Errorf("the note waits for what was before it: %+v", r)
		}
		close(release)
		l.setAccount(Account{LoggedIn: true, AOR: aliceAOR})
		l.shows("a b", 0)
		if n := s.Calls.Count(t.Context(), aliceAOR); n != 2 {
			t.Errorf("two calls are kept %d times", n)
		}
	})
}

func TestMissedCallsAreCountedUntilTheyAreLookedAt(t *testing.T) {
	s := memory(t)
	l := newCallLog(t, s)
	for i := range 3 {
		l.keepCall(aliceAOR, past(fmt.Sprint(i), "missed", 9-i))
	}
	l.keepCall(aliceAOR, past("busy", "busy", 1))
	l.shows("busy 2 1 0", 3)
	l.DeleteCall("1")
	l.shows("busy 2 0", 2)
	l.SeeHistory()
	l.shows("busy 2 0", 0)

	again := newCallLog(t, s)
	again.shows("busy 2 0", 0)
	again.keepCall(aliceAOR, past("new", "missed", -5))
	again.shows("new busy 2 0", 1)
	again.ClearHistory()
	again.shows("", 0)
	newCallLog(t, s).shows("", 0)
}

func TestWhatIsMissed(t *testing.T) {
	for name, test := range map[string]struct {
		call func(*Call)
		want bool
	}{
		"given up by the caller":  {func(*Call) {}, true},
		"487":                     {func(c *Call) { c.Cause = &Cause{Code: 487} }, true},
		"nobody came":             {func(c *Call) { c.Cause = &Cause{Code: 408} }, true},
		"answered elsewhere":      {func(c *Call) { c.Cause = &Cause{Code: 200} }, false},
		"turned down":             {func(c *Call) { c.Cause = &Cause{Code: 603} }, false},
		"said to be busy":         {func(c *Call) { c.Cause = &Cause{Code: 486} }, false},
		"answered":                {func(c *Call) { c.Answered = c.Ended }, false},
		"of one's own":            {func(c *Call) { c.Direction = Out }, false},
		"rings still":             {func(c *Call) { c.State = Incoming }, false},
		"failed before an answer": {func(c *Call) { c.State, c.Cause = Failed, &Cause{Code: 488} }, true},
	} {
		c := past("a", "missed", 0)
		test.call(&c)
		if c.Missed() != test.want {
			t.Errorf("%s: missed is %v", name, c.Missed())
		}
	}
}

func TestHistoryIsReadInPagesAndSearched(t *testing.T) {
	s := memory(t)
	var records []store.Record
	for i := range 2*historyPage + 50 {
		c := past(fmt.Sprint(i), "missed", i)
		if i%100 == 7 {
			c.Peer = Peer{URI: "sip:carol@example.test", Name: "Ärztin"}
		}
		records = append(records, recordOf(aliceAOR, c))
	}
	s.Calls.Put(t.Context(), records...)
	l := newCallLog(t, s)
	expect := func(what string, calls int, more bool, missed int) {
		t.Helper()
		if h := l.settled(); len(h.Calls) != calls || h.More != more || h.Missed != missed {
			t.Errorf("%s: %d calls, more %v, %d missed; want %d, %v, %d", what, len(h.Calls), h.More, h.Missed, calls, more, missed)
		}
	}
	expect("first page", historyPage, true, 2*historyPage+50)
	l.MoreHistory()
	expect("two pages", 2*historyPage, true, 2*historyPage+50)
	l.MoreHistory()
	l.MoreHistory()
	expect("all", 2*historyPage+50, false, 2*historyPage+50)
	for i, c := range l.settled().Calls {
		if c.ID != fmt.Sprint(i) {
			t.Fatalf("call %d is %s", i, c.ID)
		}
	}
	l.SearchHistory("ärzt")
	l.shows("7 107 207 307 407", 2*historyPage+50)
	l.SearchHistory("CAROL@EX")
	l.shows("7 107 207 307 407", 2*historyPage+50)
	fresh := past("new", "talk", -1)
	l.keepCall(aliceAOR, fresh) // Bob's, not found by this search
	l.shows("7 107 207 307 407", 2*historyPage+50)
	l.SearchHistory("")
	expect("all again", historyPage, true, 2*historyPage+50)
	l.SearchHistory("sip:")
	l.shows("", 2*historyPage+50)
}

func TestOnlyTheLastOfManySearchesIsMade(t *testing.T) {
	l := newCallLog(t, nil)
	l.keepCall(aliceAOR, past("a", "talk", 0))
	l.settled()
	for len(l.histories) > 0 {
		<-l.histories
	}
	_ = l.keeper.Do(t.Context(), func() { // the keeper is at something else meanwhile
		for _, text := range []string{"c", "ca", "car"} {
			l.SearchHistory(text)
		}
	})
	l.shows("", 0)
	l.Close()
	<-l.Done()
	l.deps.Bus.Close()
	<-l.deps.Bus.Done()
	searched := 0
	for len(l.histories) > 0 {
		if h := <-l.histories; h.Search != "" {
			searched++
		}
	}
	if searched != 1 {
		t.Errorf("searched %d times", searched)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	s := memory(t)
	var records []store.Record
	for i := range maxHistory {
		records = append(records, recordOf(aliceAOR, past(fmt.Sprint(i), "talk", i+1)))
	}
	s.Calls.Put(t.Context(), records...)
	l := newCallLog(t, s)
	l.keepCall(aliceAOR, past("new", "talk", 0))
	l.settled()
	if n := s.Calls.Count(context.Background(), aliceAOR); n != maxHistory {
		t.Errorf("%d are kept", n)
	}
	if s.Calls.Find(t.Context(), aliceAOR, fmt.Sprint(maxHistory-1)) != nil {
		t.Error("the oldest is still there")
	}
}

func TestExportedCSVIsReadByAnyoneAndRunByNobody(t *testing.T) {
	l := newCallLog(t, nil)
	hostile := past("a", "busy", 1)
	hostile.Peer.Name = `=HYPERLINK("http://x","a, ""b""` + "\r\nc)"
	l.keepCall(aliceAOR, hostile)
	for i, name := range []string{"+1", "-1", "@SUM(1)", "\t=1", "plain"} {
		c := past(fmt.Sprint(i), "talk", 0)
		c.Peer.Name = name
		l.keepCall(aliceAOR, c)
	}
	l.ExportHistory(CSV, l.save)
	file := <-l.files
	if !strings.HasPrefix(file.Name, "calls-") || !strings.HasSuffix(file.Name, ".csv") || file.Type != "text/csv" {
		t.Errorf("file %q of type %q", file.Name, file.Type)
	}
	lines, err := csv.NewReader(strings.NewReader(string(file.Data))).ReadAll()
	if err != nil || len(lines) != 7 {
		t.Fatalf("%d lines, %v:\n%s", len(lines), err, file.Data)
	}
	column := map[string]int{}
	for i, name := range lines[0] {
		column[name] = i
	}
	names := map[string]bool{}
	for _, line := range lines[1:] {
		names[line[column["name"]]] = true
		for _, cell := range line {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	for _, want := range []string{"'" + strings.ReplaceAll(hostile.Peer.Name, "\r\n", "\n"), "'+1", "'-1", "'@SUM(1)", "'\t=1", "plain"} {
		if !names[want] {
			t.Errorf("%q is not among %v", want, names)
		}
	}
	last := lines[6]
	for name, want := range map[string]string{"direction": "out", "address": "sip:bob@example.test", "code": "486", "reason": "Busy Here", "duration": "", "answered": ""} {
		if got := last[column[name]]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if talk := lines[1]; talk[column["duration"]] != "5" || talk[column["video"]] != "true" {
		t.Errorf("talk: %q", talk)
	}
}

func TestExportedJSONHoldsAllThatIsKnown(t *testing.T) {
	l := newCallLog(t, nil)
	l.ExportHistory(JSON, l.save)
	if empty := <-l.files; strings.TrimSpace(string(empty.Data)) != "[]" {
		t.Errorf("nothing exported is %q", empty.Data)
	}
	l.keepCall(aliceAOR, past("a", "busy", 1))
	l.keepCall(aliceAOR, past("b", "missed", 0))
	l.ExportHistory(JSON, l.save)
	var all []struct {
		ID, URI, Direction string
		Missed             bool
		Cause              *sipcore.Cause
		Started, Answered  time.Time
	}
	file := <-l.files
	if err := json.Unmarshal(file.Data, &all); err != nil || len(all) != 2 {
		t.Fatalf("%v: %s", err, file.Data)
	}
	if all[0].ID != "b" || !all[0].Missed || all[1].Cause.Code != 486 || all[1].URI != "sip:bob@example.test" || all[1].Started.IsZero() {
		t.Errorf("exported %+v", all)
	}
	if strings.Contains(string(file.Data), "0001-") {
		t.Errorf("a time that was not: %s", file.Data)
	}
	l.ExportHistory("exe", l.save)
	l.settled()
	if len(l.files) > 0 {
		t.Error("a format nobody knows was exported")
	}
}
