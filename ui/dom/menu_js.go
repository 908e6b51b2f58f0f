package dom

import "syscall/js"

// Menu moves the keyboard through a popover with the role menu, the last thing in an
// element that holds its button as well (ARIA Authoring Practices, menu button). The
// browser opens and closes it and gives the keyboard back. release ends it.
func Menu(id string) (release func()) {
	e := element(id)
	if !e.Truthy() {
		return func() {}
	}
	list := e.Get("lastElementChild")
	return listen(e, "keydown", func(ev js.Value) {
		next, wrap := "nextElementSibling", "firstElementChild"
		switch ev.Get("key").String() {
		case "ArrowDown":
		case "ArrowUp":
			next, wrap = "previousElementSibling", "lastElementChild"
		case "Tab":
			list.Call("togglePopover", false)
			return
		default:
			return
		}
		ev.Call("preventDefault")
		to := list.Get(wrap)
		if here := active(); !list.Call("contains", here).Bool() {
			list.Call("togglePopover", true)
		} else if neighbour := here.Get(next); neighbour.Truthy() {
			to = neighbour
		}
		setFocus(to)
	})
}
