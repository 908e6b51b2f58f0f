package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// callFields are what can be set about what is done with calls by itself: path and label,
// in their order.
var callFields = [...][2]string{
	{"session.call_waiting", "label_call_waiting"},
	{forwardAlways, "label_forward_always"},
	{"session.forward_busy", "label_forward_busy"},
	{"session.forward_no_answer", "label_forward_no_answer"},
	{"session.forward_after", "label_seconds_until"},
	{anonymousCalls, "label_anonymous"},
	{"session.reject_anonymous", "label_reject_anonymous"},
	{autoAnswer, "label_auto_answer"},
	{"session.auto_answer_delay", "label_seconds_until"},
	{"session.auto_answer_video", "label_auto_answer_video"},
	{"session.auto_answer_in_call", "label_auto_answer_in_call"},
	{"session.trusted_callers", "label_trusted_callers"},
}

// Settings that are more than fields.
const (
	anonymousCalls = "dialing.anonymous"
	autoAnswer     = "session.auto_answer"
	forwardAlways  = "session.forward_always"
)

// autoAnswers are the values of autoAnswer.
var autoAnswers = [...]string{"off", "trusted", "always"}

// callSettings is what the person sets about calls, folded up; each takes effect at once.
type callSettings struct {
	app.Compo
	Screen  *Screen
	T       texts
	DND     bool
	Edition int // of the values

	wrong map[string]string // by path
}

// Render draws the switches and fields.
func (c *callSettings) Render() app.UI {
	lines := []app.UI{tick("class=switch", c.T.T("state_dnd"), tag("input", "data-input=dnd").Attr("checked", c.DND))}
	for _, f := range callFields {
		if c.Screen.deps.Own != nil {
			lines = append(lines, c.field(f[0], c.T.T(f[1])))
		}
	}
	if c.Screen.deps.Own != nil {
		lines = append(lines, text("p", "class=quiet", c.T.T("hint_trusted_callers")))
	}
	return tag("details", "class=own call-settings|data-region=call-settings",
		tag("summary", "class=page-link|data-action=call-settings",
			icon("phone-call"), text("span", "", c.T.T("label_calls")), icon("chevron-right")),
		tag("div", "class=call-fields", lines...).OnChange(c.set),
	)
}

func (c *callSettings) field(path, label string) app.UI {
	value, id := c.Screen.deps.Own.Text(path), ownID+path
	switch {
	case path == autoAnswer:
		return tag("div", "class=field", text("label", "for="+id, label),
			tag("select", "id="+id+"|data-input="+path, app.Range(autoAnswers[:]).Slice(func(i int) app.UI {
				return text("option", "value="+autoAnswers[i], c.T.T("label_auto_answer_"+autoAnswers[i])).
					Attr("selected", autoAnswers[i] == value)
			})))
	case value == yes || value == no:
		return tick("class=switch", label, tag("input", "data-input="+path).Attr("checked", value == yes))
	}
	return field("class=field", id, label, c.wrong[path],
		tag("input", "type=text|autocomplete=off|autocapitalize=none|spellcheck=false|data-input="+path).Attr("value", value))
}

// set takes what was changed, or says beside it why not.
func (c *callSettings) set(_ app.Context, e app.Event) {
	from := e.Get("target")
	path, value := from.Get("dataset").Get("input").String(), from.Get("value").String()
	if from.Get("type").String() == "checkbox" {
		value = no
		if from.Get("checked").Bool() {
			value = yes
		}
	}
	if path == "dnd" {
		c.Screen.deps.Phone.SetDND(value == yes)
		return
	}
	c.wrong = map[string]string{}
	if strings.HasPrefix(path, "session.forward_") && path != "session.forward_after" {
		if err := c.Screen.deps.Phone.CheckForward(value); err != nil {
			n := phone.Explain(err)
			c.wrong[path] = c.T.T(n.Code, n.Params)
			return
		}
	}
	for wrong, problem := range c.Screen.deps.Own.Set(map[string]string{path: value}) {
		c.wrong[wrong] = c.T.T("error_config", "Path", wrong, "Problem", problem)
	}
}

// toggleDND is the button beside the status.
func (b *bar) toggleDND(app.Context, app.Event) { b.Screen.deps.Phone.SetDND(!b.DND) }

// hide is the tick beside the buttons that call, for the next call.
func (d *dialpad) hide(app.Context, app.Event) {
	d.Screen.change(func(v *View) { v.Anonymous = !v.Anonymous })
}

// foldDND takes in whether the person is to be disturbed.
func (v *View) foldDND(d phone.DoNotDisturb) { v.DND = d.On }

// forwards tells whether all calls go elsewhere, by the settings of the person.
func (s *Screen) forwards() bool {
	return s.deps.Own != nil && s.deps.Own.Text(forwardAlways) != ""
}

// hides tells whether calls hide who calls unless they say otherwise.
func (s *Screen) hides() bool {
	return s.deps.Own != nil && s.deps.Own.Text(anonymousCalls) == yes
}

// detour says where a call went that was not meant for there, or nothing.
func detour(t texts, c phone.Call) string {
	switch {
	case c.Forwarded != nil:
		return t.T("state_call_forwarded", "Name", t.name(c.Peer), "To", t.name(*c.Forwarded))
	case c.ForwardedBy != nil:
		return t.named("label_forwarded_by", *c.ForwardedBy)
	}
	return ""
}

// guard keeps the microphone off in a call that the phone answers while the browser lets
// nothing be heard of that.
func (s *Screen) guard(before *View) {
	for _, c := range s.view.Calls {
		if b, _ := before.Call(c.ID); c.AutoAnswer && !b.AutoAnswer && s.view.SoundBlocked {
			s.muteAudio(c.ID, true)
		}
	}
}

// pressed marks a control that is on, at the end of its class.
func pressed(on bool) string { return when(on, " pressed") + "|aria-pressed=" + strconv.FormatBool(on) }
