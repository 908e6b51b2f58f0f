package ui

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

func TestQualityIsSaidWhileThereIsTalk(t *testing.T) {
	for _, tt := range []struct {
		name   string
		state  phone.CallState
		grade  phone.Grade
		video  bool
		words  string
		advice string
	}{
		{"not known yet", phone.Active, "", false, "", ""},
		{"good", phone.Active, phone.QualityGood, false, "Good", ""},
		{"fair", phone.Active, phone.QualityFair, false, "Fair", ""},
		{"bad", phone.Active, phone.QualityBad, false, "Bad", "use a cable"},
		{"bad with video", phone.Active, phone.QualityBad, true, "Bad", "turn off video"},
		{"bad, and then on hold", phone.Held, phone.QualityBad, false, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, _, _ := newScreen(t)
				c := out("a", tt.state)
				c.Video = tt.video
				s.change(func(v *View) {
					v.foldAccount(phone.Account{LoggedIn: true})
					v.foldCall(c)
					v.foldQuality(&phone.Quality{CallID: "a", Grade: tt.grade})
					v.foldQuality(&phone.Quality{CallID: "stranger", Grade: phone.QualityBad})
				})
				html := app.HTMLString(&shell{Screen: s})
				_, part, _ := strings.Cut(html, `class="quality"`)
				part, _, _ = strings.Cut(part, "</div>")
				if shown := strings.Contains(html, `data-quality="`+string(tt.grade)+`"`); shown != (tt.words != "") || !strings.Contains(part, tt.words) {
					t.Errorf("want %q in\n%s", tt.words, part)
				}
				if _, said, _ := strings.Cut(part, `role="status"`); !strings.Contains(said, tt.advice) ||
					tt.advice == "" && strings.Contains(said, "network") {
					t.Errorf("want %q in\n%s", tt.advice, said)
				}
				if len(s.view.Grades) > 1 {
					t.Errorf("%v", s.view.Grades)
				}
				c.State = phone.Ended
				s.change(func(v *View) { v.foldCall(c) })
				if len(s.view.Grades) != 0 {
					t.Errorf("after the call %v", s.view.Grades)
				}
				s.deps.Bus.Close()
			})
		})
	}
}

func TestChartClosesByEscapeAndWithItsCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := newScreen(t)
		s.change(func(v *View) {
			v.foldAccount(phone.Account{LoggedIn: true})
			v.foldCall(out("a", phone.Active))
		})
		there := func() bool { return strings.Contains(app.HTMLString(&shell{Screen: s}), `data-region="quality"`) }
		if there() {
			t.Error("it is there unasked")
		}
		s.showChart("a")
		if !there() {
			t.Error("it is not there")
		}
		s.escape()
		if there() || len(s.view.Calls) != 1 {
			t.Error("Escape does not close it, or more than that")
		}
		s.showChart("a")
		s.change(func(v *View) { v.foldCall(out("a", phone.Ended)) })
		if there() || s.view.Chart != "" {
			t.Error("it outlives its call")
		}
		s.deps.Bus.Close()
	})
}

func TestQualityOfAPastCallStandsBehindItsButton(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := newScreen(t)
		plain, measured := out("a", phone.Ended), out("b", phone.Ended)
		measured.Quality = &phone.Summary{MOS: 4.2, Worst: 3.1, Loss: 0.48, Jitter: 4, RTT: 60, Codec: "opus/48000/2", Route: "relay"}
		for _, c := range []phone.Call{plain, measured} {
			html := app.HTMLString(&pastCall{Screen: s, T: s.texts(), Call: c})
			shown := strings.Contains(html, `data-action="history-quality"`)
			if shown != (c.Quality != nil) || shown && !strings.Contains(html, "4.2 of 4.5 · lost 0.5 %") {
				t.Errorf("%s", html)
			}
		}
		s.deps.Bus.Close()
	})
}
