package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// locate finds out where the person is, for as long as that is to go with calls.
func (s *Screen) locate(on bool) {
	if s.change(func(v *View) { v.Locating, v.Place = on, nil }); !on {
		return
	}
	s.unwatch = dom.WatchPlace(func(latitude, longitude, radius float64) {
		s.post(func(v *View) {
			if v.Locating {
				v.Place = &phone.Location{Latitude: latitude, Longitude: longitude, Radius: radius}
			}
		})
	}, func() {
		s.post(func(v *View) {
			v.Locating, v.Place = false, nil
			v.foldNotice(phone.Notice{Code: "error_location"})
		})
	})
}

// unlocate ends what locate began, when nobody wants it any more.
func (s *Screen) unlocate() {
	if !s.view.Locating && s.unwatch != nil {
		s.unwatch()
		s.unwatch = nil
	}
}

// location is the switch in the settings.
func (s *settings) location() app.UI {
	return tag("div", "class=locating",
		tick("class=switch", s.T.T("label_location"),
			tag("input", "data-action=location").Attr("checked", s.Locating).OnChange(s.setLocation)),
		text("p", "class=quiet", s.T.T("hint_location")),
	)
}

func (s *settings) setLocation(ctx app.Context, _ app.Event) {
	s.Screen.locate(ctx.JSSrc().Get("checked").Bool())
}

// located tells at the dialpad that the location goes with calls; a press ends that.
func (d *dialpad) located() app.UI {
	return tag("button", "type=button|class=located|data-action=location-off",
		icon("map-pin"), text("span", "", d.T.T("state_location")), icon("x")).OnClick(d.locateNot)
}

func (d *dialpad) locateNot(app.Context, app.Event) { d.Screen.locate(false) }
