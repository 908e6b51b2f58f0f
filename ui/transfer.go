package ui

import (
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// handing is a call that is about to be handed over to somebody else.
type handing struct {
	Call  string // empty: none
	Wrong Hint   // with the address that was typed
}

// transfer asks whom the other side of a call is to talk to.
type transfer struct {
	app.Compo
	Screen *Screen
	T      texts
	Call   phone.Call
	Others []phone.Call // that it can be connected with
	Wrong  Hint
}

// Render draws the calls there are, and the address field. Enter transfers.
func (h *transfer) Render() app.UI {
	t, label := h.T, h.T.named("label_transfer", h.Call.Peer)
	return tag("form", "id="+transferID+"|class=call-ask transfer|data-region=transfer|tabindex=-1|novalidate=true",
		app.Range(h.Others).Slice(func(i int) app.UI {
			other := h.Others[i]
			return control("transfer-to", "wide secondary", "phone-forwarded", t.connects(h.Call, other), true, h.connect).
				Attr("data-id", other.ID)
		}),
		field("class=field", transferToID, label, t.hint(h.Wrong), tag("input",
			"type=text|data-input=transfer-address|inputmode=email|enterkeyhint=go|autocomplete=off|autocapitalize=none|spellcheck=false")),
		tag("div", "class=sheet-actions",
			control("transfer-close", "wide secondary", "x", t.T("action_close"), true, h.close),
			control("transfer-ask", "wide secondary", "phone-outgoing", t.T("action_transfer_ask"), true, h.ask),
			control("transfer-blind", "wide primary", "phone-forwarded", t.T("action_transfer_blind"), true, nil).Attr("type", "submit"),
		),
	).Attr("aria-label", label).OnSubmit(h.submit)
}

func (h *transfer) submit(_ app.Context, e app.Event) {
	e.PreventDefault()
	h.Screen.transferTyped(h.Call.ID)
}

func (h *transfer) ask(app.Context, app.Event)   { h.Screen.askFirst(h.Call.ID) }
func (h *transfer) close(app.Context, app.Event) { h.Screen.handOver("") }
func (h *transfer) connect(ctx app.Context, _ app.Event) {
	h.Screen.connect(h.Call.ID, idOf(ctx))
}

// connects names the button that has the other sides of two calls talk to each other.
func (t texts) connects(c, other phone.Call) string {
	return t.T("action_transfer_to", "Peer", t.name(c.Peer), "Name", t.name(other.Peer))
}

// offerConnect is the button of a call that was made to ask whether to hand another over.
func (c *call) offerConnect() app.UI {
	return control("transfer-to", "wide primary call-connect", "phone-forwarded", c.T.connects(c.About, c.Call), true, c.connect)
}

func (c *call) connect(app.Context, app.Event) { c.Screen.connect(c.About.ID, c.Call.ID) }

// handOver shows whom a call can be handed over to; no id shows it no longer.
func (s *Screen) handOver(id string) {
	s.change(func(v *View) { v.Handing, v.Pad, v.Chart = handing{Call: id}, "", "" })
}

// transferTyped has the other side of a call talk to whom the person has typed.
func (s *Screen) transferTyped(id string) {
	s.handedOver(s.deps.Phone.Transfer(id, dom.Value(transferToID)))
}

// connect has the other sides of two calls talk to each other.
func (s *Screen) connect(id, other string) {
	s.handedOver(s.deps.Phone.TransferTo(id, other))
}

// handedOver closes what is asked, or says there what is wrong.
func (s *Screen) handedOver(err error) {
	if s.view.Handing.Call == "" {
		s.told(err)
		return
	}
	s.change(func(v *View) {
		if v.Handing = (handing{Call: v.Handing.Call}); err == nil {
			v.Handing.Call = ""
		} else {
			n := phone.Explain(err)
			v.Handing.Wrong = Hint{Key: n.Code, Params: n.Params}
		}
	})
}

// askFirst calls whom the person has typed about a call: once that is answered, both can
// be connected.
func (s *Screen) askFirst(about string) {
	id, err := s.deps.Phone.Dial(phone.Dial{
		To: strings.TrimSpace(dom.Value(transferToID)), Video: s.deps.Dialing.video(false), Location: s.view.Place,
	})
	if err == nil {
		s.view.Consults = append(slices.Clone(s.view.Consults), [2]string{id, about})
	}
	s.handedOver(err)
}

// about is the call that another was made to ask about, as long as both can be connected.
func (v *View) about(c phone.Call) (about phone.Call) {
	for _, asked := range v.Consults {
		if asked[0] != c.ID || !answered(c) {
			continue
		}
		if o, ok := v.Call(asked[1]); ok && transferable(o) {
			about = o
		}
	}
	return about
}

// others are the calls that one can be connected with.
func (v *View) others(c phone.Call) []phone.Call {
	return v.calls(func(o phone.Call) bool { return o.ID != c.ID && transferable(o) })
}

// transferable tells whether a call can be handed over to somebody else.
func transferable(c phone.Call) bool { return answered(c) && !c.Transfer.UnderWay() }

func (v *View) foldWish(w phone.TransferWish) {
	v.Wishes = slices.DeleteFunc(slices.Clone(v.Wishes), func(o phone.TransferWish) bool { return o.CallID == w.CallID })
	if !w.Over {
		v.Wishes, v.sounds = append(v.Wishes, w), v.sounds|dom.Message
	}
}

// newestWish is the last wish that came, the zero value for none.
func (v *View) newestWish() (w phone.TransferWish) {
	if n := len(v.Wishes); n > 0 {
		w = v.Wishes[n-1]
	}
	return w
}

// wish is the sheet that asks the person whether to talk to whom the other side of a call
// says.
type wish struct {
	app.Compo
	Screen *Screen
	T      texts
	Wish   phone.TransferWish
}

// CompoID keeps sheets of different calls apart.
func (w *wish) CompoID() string { return "wish-" + w.Wish.CallID }

// Render draws who asks, for whom, and the two answers.
func (w *wish) Render() app.UI {
	id, t := wishID(w.Wish.CallID), w.T
	return tag("div", "id="+id+"|class=sheet|role=alertdialog|data-region=transfer-wish|tabindex=-1|aria-labelledby="+id+"-words|data-id="+w.Wish.CallID,
		tag("div", "class=sheet-who",
			text("span", "class=avatar|aria-hidden=true", initial(w.Wish.To)),
			tag("div", "class=sheet-words",
				text("p", "id="+id+"-words", t.hint(wishHint(w.Wish))),
				tag("p", "class=quiet sheet-address", text("bdi", "", peerAddress(w.Wish.To))),
			),
		),
		tag("div", "class=sheet-actions",
			control("transfer-refuse", "wide secondary", "x", t.T("action_transfer_refuse"), true, w.refuse),
			control("transfer-accept", "wide answer", "phone-forwarded", t.T("action_transfer_accept"), true, w.accept),
		),
	)
}

func (w *wish) accept(app.Context, app.Event) { w.Screen.answerWish(w.Wish.CallID, true) }
func (w *wish) refuse(app.Context, app.Event) { w.Screen.answerWish(w.Wish.CallID, false) }

func (s *Screen) answerWish(id string, accept bool) {
	s.told(s.deps.Phone.AnswerTransfer(id, accept))
}

// wishHint says what somebody wishes.
func wishHint(w phone.TransferWish) Hint {
	return Hint{Key: "label_transfer_wish", Params: map[string]string{"Peer": peerName(w.By), "Name": peerName(w.To)}}
}

const (
	transferID   = "transfer"
	transferToID = "transfer-address"
)

func wishID(id string) string { return "wish-" + id }
