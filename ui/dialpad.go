package ui

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

const addressHintID = "address-hint"

// dialpad is where an address is typed and dialled. It stays in the page while
// something else is shown, and so does what was typed.
type dialpad struct {
	app.Compo
	Screen     *Screen
	T          texts
	Hint       Hint
	Echo       string // offered when not empty
	Shown      bool
	EnterVideo bool
	Scheme     string // of schemes
	Located    bool   // the location goes with calls
}

// Render draws the address field, the keys and the two ways to call. Keys that could
// change nothing are not there.
func (d *dialpad) Render() app.UI {
	dialing := d.Screen.deps.Dialing
	hint := app.P().ID(addressHintID).Class("hint").Role("status").Text(d.T.hint(d.Hint))
	if d.Hint.Bad {
		hint = hint.Class("hint-bad")
	}
	return app.Section().ID(dialpadID).Class("panel", "dialpad").
		DataSet("region", "dialpad").
		Aria("label", d.T.T("label_dialpad")).
		TabIndex(-1).
		Hidden(!d.Shown).
		Body(app.Form().Attr("novalidate", "true").Attr("autocomplete", "off").OnSubmit(d.dialEnter).Body(
			app.Div().Class("address").Hidden(dialing.Hidden).Body(
				app.If(!dialing.locked(), d.scheme),
				app.Input().ID(addressID).Type("text").Name("address").DataSet("input", "address").
					Aria("label", d.T.T("label_address")).Aria("describedby", addressHintID).
					Placeholder(d.example()).Dir("auto").
					Attr("autocomplete", "off").Attr("autocapitalize", "none").Attr("spellcheck", "false").
					Attr("enterkeyhint", "go").Attr("inputmode", "email").
					ReadOnly(dialing.ReadOnly).OnInput(d.typed).OnClick(d.turned),
				app.If(!dialing.locked(), func() app.UI {
					return button("erase", "delete", d.T.T("action_delete_digit"), "ghost").OnClick(d.erase)
				}),
			),
			app.Div().Class("dial-hint").Body(hint, app.If(d.Located, d.located), app.If(d.Echo != "" && !d.Located && d.Hint.Key == "", func() app.UI {
				return app.Button().Type("button").Class("link").DataSet("action", "dial-echo").
					OnClick(d.dialEcho).Body(app.Span().Text(d.T.T("action_call_echo")))
			})),
			app.Div().Class("keys").Body(app.If(!dialing.locked(), func() app.UI {
				return app.Range(keys).Slice(func(i int) app.UI {
					return &key{T: d.T, Sign: keys[i].sign, Letters: keys[i].letters}
				})
			})),
			app.Div().Class("dial-actions").Body(
				app.If(!dialing.NoAudio, func() app.UI {
					return d.callButton("dial-audio", "phone", "action_dial_audio", !d.EnterVideo).OnClick(d.dialAudio)
				}),
				app.If(!dialing.NoVideo, func() app.UI {
					return d.callButton("dial-video", "video", "action_dial_video", d.EnterVideo).OnClick(d.dialVideo)
				}),
			),
		))
}

// callButton is a button to call, which stands out when Enter does the same.
func (d *dialpad) callButton(action, symbol, label string, enter bool) app.HTMLButton {
	b := app.Button().Type("button").DataSet("action", action).Aria("label", d.T.T(label)).
		Body(icon(symbol), app.Span().Text(d.T.T(label)))
	if enter {
		return b.ID(enterID).Class("wide", "call-button")
	}
	return b.Class("wide", "secondary")
}

func (d *dialpad) dialEnter(_ app.Context, e app.Event) {
	e.PreventDefault()
	d.Screen.dialEnter()
}

func (d *dialpad) dialAudio(app.Context, app.Event) { d.Screen.dialTyped(false) }
func (d *dialpad) dialVideo(app.Context, app.Event) { d.Screen.dialTyped(true) }
func (d *dialpad) dialEcho(app.Context, app.Event)  { d.Screen.dial(d.Echo, false) }

func (d *dialpad) erase(app.Context, app.Event) { dom.Erase(addressID) }

func (d *dialpad) turned(app.Context, app.Event) { d.Screen.turned = time.Now() }

// typed is called at each change of the address by the person.
func (d *dialpad) typed(app.Context, app.Event) {
	d.Screen.turned = time.Now()
	if scheme := schemeOf(dom.Value(addressID)); scheme != "" && scheme != d.Scheme {
		d.Screen.change(func(v *View) { v.Scheme = scheme })
	}
	if d.Hint.Key != "" || d.Screen.view.Fill.Asked {
		d.Screen.change((*View).typed)
	}
}

// keys are those of a telephone (ITU-T E.161).
var keys = []struct{ sign, letters string }{
	{"1", ""},
	{"2", "ABC"},
	{"3", "DEF"},
	{"4", "GHI"},
	{"5", "JKL"},
	{"6", "MNO"},
	{"7", "PQRS"},
	{"8", "TUV"},
	{"9", "WXYZ"},
	{"*", ""},
	{"0", "+"},
	{"#", ""},
}

type key struct {
	app.Compo
	T             texts
	Sign, Letters string
}

// Render draws one key.
func (k *key) Render() app.UI {
	name, label := keyName(k.T, k.Sign)
	return app.Button().Type("button").Class("key").
		DataSet("action", "key-"+name).Aria("label", strings.TrimSpace(label+" "+k.Letters)).
		OnClick(k.press).
		Body(
			app.Span().Class("key-sign").Text(k.Sign+" "),
			app.Span().Class("key-letters").Aria("hidden", "true").Text(k.Letters),
		)
}

func (k *key) press(app.Context, app.Event) { dom.Insert(addressID, k.Sign) }
