package dom

import (
	"strconv"
	"syscall/js"
)

// Drag lets an element be pulled, or sent with the arrow keys, to another corner of
// the element that it is positioned in. Its place is said by data-block and
// data-inline ("start" or "end"); the style sheet follows them. release ends it.
func Drag(id string) (release func()) {
	e := element(id)
	if !e.Truthy() {
		return func() {}
	}
	d := &dragging{element: e}
	releases := []func(){
		listen(e, "pointerdown", d.take),
		listen(e, "pointermove", d.pull),
		listen(e, "pointerup", d.drop),
		listen(e, "pointercancel", d.drop),
		listen(e, "keydown", d.key),
	}
	return func() {
		for _, r := range releases {
			r()
		}
	}
}

type dragging struct {
	element js.Value
	held    bool
	x, y    float64 // of the pointer when it was taken
}

func (d *dragging) take(e js.Value) {
	d.held, d.x, d.y = true, e.Get("clientX").Float(), e.Get("clientY").Float()
	d.element.Call("setPointerCapture", e.Get("pointerId"))
}

func (d *dragging) pull(e js.Value) {
	if d.held {
		px := func(now, then float64) string { return strconv.FormatFloat(now-then, 'f', 0, 64) + "px" }
		d.move(px(e.Get("clientX").Float(), d.x) + " " + px(e.Get("clientY").Float(), d.y))
	}
}

func (d *dragging) drop(js.Value) {
	if !d.held {
		return
	}
	d.held = false
	box, around := d.element.Call("getBoundingClientRect"), d.element.Get("offsetParent")
	d.move("none")
	if !around.Truthy() {
		return
	}
	area := around.Call("getBoundingClientRect")
	d.place("block", beyond(box, area, "top", "height"))
	d.place("inline", beyond(box, area, "left", "width") != rightToLeft())
}

func (d *dragging) key(e js.Value) {
	switch e.Get("key").String() {
	case "ArrowUp":
		d.place("block", false)
	case "ArrowDown":
		d.place("block", true)
	case "ArrowLeft":
		d.place("inline", rightToLeft())
	case "ArrowRight":
		d.place("inline", !rightToLeft())
	default:
		return
	}
	e.Call("preventDefault")
}

func (d *dragging) move(translate string) { d.element.Get("style").Set("translate", translate) }

func (d *dragging) place(axis string, end bool) {
	side := "start"
	if end {
		side = "end"
	}
	d.element.Get("dataset").Set(axis, side)
}

// beyond reports whether the middle of a box lies in the further half of an area.
func beyond(box, area js.Value, from, size string) bool {
	middle := func(r js.Value) float64 { return r.Get(from).Float() + r.Get(size).Float()/2 }
	return middle(box) > middle(area)
}

func rightToLeft() bool { return root().Get("dir").String() == "rtl" }
