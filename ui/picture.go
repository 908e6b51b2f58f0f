package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// plainKey is where the page remembers that the own picture is not mirrored.
const plainKey = "gocommunicator.plain"

// picture is how the pictures of calls are shown. It stays from one call to the next.
type picture struct {
	SelfHidden bool // the own one is not shown
	Plain      bool // it is not turned as in a mirror; the other side never sees it so
	Full       bool // the call fills the screen, or the window where that is refused
	Refit      bool // the other side's is cut off where it suits to show it whole, and the other way round
}

// more is what is wanted less often than the controls beside it.
func (c *call) more(self, picture bool) app.UI {
	id := moreID(c.Call.ID)
	hide := "self-hide"
	if c.Picture.SelfHidden {
		hide = "self-show"
	}
	toggle := "camera-off" // beside a screen, of which the control of the camera speaks
	if c.Call.VideoMuted {
		toggle = "camera-on"
	}
	camera := !c.Call.Screen || c.Call.ScreenBeside
	var items []app.UI
	for _, item := range [...]struct {
		action, symbol string
		shown          bool
		checked        string // empty: it is nothing that is on or off
	}{
		{"add-call", "phone-outgoing", answered(c.Call) && c.Screen.deps.has(panelDialpad), ""},
		{"transfer", "phone-forwarded", transferable(c.Call), ""},
		{"screen-on", "monitor-up", c.Call.State == phone.Active && !c.Call.Screen && dom.SharesScreen() && !c.Screen.deps.Dialing.NoVideo, ""},
		{"join", "users", c.Joinable, ""},
		{"devices", "headphones", c.Screen.deps.has(string(PageDevices)), ""},
		{"fullscreen", "maximize", self || picture, strconv.FormatBool(c.Picture.Full)},
		{"pip", "picture-in-picture-2", picture && dom.HasPictureInPicture(), ""},
		{"picture-fit", "proportions", picture, ""},
		{hide, "eye-off", self, ""},
		{"self-mirror", "flip-horizontal", self && camera, strconv.FormatBool(!c.Picture.Plain)},
		{toggle, "video", c.Call.ScreenBeside && c.Call.Video, ""},
		{"video-off", "video-off", c.Call.Video && camera, ""},
		{"quality", "signal", answered(c.Call), ""},
		{"note", "square-pen", !c.Screen.deps.isButton(), ""},
		{"record-start", "circle-dot", answered(c.Call) && c.Screen.deps.Recording && !c.Call.Recording, ""},
		{"record-stop", "circle-dot", c.Call.Recording, ""},
	} {
		if item.shown {
			role := "menuitem"
			if item.checked != "" {
				role = "menuitemcheckbox"
			}
			label := c.T.T("action_" + strings.ReplaceAll(item.action, "-", "_"))
			items = append(items, control(item.action, "", item.symbol, label, true, nil).
				Attr("role", role).Attr("aria-checked", item.checked).Attr("autofocus", len(items) == 0))
		}
	}
	return tag("div", "id="+id+"|class=more",
		control("more", "button toggle", "ellipsis", c.T.T("action_more"), false, nil).
			Attr("aria-haspopup", "menu").Attr("popovertarget", id+"-menu").Hidden(len(items) == 0),
		tag("div", "id="+id+"-menu|class=menu|role=menu|popover=auto", items...).
			Attr("aria-label", c.T.T("action_more")).OnClick(c.choose),
	).Hidden(len(items) == 0)
}

// choose takes what was pressed in the menu, and closes it.
func (c *call) choose(ctx app.Context, e app.Event) {
	ctx.JSSrc().Call("hidePopover")
	item := e.Get("target").Call("closest", "button")
	if !item.Truthy() {
		return
	}
	action := item.Get("dataset").Get("action").String()
	switch action {
	case "video-off":
		c.Screen.video(c.Call.ID, false)
		return
	case "record-start", "record-stop":
		c.Screen.record(c.Call.ID, action == "record-start")
		return
	case "screen-on":
		c.Screen.screen(c.Call.ID, true)
		return
	case "camera-off", "camera-on":
		c.Screen.muteVideo(c.Call.ID, action == "camera-off")
		return
	case "pip":
		which := remoteID(c.Call.ID)
		if c.Call.RemoteScreen {
			which = shownID(c.Call.ID)
		}
		dom.PictureInPicture(which)
		return
	case "join":
		c.Screen.join()
		return
	case "transfer":
		c.Screen.handOver(c.Call.ID)
		return
	case "devices":
		c.Screen.openPage(PageDevices)
		return
	case "note":
		c.Screen.writeNote(c.Call.ID)
		return
	}
	c.Screen.change(func(v *View) {
		switch p := &v.Picture; action {
		case "add-call":
			v.Current = "" // the call goes on beside the dialpad
		case "quality":
			v.Chart = c.Call.ID
		case "fullscreen":
			p.Full = !p.Full
		case "picture-fit":
			p.Refit = !p.Refit
		case "self-mirror":
			p.Plain = !p.Plain
			dom.Remember(plainKey, strconv.FormatBool(p.Plain))
		default:
			p.SelfHidden = !p.SelfHidden
		}
	})
}
