package ui

import (
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
	Note       string // the call that ended last, to be written about; empty for none
	Anonymous  bool   // the next call hides who makes it
}

// Render draws the address field, the keys and the two ways to call. Keys that could
// change nothing are not there.
func (d *dialpad) Render() app.UI {
	dialing := d.Screen.deps.Dialing
	return tag("section", "id="+dialpadID+"|class=panel dialpad|data-region=dialpad|tabindex=-1",
		tag("form", "novalidate=true|autocomplete=off",
			tag("div", "class=address",
				app.If(!dialing.locked(), d.scheme),
				tag("input", "id="+addressID+"|type=text|name=address|data-input=address|aria-describedby="+addressHintID+
					"|dir=auto|autocomplete=off|autocapitalize=none|spellcheck=false|enterkeyhint=go|inputmode=email").
					Attr("aria-label", d.T.T("label_address")).Attr("placeholder", d.example()).
					Attr("readonly", dialing.ReadOnly).OnInput(d.typed).OnClick(d.turned),
				app.If(!dialing.locked(), func() app.UI {
					return control("erase", "button ghost", "delete", d.T.T("action_delete_digit"), false, d.erase)
				}),
			).Hidden(dialing.Hidden),
			tag("div", "class=dial-hint",
				text("p", "id="+addressHintID+"|class=hint"+when(d.Hint.Bad, " hint-bad")+"|role=status", d.T.hint(d.Hint)),
				app.If(d.Located, d.located),
				app.If(d.Note != "", func() app.UI {
					return control("note", "link note-offer", "square-pen", d.T.T("action_note"), true, d.writeNote)
				}),
				app.If(d.Echo != "" && !d.Located && d.Hint.Key == "", func() app.UI {
					return control("dial-echo", "link", "", d.T.T("action_call_echo"), true, d.dialEcho)
				}),
			),
			tag("div", "class=keys", app.If(!dialing.locked(), func() app.UI {
				return app.Range(keys).Slice(func(i int) app.UI {
					return &key{T: d.T, Sign: keys[i].sign, Letters: keys[i].letters}
				})
			})),
			tag("div", "class=dial-actions",
				control("anonymous", "button ghost"+pressed(d.Anonymous), "eye-off", d.T.T("label_anonymous"), false, d.hide),
				app.If(!dialing.NoAudio, func() app.UI {
					return d.callButton("dial-audio", "phone", "action_dial_audio", !d.EnterVideo, d.dialAudio)
				}),
				app.If(!dialing.NoVideo, func() app.UI {
					return d.callButton("dial-video", "video", "action_dial_video", d.EnterVideo, d.dialVideo)
				}),
			),
		).OnSubmit(d.dialEnter),
	).Attr("aria-label", d.T.T("label_dialpad")).Hidden(!d.Shown)
}

// callButton is a button to call, which stands out when Enter does the same.
func (d *dialpad) callButton(action, symbol, label string, enter bool, do app.EventHandler) app.UI {
	class, id := "wide secondary", ""
	if enter {
		class, id = "wide call-button", enterID
	}
	label = d.T.T(label)
	return control(action, class, symbol, label, true, do).Attr("aria-label", label).Attr("id", id)
}

func (d *dialpad) dialEnter(_ app.Context, e app.Event) {
	e.PreventDefault()
	d.Screen.dialEnter()
}

func (d *dialpad) dialAudio(app.Context, app.Event) { d.Screen.dialTyped(false) }
func (d *dialpad) dialVideo(app.Context, app.Event) { d.Screen.dialTyped(true) }
func (d *dialpad) dialEcho(app.Context, app.Event)  { d.Screen.dial(d.Echo, false) }

func (d *dialpad) writeNote(app.Context, app.Event) { d.Screen.writeNote(d.Note) }

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
	return tag("button", "type=button|class=key|data-action=key-"+name,
		text("span", "class=key-sign", k.Sign+" "),
		text("span", "class=key-letters|aria-hidden=true", k.Letters),
	).Attr("aria-label", label+" "+k.Letters).OnClick(k.press)
}

func (k *key) press(app.Context, app.Event) { dom.Insert(addressID, k.Sign) }
