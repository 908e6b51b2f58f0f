package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

const addressHintID = "address-hint"

// dialpad is where an address is typed and dialled. It stays in the page while
// something else is shown, and so does what was typed.
type dialpad struct {
	app.Compo
	Screen *Screen
	T      texts
	Hint   Hint
	Echo   string // offered when not empty
	Shown  bool
}

// Render draws the address field, the keys and the two ways to call.
func (d *dialpad) Render() app.UI {
	hint := app.P().ID(addressHintID).Class("hint").Role("status").Text(d.T.hint(d.Hint))
	if d.Hint.Bad {
		hint = hint.Class("hint-bad")
	}
	return app.Section().ID(dialpadID).Class("panel", "dialpad").
		DataSet("region", "dialpad").
		Aria("label", d.T.T("label_dialpad")).
		TabIndex(-1).
		Hidden(!d.Shown).
		Body(app.Form().Attr("novalidate", "true").Attr("autocomplete", "off").OnSubmit(d.dialAudio).Body(
			app.Div().Class("address").Body(
				app.Input().ID(addressID).Type("text").Name("address").DataSet("input", "address").
					Aria("label", d.T.T("label_address")).Aria("describedby", addressHintID).
					Placeholder(d.T.T("hint_dial")).Dir("auto").
					Attr("autocomplete", "off").Attr("autocapitalize", "none").Attr("spellcheck", "false").
					Attr("enterkeyhint", "go").Attr("inputmode", "email").
					OnInput(d.typed),
				button("erase", "delete", d.T.T("action_delete_digit"), "ghost").OnClick(d.erase),
			),
			app.Div().Class("dial-hint").Body(hint, app.If(d.Echo != "" && d.Hint.Key == "", func() app.UI {
				return app.Button().Type("button").Class("link").DataSet("action", "dial-echo").
					OnClick(d.dialEcho).Body(app.Span().Text(d.T.T("action_call_echo")))
			})),
			app.Div().Class("keys").Body(app.Range(keys).Slice(func(i int) app.UI {
				return &key{T: d.T, Sign: keys[i].sign, Name: keys[i].name, Letters: keys[i].letters}
			})),
			app.Div().Class("dial-actions").Body(
				app.Button().Type("submit").Class("wide", "call-button").DataSet("action", "dial-audio").
					Aria("label", d.T.T("action_dial_audio")).
					Body(icon("phone"), app.Span().Text(d.T.T("action_dial_audio"))),
				app.Button().Type("button").Class("wide", "secondary").DataSet("action", "dial-video").
					Aria("label", d.T.T("action_dial_video")).OnClick(d.dialVideo).
					Body(icon("video"), app.Span().Text(d.T.T("action_dial_video"))),
			),
		))
}

func (d *dialpad) dialAudio(_ app.Context, e app.Event) {
	e.PreventDefault()
	d.Screen.dialTyped(false)
}

func (d *dialpad) dialVideo(app.Context, app.Event) { d.Screen.dialTyped(true) }
func (d *dialpad) dialEcho(app.Context, app.Event)  { d.Screen.dial(d.Echo, false) }

func (d *dialpad) erase(app.Context, app.Event) { dom.Erase(addressID) }

// typed takes away what was said of the address before.
func (d *dialpad) typed(app.Context, app.Event) {
	if d.Hint.Key != "" {
		d.Screen.change(func(v *View) { v.Hint = Hint{} })
	}
}

// keys are those of a telephone (ITU-T E.161).
var keys = []struct{ sign, name, letters string }{
	{"1", "1", ""},
	{"2", "2", "ABC"},
	{"3", "3", "DEF"},
	{"4", "4", "GHI"},
	{"5", "5", "JKL"},
	{"6", "6", "MNO"},
	{"7", "7", "PQRS"},
	{"8", "8", "TUV"},
	{"9", "9", "WXYZ"},
	{"*", "star", ""},
	{"0", "0", "+"},
	{"#", "hash", ""},
}

type key struct {
	app.Compo
	T                   texts
	Sign, Name, Letters string
}

// Render draws one key.
func (k *key) Render() app.UI {
	label := k.Sign
	if k.Name != k.Sign {
		label = k.T.T("action_key_" + k.Name)
	}
	return app.Button().Type("button").Class("key").
		DataSet("action", "key-"+k.Name).Aria("label", label).
		OnClick(k.press).
		Body(
			app.Span().Class("key-sign").Text(k.Sign),
			app.Span().Class("key-letters").Aria("hidden", "true").Text(k.Letters),
		)
}

func (k *key) press(app.Context, app.Event) { dom.Insert(addressID, k.Sign) }
