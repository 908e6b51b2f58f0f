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
	Grade   phone.Grade
	Chart   bool // the figures of its quality are shown

	Joinable     bool // with another call
	Participants []phone.Participant
	Talk         bool // push to talk

	About   phone.Call   // that this one was made to ask about; without an ID for none
	Handing bool         // whom to hand it over to is asked
	Others  []phone.Call // that it can be connected with
	Wrong   Hint         // with the address to hand it over to

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
func (c *call) OnUpdate(app.Context) {
	c.attach()
	if !c.Call.RemoteVideo {
		dom.EndPictureInPicture(remoteID(c.Call.ID))
	}
	if !c.Call.RemoteScreen {
		dom.EndPictureInPicture(shownID(c.Call.ID))
	}
}

// OnDismount lets go of the streams.
func (c *call) OnDismount() {
	for _, release := range c.release {
		release()
	}
	dom.EndPictureInPicture(remoteID(c.Call.ID))
	dom.EndPictureInPicture(shownID(c.Call.ID))
}

func (c *call) attach() {
	id, phone, audio := c.Call.ID, c.Screen.deps.Phone, c.Screen.audio
	audio.Play(remoteID(id), phone.Remote(id))
	audio.Play(shownID(id), phone.RemoteScreen(id))
	audio.Play(selfID(id), phone.Local(id))
}

// Render draws the pictures, who it is, and the controls.
func (c *call) Render() app.UI {
	id, t := c.Call.ID, c.T
	answered := c.Call.State.Answered()
	picture := (c.Call.RemoteVideo || c.Call.RemoteScreen) && !c.Call.VideoAsked && (answered || c.Call.State == phone.Early)
	shown, covered := picture && c.Call.RemoteScreen, c.Call.Screen && !c.Call.ScreenBeside
	self := covered || c.Call.Video && !c.Call.VideoMuted
	bare := c.Screen.deps.isButton()
	metered := when(c.Call.Conference != "", "own-") + id // a conference shows the levels in its rows
	hangup := "action_hangup"
	if !answered {
		hangup = "action_cancel"
	}
	class := "call" + when(picture, " call-picture") + when(c.Pad || c.Handing, " call-pad") +
		when(c.Picture.Plain, " call-plain") + when(covered, " call-screen") + when(c.Picture.Refit, " call-refit") +
		when(shown, " call-slides")
	return tag("section", "id="+callID(id)+"|class="+class+"|data-region=call|data-id="+id+
		"|data-state="+string(c.Call.State)+"|data-direction="+string(c.Call.Direction)+
		"|aria-labelledby="+callID(id)+"-name|tabindex=-1",
		tag("video", "id="+remoteID(id)+"|class=call-remote|data-media=remote|autoplay=true|playsinline=true").
			Attr("aria-label", t.named("label_picture_remote", c.Call.Peer)).Hidden(!picture || shown && !c.Call.RemoteVideo),
		tag("video", "id="+shownID(id)+"|class=call-shown|data-media=screen|autoplay=true|muted=true|playsinline=true").
			Attr("aria-label", t.named("label_screen_remote", c.Call.Peer)).Hidden(!shown),
		tag("div", "class=call-who",
			avatar("avatar-large", c.Call),
			tag("h2", "id="+callID(id)+"-name|class=call-name", text("bdi", "", t.name(c.Call.Peer))),
			tag("p", "class=call-address", text("bdi", "", peerAddress(c.Call.Peer))),
			referredBy(t, c.Call),
			app.If(c.Call.Location != nil, c.onMap),
			record(t, c.Call, maxFields, c.openRecord),
			text("p", "class=quiet call-detour", detour(t, c.Call)),
			tag("p", "class=call-state", &progress{T: t, Call: c.Call}),
			app.If(len(c.Participants) > 0, c.participants),
			tag("div", "id="+levelID(metered)+"|class=level|aria-hidden=true",
				app.Range(make([]int, levelBars)).Slice(func(int) app.UI { return tag("span", "") })),
			t.mark(c.Call),
			c.quality(),
			tag("div", "", app.If(c.Call.Tones != "", c.tones)),
			tag("p", "class=call-digits figures",
				text("span", "", c.digits("label_digits_sent", c.Digits.Sent)),
				text("span", "aria-live=polite", c.digits("label_digits_received", c.Digits.Received)),
			),
			app.If(c.About.ID != "", c.offerConnect),
		),
		tag("div", "id="+selfBoxID(id)+"|class=call-self|role=group|tabindex=0",
			tag("video", "id="+selfID(id)+"|data-media=self|autoplay=true|muted=true|playsinline=true"),
			tag("div", "class=call-self-grip|data-grip=size"),
		).Attr("aria-label", t.T("label_picture_self")).Attr("title", t.T("hint_picture_self")).
			Hidden(!self || c.Picture.SelfHidden),
		tag("div", "class=call-over", app.If(c.Handing, func() app.UI {
			return &transfer{Screen: c.Screen, T: t, Call: c.Call, Others: c.Others, Wrong: c.Wrong}
		})),
		app.If(c.Call.VideoAsked, c.askVideo),
		&pad{Screen: c.Screen, T: t, Call: id, Shown: c.Pad},
		tag("div", "class=chart-place", app.If(c.Chart, func() app.UI {
			return &chart{Screen: c.Screen, T: t, Call: id}
		})),
		app.If(c.Talk && c.Current && answered, func() app.UI { return &talk{Screen: c.Screen, T: t, Call: id} }),
		tag("div", "class=controls|role=group",
			tag("div", "class=controls-row",
				c.toggle(c.Call.AudioMuted, face{"mute", "mic"}, face{"unmute", "mic-off"}, c.toggleMute).Attr("id", micID(metered)).Hidden(c.Talk),
				app.If(!bare || c.Call.Video, func() app.UI { return c.camera() }),
				c.toggle(c.Pad, face{"dtmf-pad", "grip"}, face{"dtmf-pad", "grip"}, c.togglePad).
					Attr("aria-expanded", c.Pad).Attr("aria-controls", padID(id)).Hidden(!answered || !c.Keys),
				c.toggle(c.Call.LocalHold, face{"hold", "pause"}, face{"resume", "play"}, c.toggleHold).
					Attr("disabled", c.Call.State == phone.Connecting).Hidden(!answered || bare),
				app.If(!bare, func() app.UI { return c.more(self, picture) }),
			),
			tag("div", "class=controls-end", control("hangup", "button hangup", "phone", t.T(hangup), false, c.hangup)),
		).Attr("aria-label", t.T("label_call_controls")),
	).Hidden(!c.Current)
}

