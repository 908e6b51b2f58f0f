package dom

import "syscall/js"

// FullScreen has the page fill the screen, or no longer. It may be refused.
func FullScreen(on bool) {
	target, call := root(), "requestFullscreen"
	if !on {
		target, call = document(), "exitFullscreen"
	}
	if target.Get(call).Truthy() {
		settle(target.Call(call), func(js.Value) {}, func(js.Value) {})
	}
}

// OnFullScreenLeft has f called when the page no longer fills the screen. release ends it.
func OnFullScreenLeft(f func()) (release func()) {
	return listen(document(), "fullscreenchange", func(js.Value) {
		if !document().Get("fullscreenElement").Truthy() {
			f()
		}
	})
}
