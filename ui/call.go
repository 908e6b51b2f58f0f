package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// call is a call that was dialled or answered. Each is in the page, so that it is
// heard; the current one is also seen.
type call struct {
	app.Compo
	Screen  *Screen
	T       texts
	Call    phone.Call
	Current bool
	Digits  digits
	Pad     bool // the keys are shown
	Keys    bool // there are keys to be shown
	Picture picture

	release []func() // meters and the dragging of the self view
}

// CompoID keeps calls apart.
func (c *call) CompoID() string { return c.Call.ID }

// OnMount attaches the streams.
func (c *call) OnMount(app.Context) {
	id, phone, audio := c.Call.ID, c.Screen.deps.Phone, c.Screen.audio
	c.release = []func(){
		audio.Meter(levelID(id), func() any { return phone.Remote(id) }),
		audio.Meter(micID(id), func() any { return phone.Local(id) }),
		dom.Drag(selfBoxID(id)),
		dom.Menu(moreID(id)),
	}
	c.attach()
}

// OnUpdate attaches the streams that have come meanwhile.
func (c *call) OnUpdate(app.Context) { c.attach() }

// OnDismount lets go of the streams.
func (c *call) OnDismount() {
	for _, release := range c.release {
		release()
	}
}

func (c *call) attach() {
	id, phone, audio := c.Call.ID, c.Screen.deps.Phone, c.Screen.audio
	audio.Play(remoteID(id), phone.Remote(id))
	audio.Play(selfID(id), phone.Local(id))
}

// Render draws the pictures, who it is, and the controls.
func (c *call) Render() app.UI {
	id, t := c.Call.ID, c.T
	answered := c.Call.State.Answered()
	picture := c.Call.RemoteVideo && (answered || c.Call.State == phone.Early)
	self := c.Call.Video && !c.Call.VideoMuted
	hangup := "action_hangup"
	if !answered {
		hangup = "action_cancel"
	}
	section := app.Section().ID(callID(id)).Class("call").
		DataSet("region", "call").DataSet("id", id).
		DataSet("state", string(c.Call.State)).DataSet("direction", string(c.Call.Direction)).
		Aria("labelledby", callID(id)+"-name").TabIndex(-1).Hidden(!c.Current)
	if picture {
		section = section.Class("call-picture")
	}
	if c.Pad {
		section = section.Class("call-pad")
	}
	if c.Picture.Plain {
		section = section.Class("call-plain")
	}
	if c.Picture.Refit {
		section = section.Class("call-refit")
	}
	return section.Body(
		app.Video().ID(remoteID(id)).Class("call-remote").DataSet("media", "remote").
			Aria("label", t.named("label_picture_remote", c.Call.Peer)).
			AutoPlay(true).Attr("playsinline", "true").Hidden(!picture),
		app.Div().Class("call-who").Body(
			app.Span().Class("avatar", "avatar-large").Aria("hidden", "true").Text(initial(c.Call.Peer)),
			app.H2().ID(callID(id)+"-name").Class("call-name").Body(app.Elem("bdi").Text(t.name(c.Call.Peer))),
			app.P().Class("call-address").Body(app.Elem("bdi").Text(peerAddress(c.Call.Peer))),
			app.If(c.Call.Location != nil, c.onMap),
			app.P().Class("call-state").Body(&progress{T: t, Call: c.Call}),
			app.Div().ID(levelID(id)).Class("level").Aria("hidden", "true").
				Body(app.Range(make([]int, levelBars)).Slice(func(int) app.UI { return app.Span() })),
			app.P().Class("call-digits", "figures").Body(
				app.Span().Text(c.digits("label_digits_sent", c.Digits.Sent)),
				app.Span().Aria("live", "polite").Text(c.digits("label_digits_received", c.Digits.Received)),
			),
		),
		app.Div().ID(selfBoxID(id)).Class("call-self").Role("group").TabIndex(0).
			Aria("label", t.T("label_picture_self")).Title(t.T("hint_picture_self")).
			Hidden(!self || c.Picture.SelfHidden).Body(
			app.Video().ID(selfID(id)).DataSet("media", "self").AutoPlay(true).Muted(true).Attr("playsinline", "true"),
			app.Div().Class("call-self-grip").DataSet("grip", "size"),
		),
		&pad{Screen: c.Screen, T: t, Call: id, Shown: c.Pad},
		app.Div().Class("controls").Role("group").Aria("label", t.T("label_call_controls")).Body(
			app.Div().Class("controls-row").Body(c.muteButton(), c.cameraButton(), c.padButton(answered), c.holdButton(answered), c.more(self, picture)),
			app.Div().Class("controls-end").Body(
				button("hangup", "phone", t.T(hangup), "hangup").OnClick(c.hangup),
			),
		),
	)
}

