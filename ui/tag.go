package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// tag is an element with its attributes as `name=value|name=value`. It says in one call
// what costs a kilobyte in the page when every attribute is a method.
func tag(name, attributes string, body ...app.UI) app.HTMLElem {
	e := app.Elem(name)
	for a := range strings.SplitSeq(attributes, "|") {
		if a == "" {
			continue
		}
		key, value, _ := strings.Cut(a, "=")
		e = e.Attr(key, value)
	}
	return e.Body(body...)
}

// text is an element with nothing in it but words.
func text(name, attributes, words string) app.HTMLElem {
	return tag(name, attributes, app.Text(words))
}

// when is a part of an attribute that is there on a condition.
func when(condition bool, part string) string {
	if condition {
		return part
	}
	return ""
}

// control is a button that does something. label names it, also for those who do not see
// its symbol; with words the label is also to be read.
func control(action, class, symbol, label string, words bool, do app.EventHandler) app.HTMLElem {
	e := tag("button", "type=button|class="+class+"|data-action="+action).OnClick(do)
	switch {
	case !words:
		return e.Attr("aria-label", label).Attr("title", label).Body(icon(symbol))
	case symbol != "":
		return e.Body(icon(symbol), text("span", "", label))
	}
	return e.Body(text("span", "", label))
}

// field is an input with its label, and what is wrong with what was typed.
func field(attributes, id, label, wrong string, input app.HTMLElem) app.UI {
	return tag("div", attributes,
		text("label", "for="+id, label),
		input.Attr("id", id).Attr("dir", "auto").Attr("aria-describedby", id+"-hint").Attr("aria-invalid", wrong != ""),
		text("p", "id="+id+"-hint|class=hint hint-bad|role=alert", wrong),
	)
}

// tick is a box to tick with its label.
func tick(attributes, label string, box app.HTMLElem) app.UI {
	return tag("label", attributes, box.Attr("type", "checkbox"), text("span", "", label))
}

// idOf is the data-id of the row in which something was done.
func idOf(ctx app.Context) string {
	return ctx.JSSrc().Call("closest", "[data-id]").Get("dataset").Get("id").String()
}
