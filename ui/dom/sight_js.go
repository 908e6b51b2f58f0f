package dom

import (
	"syscall/js"

	"gocommunicator/sipcore/jsfunc"
)

// OnSight has f called when an element comes into sight and when it goes, and once to
// begin with. f must not wait. release ends it.
func OnSight(id string, f func(seen bool)) (release func()) {
	e := element(id)
	if !e.Truthy() {
		return func() {}
	}
	callback, forget := jsfunc.Of(func(_ js.Value, args []js.Value) any {
		entries := args[0]
		f(entries.Index(entries.Length() - 1).Get("isIntersecting").Bool())
		return nil
	})
	observer := js.Global().Get("IntersectionObserver").New(callback)
	observer.Call("observe", e)
	return func() {
		observer.Call("disconnect")
		forget()
	}
}

// OnReturn has f called when the page is hidden, and when the person comes back to it. f
// must not wait. release ends it.
func OnReturn(f func()) (release func()) {
	return listen(document(), "visibilitychange", func(js.Value) { f() })
}

// Visible reports whether the page can be seen.
func Visible() bool { return document().Get("visibilityState").String() == "visible" }
