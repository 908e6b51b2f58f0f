package ui

import (
	"maps"
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// maxNote is how many characters can be typed.
const maxNote = phone.MaxNote / 4 // bytes of any

const (
	noteID     = "note"
	noteTextID = "note-text"
)

// noteField is what the person writes down about a call. It stands below the call and stays
// there when that ends: whoever is writing goes on.
type noteField struct {
	app.Compo
	Screen *Screen
	T      texts
	Call   string
	Peer   phone.Peer
}

// CompoID has another call get a field of its own.
func (n *noteField) CompoID() string { return n.Call }

// OnMount puts what was written before into the field.
func (n *noteField) OnMount(app.Context) { dom.SetValue(noteTextID, n.Screen.view.Notes[n.Call]) }

// Render draws the field.
func (n *noteField) Render() app.UI {
	return tag("section", "id="+noteID+"|class=note|data-region=note|tabindex=-1|data-id="+n.Call,
		tag("div", "class=note-head",
			text("label", "class=quiet|dir=auto|for="+noteTextID, n.T.named("label_note", n.Peer)),
			control("note-close", "button ghost", "x", n.T.T("action_close"), false, n.close),
		),
		tag("textarea", "id="+noteTextID+"|data-input=note|rows=2|dir=auto|maxlength="+strconv.Itoa(maxNote)).
			Attr("placeholder", n.T.T("hint_note")).OnInput(n.typed),
	)
}

func (n *noteField) typed(app.Context, app.Event) { n.Screen.noted(n.Call, dom.Value(noteTextID)) }
func (n *noteField) close(app.Context, app.Event) { n.Screen.writeNote("") }

// noted keeps what was typed about a call. Nothing is to be drawn.
func (s *Screen) noted(id, typed string) {
	s.view.note(id, typed)
	s.told(s.deps.Phone.SetNote(id, typed))
}

// writeNote opens the note of a call, or closes it when id is empty.
func (s *Screen) writeNote(id string) {
	s.change(func(v *View) { v.Noting = id })
	if id != "" {
		s.ctx.Defer(func(app.Context) { dom.FocusText(noteID, noteTextID) })
	}
}

// note takes in what is written about a call.
func (v *View) note(id, text string) {
	v.Notes = maps.Clone(v.Notes)
	if v.Notes == nil {
		v.Notes = map[string]string{}
	}
	v.Notes[id] = text
}

// foldNoted takes in what the page around the phone has written.
func (v *View) foldNoted(n *phone.Noted) {
	v.note(n.CallID, n.Text)
	if v.Noting == n.CallID {
		v.noteFills++
	}
}

// notedCall is the call whose note is on the screen: of one that is not over as long as
// that is seen.
func (v *View) notedCall() (phone.Call, bool) {
	if c, live := v.Call(v.Noting); live { // which none is without an id
		return c, v.Current == c.ID || c.Conference != ""
	}
	return v.Last, v.Noting != "" && v.Last.ID == v.Noting
}

// noteOffer is the id of the call that ended last, to be written about; empty when there is
// none or it is being done.
func (v *View) noteOffer() string {
	if v.Last.Answered.IsZero() || v.Noting == v.Last.ID || len(v.Calls) > 0 {
		return ""
	}
	return v.Last.ID
}

// notePlace is below the call, or the dialpad.
func (h *shell) notePlace() app.UI {
	s := h.Screen
	c, shown := s.view.notedCall()
	return tag("div", "class=note-place", app.If(shown, func() app.UI {
		return &noteField{Screen: s, T: s.texts(), Call: c.ID, Peer: c.Peer}
	}))
}
