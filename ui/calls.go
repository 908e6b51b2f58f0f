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
		running = append(running, &runningCall{Screen: l.Screen, T: l.T, Call: c, Current: c.ID == l.Current})
	}
	strip := app.Div().Class("strip")
	if len(running) > 1 || len(running) > 0 && l.Current == "" {
		strip = strip.Class("strip-many")
	}
	return app.Section().Class("calls").DataSet("region", "calls").Aria("label", l.T.T("label_calls")).Body(
		app.Div().Class("sheets").Body(ringing...),
		strip.Body(running...),
	)
}

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
	answer := "action_answer"
	if i.Waiting {
		answer = "action_answer_hold"
	}
	audio := app.Button().Type("button").Class("wide", "answer").DataSet("action", "answer").
		Aria("label", t.T(answer)).OnClick(i.answer).
		Body(icon("phone"), app.Span().Text(t.T(answer)))
	actions := []app.UI{
		app.Button().Type("button").Class("wide", "reject").DataSet("action", "reject").
			Aria("label", t.T("action_reject")).OnClick(i.reject).
			Body(icon("phone"), app.Span().Text(t.T("action_reject"))),
		audio,
	}
	if i.Waiting {
		actions = append(actions, app.Button().Type("button").Class("wide", "secondary").DataSet("action", "answer-hangup").
			Aria("label", t.T("action_answer_hangup")).OnClick(i.answerInstead).
			Body(icon("phone"), app.Span().Text(t.T("action_answer_hangup"))))
	}
	if i.Call.RemoteVideo {
		actions = append(actions, app.Button().Type("button").Class("wide", "answer").
			DataSet("action", "answer-video").Aria("label", t.T("action_answer_video")).OnClick(i.answerVideo).
			Body(icon("video"), app.Span().Text(t.T("label_video"))))
	}
	return app.Div().ID(id).Class("sheet").
		Role("alertdialog").Aria("labelledby", id+"-name").Aria("describedby", id+"-state").
		DataSet("id", i.Call.ID).DataSet("state", string(i.Call.State)).TabIndex(-1).
		Body(
			app.Div().Class("sheet-who").Body(
				app.Span().Class("avatar", "avatar-ringing").Aria("hidden", "true").Text(initial(i.Call.Peer)),
				app.Div().Class("sheet-words").Body(
					app.P().ID(id+"-state").Class("quiet").Text(t.T("label_incoming_call")),
					app.H2().ID(id+"-name").Body(app.Elem("bdi").Text(t.name(i.Call.Peer))),
					app.P().Class("quiet", "sheet-address").Body(app.Elem("bdi").Text(peerAddress(i.Call.Peer))),
				),
			),
			app.Div().Class("sheet-actions").Body(actions...),
			app.If(i.SoundBlocked, func() app.UI {
				return app.P().Class("sheet-hint").Role("alert").
					Body(icon("volume-x"), app.Span().Text(t.T("error_sound_blocked")))
			}),
		)
}

func (i *incoming) answer(app.Context, app.Event)      { i.Screen.answer(i.Call.ID, false) }
func (i *incoming) answerVideo(app.Context, app.Event) { i.Screen.answer(i.Call.ID, true) }
func (i *incoming) answerInstead(app.Context, app.Event) {
	i.Screen.answerInstead(i.Call.ID)
}
func (i *incoming) reject(app.Context, app.Event) { i.Screen.reject(i.Call.ID) }

// runningCall is the row of a call: it leads back to the call panel.
type runningCall struct {
	app.Compo
	Screen  *Screen
	T       texts
	Call    phone.Call
	Current bool
}

// CompoID keeps rows of different calls apart.
func (r *runningCall) CompoID() string { return r.Call.ID }

// Render draws the row.
func (r *runningCall) Render() app.UI {
	row := app.Button().Type("button").Class("strip-call").
		DataSet("action", "show-call").DataSet("id", r.Call.ID).DataSet("state", string(r.Call.State)).
		OnClick(r.show).
		Body(
			icon("phone-call"),
			app.Elem("bdi").Class("strip-name").Text(r.T.name(r.Call.Peer)),
			app.Span().Class("strip-state").Body(&progress{T: r.T, Call: r.Call}),
		)
	if r.Current {
		row = row.Aria("current", "true")
	}
	return row
}

func (r *runningCall) show(app.Context, app.Event) { r.Screen.switchTo(r.Call.ID) }
