package dom

import (
	"syscall/js"

	"gocommunicator/sipcore/jsfunc"
)

// WatchPlace has found called with where the person is, in degrees and metres, now and
// whenever that changes, and lost when the browser does not tell. Neither may wait.
// release ends it.
func WatchPlace(found func(latitude, longitude, radius float64), lost func()) (release func()) {
	places := js.Global().Get("navigator").Get("geolocation")
	if !places.Truthy() {
		lost()
		return func() {}
	}
	here, forget := jsfunc.Of(func(_ js.Value, args []js.Value) any {
		at := args[0].Get("coords")
		found(at.Get("latitude").Float(), at.Get("longitude").Float(), at.Get("accuracy").Float())
		return nil
	})
	nowhere, forgetToo := jsfunc.Of(func(js.Value, []js.Value) any { lost(); return nil })
	watch := places.Call("watchPosition", here, nowhere)
	return func() {
		places.Call("clearWatch", watch)
		forget()
		forgetToo()
	}
}
