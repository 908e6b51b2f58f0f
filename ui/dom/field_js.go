package dom

import "syscall/js"

// Value is what stands in a field.
func Value(id string) string {
	if e := element(id); e.Truthy() {
		return e.Get("value").String()
	}
	return ""
}

// SetValue replaces what stands in a field. Nobody has typed it: no input event tells.
func SetValue(id, text string) {
	if e := element(id); e.Truthy() {
		e.Set("value", text)
	}
}

// Checked reports whether a box is ticked.
func Checked(id string) bool {
	e := element(id)
	return e.Truthy() && e.Get("checked").Bool()
}

// Check ticks a box, or takes the tick out.
func Check(id string, on bool) {
	if e := element(id); e.Truthy() {
		e.Set("checked", on)
	}
}

// Insert puts a text where the caret is, or in place of what is selected.
func Insert(id, text string) {
	if e := element(id); e.Truthy() {
		replace(e, text, e.Get("selectionStart").Int())
	}
}

// Erase takes away the character before the caret, or what is selected.
func Erase(id string) {
	e := element(id)
	if !e.Truthy() {
		return
	}
	start := e.Get("selectionStart").Int()
	if start == e.Get("selectionEnd").Int() {
		start = before(e.Get("value").String(), start)
	}
	replace(e, "", start)
}

func replace(e js.Value, text string, start int) {
	e.Call("setRangeText", text, start, e.Get("selectionEnd").Int(), "end")
	fire(e, "input")
}

// Focus moves the keyboard to an element.
func Focus(id string) {
	if e := element(id); focusable(e) {
		setFocus(e)
	}
}

// Reveal scrolls an element into what can be seen.
func Reveal(id string) {
	if e := element(id); e.Truthy() {
		e.Call("scrollIntoView", map[string]any{"block": "center"})
	}
}

// Focused is the id of what has the keyboard.
func Focused() string {
	if a := active(); a.Truthy() {
		return a.Get("id").String()
	}
	return ""
}

// FocusField moves the keyboard to a field and selects what stands there. Where a
// finger would bring up a keyboard on the screen, it moves to the element around the
// field instead.
func FocusField(around, id string) {
	if FocusText(around, id) {
		element(id).Call("select")
	}
}

// FocusText is FocusField that selects nothing. It reports whether it was the field.
func FocusText(around, id string) bool {
	if e := element(id); !focusable(e) {
		return false
	} else if matches("(any-pointer: fine)") {
		setFocus(e)
		return true
	}
	Focus(around)
	return false
}

// FocusUnlessTyping moves the keyboard to an element, but not away from somebody who
// types.
func FocusUnlessTyping(id string) {
	if !typing(active()) {
		Focus(id)
	}
}

// FocusIfLost moves the keyboard to an element when what had it is gone.
func FocusIfLost(id string) {
	if a := active(); !a.Truthy() || a.Equal(document().Get("body")) {
		Focus(id)
	}
}

// OnEnter has f called when Enter is pressed in a field of several lines, where it breaks
// no line then. With Shift it does, and while an input method is composing it chooses a
// word; every other key is the browser's. f must not wait. release ends it.
func OnEnter(id string, f func()) (release func()) {
	e := element(id)
	if !e.Truthy() {
		return func() {}
	}
	taken := func(event js.Value) bool {
		if event.Get("key").String() != "Enter" || event.Get("shiftKey").Bool() || event.Get("isComposing").Bool() {
			return false
		}
		event.Call("preventDefault")
		return true
	}
	down := listen(e, "keydown", func(event js.Value) {
		if event.Get("keyCode").Int() != 229 && taken(event) { // as browsers say that compose without isComposing
			f()
		}
	})
	press := listen(e, "keypress", func(event js.Value) { taken(event) })
	return func() { down(); press() }
}
