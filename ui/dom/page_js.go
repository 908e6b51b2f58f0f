package dom

import (
	"fmt"
	"strings"
	"syscall/js"

	"gocommunicator/sipcore/jsfunc"
)

func document() js.Value         { return js.Global().Get("document") }
func element(id string) js.Value { return document().Call("getElementById", id) }
func matches(media string) bool  { return js.Global().Call("matchMedia", media).Get("matches").Bool() }
func root() js.Value             { return document().Get("documentElement") }
func active() js.Value           { return document().Get("activeElement") }
func typing(e js.Value) bool {
	return e.Truthy() && e.Call("matches", "input, textarea, select").Bool()
}
func focusable(e js.Value) bool { return e.Truthy() && !e.Get("offsetParent").IsNull() }
func setFocus(e js.Value)       { e.Call("focus", map[string]any{"preventScroll": true}) }
func fire(e js.Value, name string) {
	e.Call("dispatchEvent", js.Global().Get("Event").New(name, map[string]any{"bubbles": true}))
}

// try makes an exception an error.
func try(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the browser: %v", r)
		}
	}()
	f()
	return nil
}

// TakeWindowBack undoes what go-app does to the window: it follows links and goes
// through the history itself, and a page that holds the phone wants that for its own.
func TakeWindowBack() {
	for _, handler := range []string{"onclick", "onpopstate", "onresize"} {
		js.Global().Set(handler, nil)
	}
}

// Title is the title of the page.
func Title(text string) {
	if d := document(); d.Get("title").String() != text {
		d.Set("title", text)
	}
}

// Language tells the page its language (BCP 47), and the direction of writing.
func Language(tag string, rightToLeft bool) {
	direction := "ltr"
	if rightToLeft {
		direction = "rtl"
	}
	root().Set("lang", tag)
	root().Set("dir", direction)
}

// Theme sets data-theme of the page: "light", "dark" or "contrast", anything else follows
// the system.
func Theme(name string) { root().Get("dataset").Set("theme", name) }

// ThemeAtFirst does so unless the loader or a page that holds this one has.
func ThemeAtFirst(name string) {
	if !root().Get("dataset").Get("theme").Truthy() {
		Theme(name)
	}
}

// Remember keeps a value for the next visit, if the browser lets it; an empty one is
// forgotten.
func Remember(key, value string) {
	_ = try(func() {
		if storage := js.Global().Get("localStorage"); value == "" {
			storage.Call("removeItem", key)
		} else {
			storage.Call("setItem", key, value)
		}
	})
}

// Recall returns what was remembered, or an empty string.
func Recall(key string) (value string) {
	_ = try(func() {
		if v := js.Global().Get("localStorage").Call("getItem", key); v.Truthy() {
			value = v.String()
		}
	})
	return value
}

// Say puts a text into a live region, from which screen readers say it. The same text
// is said only once until another has been there.
func Say(id, text string) {
	if e := element(id); e.Truthy() && e.Get("textContent").String() != text {
		e.Set("textContent", text)
	}
}

// ScrollUp shows the beginning of an element that scrolls.
func ScrollUp(id string) {
	if e := element(id); e.Truthy() {
		e.Set("scrollTop", 0)
	}
}

// OnKey has f called with the KeyName of each key that is pressed and that nothing else
// took: not one held down, and while somebody types only Escape. f must not wait, and says
// whether the key was for it. release ends it.
func OnKey(f func(key string) bool) (release func()) {
	return listen(document(), "keydown", func(e js.Value) {
		for _, other := range []string{"isComposing", "defaultPrevented", "repeat"} {
			if e.Get(other).Truthy() {
				return
			}
		}
		if document().Call("querySelector", ":popover-open").Truthy() {
			return // Escape is for that
		}
		key := e.Get("key")
		if key.Type() != js.TypeString { // a browser that fills in a form
			return
		}
		with := func(name string) bool { return e.Get(name).Truthy() }
		name := KeyName(key.String(), e.Get("code").String(), with("ctrlKey"), with("altKey"), with("metaKey"), with("shiftKey"))
		if (name == "Escape" || !typing(active())) && f(name) {
			e.Call("preventDefault")
		}
	})
}

// Press clicks a control that has one of these actions and can be used: of several the
// last, which is for the latest.
func Press(actions string) {
	for action := range strings.SplitSeq(actions, " ") {
		all := document().Call("querySelectorAll", `[data-action="`+action+`"]:not(:disabled, [hidden], [hidden] *)`)
		if n := all.Length(); n > 0 {
			all.Index(n - 1).Call("click")
			return
		}
	}
}

// listen calls f with each event, in the browser's callback.
func listen(target js.Value, event string, f func(js.Value)) (release func()) {
	callback, forget := jsfunc.Of(func(_ js.Value, args []js.Value) any { f(args[0]); return nil })
	target.Call("addEventListener", event, callback)
	return func() {
		target.Call("removeEventListener", event, callback)
		forget()
	}
}
