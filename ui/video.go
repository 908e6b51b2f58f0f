package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// askVideo asks what becomes of video that the other side has added.
func (c *call) askVideo() app.UI {
	t := c.T
	return tag("div", "class=call-ask|role=alertdialog|data-region=video-asked|aria-labelledby=ask-"+c.Call.ID,
		tag("p", "id=ask-"+c.Call.ID, app.Text(t.named("label_video_asked", c.Call.Peer))),
		tag("div", "class=sheet-actions",
			control("video-refuse", "wide secondary", "video-off", t.T("action_video_refuse"), true, c.endVideo),
			control("video-watch", "wide secondary", "eye", t.T("action_video_watch"), true, c.watch),
			control("video-accept", "wide answer", "video", t.T("action_video_accept"), true, c.showMine),
		),
	)
}

func (c *call) showMine(app.Context, app.Event) { c.Screen.video(c.Call.ID, true) }
func (c *call) endVideo(app.Context, app.Event) { c.Screen.video(c.Call.ID, false) }
func (c *call) watch(app.Context, app.Event)    { c.Screen.watch(c.Call.ID) }
