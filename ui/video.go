package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// askVideo asks what becomes of video that the other side has added.
func (c *call) askVideo() app.UI {
	t := c.T
	button := func(action, class, symbol string, do app.EventHandler) app.UI {
		return control("video-"+action, "wide "+class, symbol, t.T("action_video_"+action), true, do)
	}
	return tag("div", "class=call-ask|role=alertdialog|data-region=video-asked|aria-labelledby=ask-"+c.Call.ID,
		tag("p", "id=ask-"+c.Call.ID, app.Text(t.named("label_video_asked", c.Call.Peer))),
		tag("div", "class=sheet-actions",
			button("refuse", "secondary", "video-off", c.endVideo),
			button("watch", "secondary", "eye", c.watch),
			button("accept", "answer", "video", c.showMine),
		),
	)
}

func (c *call) showMine(app.Context, app.Event) { c.Screen.video(c.Call.ID, true) }
func (c *call) endVideo(app.Context, app.Event) { c.Screen.video(c.Call.ID, false) }
func (c *call) watch(app.Context, app.Event)    { c.Screen.watch(c.Call.ID) }
