package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// tones shows the keys that are still to be sent in a call, and asks where they wait for
// the person.
func (c *call) tones() app.UI {
	left, waits := strings.CutPrefix(c.Call.Tones, ";")
	if !waits {
		return text("p", "class=quiet figures", c.T.T("label_tones_next", "Digits", keysOf(left)))
	}
	next, _, _ := strings.Cut(left, ";")
	return tag("div", "class=question call-tones|role=group",
		text("p", "role=status", c.T.T("hint_tones_send", "Digits", keysOf(next))),
		tag("div", "class=question-answers",
			control("tones-drop", "wide secondary", "", c.T.T("action_tones_drop"), true, c.dropTones),
			control("tones-send", "wide primary", "", c.T.T("action_message_send"), true, c.sendTones),
		),
	)
}

// keysOf leaves the pauses out.
func keysOf(tones string) string {
	return strings.Join(strings.FieldsFunc(tones, func(r rune) bool { return strings.ContainsRune(",;P", r) }), " ")
}

func (c *call) sendTones(app.Context, app.Event) { c.confirmTones(true) }
func (c *call) dropTones(app.Context, app.Event) { c.confirmTones(false) }
func (c *call) confirmTones(send bool) {
	c.Screen.told(c.Screen.deps.Phone.ConfirmDTMF(c.Call.ID, send))
}
