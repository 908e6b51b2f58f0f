package dom

import "syscall/js"

// Menu makes a menu button of an element that holds a button with aria-haspopup and a
// hidden list with the role menu (ARIA Authoring Practices, menu button). What is chosen
// closes it, and so do Escape, Tab and a press elsewhere. release ends it.
func Menu(id string) (release func()) {
	e := element(id)
	if !e.Truthy() {
		return func() {}
	}
	m := menu{
		element: e, button: e.Call("querySelector", "[aria-haspopup]"),
		list: e.Call("querySelector", "[role=menu]"),
	}
	releases := []func(){
		listen(e, "click", m.click),
		listen(e, "keydown", m.key),
		listen(e, "focusout", func(ev js.Value) {
			if !e.Call("contains", ev.Get("relatedTarget")).Bool() {
				m.show(false)
			}
		}),
		// Safari takes the keyboard away from what is pressed, and so from the menu.
		listen(m.list, "mousedown", func(ev js.Value) { ev.Call("preventDefault") }),
	}
	return func() {
		for _, r := range releases {
			r()
		}
	}
}

type menu struct{ element, button, list js.Value }

func (m menu) open() bool { return !m.list.Get("hidden").Bool() }

func (m menu) show(on bool) {
	m.list.Set("hidden", !on)
	m.button.Call("setAttribute", "aria-expanded", on)
	if on {
		m.move(0)
	}
}

func (m menu) click(e js.Value) {
	if m.button.Call("contains", e.Get("target")).Bool() {
		m.show(!m.open())
		return
	}
	m.show(false)
	setFocus(m.button)
}

func (m menu) key(e js.Value) {
	switch key := e.Get("key").String(); {
	case key == "Escape" && m.open():
		m.show(false)
		setFocus(m.button)
	case key == "Tab":
		m.show(false)
		return
	case key == "ArrowDown" && !m.open():
		m.show(true)
	case key == "ArrowDown":
		m.move(m.at() + 1)
	case key == "ArrowUp":
		m.show(true)
		m.move(m.at() - 1)
	case key == "Home":
		m.move(0)
	case key == "End":
		m.move(-1)
	default:
		return
	}
	e.Call("preventDefault")
}

func (m menu) items() js.Value {
	return m.list.Call("querySelectorAll", "[role^=menuitem]:not([hidden])")
}

// at is which item has the keyboard.
func (m menu) at() int {
	return js.Global().Get("Array").Get("prototype").Get("indexOf").Call("call", m.items(), active()).Int()
}

// move gives the keyboard to an item; beyond the last comes the first.
func (m menu) move(to int) {
	items := m.items()
	if n := items.Length(); n > 0 {
		setFocus(items.Index((to + n) % n))
	}
}
