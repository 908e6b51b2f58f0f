package ui

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

func TestCallerWhoTellsWhereIsOnAMap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := newScreen(t)
		c := in("a", phone.Active)
		s.view = *fold(c)
		if html := app.HTMLString(&shell{Screen: s}); strings.Contains(html, `data-action="map"`) {
			t.Error("a map of nowhere")
		}
		c.Location = &phone.Location{Latitude: 42.5463, Longitude: -73.2512}
		s.view = *fold(c)
		if html := app.HTMLString(&shell{Screen: s}); !strings.Contains(html, "mlat=42.54630") || !strings.Contains(html, "mlon=-73.25120") {
			t.Error("the place is not on the map")
		}
		s.deps.Bus.Close()
	})
}
