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

// conference is the panel of calls that are joined, in place of theirs.
type conference struct {
	app.Compo
	Screen  *Screen
	T       texts
	Members []phone.Call

	stop func() // the meter
}

// OnMount measures the own voice.
func (c *conference) OnMount(app.Context) {
	c.stop = c.Screen.audio.Meter(micID(conferenceID), func() any { return c.Screen.deps.Phone.Local(c.Members[0].ID) })
}

// OnDismount ends that.
func (c *conference) OnDismount() { c.stop() }

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
	return tag("section", "id="+conferenceID+"|class=call conference|data-region=conference|data-id="+first.Conference+
		"|data-state="+when(held, "held")+when(!held, "active")+"|aria-labelledby=conference-name|tabindex=-1",
		tag("div", "class=conference-who",
			text("h2", "id=conference-name|class=call-name", t.T("label_conference")),
			tag("p", "class=call-state", text("span", "", state), text("span", "", " · "), &clock{Since: since}),
			tag("ul", "class=seats", app.Range(c.Members).Slice(func(i int) app.UI {
				return &seat{Screen: c.Screen, T: t, Call: c.Members[i]}
			})),
			text("p", "class=quiet conference-hint", t.T("hint_conference_end")),
		),
		tag("div", "class=controls|role=group",
			tag("div", "class=controls-row",
				onOffControl(t, first.AudioMuted, "mute", "mic", "unmute", "mic-off", c.toggleMute).Attr("id", micID(conferenceID)),
				onOffControl(t, held, "hold", "pause", "resume", "play", c.toggleHold),
				control("add-call", "button toggle", "phone-outgoing", t.T("action_add_call"), false, c.add),
			),
			tag("div", "class=controls-end", control("hangup", "button hangup", "phone", t.T("action_hangup_all"), false, c.hangup)),
		).Attr("aria-label", t.T("label_call_controls")),
	)
}

// onOffControl is a control of something that is on or off.
func onOffControl(t texts, on bool, off, offSymbol, onAction, onSymbol string, do app.EventHandler) app.HTMLElem {
	action, symbol := off, offSymbol
	if on {
		action, symbol = onAction, onSymbol
	}
	return control(action, "button toggle"+when(on, " toggle-off"), symbol, t.T("action_"+action), false, do)
}

func (c *conference) toggleMute(app.Context, app.Event) {
	c.Screen.muteAudio(c.Members[0].Conference, !c.Members[0].AudioMuted)
}

func (c *conference) toggleHold(app.Context, app.Event) {
	c.Screen.hold(c.Members[0].Conference, !allHeld(c.Members))
}

func (c *conference) add(app.Context, app.Event) {
	c.Screen.change(func(v *View) { v.Current = "" }) // it goes on beside the dialpad
}

func (c *conference) hangup(app.Context, app.Event) { c.Screen.hangup(c.Members[0].Conference) }

// seat is the row of a call in a conference.
type seat struct {
	app.Compo
	Screen *Screen
	T      texts
	Call   phone.Call

	stop func() // the meter
}

// CompoID keeps the rows of different calls apart.
func (s *seat) CompoID() string { return s.Call.ID }

// OnMount measures what comes from the other side.
func (s *seat) OnMount(app.Context) {
	id := s.Call.ID
	s.stop = s.Screen.audio.Meter(seatID(id), func() any { return s.Screen.deps.Phone.Remote(id) })
}

// OnDismount ends that.
func (s *seat) OnDismount() { s.stop() }

// Render draws who it is, and what concerns nobody else.
func (s *seat) Render() app.UI {
	t, c := s.T, s.Call
	state := app.UI(&progress{T: t, Call: c})
	if c.Silenced && c.State == phone.Active {
		state = text("span", "", t.T("state_silenced"))
	}
	hold, held, holding := "hold", "pause", "action_seat_hold"
	if c.LocalHold {
		hold, held, holding = "resume", "play", "action_seat_resume"
	}
	silence, silenced, silencing := "silence", "volume-2", "action_silence"
	if c.Silenced {
		silence, silenced, silencing = "unsilence", "volume-x", "action_unsilence"
	}
	return tag("li", "id="+seatID(c.ID)+"|class=seat|data-id="+c.ID+"|data-state="+string(c.State),
		text("span", "class=avatar|aria-hidden=true", initial(c.Peer)),
		tag("div", "class=row-words",
			text("bdi", "class=row-name", t.name(c.Peer)),
			tag("span", "class=quiet", state),
		),
		tag("div", "class=seat-actions",
			control(silence, "button"+when(c.Silenced, " toggle-off"), silenced, t.named(silencing, c.Peer), false, s.silence),
			control(hold, "button"+when(c.LocalHold, " toggle-off"), held, t.named(holding, c.Peer), false, s.hold),
			control("split", "button", "user", t.named("action_split", c.Peer), false, s.split),
			control("hangup", "button seat-hangup", "phone", t.named("action_seat_hangup", c.Peer), false, s.hangup),
		),
	)
}

func (s *seat) silence(app.Context, app.Event) {
	s.Screen.told(s.Screen.deps.Phone.Silence(s.Call.ID, !s.Call.Silenced))
}

func (s *seat) hold(app.Context, app.Event) { s.Screen.hold(s.Call.ID, !s.Call.LocalHold) }

func (s *seat) split(app.Context, app.Event) {
	s.Screen.told(s.Screen.deps.Phone.Split(s.Call.ID))
	s.Screen.change(func(v *View) { v.show(s.Call.ID) })
}

func (s *seat) hangup(app.Context, app.Event) { s.Screen.hangup(s.Call.ID) }

func seatID(id string) string { return "seat-" + id }

// join joins all calls, or adds those that are not yet.
func (s *Screen) join() { s.told(s.deps.Phone.Join()) }

// panelID is the element of what is on the call panel.
func (s *Screen) panelID() string {
	if len(s.view.members(s.view.Current)) > 0 {
		return conferenceID
	}
	return callID(s.view.Current)
}
