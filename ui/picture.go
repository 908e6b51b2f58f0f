package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

// plainKey is where the page remembers that the own picture is not mirrored.
const plainKey = "gocommunicator.plain"

// picture is how the pictures of calls are shown. It stays from one call to the next.
type picture struct {
	SelfHidden bool   // the own one is not shown
	Plain      bool   // it is not turned as in a mirror; the other side never sees it so
	Full       bool   // the call fills the screen, or the window where that is refused
	Fit        string // of the other side's, "cover" or "contain"; empty for what suits the layout
}

// fullClass tells the style sheet that the call fills the screen.
func fullClass(v *View) string {
	if v.Picture.Full {
		return "main-full"
	}
	return ""
}

// more is what is wanted less often than the controls beside it.
func (c *call) more(self, picture bool) app.UI {
	full, mirror := strconv.FormatBool(c.Picture.Full), strconv.FormatBool(!c.Picture.Plain)
	hide := "self-hide"
	if c.Picture.SelfHidden {
		hide = "self-show"
	}
	return app.Div().ID(moreID(c.Call.ID)).Class("more").Hidden(!self && !picture).Body(
		button("more", "ellipsis", c.T.T("action_more"), "toggle").Aria("haspopup", "menu").Aria("expanded", "false"),
		app.Div().Class("menu").Role("menu").Aria("label", c.T.T("action_more")).Hidden(true).Body(
			c.item("fullscreen", "maximize", true).OnClick(c.toggleFull).Role("menuitemcheckbox").Aria("checked", full),
			c.item("picture-fit", "proportions", picture).OnClick(c.toggleFit),
			c.item(hide, "eye-off", self).OnClick(c.toggleSelf),
			c.item("self-mirror", "flip-horizontal", self).OnClick(c.toggleMirror).Role("menuitemcheckbox").Aria("checked", mirror),
		),
	)
}

func (c *call) item(action, symbol string, shown bool) app.HTMLButton {
	return app.Button().Type("button").Role("menuitem").TabIndex(-1).DataSet("action", action).Hidden(!shown).
		Body(icon(symbol), app.Span().Text(c.T.T("action_"+strings.ReplaceAll(action, "-", "_"))))
}

func (c *call) toggleFull(app.Context, app.Event) {
	c.Screen.change(func(v *View) { v.Picture.Full = !v.Picture.Full })
}

func (c *call) toggleFit(app.Context, app.Event) {
	fit := "cover"
	if dom.Fit(remoteID(c.Call.ID)) == fit {
		fit = "contain"
	}
	c.Screen.change(func(v *View) { v.Picture.Fit = fit })
}

func (c *call) toggleSelf(app.Context, app.Event) {
	c.Screen.change(func(v *View) { v.Picture.SelfHidden = !v.Picture.SelfHidden })
}

func (c *call) toggleMirror(app.Context, app.Event) {
	plain := !c.Picture.Plain
	dom.Remember(plainKey, strconv.FormatBool(plain))
	c.Screen.change(func(v *View) { v.Picture.Plain = plain })
}
