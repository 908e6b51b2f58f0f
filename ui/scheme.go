package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

const schemeID = "scheme"

// schemes are the kinds of address that can be chosen: what an address without a scheme of
// its own is taken for. The first is that of names and addresses.
var schemes = []struct{ name, label, symbol, example string }{
	{"sip", "label_scheme_sip", "at-sign", ""},
	{"tel", "label_scheme_tel", "hash", "+12125551234"},
	{"urn", "label_scheme_urn", "siren", "service:sos"},
}

// schemeOf is the scheme that an address names, else an empty string.
func schemeOf(address string) string {
	scheme, _, found := strings.Cut(strings.ToLower(strings.TrimSpace(address)), ":")
	switch {
	case found && scheme == "sips":
		return "sip"
	case found && (scheme == "sip" || scheme == "tel" || scheme == "urn"):
		return scheme
	}
	return ""
}

// withScheme is an address as it was typed with the scheme chosen, if it has none.
func (v *View) withScheme(address string) string {
	if schemeOf(address) != "" || v.Scheme == "" || v.Scheme == "sip" {
		return address
	}
	return v.Scheme + ":" + address
}

// scheme draws the choice: a symbol that is a menu.
func (d *dialpad) scheme() app.UI {
	symbol := schemes[0].symbol
	options := app.Range(schemes).Slice(func(i int) app.UI {
		return text("option", "value="+schemes[i].name, d.T.T(schemes[i].label)).Attr("selected", schemes[i].name == d.Scheme)
	})
	for _, s := range schemes {
		if s.name == d.Scheme {
			symbol = s.symbol
		}
	}
	return tag("span", "class=scheme", icon(symbol), tag("select", "id="+schemeID+"|data-action=scheme", options).
		Attr("aria-label", d.T.T("label_scheme")).OnChange(d.setScheme))
}

// example is what stands in the empty field.
func (d *dialpad) example() string {
	for _, s := range schemes[1:] {
		if s.name == d.Scheme {
			return s.example
		}
	}
	return d.T.T("hint_dial")
}

func (d *dialpad) setScheme(app.Context, app.Event) {
	scheme := dom.Value(schemeID)
	d.Screen.change(func(v *View) { v.Scheme = scheme })
}
