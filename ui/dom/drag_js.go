package dom

import (
	"strconv"
	"syscall/js"
)

// Drag lets an element be pulled, or sent with the arrow keys, to another corner of
// the element that it is positioned in. Its place is said by data-block and
// data-inline ("start" or "end"); the style sheet follows them. Pulled at what has
// data-grip, or with + and -, it changes its width: the page's --self-size, which the
// style sheet bounds. release ends it.
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
	sizing  bool
	x, y    float64 // of the pointer when it was taken
}

func (d *dragging) take(e js.Value) {
	d.sizing = e.Get("target").Call("matches", "[data-grip]").Bool()
	d.held, d.x, d.y = true, e.Get("clientX").Float(), e.Get("clientY").Float()
	d.element.Call("setPointerCapture", e.Get("pointerId"))
}

func (d *dragging) pull(e js.Value) {
	switch box := d.box(); {
	case d.held && d.sizing && (d.element.Get("dataset").Get("inline").String() == "start") != rightToLeft():
		d.size(e.Get("clientX").Float() - box.Get("left").Float())
	case d.held && d.sizing:
		d.size(box.Get("right").Float() - e.Get("clientX").Float())
	case d.held:
		px := func(now, then float64) string { return strconv.FormatFloat(now-then, 'f', 0, 64) + "px" }
		d.move(px(e.Get("clientX").Float(), d.x) + " " + px(e.Get("clientY").Float(), d.y))
	}
}

func (d *dragging) drop(js.Value) {
	if !d.held || d.sizing {
		d.held = false
		return
	}
	d.held = false
	box, around := d.box(), d.element.Get("offsetParent")
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
	case "+", "=":
		d.size(d.box().Get("width").Float() * 1.2)
	case "-":
		d.size(d.box().Get("width").Float() / 1.2)
	default:
		return
	}
	e.Call("preventDefault")
}

func (d *dragging) box() js.Value { return d.element.Call("getBoundingClientRect") }

// size sets the width, for what comes later in its place as well.
func (d *dragging) size(width float64) {
	root().Get("style").Call("setProperty", "--self-size", strconv.FormatFloat(width, 'f', 0, 64)+"px")
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
