package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

// Page is what is reached from the settings and stands in their place.
type Page string

// The pages.
const (
	PageNone  Page = ""
	PageTrace Page = "trace"
	PageHelp  Page = "help"
)

const pageID = "page"

// pageOf draws the frame of a page: the way back, and what it is.
func pageOf(s *Screen, t texts, p Page, title string, body app.UI) app.UI {
	return app.Section().ID(pageID).Class("panel", "page", "page-"+string(p)).DataSet("region", string(p)).
		Aria("labelledby", "page-title").TabIndex(-1).
		Body(
			app.Div().Class("page-head").Body(
				button("back", "chevron-left", t.T("action_back"), "ghost").OnClick(s.back),
				app.H2().ID("page-title").Text(t.T(title)),
			),
			body,
		)
}

func (s *Screen) back(app.Context, app.Event) { s.closePage() }

// openPage shows a page; a compact layout leaves the dialpad for it.
func (s *Screen) openPage(p Page) {
	s.change(func(v *View) { v.Tab, v.Page = TabSettings, p })
	s.ctx.Defer(func(app.Context) { dom.Focus(pageID) })
}

// closePage shows the settings again, and the keyboard is where it was.
func (s *Screen) closePage() {
	p := s.view.Page
	s.change(func(v *View) { v.Tab, v.Page = TabSettings, PageNone })
	s.ctx.Defer(func(app.Context) { dom.FocusIfLost(openPageID(p)) })
}

func openPageID(p Page) string { return "open-" + string(p) }

// pageLink is the row of the settings that opens a page.
func pageLink(t texts, p Page, label, symbol string) app.HTMLButton {
	return app.Button().Type("button").ID(openPageID(p)).Class("page-link").DataSet("action", openPageID(p)).
		Body(icon(symbol), app.Span().Text(t.T(label)), icon("chevron-right"))
}
