package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// caller is what stands in place of the dialpad where that is left out: a button for whom
// the settings, a link or the page around the phone name, and how the phone is.
type caller struct {
	app.Compo
	Screen *Screen
	T      texts
	To     string // as typed; empty for nobody
	Label  string // of the button
	Hint   Hint
	Status status
	Video  bool // it is to be a call with video
	Shown  bool
}

// Render draws it. On a page that is nothing else, only what is worth waiting for is said.
func (c *caller) Render() app.UI {
	only, symbol := c.Screen.deps.isButton(), "phone"
	if c.Video {
		symbol = "video"
	}
	hint := c.Hint
	if hint.Key == "" && (c.To == "" || only && c.Status.tone == "busy") {
		hint.Key = c.Status.key
	}
	return tag("section", "id="+dialpadID+"|class=panel caller|data-region=caller|tabindex=-1",
		tag("span", "class=avatar avatar-large|aria-hidden=true", icon("phone")).Hidden(only),
		tag("p", "class=caller-who", text("bdi", "", peerName(phone.Peer{URI: c.To}))).Hidden(only || c.To == ""),
		text("p", "id="+addressHintID+"|class=hint"+when(hint.Bad, " hint-bad")+"|role=status", c.T.hint(hint)),
		control("call", "wide call-button", symbol, c.Label, true, c.call).
			Attr("id", enterID).Hidden(c.To == "" || c.Screen.deps.Dialing.none()),
	).Attr("aria-label", c.T.T("label_application")).Hidden(!c.Shown)
}

func (c *caller) call(app.Context, app.Event) {
	if time.Since(c.Screen.view.Last.Ended) >= justEnded { // else it was meant for the button to hang up
		c.Screen.dial(c.To, c.Video)
	}
}
