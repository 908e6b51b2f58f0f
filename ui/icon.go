package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

const svg = "http://www.w3.org/2000/svg"

// icon is one of the symbols in web/icons.svg. It has no name of its own: what it
// stands on has.
func icon(name string) app.UI {
	return tag("svg", "class=icon|aria-hidden=true", tag("use", "href="+dom.Files+"icons.svg#"+name).XMLNS(svg)).XMLNS(svg)
}
