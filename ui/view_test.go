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
			name:    "a call that is answered at the other side comes to the front",
			calls:   []phone.Call{out("a", phone.Held), out("b", phone.Ringing), in("c", phone.Active), out("b", phone.Active)},
			current: "b", live: []string{"a", "b", "c"},
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
				"live": {ids(v.Calls), tt.live}, "ringing": {ids(v.Incoming()), tt.ringing}, "ended": {v.over, tt.ended},
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

func TestCallsKnownToBeOverAreBounded(t *testing.T) {
	v := fold()
	for i := range maxOver + 10 {
		v.foldCall(out(strconv.Itoa(i), phone.Ended))
	}
	if len(v.over) != maxOver || v.Last.ID != strconv.Itoa(maxOver+9) {
		t.Errorf("%d calls, the last is %s", len(v.over), v.Last.ID)
	}
}

func TestLogoutForgetsTheLastCallOfTheAccount(t *testing.T) {
	v := fold(out("a", phone.Failed))
	v.foldAccount(phone.Account{})
	if v.Last.ID != "" || v.Hint.Key != "" {
		t.Errorf("left: %v, %q", v.Last, v.Hint.Key)
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

func TestThatThePhoneIsBusyIsSaidWhileItIs(t *testing.T) {
	v := fold(out("a", phone.Active))
	v.foldNotice(phone.Notice{Code: "error_busy"})
	v.foldCall(out("a", phone.Ended))
	if len(v.Notices) > 0 {
		t.Errorf("%+v", v.Notices)
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
		if e := react(&before, v); !e.fill || v.Fill.To != "bob" {
			t.Errorf("fill %v, %q", e.fill, v.Fill.To)
		}
	}
}

func TestLinkSaysWhatEnterDoesUntilAnotherAddressIsTyped(t *testing.T) {
	const audio, video = "hint_dial_asked", "hint_dial_asked_video"
	for _, tt := range []struct {
		name     string
		fill     phone.Destination
		dialing  Dialing
		hint     string
		withLink bool // video, as long as the address is that of the link
		after    bool // video, when another one has been typed
	}{
		{name: "no link", fill: phone.Destination{To: "bob", Video: true}},
		{name: "link", fill: phone.Destination{To: "bob", Asked: true}, hint: audio},
		{name: "link with video", fill: phone.Destination{To: "bob", Asked: true, Video: true}, hint: video, withLink: true},
		{name: "link against the preference", fill: phone.Destination{To: "bob", Asked: true}, dialing: Dialing{PreferVideo: true}, hint: audio, after: true},
		{name: "link with video where there is none", fill: phone.Destination{To: "bob", Asked: true, Video: true}, dialing: Dialing{NoVideo: true}, hint: audio},
		{name: "only video", fill: phone.Destination{To: "bob", Asked: true}, dialing: Dialing{NoAudio: true}, hint: video, withLink: true, after: true},
		{name: "no calls", fill: phone.Destination{To: "bob", Asked: true}, dialing: Dialing{NoAudio: true, NoVideo: true}, withLink: true, after: true},
	} {
		v := fold()
		v.Hint = Hint{Key: "error_address_empty", Bad: true}
		v.foldDestination(tt.fill)
		if h, video := v.says(tt.dialing), v.enterVideo(tt.dialing); h.Key != tt.hint || video != tt.withLink {
			t.Errorf("%s: %q, video %v", tt.name, h.Key, video)
		}
		v.typed()
		if h, video := v.says(tt.dialing), v.enterVideo(tt.dialing); h.Key != "" || video != tt.after {
			t.Errorf("%s, then typed: %q, video %v", tt.name, h.Key, video)
		}
	}
}

func TestAddressIsEmptiedAfterOwnCallsWhenWanted(t *testing.T) {
	for _, tt := range []struct {
		name  string
		clear bool
		call  phone.Call
		want  bool
	}{
		{"a call made", true, out("a", phone.Ended), true},
		{"a call that failed", true, out("a", phone.Failed), true},
		{"a call that came in while an address stood there", true, in("a", phone.Ended), false},
		{"not wanted", false, out("a", phone.Ended), false},
	} {
		v := fold()
		v.clear = tt.clear
		v.foldDestination(phone.Destination{To: "bob"})
		before := *v
		v.foldCall(tt.call)
		if e := react(&before, v); e.fill != tt.want || e.fill && v.Fill.To != "" || v.Hint.Key == "" {
			t.Errorf("%s: fill %v with %q, hint %q", tt.name, e.fill, v.Fill.To, v.Hint.Key)
		}
	}
}

func TestKeysOfACallStandThereUntilItEnds(t *testing.T) {
	v := fold(out("a", phone.Active))
	v.Pad = "a"
	before := *v
	for _, d := range []phone.Digit{
		{CallID: "a", Digit: "1", Direction: phone.Out},
		{CallID: "a", Digit: "#", Direction: phone.Out},
		{CallID: "a", Digit: "5", Direction: phone.In},
		{CallID: "gone", Digit: "9", Direction: phone.In},
	} {
		v.foldDigit(d)
	}
	if v.Digits["a"] != (digits{Sent: "1#", Received: "5"}) || len(v.Digits) != 1 {
		t.Errorf("%+v", v.Digits)
	}
	if e := react(&before, v); e.digit != "5" {
		t.Errorf("to be heard: %q", e.digit)
	}
	if e := react(v, v); e.digit != "" {
		t.Errorf("heard again: %q", e.digit)
	}
	for range 30 {
		v.foldDigit(phone.Digit{CallID: "a", Digit: "2", Direction: phone.Out})
	}
	if got := v.Digits["a"].Sent; len(got) != maxDigits {
		t.Errorf("%d keys are shown", len(got))
	}
	v.foldCall(out("a", phone.Ended))
	if v.Pad != "" || len(v.Digits) != 0 {
		t.Errorf("left: %q %v", v.Pad, v.Digits)
	}
}

func TestWhatWasSaidOfADomainGoesWithTheNextTry(t *testing.T) {
	v := View{}
	v.foldNotice(phone.Notice{Code: "error_discovery", Params: map[string]string{"Domain": "a.test"}})
	v.foldLink(phone.Link{State: phone.LinkDown})
	if len(v.Notices) != 1 {
		t.Fatalf("%+v", v.Notices)
	}
	v.foldLink(phone.Link{State: phone.LinkConnecting})
	if len(v.Notices) != 0 {
		t.Errorf("%+v", v.Notices)
	}
}
