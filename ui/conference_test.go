package ui

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// joined is a call in the conference c.
func joined(c phone.Call, name string) phone.Call {
	c.Conference, c.Answered, c.Peer.Name = "c", began, name
	return c
}

func TestConferenceIsOnePanelAndOneRow(t *testing.T) {
	for _, test := range []struct {
		name      string
		view      *View
		there     string // parts of the page, split by blanks
		not       string
		panel     string
		focusFrom *View
	}{
		{
			name: "two calls", view: fold(out("a", phone.Held), in("b", phone.Active)),
			there: `data-action="join" data-region="call"`, not: `data-region="conference"`, panel: "call-b",
		},
		{
			name: "joined", view: fold(joined(out("a", phone.Active), "Ann"), joined(in("b", phone.Active), "Ben")),
			there: `data-region="conference" data-id="c" id="level-a" id="level-b" data-action="silence" data-action="split" ` +
				`data-action="hold" data-action="hangup" data-action="mute" data-action="add-call" Ann Ben strip-call`,
			not: `data-action="join" data-action="unsilence" data-action="resume"`, panel: "conference",
			focusFrom: fold(out("a", phone.Held), in("b", phone.Active)),
		},
		{
			name:  "another call beside it",
			view:  fold(joined(out("a", phone.Active), "Ann"), joined(in("b", phone.Active), "Ben"), out("d", phone.Active)),
			there: `data-action="join"`, not: `data-region="conference"`, panel: "call-d",
		},
		{
			name: "one of them over",
			view: fold(joined(out("a", phone.Active), "Ann"), joined(in("b", phone.Active), "Ben"), joined(out("d", phone.Active), "Dan"),
				out("e", phone.Ringing), joined(out("d", phone.Ended), "Dan"), out("e", phone.Failed)),
			there: `id="level-a" id="level-b"`, not: `id="level-d"`, panel: "conference",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, _, _ := newScreen(t)
				s.view = *test.view
				html := app.HTMLString(&shell{Screen: s})
				for _, part := range strings.Fields(test.there) {
					if !strings.Contains(html, part) {
						t.Errorf("there is no %s", part)
					}
				}
				for _, part := range strings.Fields(test.not) {
					if strings.Contains(html, part) {
						t.Errorf("there is %s", part)
					}
				}
				if got := s.panelID(); got != test.panel {
					t.Errorf("the panel is %s, want %s", got, test.panel)
				}
				if test.focusFrom != nil {
					if got := nextFocus(test.focusFrom, test.view); got != focusCall {
						t.Errorf("the keyboard goes to %v", got)
					}
				}
				s.deps.Bus.Close()
			})
		})
	}
}

func TestConferenceTellsWhoIsHeldAndSilenced(t *testing.T) {
	held, silenced := joined(out("a", phone.Held), "Ann"), joined(in("b", phone.Active), "Ben")
	held.LocalHold, silenced.Silenced = true, true
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := newScreen(t)
		s.view = *fold(held, silenced)
		html := app.HTMLString(&shell{Screen: s})
		for _, part := range []string{`data-action="unsilence"`, `data-action="resume"`, "On hold", "Not heard by the others", "You and 2 others"} {
			if !strings.Contains(html, part) {
				t.Errorf("there is no %s", part)
			}
		}
		if names := s.texts().names(s.view.Calls); names != "\u2068Ann\u2069, \u2068Ben\u2069" {
			t.Errorf("names %q", names)
		}
		s.deps.Bus.Close()
	})
}

func TestConferenceSaysThatItIsRecorded(t *testing.T) {
	recorded := joined(in("b", phone.Active), "Ben")
	recorded.Recording = true
	synctest.Test(t, func(t *testing.T) {
		s, l, engine := newScreen(t)
		s.view = *fold(joined(out("a", phone.Active), "Ann"), recorded)
		s.view.Current = "a"
		members := s.view.members("a")
		html := app.HTMLString(&conference{Screen: s, T: s.texts(), Members: members})
		for _, part := range []string{`data-action="record-stop"`, ">Recording<"} {
			if !strings.Contains(html, part) {
				t.Errorf("there is no %s", part)
			}
		}
		s.inConference("record-stop", "c")
		s.inConference("record-start", "c")
		engine.ConsumeAll()
		if got := strings.Join(l.done, ", "); got != "record b false, record a true" {
			t.Errorf("done: %s", got)
		}
		s.deps.Bus.Close()
	})
}

func TestConferenceIsJoinedAndEndedAsAWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l, engine := newScreen(t)
		s.view = *fold(out("a", phone.Held), in("b", phone.Active))
		(&calls{Screen: s}).join(app.Context{}, app.Event{})
		s.view = *fold(joined(out("a", phone.Active), "Ann"), joined(in("b", phone.Active), "Ben"))
		s.inConference("hangup", "c")
		s.inConference("hangup", "b")
		s.inConference("silence", "b")
		s.inConference("unsilence", "b")
		s.inConference("hold", "c")
		s.inConference("resume", "a")
		s.inConference("unmute", "c")
		s.inConference("split", "a")
		if s.view.Current != "a" {
			t.Error("who is talked with alone is not shown")
		}
		s.inConference("add-call", "c")
		if s.view.Current != "" {
			t.Error("the dialpad is not shown")
		}
		engine.ConsumeAll()
		if got := strings.Join(l.done, ", "); got != "join [], hangup c, hangup b, silence b true, silence b false, hold c true, hold a false, mute c false, split a" {
			t.Errorf("done: %s", got)
		}
		s.deps.Bus.Close()
	})
}

func TestParticipantsAreNamedUnderTheirCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := newScreen(t)
		s.view = *fold(out("a", phone.Active))
		told := phone.Participants{CallID: "a"}
		for i := range 100 {
			told.Users = append(told.Users, phone.Participant{Peer: phone.Peer{URI: "sip:x", Name: "<b>" + string(rune('A'+i%26))}, Status: `on-hold" onclick="`})
		}
		s.view.foldParticipants(told)
		s.view.foldParticipants(phone.Participants{CallID: "gone", Users: told.Users})
		html := app.HTMLString(&shell{Screen: s})
		if !strings.Contains(html, "100 people in the conference") || strings.Count(html, `data-status="other"`) != maxNamed || strings.Contains(html, "<b>") || strings.Contains(html, "onclick") {
			t.Error(html)
		}
		s.view.foldCall(out("a", phone.Ended))
		if len(s.view.Participants) > 0 {
			t.Errorf("kept: %v", s.view.Participants)
		}
		s.deps.Bus.Close()
	})
}
