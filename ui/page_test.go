package ui

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

func TestPageStaysUntilAnotherPanelIsChosen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := newScreen(t)
		s.change(func(v *View) { v.foldAccount(phone.Account{LoggedIn: true}) })
		s.openPage(PageTrace)
		s.change(func(v *View) { v.foldCall(out("a", phone.Trying)) })
		if v := s.view; v.Tab != TabPhone || v.Page != PageTrace {
			t.Errorf("after a call: tab %q, page %q", v.Tab, v.Page) // beside the call where there is room
		}
		s.openPage(PageTrace)
		s.escape()
		if v := s.view; v.Tab != TabSettings || v.Page != PageNone {
			t.Errorf("after Escape: tab %q, page %q", v.Tab, v.Page)
		}
		s.openPage(PageTrace)
		s.showTab(TabHistory)
		if v := s.view; v.Tab != TabHistory || v.Page != PageNone {
			t.Errorf("after another tab: tab %q, page %q", v.Tab, v.Page)
		}
		s.deps.Bus.Close()
	})
}

func TestTraceIsOfferedAsTheSettingsSay(t *testing.T) {
	for _, offered := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s, _, _ := newScreen(t)
			s.deps.Trace = offered
			html := app.HTMLString(&shell{Screen: s})
			if strings.Contains(html, `data-action="open-trace"`) != offered {
				t.Errorf("offered: %v", !offered)
			}
			s.openPage(PageTrace)
			html = app.HTMLString(&shell{Screen: s})
			if strings.Contains(html, `data-region="trace"`) != offered || strings.Contains(html, `data-action="back"`) != offered {
				t.Errorf("the page is there: %v", !offered)
			}
			s.deps.Bus.Close()
		})
	}
}
