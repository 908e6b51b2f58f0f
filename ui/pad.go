package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// pad is the sixteen keys of a call. It lies over the call panel, above the controls:
// none of them moves.
type pad struct {
	app.Compo
	Screen *Screen
	T      texts
	Call   string
	Shown  bool
}

// Render draws the keys in the order of a telephone's (ITU-T Q.23).
func (p *pad) Render() app.UI {
	return tag("div", "id="+padID(p.Call)+"|class=pad|role=group", app.Range(padSigns[:]).Slice(func(i int) app.UI {
		return &padKey{Screen: p.Screen, T: p.T, Call: p.Call, Sign: padSigns[i]}
	})).Attr("aria-label", p.T.T("action_dtmf_pad")).Hidden(!p.Shown)
}

var padSigns = [...]string{"1", "2", "3", "A", "4", "5", "6", "B", "7", "8", "9", "C", "*", "0", "#", "D"}

// padKey sends when it is pressed, not when it is let go: that is how a telephone
// feels.
type padKey struct {
	app.Compo
	Screen     *Screen
	T          texts
	Call, Sign string
}

// Render draws one key.
func (k *padKey) Render() app.UI {
	name, label := keyName(k.T, k.Sign)
	return tag("button", "type=button|class=key|data-action=key-"+name, text("span", "class=key-sign", k.Sign)).
		Attr("aria-label", label).On("pointerdown", k.press).OnClick(k.click)
}

func (k *padKey) press(_ app.Context, e app.Event) {
	if e.Get("button").Int() == 0 {
		k.Screen.sendKey(k.Call, k.Sign)
	}
}

// click is for those who have no pointer, whose clicks count none (UI Events §3.4):
// that of a pointer has been sent at the press.
func (k *padKey) click(_ app.Context, e app.Event) {
	if e.Get("detail").Int() == 0 {
		k.Screen.sendKey(k.Call, k.Sign)
	}
}

// keyName is what the key of a telephone is called in the page and by people.
func keyName(t texts, sign string) (name, label string) {
	switch sign {
	case "*":
		return "star", t.T("action_key_star")
	case "#":
		return "hash", t.T("action_key_hash")
	}
	return sign, sign
}
