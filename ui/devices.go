package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

const devicesID = "devices"

// deviceWords are the texts about devices, by the names that web/parts/devices.js has for them.
var deviceWords = map[string]string{
	"audio_in": "label_device_audio_in", "video_in": "label_device_video_in", "audio_out": "label_device_audio_out",
	"ring": "label_ring_device", "system": "label_device_system", "gone": "state_device_gone", "none": "hint_devices_none",
	"ask": "action_devices_ask", "why": "hint_devices_ask", "refused": "hint_devices_refused",
	"show": "action_preview_show", "hide": "action_preview_hide", "preview": "label_picture_self",
	"echo_cancellation": "label_echo_cancellation", "noise_suppression": "label_noise_suppression", "auto_gain": "label_auto_gain",
	"background_blur": "label_background_blur", "push_to_talk": "label_push_to_talk", "hold": "hint_push_to_talk",
	"not_done": "hint_treatment_not_done",
}

// devices is the page on which microphone, camera and loudspeakers are chosen. What is on it
// draws web/parts/devices.js, which is loaded the first time.
type devices struct {
	app.Compo
	Screen *Screen
	T      texts

	part *dom.Part
}

// CompoID makes it another one in another language.
func (d *devices) CompoID() string { return strconv.Itoa(d.T.edition) }

// OnMount gives the element what it needs.
func (d *devices) OnMount(app.Context) {
	phone := d.Screen.deps.Phone
	phone.FindDevices()
	d.part = dom.NewPart(devicesID, "devices", d.T.all(deviceWords), map[string]func(args []any) any{
		"state": func([]any) any { return d.Screen.view.Equipment.Plain() },
		"sent":  func([]any) any { return phone.Local(d.Screen.view.Current) },
		"find": func([]any) any {
			phone.FindDevices()
			return nil
		},
		"choose": func(args []any) any {
			role, _ := args[0].(string)
			id, _ := args[1].(string)
			d.Screen.told(phone.ChooseDevice(role, id))
			return nil
		},
		"turn": func(args []any) any {
			name, _ := args[0].(string)
			d.Screen.told(phone.Turn(name, args[1] == true))
			return nil
		},
	})
}

// OnDismount takes it away.
func (d *devices) OnDismount() { d.part.Release() }

// Render draws the frame.
func (d *devices) Render() app.UI {
	return pageOf(d.Screen, d.T, PageDevices, "label_devices", tag("div", "id="+devicesID+"|class=devices"))
}

// talk is the button that is held to be heard, with push to talk. web/parts/talk.js draws it.
type talk struct {
	app.Compo
	Screen *Screen
	T      texts
	Call   string

	part *dom.Part
}

// CompoID makes it another one for another call, or in another language.
func (k *talk) CompoID() string { return k.Call + strconv.Itoa(k.T.edition) }

// OnMount gives the element what it needs.
func (k *talk) OnMount(app.Context) {
	words := k.T.all(map[string]string{"talk": "action_talk", "talking": "state_talking"})
	k.part = dom.NewPart(talkID(k.Call), "talk", words, map[string]func(args []any) any{
		"talk": func(args []any) any {
			k.Screen.told(k.Screen.deps.Phone.Talk(k.Call, args[0] == true))
			return nil
		},
	})
}

// OnDismount takes it away.
func (k *talk) OnDismount() { k.part.Release() }

// Render draws the place for it.
func (k *talk) Render() app.UI { return tag("div", "id="+talkID(k.Call)+"|class=talk") }

func talkID(call string) string { return "talk-" + call }
