package dom

import (
	"strconv"
	"syscall/js"

	"gocommunicator/sipcore/jsfunc"
)

// Sight tells which elements come near the visible part of one that scrolls, as the
// browser sees it. Its methods are for one goroutine.
type Sight struct {
	watched  map[string]js.Value
	observer js.Value
	release  func()
}

// NewSight watches elements inside the one with the id root. changed is told of each,
// first when it is added: whether it is within margin (px) of what is visible, and how
// high it is (px). One that has the keyboard stays near. It is called in a callback and
// must not wait.
func NewSight(root string, margin int, changed func(id string, near bool, height float64)) *Sight {
	s := &Sight{watched: map[string]js.Value{}}
	callback, release := jsfunc.Of(func(_ js.Value, args []js.Value) any {
		for i := range args[0].Length() {
			entry := args[0].Index(i)
			e := entry.Get("target")
			near := entry.Get("isIntersecting").Bool() || e.Call("contains", active()).Bool()
			changed(e.Get("id").String(), near, entry.Get("boundingClientRect").Get("height").Float())
		}
		return nil
	})
	s.release = release
	s.observer = js.Global().Get("IntersectionObserver").New(callback,
		map[string]any{"root": element(root), "rootMargin": strconv.Itoa(margin) + "px 0px"})
	return s
}

// Add begins to watch an element.
func (s *Sight) Add(id string) {
	if e := element(id); e.Truthy() {
		s.watched[id] = e
		s.observer.Call("observe", e)
	}
}

// Remove ends it.
func (s *Sight) Remove(id string) {
	if e, ok := s.watched[id]; ok {
		delete(s.watched, id)
		s.observer.Call("unobserve", e)
	}
}

// Close ends all of it.
func (s *Sight) Close() {
	s.observer.Call("disconnect")
	s.release()
}
