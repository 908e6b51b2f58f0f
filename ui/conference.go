package ui

import (
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// conferenceID is the element of the panel; there is one conference at most.
const conferenceID = "conference"

// members are the calls that are joined with one, itself included; none when it is not.
func (v *View) members(id string) []phone.Call {
	c, _ := v.Call(id)
	if c.Conference == "" {
		return nil
	}
	return v.calls(func(o phone.Call) bool { return o.Conference == c.Conference })
}

// joinable tells whether there are calls that can be joined, or added to those that are.
func joinable(calls []phone.Call) bool {
	talking, alone := 0, false
	for _, c := range calls {
		if answered(c) {
			talking++
			alone = alone || c.Conference == ""
		}
	}
	return talking > 1 && alone
}

// names are those of the members of a conference, each isolated from the direction of the
// others (Unicode UAX #9, FSI and PDI).
func (t texts) names(members []phone.Call) string {
	names := make([]string, len(members))
	for i, c := range members {
		names[i] = "\u2068" + t.name(c.Peer) + "\u2069"
	}
	return strings.Join(names, ", ")
}

// allHeld tells whether this side holds every one of several calls.
func allHeld(calls []phone.Call) bool {
	return !slices.ContainsFunc(calls, func(c phone.Call) bool { return !c.LocalHold })
}

// conference is the panel of calls that are joined, in place of theirs. What is pressed in it
// is about the data-id around it: a member's, or that of all.
type conference struct {
	app.Compo
	Screen  *Screen
	T       texts
	Members []phone.Call
}

// Render draws who is in it, and what concerns all.
func (c *conference) Render() app.UI {
	t, first, held := c.T, c.Members[0], allHeld(c.Members)
	since := first.Answered
	for _, m := range c.Members {
		if m.Answered.Before(since) {
			since = m.Answered
		}
	}
	state := t.N("state_conference", len(c.Members), nil)
	switch {
	case held:
		state = t.T("state_call_held")
	case first.AudioMuted:
		state = t.T("state_conference_muted")
	}
	muted := choice(first.AudioMuted, press{"mute", "mic", t.T("action_mute")}, press{"unmute", "mic-off", t.T("action_unmute")})
	return tag("section", "id="+conferenceID+"|class=call conference|data-region=conference|data-id="+first.Conference+
		"|data-state="+when(held, "held")+when(!held, "active")+"|aria-labelledby=conference-name|tabindex=-1",
		tag("div", "class=conference-who",
			text("h2", "id=conference-name|class=call-name", t.T("label_conference")),
			tag("p", "class=call-state", text("span", "", state+" · "), &clock{Since: since}),
			t.mark(c.Members...),
			tag("ul", "class=seats", app.Range(c.Members).Slice(func(i int) app.UI { return &seat{T: t, Call: c.Members[i]} })),
			text("p", "class=quiet conference-hint", t.T("hint_conference_end")),
		),
		tag("div", "class=controls|role=group",
			tag("div", "class=controls-row",
				muted.Attr("id", micID(first.ID)),
				choice(held, press{"hold", "pause", t.T("action_hold")}, press{"resume", "play", t.T("action_resume")}),
				control("add-call", "button", "phone-outgoing", t.T("action_add_call"), false, nil),
				choice(recorded(c.Members) != "", press{"record-start", "circle-dot", t.T("action_record_start")},
					press{"record-stop", "circle-dot", t.T("action_record_stop")}).
					Hidden(!c.Screen.deps.Recording && recorded(c.Members) == ""),
			),
			tag("div", "class=controls-end", control("hangup", "button hangup", "phone", t.T("action_hangup_all"), false, nil)),
		).Attr("aria-label", t.T("label_call_controls")),
	).OnClick(c.pressed)
}

// press is what a button does, its symbol, and its words.
type press struct{ action, symbol, label string }

// choice is the button for something that is on or off.
func choice(on bool, whenOff, whenOn press) app.HTMLElem {
	p, class := whenOff, "button toggle"
	if on {
		p, class = whenOn, "button toggle toggle-off"
	}
	return control(p.action, class, p.symbol, p.label, false, nil)
}

func (c *conference) pressed(_ app.Context, e app.Event) {
	if button := e.Get("target").Call("closest", "button"); button.Truthy() {
		c.Screen.inConference(button.Get("dataset").Get("action").String(),
			button.Call("closest", "[data-id]").Get("dataset").Get("id").String())
	}
}

// inConference does what a button says with a member of the conference, or with all.
func (s *Screen) inConference(action, id string) {
	switch phone := s.deps.Phone; action {
	case "mute", "unmute":
		s.muteAudio(id, action == "mute")
	case "hold", "resume":
		s.hold(id, action == "hold")
	case "hangup":
		s.hangup(id)
	case "silence", "unsilence":
		s.told(phone.Silence(id, action == "silence"))
	case "split":
		s.told(phone.Split(id))
		s.change(func(v *View) { v.show(id) })
	case "record-start":
		s.record(s.view.members(s.view.Current)[0].ID, true)
	case "record-stop":
		for _, c := range s.view.members(s.view.Current) {
			if c.Recording {
				s.record(c.ID, false)
			}
		}
	case "add-call":
		s.change(func(v *View) { v.Current = "" }) // it goes on beside the dialpad
	}
}

// seat is the row of a call in a conference.
type seat struct {
	app.Compo
	T    texts
	Call phone.Call
}

// CompoID keeps the rows of different calls apart.
func (s *seat) CompoID() string { return s.Call.ID }

// Render draws who it is, and what concerns nobody else.
func (s *seat) Render() app.UI {
	t, c := s.T, s.Call
	state := app.UI(&progress{T: t, Call: c})
	if c.Silenced && c.State == phone.Active {
		state = text("span", "", t.T("state_silenced"))
	}
	return tag("li", "id="+levelID(c.ID)+"|class=seat|data-id="+c.ID+"|data-state="+string(c.State),
		text("span", "class=avatar|aria-hidden=true", initial(c.Peer)),
		tag("div", "class=row-words",
			text("bdi", "class=row-name", t.name(c.Peer)),
			tag("span", "class=quiet", state),
		),
		tag("div", "class=seat-actions",
			choice(c.Silenced, press{"silence", "volume-2", t.named("action_silence", c.Peer)}, press{"unsilence", "volume-x", t.named("action_unsilence", c.Peer)}),
			choice(c.LocalHold, press{"hold", "pause", t.named("action_seat_hold", c.Peer)}, press{"resume", "play", t.named("action_seat_resume", c.Peer)}),
			control("split", "button", "user", t.named("action_split", c.Peer), false, nil),
			control("hangup", "button seat-hangup", "phone", t.named("action_seat_hangup", c.Peer), false, nil),
		),
	)
}

// join joins all calls, or adds those that are not yet.
func (s *Screen) join() { s.told(s.deps.Phone.Join()) }

// panelID is the element of what is on the call panel.
func (s *Screen) panelID() string {
	if len(s.view.members(s.view.Current)) > 0 {
		return conferenceID
	}
	return callID(s.view.Current)
}
