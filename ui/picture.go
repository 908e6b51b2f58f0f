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
	SelfHidden bool // the own one is not shown
	Plain      bool // it is not turned as in a mirror; the other side never sees it so
	Full       bool // the call fills the screen, or the window where that is refused
	Refit      bool // the other side's is cut off where it suits to show it whole, and the other way round
}

// more is what is wanted less often than the controls beside it.
func (c *call) more(self, picture bool) app.UI {
	id := moreID(c.Call.ID)
	hide := "self-hide"
	if c.Picture.SelfHidden {
		hide = "self-show"
	}
	var items []app.UI
	for _, item := range [...]struct {
		action, symbol string
		shown          bool
		checked        string // empty: it is nothing that is on or off
	}{
		{"add-call", "phone-outgoing", answered(c.Call), ""},
		{"fullscreen", "maximize", self || picture, strconv.FormatBool(c.Picture.Full)},
		{"picture-fit", "proportions", picture, ""},
		{hide, "eye-off", self, ""},
		{"self-mirror", "flip-horizontal", self, strconv.FormatBool(!c.Picture.Plain)},
	} {
		if item.shown {
			role := "menuitem"
			if item.checked != "" {
				role = "menuitemcheckbox"
			}
			text := c.T.T("action_" + strings.ReplaceAll(item.action, "-", "_"))
			items = append(items, app.Button().Type("button").DataSet("action", item.action).
				Attr("role", role).Aria("checked", item.checked).Attr("autofocus", len(items) == 0).
				Body(icon(item.symbol), app.Span().Text(text)))
		}
	}
	return app.Div().ID(id).Class("more").Hidden(len(items) == 0).Body(
		button("more", "ellipsis", c.T.T("action_more"), "toggle").Aria("haspopup", "menu").Attr("popovertarget", id+"-menu").
			Hidden(len(items) == 0),
		app.Div().ID(id+"-menu").Class("menu").Role("menu").Attr("popover", "auto").
			Aria("label", c.T.T("action_more")).OnClick(c.choose).Body(items...),
	)
}

// choose takes what was pressed in the menu, and closes it.
func (c *call) choose(ctx app.Context, e app.Event) {
	ctx.JSSrc().Call("hidePopover")
	item := e.Get("target").Call("closest", "button")
	if !item.Truthy() {
		return
	}
	c.Screen.change(func(v *View) {
		switch p := &v.Picture; item.Get("dataset").Get("action").String() {
		case "add-call":
			v.Current = "" // the call goes on beside the dialpad
		case "fullscreen":
			p.Full = !p.Full
		case "picture-fit":
			p.Refit = !p.Refit
		case "self-mirror":
			p.Plain = !p.Plain
			dom.Remember(plainKey, strconv.FormatBool(p.Plain))
		default:
			p.SelfHidden = !p.SelfHidden
		}
	})
}