// onMap leads to a map of where the caller is.
func (c *call) onMap() app.UI {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', 5, 64) }
	lat, lon := number(c.Call.Location.Latitude), number(c.Call.Location.Longitude)
	return app.Elem("a").Class("link", "call-map").DataSet("action", "map").Attr("target", "_blank").Attr("rel", "noopener noreferrer").
		Attr("href", "https://www.openstreetmap.org/?mlat="+lat+"&mlon="+lon+"#map=16/"+lat+"/"+lon).
		Text(c.T.T("action_map"))
}

func (c *call) muteButton() app.UI {
	action, symbol := "mute", "mic"
	if c.Call.AudioMuted {
		action, symbol = "unmute", "mic-off"
	}
	b := button(action, symbol, c.T.T("action_"+strings.ReplaceAll(action, "-", "_")), "toggle").ID(micID(c.Call.ID)).OnClick(c.toggleMute)
	if c.Call.AudioMuted {
		b = b.Class("toggle-off")
	}
	return b
}

func (c *call) cameraButton() app.UI {
	action, symbol := "camera-off", "video"
	if c.Call.VideoMuted {
		action, symbol = "camera-on", "video-off"
	}
	b := button(action, symbol, c.T.T("action_"+strings.ReplaceAll(action, "-", "_")), "toggle").OnClick(c.toggleCamera).Hidden(!c.Call.Video)
	if c.Call.VideoMuted {
		b = b.Class("toggle-off")
	}
	return b
}

func (c *call) padButton(answered bool) app.UI {
	b := button("dtmf-pad", "grip", c.T.T("action_dtmf_pad"), "toggle").OnClick(c.togglePad).
		Aria("expanded", strconv.FormatBool(c.Pad)).Aria("controls", padID(c.Call.ID)).
		Hidden(!answered || !c.Keys)
	if c.Pad {
		b = b.Class("toggle-off")
	}
	return b
}

func (c *call) holdButton(answered bool) app.UI {
	action, symbol := "hold", "pause"
	if c.Call.LocalHold {
		action, symbol = "resume", "play"
	}
	b := button(action, symbol, c.T.T("action_"+action), "toggle").OnClick(c.toggleHold).Hidden(!answered)
	if c.Call.LocalHold {
		b = b.Class("toggle-off")
	}
	return b
}

// digits are the keys that went one way, none as nothing.
func (c *call) digits(key, which string) string {
	if which == "" {
		return ""
	}
	return c.T.T(key, "Digits", which)
}

func (c *call) togglePad(app.Context, app.Event) { c.Screen.showPad(c.Call.ID, !c.Pad) }

func (c *call) toggleMute(app.Context, app.Event) {
	c.Screen.muteAudio(c.Call.ID, !c.Call.AudioMuted)
}

func (c *call) toggleCamera(app.Context, app.Event) {
	c.Screen.muteVideo(c.Call.ID, !c.Call.VideoMuted)
}

func (c *call) toggleHold(app.Context, app.Event) {
	c.Screen.hold(c.Call.ID, !c.Call.LocalHold)
}

func (c *call) hangup(app.Context, app.Event) { c.Screen.hangup(c.Call.ID) }

const levelBars = 5

func levelID(id string) string { return "level-" + id }
func micID(id string) string   { return "mic-" + id }
