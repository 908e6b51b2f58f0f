package ui

import (
	"slices"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// calls lists the calls that are not over: those that ring slide over the page, the
// others are a strip of rows to come back to them.
type calls struct {
	app.Compo
	Screen  *Screen
	T       texts
	Calls   []phone.Call
	Wishes  []phone.TransferWish
	Current string
	// SoundBlocked says that the ring cannot be heard.
	SoundBlocked bool
}

// Render draws both lists.
func (l *calls) Render() app.UI {
	var ringing, running []app.UI
	for _, c := range l.Calls {
		if rings(c) {
			ringing = append(ringing, &incoming{
				Screen: l.Screen, T: l.T, Call: c, SoundBlocked: l.SoundBlocked, Waiting: slices.ContainsFunc(l.Calls, answered),
			})
			continue
		}
		row := &runningCall{Screen: l.Screen, T: l.T, Call: c, Current: c.ID == l.Current}
		if c.Conference != "" {
			for _, o := range l.Calls {
				if o.Conference == c.Conference {
					row.Members = append(row.Members, o)
					row.Current = row.Current || o.ID == l.Current
				}
			}
			if row.Members[0].ID != c.ID {
				continue // one row for all
			}
		}
		running = append(running, row)
	}
	if joinable(l.Calls) {
		running = append(running, control("join", "wide secondary", "users", l.T.T("action_join"), true, l.join))
	}
	for _, w := range l.Wishes {
		ringing = append(ringing, &wish{Screen: l.Screen, T: l.T, Wish: w})
	}
	return tag("section", "class=calls|data-region=calls",
		tag("div", "class=sheets", ringing...),
		tag("div", "class=strip"+when(len(running) > 1 || len(running) > 0 && l.Current == "", " strip-many"), running...),
	).Attr("aria-label", l.T.T("label_calls"))
}

func (l *calls) join(app.Context, app.Event) { l.Screen.join() }

// incoming is the sheet of a call that rings here. It lies over the page: nothing
// below it moves.
type incoming struct {
	app.Compo
	Screen *Screen
	T      texts
	Call   phone.Call

	SoundBlocked bool
	Waiting      bool // there is a call talked in: it is to be held, or ended
}

// CompoID keeps sheets of different calls apart.
func (i *incoming) CompoID() string { return i.Call.ID }

// Render draws who calls, and what can be done about it. The answer that fits what
// is offered comes last, where the thumb is.
func (i *incoming) Render() app.UI {
	id, t := incomingID(i.Call.ID), i.T
	answer, kind := "action_answer", "label_incoming_call"
	if i.Call.AutoAnswer {
		kind = "state_auto_answer"
	}
	if i.Waiting {
		answer = "action_answer_hold"
	}
	return tag("div", "id="+id+"|class=sheet|role=alertdialog|aria-labelledby="+id+"-name|aria-describedby="+id+"-state"+
		"|data-id="+i.Call.ID+"|data-state="+string(i.Call.State)+"|tabindex=-1",
		tag("div", "class=sheet-who",
			avatar("avatar-ringing", i.Call),
			tag("div", "class=sheet-words",
				text("p", "id="+id+"-state|class=quiet", t.T(kind)),
				tag("h2", "id="+id+"-name", text("bdi", "", t.name(i.Call.Peer))),
				tag("p", "class=quiet sheet-address", text("bdi", "", peerAddress(i.Call.Peer))),
				text("p", "class=quiet", detour(t, i.Call)),
				referredBy(t, i.Call),
			),
		),
		tag("div", "class=sheet-actions",
			control("reject", "wide reject", "phone", t.T("action_reject"), true, i.reject).
				Attr("aria-label", t.T("action_reject")),
			control("answer", "wide answer", "phone", t.T(answer), true, i.answer).Attr("aria-label", t.T(answer)),
			app.If(i.Waiting, func() app.UI {
				return control("answer-hangup", "wide secondary", "phone", t.T("action_answer_hangup"), true, i.answerInstead).
					Attr("aria-label", t.T("action_answer_hangup"))
			}),
			app.If(i.Call.RemoteVideo || i.Call.RemoteWatches, func() app.UI {
				return control("answer-video", "wide answer", "video", t.T("label_video"), true, i.answerVideo).
					Attr("aria-label", t.T("action_answer_video"))
			}),
		),
		app.If(i.SoundBlocked, func() app.UI {
			return tag("p", "class=sheet-hint|role=alert", icon("volume-x"), text("span", "", t.T("error_sound_blocked")))
		}),
		record(t, i.Call, maxShownFields, i.openRecord), // last: what comes while it rings moves no button
	)
}

func (i *incoming) answer(app.Context, app.Event)      { i.Screen.answer(i.Call.ID, false) }
func (i *incoming) answerVideo(app.Context, app.Event) { i.Screen.answer(i.Call.ID, true) }
func (i *incoming) answerInstead(app.Context, app.Event) {
	i.Screen.answerInstead(i.Call.ID)
}
func (i *incoming) openRecord(app.Context, app.Event) { i.Screen.openRecord(i.Call) }
func (i *incoming) reject(app.Context, app.Event)     { i.Screen.reject(i.Call.ID) }

// runningCall is the row of a call: it leads back to the call panel.
type runningCall struct {
	app.Compo
	Screen  *Screen
	T       texts
	Call    phone.Call
	Members []phone.Call // of the conference whose row it is
	Current bool
}

// CompoID keeps rows of different calls apart.
func (r *runningCall) CompoID() string { return r.Call.ID }

// Render draws the row.
func (r *runningCall) Render() app.UI {
	symbol, name := "phone-call", r.T.name(r.Call.Peer)
	if len(r.Members) > 0 {
		symbol, name = "users", r.T.names(r.Members)
	}
	return tag("button", "type=button|class=strip-call|data-action=show-call|data-id="+r.Call.ID+
		"|data-state="+string(r.Call.State)+when(r.Current, "|aria-current=true"),
		icon(symbol),
		text("bdi", "class=strip-name", name),
		tag("span", "class=strip-state", &progress{T: r.T, Call: r.Call}),
	).OnClick(r.show)
}

func (r *runningCall) show(app.Context, app.Event) { r.Screen.switchTo(r.Call.ID) }
