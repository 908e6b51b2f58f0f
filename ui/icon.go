package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

const svg = "http://www.w3.org/2000/svg"

// icon is one of the symbols in web/icons.svg. It has no name of its own: what it
// stands on has.
func icon(name string) app.UI {
	return app.Elem("svg").XMLNS(svg).Attr("class", "icon").Attr("aria-hidden", "true").Body(
		app.Elem("use").XMLNS(svg).Attr("href", "icons.svg#"+name),
	)
}

// button is a round control with a symbol, named for those who do not see it.
func button(action, symbol, label string, class ...string) app.HTMLButton {
	return app.Button().
		Type("button").
		Class(append([]string{"button"}, class...)...).
		DataSet("action", action).
		Aria("label", label).
		Title(label).
		Body(icon(symbol))
}
