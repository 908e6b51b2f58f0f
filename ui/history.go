package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// history lists the calls that were.
type history struct {
	app.Compo
	Screen  *Screen
	T       texts
	History phone.History
	Echo    string

	asking  bool // whether all calls are to be deleted
	release func()
}

// rowHeight is that of a past call, in px.
const rowHeight = 60

// OnMount makes the menu one.
func (h *history) OnMount(app.Context) { h.release = dom.Menu(historyMoreID) }

// OnDismount ends that.
func (h *history) OnDismount() {
	if h.release != nil {
		h.release()
	}
}

// Render draws the list, or what will stand there. The field keeps its place.
func (h *history) Render() app.UI {
	t, none := h.T, len(h.History.Calls) == 0
	bare := none && h.History.Search == ""
	return tag("section", "id="+historyID+"|class=panel history|data-region=history|tabindex=-1|aria-labelledby=history-title",
		tag("div", "class=history-head",
			text("h2", "id=history-title|class=panel-title", t.T("label_history")),
			tag("div", "id="+historyMoreID+"|class=more",
				control("history-menu", "button ghost", "ellipsis", t.T("action_more"), false, nil).
					Attr("aria-haspopup", "menu").Attr("popovertarget", historyMenuID),
				tag("div", "id="+historyMenuID+"|class=menu|role=menu|popover=auto",
					h.item("history-export-csv", "download", "action_history_csv", h.exportCSV).Attr("autofocus", true),
					h.item("history-export-json", "download", "action_history_json", h.exportJSON),
					h.item("history-clear", "trash-2", "action_history_clear", h.ask),
				).Attr("aria-label", t.T("action_more")),
			).Hidden(bare),
		),
		tag("input", "id="+historySearchID+"|class=history-search|type=search|data-input=history-search|autocomplete=off").
			Attr("placeholder", t.T("label_history_search")).Attr("aria-label", t.T("label_history_search")).
			Hidden(bare).OnInput(h.search),
		h.question(),
		tag("div", "class=history-calls", h.body(none, bare)),
	).Attr("data-missed", strconv.Itoa(h.History.Missed)).On("pointerenter", h.look).On("focusin", h.look)
}

func (h *history) body(none, bare bool) app.UI {
	switch {
	case bare:
		return h.empty()
	case none:
		return text("p", "class=history-none quiet", h.T.T("hint_history_none"))
	}
	return h.list()
}

func (h *history) list() app.UI {
	return &window{
		Screen: h.Screen, ID: historyListID, Label: h.T.T("label_history"),
		Count: len(h.History.Calls), Height: rowHeight, Row: h.row, End: h.more,
	}
}

func (h *history) row(i int) app.UI {
	c, lang := h.History.Calls[i], h.T.Lang()
	day := dom.Day(c.Started, lang)
	if i > 0 && dom.Day(h.History.Calls[i-1].Started, lang) == day {
		day = ""
	}
	return &pastCall{Screen: h.Screen, T: h.T, Call: c, Day: day}
}

func (h *history) empty() app.UI {
	return tag("div", "class=empty",
		tag("span", "class=empty-mark", icon("history")),
		text("p", "class=quiet", h.T.T("hint_calls_empty")),
		control("dial-echo", "wide secondary", "audio-lines", h.T.T("action_call_echo"), true, h.dialEcho).Hidden(h.Echo == ""),
	)
}

func (h *history) item(action, symbol, key string, do app.EventHandler) app.HTMLElem {
	return control(action, "menu-item", symbol, h.T.T(key), true, do).
		Attr("role", "menuitem").Attr("popovertarget", historyMenuID)
}

// question is whether all calls are to be deleted.
func (h *history) question() app.UI {
	return tag("div", "class=question|role=alertdialog|aria-labelledby=history-question",
		text("p", "id=history-question", h.T.T("hint_history_clear")),
		tag("div", "class=question-answers",
			control("history-clear-cancel", "wide secondary", "", h.T.T("action_back"), true, h.keep).ID(historyKeepID),
			control("history-clear-confirm", "wide reject", "", h.T.T("action_delete"), true, h.clear),
		),
	).Hidden(!h.asking)
}

func (h *history) ask(ctx app.Context, _ app.Event) {
	h.asking = true
	ctx.Defer(func(app.Context) { dom.Focus(historyKeepID) })
}

