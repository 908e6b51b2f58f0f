package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

// window is a long list that scrolls, of which only the rows near what is visible are in
// the page. Rows are held together in chunks: a chunk out of sight is an empty box of
// the height that it had. Rows need not be of one height.
type window struct {
	app.Compo
	Screen *Screen
	ID     string // of the element that scrolls
	Label  string // its accessible name
	Count  int    // of rows
	Height int    // of a row, about, in px
	// Row draws a row: a component with a CompoID, and the role of a list's item.
	Row func(i int) app.UI
	// End is called when the last row comes near: there may be more to be read.
	End func()

	sight  *dom.Sight
	drawn  int // changes whenever the rows may have
	chunks map[string]*chunk
}

// Of a window: the rows in a chunk, and how near is near, in px.
const (
	chunkRows  = 16
	windowNear = 600
)

// OnMount begins to watch what is visible. It comes before that of the chunks.
func (w *window) OnMount(app.Context) {
	w.chunks = map[string]*chunk{}
	w.sight = dom.NewSight(w.ID, windowNear, w.moved)
}

// OnDismount ends it.
func (w *window) OnDismount() {
	if w.sight != nil {
		w.sight.Close()
	}
}

// moved is told by the browser, in a callback. What has no height is not on the screen
// at all, and neither is what scrolls.
func (w *window) moved(id string, near bool, height float64) {
	if height == 0 {
		return
	}
	w.Screen.post(func(*View) {
		if c := w.chunks[id]; c != nil {
			c.move(near, height)
		}
	})
}

// Render draws all chunks.
func (w *window) Render() app.UI {
	w.drawn++
	var chunks []app.UI
	for i := 0; i*chunkRows < w.Count; i++ {
		c := &chunk{List: w, Index: i, Rows: min(chunkRows, w.Count-i*chunkRows)}
		if there := w.chunks[c.id()]; there == nil || there.drawn() {
			c.Drawn = w.drawn // an empty box needs no drawing anew
		}
		chunks = append(chunks, c)
	}
	return tag("div", "class=window|role=list", chunks...).ID(w.ID).Attr("aria-label", w.Label)
}

// chunk is some rows of a window, or the room for them.
type chunk struct {
	app.Compo
	List  *window
	Index int
	Rows  int
	Drawn int // of the window, where there are rows

	ctx    app.Context
	told   bool // by the browser whether it is near
	near   bool
	height float64 // px; 0 as long as it was never drawn
}

func (c *chunk) id() string { return c.List.ID + "-" + strconv.Itoa(c.Index) }

// OnMount has the chunk watched.
func (c *chunk) OnMount(ctx app.Context) {
	c.ctx = ctx
	c.List.chunks[c.id()] = c
	c.List.sight.Add(c.id())
}

// OnDismount ends it.
func (c *chunk) OnDismount() {
	if c.List.sight != nil {
		delete(c.List.chunks, c.id())
		c.List.sight.Remove(c.id())
	}
}

func (c *chunk) move(near bool, height float64) {
	was := c.drawn()
	if was {
		c.height = height
	}
	c.told, c.near = true, near
	if c.drawn() != was {
		c.ctx.Update()
	}
	if last := (c.List.Count - 1) / chunkRows; near && c.Index == last && c.List.End != nil {
		c.List.End()
	}
}

// drawn tells whether the rows are in the page. Until the browser says what is near, it
// is the beginning.
func (c *chunk) drawn() bool { return c.near || !c.told && c.Index == 0 }

// Render draws the rows, or the room for them.
func (c *chunk) Render() app.UI {
	box := tag("div", "role=none").ID(c.id())
	if c.drawn() {
		rows := make([]app.UI, c.Rows)
		for i := range rows {
			rows[i] = c.List.Row(c.Index*chunkRows + i)
		}
		return box.Body(rows...)
	}
	height := c.height
	if height == 0 {
		height = float64(c.Rows * c.List.Height)
	}
	// Of all elements this one takes a height without a style, which a site may forbid.
	return box.Body(tag("svg", "class=window-room|aria-hidden=true|width=1").XMLNS(svg).
		Attr("height", strconv.FormatFloat(height, 'f', 1, 64)))
}
