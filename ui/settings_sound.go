package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

// sounds draws what can be set about the tones: a line for the ring and one for the
// rest, and what the ring comes out of where that can be chosen.
func (s *settings) sounds() app.UI {
	var lines []app.UI
	for i, name := range channelNames {
		v := s.Sounds.Volumes[i]
		lines = append(lines, app.Div().Class("sound").DataSet("on", v.On).Body(
			app.Label().Body(
				app.Input().Type("checkbox").DataSet("input", name+"-on").Attr("checked", v.On),
				app.Span().Text(s.T.T("label_sound_"+name)),
			),
			app.Input().Type("range").DataSet("input", name+"-volume").Aria("label", s.T.T("label_volume_"+name)).
				Attr("min", leastVolume).Attr("value", v.Percent),
		))
	}
	devices := []app.UI{app.Option().Text(s.T.T("label_ring_device_usual"))}
	for _, d := range s.Speakers {
		devices = append(devices, app.Option().Value(d.ID).Selected(d.ID == s.Sounds.Device).Text(printable(d.Name)))
	}
	return app.Div().Class("sounds").OnChange(s.setSound).Body(append(lines,
		app.Div().Class("field").Hidden(len(s.Speakers) == 0).Body(
			app.Label().For("ring-device").Text(s.T.T("label_ring_device")),
			app.Select().ID("ring-device").DataSet("input", "ring-device").Body(devices...),
		),
		app.Button().Type("button").Class("wide", "secondary").DataSet("action", "play-ring").OnClick(s.playRing).
			Body(icon("volume-2"), app.Span().Text(s.T.T("action_play_ring"))),
	)...)
}

// channelNames are those of dom.Ringer and dom.Signal in the page and in the texts.
var channelNames = [...]string{"ring", "tones"}

// setSound takes what was changed in the box.
func (s *settings) setSound(_ app.Context, e app.Event) {
	from := e.Get("target")
	name, what, _ := strings.Cut(from.Get("dataset").Get("input").String(), "-")
	s.Screen.setSounds(func(o *sounds) {
		v := &o.Volumes[dom.Ringer]
		if name == channelNames[dom.Signal] {
			v = &o.Volumes[dom.Signal]
		}
		switch what {
		case "on":
			v.On = from.Get("checked").Bool()
		case "volume":
			v.On = true
			v.Percent, _ = strconv.Atoi(from.Get("value").String())
		case "device":
			o.Device = ""
			if i := from.Get("selectedIndex").Int() - 1; i >= 0 && i < len(s.Speakers) {
				o.Device = s.Speakers[i].ID
			}
		}
	})
}

func (s *settings) playRing(app.Context, app.Event) { s.Screen.tryRing() }
