package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// part is a part of the phone that web/parts draws: see dom.NewPart. Beside its own calls
// it gets say, which gives the text of a key with values put in.
type part struct {
	app.Compo
	Screen *Screen
	T      texts
	Name   string // of the script, and of the element that holds it

	part *dom.Part
}

// CompoID makes it another one in another language.
func (p *part) CompoID() string { return p.Name + strconv.Itoa(p.T.edition) }

// OnMount gives the script what it needs.
func (p *part) OnMount(app.Context) { p.part = p.Screen.newPart(p.Name) }

// OnDismount takes it away.
func (p *part) OnDismount() { p.part.Release() }

// Render draws its place.
func (p *part) Render() app.UI { return tag("div", "id=part-"+p.Name+"|class=part part-"+p.Name) }

// partPage is a page with nothing on it but the part of its name.
type partPage struct {
	app.Compo
	Screen *Screen
	T      texts
	Page   Page
}

// CompoID makes each page another one.
func (p *partPage) CompoID() string { return string(p.Page) }

// Render draws the frame.
func (p *partPage) Render() app.UI {
	return pageOf(p.Screen, p.T, p.Page, "label_"+string(p.Page), &part{Screen: p.Screen, T: p.T, Name: string(p.Page)})
}

// serversOf is servers as web/parts/check.js takes them.
func serversOf(s phone.Servers) map[string]any {
	list := func(all []string) []any {
		plain := []any{}
		for _, text := range all {
			plain = append(plain, text)
		}
		return plain
	}
	ice := []any{}
	for _, server := range s.ICE {
		for _, url := range server.URLs {
			ice = append(ice, []any{url, server.Username, server.Credential})
		}
	}
	return map[string]any{"websocket": list(s.WebSocket), "ice": ice, "unknown": list(s.Unknown)}
}

// newPart has the script of that name draw in its place.
func (s *Screen) newPart(name string) *dom.Part {
	settings := map[string]any{"notifications": s.deps.Notifications}
	calls := map[string]func(args []any) any{
		"say": func(args []any) any {
			key, _ := args[0].(string)
			return s.deps.Texts.T(key, args[1:]...)
		},
	}
	s.shortcutCalls(calls)
	if name == string(PageShare) {
		calls["account"] = func([]any) any { return s.view.Account.AOR }
	}
	if name == string(PageCheck) { // they hold passwords, which are nobody else's business
		calls["servers"] = func([]any) any { return serversOf(s.deps.Phone.Servers()) }
	}
	return dom.NewPart("part-"+name, name, settings, calls)
}
