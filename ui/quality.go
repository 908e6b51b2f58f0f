package ui

import (
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// foldQuality takes in how a call does.
func (v *View) foldQuality(q *phone.Quality) {
	if v.index(q.CallID) < 0 || v.Grades[q.CallID] == q.Grade {
		return
	}
	v.Grades = maps.Clone(v.Grades)
	if v.Grades == nil {
		v.Grades = map[string]phone.Grade{}
	}
	v.Grades[q.CallID] = q.Grade
}

// gradeKeys name the words for a grade.
var gradeKeys = map[phone.Grade]string{
	phone.QualityGood: "state_quality_good", phone.QualityFair: "state_quality_fair", phone.QualityBad: "state_quality_bad",
}

// quality says how the call is heard, and when that is bad what to do about it.
func (c *call) quality() app.UI {
	grade, hint := c.Grade, ""
	if c.Call.State != phone.Active {
		grade = ""
	}
	if grade == phone.QualityBad {
		hint = "hint_quality_bad"
		if c.Call.Video {
			hint = "hint_quality_bad_video"
		}
	}
	label := ""
	if grade != "" {
		label = c.T.T(gradeKeys[grade])
	}
	return tag("div", "class=quality|data-quality="+string(grade),
		text("p", "class=quality-grade|role=img", label).Attr("aria-label", c.T.T("label_quality")+": "+label),
		text("p", "class=quality-hint|role=status", c.T.hint(Hint{Key: hint})),
	)
}

// chartWords are the texts of the chart, by the names that web/parts/quality.js has for
// them.
var chartWords = map[string]string{
	"in": "label_quality_in", "out": "label_quality_out", "score": "label_quality_score", "loss": "label_quality_loss",
	"jitter": "label_quality_jitter", "rtt": "label_quality_rtt", "audio": "label_quality_audio", "video": "label_quality_video",
	"picture": "label_quality_picture", "codec": "label_quality_codec", "route": "label_quality_route",
	"title": "label_quality", "close": "action_close", "direct": "state_route_direct", "relay": "state_route_relay", "empty": "hint_quality_empty", "last": "label_quality_last",
}

// chart shows the figures of a call as they come. It is drawn by web/parts/quality.js, which
// is loaded the first time: few ever look at it.
type chart struct {
	app.Compo
	Screen *Screen
	T      texts
	Call   string

	part *dom.Part
}

// CompoID makes it another one for another call, and in another language.
func (c *chart) CompoID() string { return c.Call + strconv.Itoa(c.T.edition) }

// OnMount gives the element what it needs.
func (c *chart) OnMount(app.Context) {
	c.part = dom.NewPart(chartID(c.Call), "quality", c.T.all(chartWords), map[string]func(args []any) any{
		"take": c.take,
		"close": func([]any) any {
			c.Screen.post(func(v *View) { v.Chart = "" })
			return nil
		},
	})
}

// take gives what was measured after a moment, in ms since 1970.
func (c *chart) take(args []any) any {
	after, _ := args[0].(float64)
	var all []any
	for _, q := range c.Screen.deps.Phone.Qualities(c.Call, time.UnixMilli(int64(after))) {
		all = append(all, q.Plain())
	}
	return all
}

// OnDismount takes it away, and the keyboard back to the call.
func (c *chart) OnDismount() {
	c.part.Release()
	dom.FocusIfLost(callID(c.Call))
}

// Render draws its place.
func (c *chart) Render() app.UI {
	return tag("div", "id="+chartID(c.Call)+"|class=chart|data-region=quality")
}

// showChart shows the figures of a call, or of none.
func (s *Screen) showChart(id string) { s.change(func(v *View) { v.Chart = id }) }

func chartID(id string) string { return "chart-" + id }

// all are the texts for a part that is drawn in JavaScript, by its names for them.
func (t texts) all(keys map[string]string) map[string]any {
	words := map[string]any{}
	for name, key := range keys {
		words[name] = t.T(key)
	}
	return words
}

// decimal is a number with one digit behind the point, or the comma.
func (t texts) decimal(v float64) string {
	s := strconv.FormatFloat(v, 'f', 1, 64)
	if lang := t.Lang(); lang != "en" && lang != "he" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// quality is how a past call was, behind a button of its row.
func (p *pastCall) quality() app.UI {
	q, route := p.Call.Quality, "state_route_direct"
	if q.Route == "relay" {
		route = "state_route_relay"
	}
	id := "past-quality-" + p.Call.ID
	figures := p.T.T("hint_quality_past", "MOS", p.T.decimal(q.MOS), "Loss", p.T.decimal(q.Loss), "RTT", p.T.decimal(q.RTT))
	return tag("div", "class=more past-quality",
		control("history-quality", "button ghost", "signal", p.T.T("label_quality"), false, nil).Attr("popovertarget", id),
		text("p", "id="+id+"|class=menu past-figures|popover=auto|role=status", figures+" · "+q.Codec+" · "+p.T.T(route)),
	)
}
