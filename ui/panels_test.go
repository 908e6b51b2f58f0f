package ui

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// What a site leaves out is nowhere on the screen, whatever else is there, and no page of it
// opens.
func TestOnlyThePanelsOfTheSiteAreThere(t *testing.T) {
	marks := map[string]string{
		panelDialpad: `data-region="dialpad"`, panelHistory: `data-region="history"`, panelChat: `data-region="chat"`, panelSettings: `data-action="theme"`,
	}
	for _, p := range pages {
		marks[string(p)] = `data-action="` + openPageID(p) + `"`
	}
	for panel := range marks {
		for name, panels := range map[string][]string{"alone": {panel}, "left out": {}} {
			for other := range marks {
				if name == "left out" && other != panel {
					panels = append(panels, other)
				}
			}
			synctest.Test(t, func(t *testing.T) {
				s, _, _ := newScreen(t)
				s.deps.Panels, s.deps.Chat = panels, false
				s.deps.Chat = s.deps.has(panelChat)
				s.change(func(v *View) { v.foldAccount(phone.Account{LoggedIn: true, AOR: "sip:alice@a.test"}) })
				html := app.HTMLString(&shell{Screen: s})
				for other, mark := range marks {
					if want := (other == panel) == (name == "alone"); strings.Contains(html, mark) != want {
						t.Errorf("%s %s: %s is there: %v", panel, name, other, !want)
					}
				}
				for _, p := range pages {
					s.change(func(v *View) { v.Page = PageNone })
					s.openPage(p)
					if opened := s.view.Page == p; opened != s.deps.has(string(p)) {
						t.Errorf("%s %s: the page %s opens: %v", panel, name, p, opened)
					}
				}
				s.deps.Bus.Close()
			})
		}
	}
}
