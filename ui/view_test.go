package ui

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"gocommunicator/app/phone"
)

var (
	bob   = phone.Peer{URI: "sip:bob@example.org", Name: "Bob"}
	began = time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC)
)

func in(id string, s phone.CallState) phone.Call {
	return phone.Call{ID: id, Direction: phone.In, Peer: bob, State: s, Started: began}
}

func out(id string, s phone.CallState) phone.Call {
	return phone.Call{ID: id, Direction: phone.Out, Peer: bob, State: s, Started: began}
}

func fold(calls ...phone.Call) *View {
	v := &View{Account: phone.Account{LoggedIn: true, AOR: "sip:alice@example.org"}, Tab: TabPhone}
	for _, c := range calls {
		v.foldCall(c)
	}
	return v
}

func ids(calls []phone.Call) (ids []string) {
	for _, c := range calls {
		ids = append(ids, c.ID)
	}
	return ids
}

func TestCallsFoldIntoTheView(t *testing.T) {
	tests := []struct {
		name                 string
		calls                []phone.Call
		current              string
		live, ringing, ended []string
	}{
		{name: "no call"},
		{
			name:  "a call dialled is shown at once",
			calls: []phone.Call{out("a", phone.Trying)}, current: "a", live: []string{"a"},
		},
		{
			name:  "a call that rings here is no current call",
			calls: []phone.Call{in("a", phone.Incoming)}, live: []string{"a"}, ringing: []string{"a"},
		},
		{
			name:  "an answered call is shown",
			calls: []phone.Call{in("a", phone.Incoming), in("a", phone.Connecting)}, current: "a", live: []string{"a"},
		},
		{
			name:    "a second call that rings leaves the first one in place",
			calls:   []phone.Call{out("a", phone.Active), in("b", phone.Incoming)},
			current: "a", live: []string{"a", "b"}, ringing: []string{"b"},
		},
		{
			name:    "a second call answered comes to the front",
			calls:   []phone.Call{out("a", phone.Active), in("b", phone.Incoming), in("b", phone.Active)},
			current: "b", live: []string{"a", "b"},
		},
		{
			name:    "a change of a call in the background does not bring it to the front",
			calls:   []phone.Call{out("a", phone.Active), out("b", phone.Trying), out("a", phone.Held)},
			current: "b", live: []string{"a", "b"},
		},
		{
			name:    "when the current call ends the other one is shown",
			calls:   []phone.Call{out("a", phone.Active), out("b", phone.Active), out("b", phone.Ended)},
			current: "a", live: []string{"a"}, ended: []string{"b"},
		},
		{
			name:  "a call that rings does not become current because another ended",
			calls: []phone.Call{out("a", phone.Active), in("b", phone.Incoming), out("a", phone.Ended)},
			live:  []string{"b"}, ringing: []string{"b"}, ended: []string{"a"},
		},
		{
			name:  "what comes after the end is too late",
			calls: []phone.Call{out("a", phone.Trying), out("a", phone.Failed), out("a", phone.Ringing), out("a", phone.Ended)},
			ended: []string{"a"},
		},
		{
			name:  "the latest end stands first",
			calls: []phone.Call{out("a", phone.Failed), out("b", phone.Ended)},
			ended: []string{"b", "a"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := fold(tt.calls...)
			if v.Current != tt.current {
				t.Errorf("current is %q, want %q", v.Current, tt.current)
			}
			for what, lists := range map[string][2][]string{
				"live": {ids(v.Calls), tt.live}, "ringing": {ids(v.Incoming()), tt.ringing}, "ended": {ids(v.Recent), tt.ended},
			} {
				if !slices.Equal(lists[0], lists[1]) {
					t.Errorf("%s: %q, want %q", what, lists[0], lists[1])
				}
			}
		})
	}
}

func TestFoldingLeavesEarlierViewsAlone(t *testing.T) {
	v := fold(out("a", phone.Trying), in("b", phone.Incoming))
	before := *v
	v.foldCall(out("a", phone.Active))
	v.foldCall(in("b", phone.Ended))
	if c, _ := before.Call("a"); c.State != phone.Trying {
		t.Errorf("the call in the earlier view is %q now", c.State)
	}
	if got := ids(before.Calls); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("the earlier view has the calls %q now", got)
	}
}

