package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

// Page is what is reached from the settings and stands in their place.
type Page string

// The pages.
const (
	PageNone    Page = ""
	PageDevices Page = "devices"
	PageTrace   Page = "trace"
	PageHelp    Page = "help"

	// Those that web/parts draws.
	PageDesktop   Page = "desktop"
	PageShortcuts Page = "shortcuts"
	PageCheck     Page = "check"
	PageShare     Page = "share"
)

const pageID = "page"

// pageOf draws the frame of a page: the way back, and what it is.
func pageOf(s *Screen, t texts, p Page, title string, body app.UI) app.UI {
	return tag("section", "id="+pageID+"|class=panel page page-"+string(p)+"|data-region="+string(p)+
		"|aria-labelledby=page-title|tabindex=-1",
		tag("div", "class=page-head",
			control("back", "button ghost", "chevron-left", t.T("action_back"), false, s.back),
			text("h2", "id=page-title", t.T(title)),
		),
		body,
	)
}

func (s *Screen) back(app.Context, app.Event) { s.closePage() }

// openPage shows a page; a compact layout leaves the dialpad for it.
func (s *Screen) openPage(p Page) {
	if !s.deps.has(string(p)) {
		return
	}
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

// pageLink is the row of the settings that opens a page, if that is there.
func (s *settings) pageLink(p Page, label, symbol string, open app.EventHandler) app.UI {
	return app.If(s.Screen.deps.has(string(p)), func() app.UI {
		return tag("button", "type=button|id="+openPageID(p)+"|class=page-link|data-action="+openPageID(p),
			icon(symbol), text("span", "", s.T.T(label)), icon("chevron-right")).OnClick(open)
	})
}
