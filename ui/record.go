package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// recordingsKey is where web/parts/recorder.js remembers that there are recordings to be
// saved.
const recordingsKey = "gocommunicator.recordings"

// recorderWords are the texts of the recorder, by the names that web/parts/recorder.js has
// for them.
var recorderWords = map[string]string{
	"title": "label_recordings", "close": "action_close", "save": "action_save", "delete": "action_delete",
}

// recorder records a call as long as it is there. Everything about it is done by
// web/parts/recorder.js, which is loaded when it is first needed.
type recorder struct {
	app.Compo
	Screen *Screen
	T      texts
	Call   phone.Call // the zero value: only what was left is offered

	part *dom.Part
}

// CompoID keeps recorders of different calls apart.
func (r *recorder) CompoID() string { return r.Call.ID }

// OnMount begins.
func (r *recorder) OnMount(app.Context) {
	id, s := r.Call.ID, r.Screen
	calls := map[string]func(args []any) any{}
	if id != "" {
		calls["stream"] = func(args []any) any {
			switch which, _ := args[0].(string); which {
			case "local":
				return s.deps.Phone.Local(id)
			case "screen":
				return s.deps.Phone.RemoteScreen(id)
			case "remote":
				return s.deps.Phone.Remote(id)
			default: // of those that are recorded
				return s.deps.Phone.Remote(which)
			}
		}
		calls["recorded"] = func([]any) any {
			var ids []any
			for _, id := range s.deps.Phone.Recorded(id) {
				ids = append(ids, id)
			}
			return ids
		}
		calls["name"] = func([]any) any { return peerName(r.Call.Peer) }
		calls["failed"] = func([]any) any {
			s.post(func(v *View) { v.foldNotice(phone.Notice{Code: "error_recording", CallID: id}) })
			_ = s.deps.Phone.Record(id, false) // it may have ended
			return nil
		}
	}
	r.part = dom.NewPart(recorderID(id), "recorder", r.T.all(recorderWords), calls)
}

// OnDismount ends it; what was recorded is then offered.
func (r *recorder) OnDismount() { r.part.Release() }

// Render draws the place of the part, which shows nothing.
func (r *recorder) Render() app.UI { return tag("div", "id="+recorderID(r.Call.ID)+"|hidden=true") }

func recorderID(id string) string { return "recorder-" + id }

// recorders are those of the calls that are recorded, and one for what was left.
func (h *shell) recorders() app.UI {
	s, t := h.Screen, h.Screen.texts()
	var all []app.UI
	if s.leftover {
		all = append(all, &recorder{Screen: s, T: t})
	}
	for _, c := range s.view.Calls {
		if c.Recording {
			all = append(all, &recorder{Screen: s, T: t, Call: c})
		}
	}
	return tag("div", "", all...)
}

// record begins or ends the recording of a call.
func (s *Screen) record(id string, on bool) { s.told(s.deps.Phone.Record(id, on)) }

// recorded is the call of these that is recorded.
func recorded(calls []phone.Call) (id string) {
	for _, c := range calls {
		if c.Recording {
			id = c.ID
		}
	}
	return id
}

// mark says that one of the calls is recorded.
func (t texts) mark(calls ...phone.Call) app.UI {
	return text("p", "class=call-recording|role=status", t.hint(Hint{Key: when(recorded(calls) != "", "label_recording")}))
}
