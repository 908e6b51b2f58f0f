package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// Own is what the person has set for themselves over what the site has. Keys are paths
// of the settings, values are texts. Methods are called on the UI goroutine.
type Own interface {
	// Text is the value in force.
	Text(path string) string
	// Changed tells whether there is anything that is not as the site has it.
	Changed() bool
	// Set takes all values, or none and says by path what is wrong.
	Set(texts map[string]string) (problems map[string]string)
	// Reset makes everything as the site has it.
	Reset()
}

// ownBoxes are the boxes of the form: for each its label and help, and for each field its
// path and label. What is true or false gets a box to tick.
var ownBoxes = []struct {
	name, label, help string
	fields            [][2]string
}{
	{"identity", "label_own_identity", "hint_own_identity", [][2]string{
		{"user.display_name", "label_display_name"},
		{"user.uri", "label_sip_address"},
		{"user.sip_auth_user", "label_own_auth_user"},
	}},
	{"server", "label_own_server", "hint_own_server", [][2]string{
		{"websocket.servers", "label_own_servers"},
		{"registration.server", "label_own_registrar"},
	}},
	{"registration", "label_own_registration", "hint_own_registration", [][2]string{
		{"registration.on_startup", "label_own_register"},
		{"registration.expiry", "label_own_expiry"},
	}},
	{"media", "label_own_media", "hint_own_media", [][2]string{
		{"media.relay_only", "label_own_relay"},
		{"dialing.prefer_video", "label_own_video"},
	}},
}

const (
	ownID = "own-" // before the path of a field
	yes   = "true"
	no    = "false"
)

// own is the form. What is typed stays in the page until it is saved.
type own struct {
	app.Compo
	Screen  *Screen
	T       texts
	InCall  bool
	Edition int // of the values

	problems map[string]string
	said     Hint
}

// Render draws the form, folded up.
func (o *own) Render() app.UI {
	return tag("details", "class=own|data-region=configuration",
		tag("summary", "class=page-link|data-action=configuration",
			icon("settings"), text("span", "", o.T.T("label_own")), icon("chevron-right")),
		tag("form", "novalidate=true|autocapitalize=none|spellcheck=false",
			app.Range(ownBoxes).Slice(o.box),
			text("p", "class=hint|role=status", o.T.hint(o.said)),
			tag("button", "type=submit|class=wide primary|data-action=settings-save",
				text("span", "", o.T.T("action_settings_save"))),
			control("settings-reset", "wide secondary", "", o.T.T("action_settings_reset"), true, o.reset).
				Hidden(!o.Screen.deps.Own.Changed()),
		).OnSubmit(o.save),
	)
}

// box is a box with its help behind a question mark.
func (o *own) box(i int) app.UI {
	box := ownBoxes[i]
	title := o.T.T(box.label)
	return tag("div", "class=own-box|role=group",
		tag("details", "",
			tag("summary", "class=own-head|data-action=help-"+box.name,
				text("span", "", title), text("span", "class=button", "?"),
			).Attr("aria-label", o.T.T("label_help_about", "Name", title)),
			text("p", "class=quiet", o.T.T(box.help)),
		),
		app.Range(box.fields).Slice(func(i int) app.UI { return o.field(box.fields[i][0], box.fields[i][1]) }),
	).Attr("aria-label", title)
}

// field is a field with its label and what is wrong with what was typed.
func (o *own) field(path, label string) app.UI {
	value, problem, said := o.Screen.deps.Own.Text(path), o.problems[path], ""
	if problem != "" {
		said = o.T.T("error_config", "Path", path, "Problem", problem)
	}
	class, kind := "class=field", "type=text"
	if value == yes || value == no {
		class, kind = "class=own-tick", "type=checkbox"
	}
	return field(class, ownID+path, o.T.T(label), said,
		tag("input", kind+"|data-input="+path).Attr("value", value).Attr("checked", value == yes))
}

// eachOwn calls do with the id and path of each field, in their order.
func eachOwn(do func(id, path string)) {
	for _, box := range ownBoxes {
		for _, f := range box.fields {
			do(ownID+f[0], f[0])
		}
	}
}

func (o *own) save(_ app.Context, e app.Event) {
	e.PreventDefault()
	values := map[string]string{}
	eachOwn(func(id, path string) {
		values[path] = dom.Value(id)
		switch now := o.Screen.deps.Own.Text(path); {
		case now != yes && now != no:
		case dom.Checked(id):
			values[path] = yes
		default:
			values[path] = no
		}
	})
	o.problems, o.said = o.Screen.deps.Own.Set(values), Hint{}
	if len(o.problems) == 0 {
		o.saved("hint_settings_saved")
		return
	}
	first := ""
	eachOwn(func(id, path string) {
		if first == "" && o.problems[path] != "" {
			first = id
		}
	})
	dom.Focus(first)
	dom.Reveal(first)
}

func (o *own) reset(app.Context, app.Event) {
	o.Screen.deps.Own.Reset()
	o.problems = nil
	o.saved("hint_settings_reset")
}

// saved shows what is in force now, and says when it takes effect.
func (o *own) saved(said string) {
	if o.InCall {
		said = "hint_settings_later"
	}
	o.said = Hint{Key: said}
	eachOwn(func(id, path string) {
		text := o.Screen.deps.Own.Text(path)
		dom.SetValue(id, text)
		dom.Check(id, text == yes)
	})
}

// Configure shows what a person has set for themselves. It may be called from any
// goroutine.
func (s *Screen) Configure(user phone.Login, preferVideo bool) {
	s.post(func(*View) {
		s.deps.User, s.deps.Dialing.PreferVideo = user, preferVideo
		s.view.Forwards, s.view.Anonymous = s.forwards(), s.hides()
		s.configured++
		dom.SetValue(sipAddressID, plainURI(user.URI))
		dom.SetValue(displayNameID, user.DisplayName)
	})
}
