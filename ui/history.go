package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// history lists the calls of this visit.
type history struct {
	app.Compo
	Screen *Screen
	T      texts
	Recent []phone.Call
	Echo   string
}

// Render draws the list, or what will stand there.
func (h *history) Render() app.UI {
	section := app.Section().Class("panel", "history").DataSet("region", "history").
		Aria("labelledby", "history-title")
	heading := app.H2().ID("history-title").Class("panel-title").Text(h.T.T("label_history"))
	if len(h.Recent) > 0 {
		return section.Body(heading, app.Ul().Class("rows").Body(
			app.Range(h.Recent).Slice(func(i int) app.UI {
				return &pastCall{Screen: h.Screen, T: h.T, Call: h.Recent[i]}
			}),
		))
	}
	return section.Body(heading, app.Div().Class("empty").Body(
		app.Span().Class("empty-mark").Body(icon("history")),
		app.P().Class("quiet").Text(h.T.T("hint_calls_empty")),
		app.If(h.Echo != "", func() app.UI {
			return app.Button().Type("button").Class("wide", "secondary").DataSet("action", "dial-echo").
				OnClick(h.dialEcho).Body(icon("audio-lines"), app.Span().Text(h.T.T("action_call_echo")))
		}),
	))
}

func (h *history) dialEcho(app.Context, app.Event) { h.Screen.dial(h.Echo, false) }

// pastCall is a row: it dials again.
type pastCall struct {
	app.Compo
	Screen *Screen
	T      texts
	Call   phone.Call
}

// CompoID keeps rows of different calls apart.
func (p *pastCall) CompoID() string { return p.Call.ID }

// Render draws who it was, when, and what came of it.
func (p *pastCall) Render() app.UI {
	name, o := p.T.name(p.Call.Peer), outcome(p.Call)
	symbol := "phone-outgoing"
	switch {
	case p.Call.Direction == phone.In && o.Key == "cause_missed":
		symbol = "phone-missed"
	case p.Call.Direction == phone.In:
		symbol = "phone-incoming"
	}
	kind := "row-mark"
	if o.Bad || symbol == "phone-missed" {
		kind = "row-mark row-mark-bad"
	}
	again := p.T.T("action_call_again")
	return app.Li().Class("row").DataSet("id", p.Call.ID).Body(
		app.Span().Class(kind).Body(icon(symbol)),
		app.Div().Class("row-words").Body(
			app.Elem("bdi").Class("row-name").Text(name),
			app.Span().Class("quiet").Text(p.T.hint(o)),
		),
		app.Time().Class("quiet", "figures").Text(p.Call.Started.Local().Format("15:04")),
		app.If(!p.Screen.deps.Dialing.none(), func() app.UI {
			return button("redial", "phone", again, "ghost").OnClick(p.redial)
		}),
	)
}

func (p *pastCall) redial(app.Context, app.Event) { p.Screen.dial(p.Call.Peer.URI, p.Call.Video) }
