package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// caller is what stands in place of the dialpad where that is left out: a button for whom
// the settings, a link or the page around the phone name; without any, how the phone is.
type caller struct {
	app.Compo
	Screen *Screen
	T      texts
	To     string // as typed; empty for nobody
	Hint   Hint
	Status status
	Label  string // of the only button; empty: there are those of the dialpad
	Video  bool   // it is to be a call with video, where there is a choice
	Shown  bool
}

// Render draws it.
func (c *caller) Render() app.UI {
	dialing := c.Screen.deps.Dialing
	who := text("p", "class=quiet", c.T.T(c.Status.key))
	switch {
	case c.Label != "":
		who = text("p", "", "")
	case c.To != "":
		who = tag("p", "class=caller-who", text("bdi", "", peerName(phone.Peer{URI: c.To})))
	}
	return tag("section", "id="+dialpadID+"|class=panel caller|data-region=caller|tabindex=-1",
		tag("span", "class=avatar avatar-large|aria-hidden=true", icon("phone")),
		who,
		text("p", "id="+addressHintID+"|class=hint"+when(c.Hint.Bad, " hint-bad")+"|role=status", c.T.hint(c.Hint)),
		app.If(c.To != "", func() app.UI {
			if c.Label != "" {
				symbol := "phone"
				if c.Video {
					symbol = "video"
				}
				return control("call", "wide call-button caller-only", symbol, c.Label, true, c.call).Attr("id", enterID)
			}
			return tag("div", "class=caller-actions",
				app.If(!dialing.NoAudio, func() app.UI { return c.button("dial-audio", "phone", !c.Video, c.dialAudio) }),
				app.If(!dialing.NoVideo, func() app.UI { return c.button("dial-video", "video", c.Video, c.dialVideo) }),
			)
		}),
	).Attr("aria-label", c.T.T("label_application")).Hidden(!c.Shown)
}

// button is a way to call, of which the one that is meant comes first to who uses keys.
func (c *caller) button(action, symbol string, meant bool, do app.EventHandler) app.UI {
	class, id := "wide secondary", ""
	if meant {
		class, id = "wide call-button", enterID
	}
	label := "action_dial_audio"
	if action == "dial-video" {
		label = "action_dial_video"
	}
	return control(action, class, symbol, c.T.T(label), true, do).Attr("id", id)
}

func (c *caller) call(app.Context, app.Event)      { c.dial(c.Video) }
func (c *caller) dialAudio(app.Context, app.Event) { c.dial(false) }
func (c *caller) dialVideo(app.Context, app.Event) { c.dial(true) }

func (c *caller) dial(video bool) {
	if time.Since(c.Screen.view.Last.Ended) >= justEnded { // else it was meant for the button to hang up
		c.Screen.dial(c.To, video)
	}
}