func (h *history) keep(ctx app.Context, _ app.Event) {
	h.asking = false
	ctx.Defer(func(app.Context) { dom.Focus(historyID) })
}

func (h *history) clear(ctx app.Context, e app.Event) {
	h.keep(ctx, e)
	dom.SetValue(historySearchID, "")
	h.Screen.deps.Phone.ClearHistory()
}

func (h *history) dialEcho(app.Context, app.Event)   { h.Screen.dial(h.Echo, false) }
func (h *history) look(app.Context, app.Event)       { h.Screen.seeHistory() }
func (h *history) exportCSV(app.Context, app.Event)  { h.export(phone.CSV) }
func (h *history) exportJSON(app.Context, app.Event) { h.export(phone.JSON) }

func (h *history) export(f phone.Format) {
	h.Screen.deps.Phone.ExportHistory(f, func(f phone.File) { dom.Save(f.Name, f.Type, f.Data) })
}

func (h *history) search(app.Context, app.Event) {
	dom.ScrollUp(historyListID)
	h.Screen.deps.Phone.SearchHistory(dom.Value(historySearchID))
}

func (h *history) more() {
	if h.History.More {
		h.Screen.deps.Phone.MoreHistory()
	}
}

// pastCall is a row: it dials again.
type pastCall struct {
	app.Compo
	Screen *Screen
	T      texts
	Call   phone.Call
	Day    string // heading of the day, before its first call
}

// CompoID keeps rows of different calls apart.
func (p *pastCall) CompoID() string { return p.Call.ID }

// Render draws who it was, when, and what came of it.
func (p *pastCall) Render() app.UI {
	said := past(p.Call)
	symbol := "phone-outgoing"
	switch {
	case p.Call.Missed():
		symbol = "phone-missed"
	case p.Call.Direction == phone.In:
		symbol = "phone-incoming"
	}
	mark := "class=row-mark"
	if said.Bad {
		mark = "class=row-mark row-mark-bad"
	}
	kind, what := "div", "class=row-call"
	if !p.Screen.deps.Dialing.none() && !p.Call.Peer.Anonymous() {
		kind, what = "button", "type=button|class=row-call|data-action=redial"
	}
	call := tag(kind, what,
		tag("span", mark, icon(symbol)),
		tag("span", "class=row-words",
			text("bdi", "class=row-name", p.T.name(p.Call.Peer)),
			tag("span", "class=quiet", app.Text(p.T.hint(said)), text("bdi", "", p.noted())).Attr("title", readable(p.Call.Note)),
		),
		text("time", "class=quiet figures", dom.Clock(p.Call.Started, p.T.Lang())),
	)
	if kind == "button" {
		call = call.Attr("title", p.T.T("action_call_again")).OnClick(p.redial).OnKeyDown(p.key)
	}
	return tag("div", "class=past|role=listitem",
		text("p", "class=day", p.Day).Hidden(p.Day == ""),
		tag("div", "class=row", call,
			app.If(p.Call.Quality != nil, p.quality),
			control("history-delete", "button ghost row-delete", "x", p.T.T("action_delete"), false, p.remove),
		),
	).Attr("data-id", p.Call.ID)
}

// noted is what was written about the call, behind the rest.
func (p *pastCall) noted() string {
	if p.Call.Note == "" {
		return ""
	}
	return " · " + printable(p.Call.Note)
}

func (p *pastCall) redial(app.Context, app.Event) { p.Screen.dial(p.Call.Peer.URI, p.Call.Video) }
func (p *pastCall) remove(app.Context, app.Event) { p.Screen.deps.Phone.DeleteCall(p.Call.ID) }

func (p *pastCall) key(ctx app.Context, e app.Event) {
	if e.Get("key").String() == "Delete" {
		p.remove(ctx, e)
	}
}

// past says in a row what came of a call: beside the name, which needs not be said again
// where nothing went wrong.
func past(c phone.Call) Hint {
	h := outcome(c)
	switch {
	case c.Missed():
		h.Key, h.Bad = "label_call_missed", true
	case c.Direction == phone.In && c.Cause != nil && c.Cause.Code == 302:
		h.Key = "label_call_forwarded"
	case !c.Answered.IsZero() && c.Direction == phone.In:
		h.Key = "label_call_in"
	case !c.Answered.IsZero():
		h.Key = "label_call_out"
	case h.Key == "cause_ended":
		h.Key = "label_call_declined"
	}
	return h
}
