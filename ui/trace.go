package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

const traceID = "trace"

// traceWords are the texts of the trace, by the names that web/parts/trace.js has for them.
var traceWords = map[string]string{
	"filter": "label_trace_filter", "empty": "hint_trace_empty", "none": "hint_trace_none", "copied": "hint_copied",
	"pause": "action_pause", "copy": "action_copy", "download": "action_download", "print": "action_print",
	"clear": "action_clear", "call": "action_trace_call",
	"sent": "state_trace_sent", "received": "state_trace_received", "faulty": "state_trace_faulty",
}

// trace is the page with the SIP messages of late. What is on it draws web/parts/trace.js, which
// is loaded the first time: few ever look at it.
type trace struct {
	app.Compo
	Screen *Screen
	T      texts

	part *dom.Part
}

// CompoID makes it another one in another language.
func (p *trace) CompoID() string { return strconv.Itoa(p.T.edition) }

// OnMount gives the element what it needs.
func (p *trace) OnMount(app.Context) {
	p.part = dom.NewPart(traceID, "trace", p.T.all(traceWords), map[string]func(args []any) any{
		"clear": func([]any) any {
			p.Screen.deps.Phone.ClearTrace()
			return nil
		},
		"take": p.take,
	})
}

// take gives the messages after an id.
func (p *trace) take(args []any) any {
	since, _ := args[0].(float64)
	var messages []any
	for _, m := range p.Screen.deps.Phone.Trace() {
		if m.ID > int(since) {
			messages = append(messages, []any{m.ID, m.Time.UnixMilli(), m.Sent, m.Faulty, m.Server, m.Text})
		}
	}
	return messages
}

// OnDismount takes it away.
func (p *trace) OnDismount() { p.part.Release() }

// Render draws the frame.
func (p *trace) Render() app.UI {
	return pageOf(p.Screen, p.T, PageTrace, "label_trace", tag("div", "id="+traceID+"|class=trace"))
}
