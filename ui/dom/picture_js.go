package dom

import "syscall/js"

// SharesScreen tells whether the browser can show the screen to others.
func SharesScreen() bool {
	devices := js.Global().Get("navigator").Get("mediaDevices")
	return devices.Truthy() && devices.Get("getDisplayMedia").Truthy()
}

// HasPictureInPicture tells whether a picture can stand in a window of its own.
func HasPictureInPicture() bool { return document().Get("pictureInPictureEnabled").Truthy() }

// EndPictureInPicture takes the picture of an element back from a window of its own.
func EndPictureInPicture(id string) {
	if e := document().Get("pictureInPictureElement"); e.Truthy() && e.Get("id").String() == id {
		PictureInPicture(id)
	}
}

// PictureInPicture has the picture of an element stand in a window of its own, or no longer.
// It may be refused.
func PictureInPicture(id string) {
	target, call := document(), "exitPictureInPicture"
	if !target.Get("pictureInPictureElement").Truthy() {
		target, call = target.Call("getElementById", id), "requestPictureInPicture"
	}
	if target.Truthy() {
		settle(target.Call(call), func(js.Value) {}, func(js.Value) {})
	}
}