func TestACallBringsThePhoneToTheFront(t *testing.T) {
	v := fold()
	v.Tab = TabSettings
	v.foldCall(in("a", phone.Incoming))
	if v.Tab != TabSettings {
		t.Error("a call that rings took the settings away")
	}
	v.foldCall(in("a", phone.Connecting))
	if v.Tab != TabPhone {
		t.Error("the answered call is not seen")
	}
}

func TestRecentCallsAreBounded(t *testing.T) {
	v := fold()
	for i := range maxRecent + 10 {
		v.foldCall(out(strconv.Itoa(i), phone.Ended))
	}
	if len(v.Recent) != maxRecent || v.Recent[0].ID != strconv.Itoa(maxRecent+9) {
		t.Errorf("%d calls, the first is %s", len(v.Recent), v.Recent[0].ID)
	}
}

func TestLogoutForgetsTheCallsOfTheAccount(t *testing.T) {
	v := fold(out("a", phone.Failed))
	v.foldAccount(phone.Account{})
	if len(v.Recent) != 0 || v.Hint.Key != "" {
		t.Errorf("left: %v, %q", ids(v.Recent), v.Hint.Key)
	}
}

func TestTheSameNoticeStandsOnce(t *testing.T) {
	v := fold()
	same := phone.Notice{Code: "error_link_down"}
	v.foldNotice(same)
	v.foldNotice(phone.Notice{Code: "error_config", Params: map[string]string{"Path": "a"}})
	v.foldNotice(phone.Notice{Code: "error_config", Params: map[string]string{"Path": "b"}})
	v.foldNotice(same)
	var codes []string
	for _, n := range v.Notices {
		codes = append(codes, n.Code+n.Params["Path"])
	}
	if want := []string{"error_configa", "error_configb", "error_link_down"}; !slices.Equal(codes, want) {
		t.Errorf("notices %q, want %q", codes, want)
	}
	v.dismiss(v.Notices[1].ID)
	if len(v.Notices) != 2 || v.Notices[1].Code != "error_link_down" {
		t.Errorf("after dismissing: %v", v.Notices)
	}
}

func TestNoticesAreBounded(t *testing.T) {
	v := fold()
	for i := range 10 {
		v.foldNotice(phone.Notice{Code: strconv.Itoa(i)})
	}
	if len(v.Notices) != maxNotices || v.Notices[maxNotices-1].Code != "9" {
		t.Errorf("notices: %v", v.Notices)
	}
}

// A call that fails for a reason of which the person is told does not say twice that
// it failed, whichever of the two events comes first.
func TestANoticeAboutACallTakesThePlaceOfItsOutcome(t *testing.T) {
	n := phone.Notice{Code: "error_microphone_blocked", CallID: "a"}
	first := fold(out("a", phone.Trying))
	first.foldNotice(n)
	first.foldCall(out("a", phone.Failed))
	last := fold(out("a", phone.Trying), out("a", phone.Failed))
	if last.Hint.Key == "" {
		t.Fatal("a failed call has no outcome")
	}
	last.foldNotice(n)
	for name, v := range map[string]*View{"notice first": first, "notice last": last} {
		if v.Hint.Key != "" || len(v.Notices) != 1 {
			t.Errorf("%s: hint %q, %d notices", name, v.Hint.Key, len(v.Notices))
		}
	}
}

func TestTheNextCallTakesAwayWhatWasSaidOfTheLast(t *testing.T) {
	v := fold(out("a", phone.Trying), out("a", phone.Failed))
	v.foldNotice(phone.Notice{Code: "error_microphone_blocked", CallID: "a"})
	v.foldNotice(phone.Notice{Code: "error_link_down"})
	v.foldCall(out("b", phone.Trying))
	if len(v.Notices) != 1 || v.Notices[0].Code != "error_link_down" || v.Hint.Key != "" {
		t.Errorf("left: %v, %q", v.Notices, v.Hint.Key)
	}
}

func TestTheSameDestinationFillsTheFieldAgain(t *testing.T) {
	v := fold()
	for range 2 {
		before := *v
		v.foldDestination(phone.Destination{To: "bob"})
		if e := react(&before, v); !e.fill || v.Fill != "bob" {
			t.Errorf("fill %v, %q", e.fill, v.Fill)
		}
	}
}