// referredBy says at whose wish a call was made.
func referredBy(t texts, c phone.Call) app.UI {
	return app.If(c.ReferredBy != nil, func() app.UI {
		return text("p", "class=quiet call-by", t.named("label_referred_by", *c.ReferredBy))
	})
}

// onMap leads to a map of where the caller is.
func (c *call) onMap() app.UI {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', 5, 64) }
	lat, lon := number(c.Call.Location.Latitude), number(c.Call.Location.Longitude)
	return text("a", "class=link call-map|data-action=map|target=_blank|rel=noopener noreferrer|"+
		"href=https://www.openstreetmap.org/?mlat="+lat+"&mlon="+lon+"#map=16/"+lat+"/"+lon, c.T.T("action_map"))
}

// face is what a toggle looks like: what a press does, and its symbol.
type face struct{ action, symbol string }

// toggle is a control of something that is on or off.
func (c *call) toggle(on bool, whenOff, whenOn face, do app.EventHandler) app.HTMLElem {
	shown := whenOff
	if on {
		shown = whenOn
	}
	return control(shown.action, "button toggle"+when(on, " toggle-off"), shown.symbol,
		c.T.T("action_"+strings.ReplaceAll(shown.action, "-", "_")), false, do)
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

// camera is the control of the own picture: it is added to a call without, and after that
// not sent and sent again. The screen is no longer shown in its place.
func (c *call) camera() app.UI {
	if c.Call.Screen {
		return control("screen-off", "button toggle toggle-off", "monitor-x", c.T.T("action_screen_off"), false, c.pressCamera)
	}
	if c.Call.Video {
		return c.toggle(c.Call.VideoMuted, face{"camera-off", "video"}, face{"camera-on", "video-off"}, c.pressCamera)
	}
	// It keeps its place while it is of no use, so that nothing moves under a finger.
	return control("video-on", "button toggle", "video", c.T.T("action_video_on"), false, c.pressCamera).
		Attr("disabled", c.Call.State != phone.Active || c.Call.VideoAsked).Hidden(!answered(c.Call) || c.Screen.deps.Dialing.NoVideo)
}

func (c *call) pressCamera(ctx app.Context, e app.Event) {
	if c.Call.Screen {
		c.Screen.screen(c.Call.ID, false)
		return
	}
	if c.Call.Video {
		c.Screen.muteVideo(c.Call.ID, !c.Call.VideoMuted)
		return
	}
	c.showMine(ctx, e)
}

func (c *call) openRecord(app.Context, app.Event) { c.Screen.openRecord(c.Call) }

func (c *call) toggleHold(app.Context, app.Event) {
	c.Screen.hold(c.Call.ID, !c.Call.LocalHold)
}

func (c *call) hangup(app.Context, app.Event) { c.Screen.hangup(c.Call.ID) }

const levelBars = 5

func levelID(id string) string { return "level-" + id }
func micID(id string) string   { return "mic-" + id }
