package ui

import (
	"slices"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// focus is where the keyboard goes after a change of screen.
type focus int

// The places. None leaves it where it is.
const (
	focusNone focus = iota
	focusLogin
	focusAddress
	focusCall
	focusIncoming
	focusQuestion
	focusTransfer
	focusWish
	focusHistory // only if what had it is gone
	focusLost    // only if what had it is gone: to the call, else to the address
)

// effects are what a change of the view does beside being drawn.
type effects struct {
	loops     dom.Tone // that go on
	sounds    dom.Tone // to be heard once
	focus     focus
	polite    Hint // said once to screen readers, when there is something new
	assertive Hint
	title     Hint   // of the page
	missed    int    // calls, told with the title
	digit     string // to be heard once
	fill      bool   // the address field takes View.Fill
}

// react compares the view before and after a change.
func react(before, after *View) effects {
	digit := ""
	if after.KeyCount != before.KeyCount {
		digit = after.Digit
	}
	return effects{
		digit:     digit,
		loops:     loops(after),
		sounds:    after.sounds,
		focus:     nextFocus(before, after),
		polite:    politely(before, after),
		assertive: assertively(after),
		title:     title(after),
		missed:    after.History.Missed,
		fill:      after.Fills != before.Fills,
	}
}

// loops is what goes on to be heard from this side. Sound that comes from the other side
// before the answer takes the place of ours (RFC 3960 §3.2).
func loops(v *View) (tones dom.Tone) {
	ring := dom.Ring
	for _, c := range v.Calls {
		switch {
		case c.State.Answered():
			ring = dom.Waiting
		case c.ID == v.Current && c.State == phone.Ringing:
			tones |= dom.Ringback
		}
	}
	if slices.ContainsFunc(v.Incoming(), func(c phone.Call) bool { return !c.AutoAnswer }) {
		tones |= ring
	}
	return tones
}

// refusal is the tone with which a call of one's own ends that did not come about.
func refusal(c phone.Call) dom.Tone {
	switch {
	case c.Direction != phone.Out || c.State != phone.Failed:
		return 0
	case c.Cause != nil && (c.Cause.Code == 486 || c.Cause.Code == 600 || c.Cause.Code == 603):
		return dom.Busy
	}
	return dom.Congestion
}

func nextFocus(before, after *View) focus {
	switch newest := newestIncoming(after); {
	case after.Current != before.Current && after.Current != "", len(after.members(after.Current)) > 0 != (len(before.members(after.Current)) > 0):
		return focusCall
	case !after.Account.LoggedIn:
		if before.Account.LoggedIn || before.Tab == "" {
			return focusLogin
		}
	case !before.Account.LoggedIn:
		return focusAddress
	case after.Current != before.Current && after.Noting != "":
		return focusLost // the note goes on
	case after.Current != before.Current:
		return focusAddress
	case newest != "" && newest != newestIncoming(before):
		return focusIncoming
	case after.Deleting != "" && after.Deleting != before.Deleting:
		return focusQuestion
	case after.Handing.Call != before.Handing.Call && after.Handing.Call != "":
		return focusTransfer
	case len(after.Wishes) > len(before.Wishes):
		return focusWish
	case len(after.Calls) != len(before.Calls), len(after.Notices) < len(before.Notices),
		len(after.Wishes) < len(before.Wishes), after.Handing.Call != before.Handing.Call,
		after.Pad == "" && before.Pad != "":
		return focusLost
	case len(after.History.Calls) < len(before.History.Calls):
		return focusHistory
	}
	return focusNone
}

func newestIncoming(v *View) string {
	incoming := v.Incoming()
	if len(incoming) == 0 {
		return ""
	}
	return incoming[len(incoming)-1].ID
}

// politely says what came in writing, else what became of the current call, and of the registration while there
// is no call.
func politely(before, after *View) Hint {
	if after.Tells != before.Tells {
		return after.Told
	}
	if c, ok := after.Call(after.Current); ok {
		b, existed := before.Call(c.ID)
		now := stateHint(c)
		if c.Forwarded != nil && b.Forwarded == nil {
			return Hint{Key: "state_call_forwarded", Params: map[string]string{"Name": peerName(c.Peer), "To": peerName(*c.Forwarded)}}
		}
		if existed && stateHint(b).Key == now.Key {
			return Hint{}
		}
		return now
	}
	if key := statusOf(after).key; len(after.Calls) == 0 && after.Account.LoggedIn && key != statusOf(before).key {
		return Hint{Key: key}
	}
	return Hint{}
}

// assertively stands as long as somebody rings, or asks: it is said when it changes.
func assertively(v *View) Hint {
	incoming := v.Incoming()
	switch {
	case len(incoming) > 0:
	case len(v.Wishes) > 0:
		return wishHint(v.newestWish())
	default:
		return Hint{}
	}
	return stateHint(incoming[len(incoming)-1])
}

func title(v *View) Hint {
	if h := assertively(v); h.Key != "" {
		return h
	}
	if c, ok := v.Call(v.Current); ok {
		return stateHint(c)
	}
	return Hint{Key: "label_application"}
}
