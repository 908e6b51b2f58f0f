package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

// sounds draws what can be set about the tones: a line for the ring and one for the
// rest, and what the ring comes out of where that can be chosen.
func (s *settings) sounds() app.UI {
	ring, tones := s.Sounds.Volumes[dom.Ringer], s.Sounds.Volumes[dom.Signal]
	return app.Div().Class("sounds").Body(
		s.volume("ring", ring).OnChange(s.setRing),
		s.volume("tones", tones).OnChange(s.setTones),
		app.Div().Class("field").Hidden(len(s.Speakers) == 0).Body(
			app.Label().For("ring-device").Text(s.T.T("label_ring_device")),
			app.Select().ID("ring-device").DataSet("input", "ring-device").OnChange(s.setDevice).Body(
				app.Option().Text(s.T.T("label_ring_device_usual")),
				app.Range(s.Speakers).Slice(s.speaker),
			),
		),
		app.Button().Type("button").Class("wide", "secondary").DataSet("action", "play-ring").OnClick(s.playRing).
			Body(icon("volume-2"), app.Span().Text(s.T.T("action_play_ring"))),
	)
}

// volume is the switch and the volume of a channel.
func (s *settings) volume(name string, v Volume) app.HTMLDiv {
	off := ""
	if !v.On {
		off = "sound-off"
	}
	return app.Div().Class("sound", off).Body(
		app.Label().Body(
			app.Input().Type("checkbox").DataSet("input", name+"-on").Checked(v.On),
			app.Span().Text(s.T.T("label_sound_"+name)),
		),
		app.Input().Type("range").DataSet("input", name+"-volume").Aria("label", s.T.T("label_volume_"+name)).
			Min(leastVolume).Value(v.Percent),
	)
}

func (s *settings) speaker(i int) app.UI {
	d := s.Speakers[i]
	return app.Option().Value(d.ID).Selected(d.ID == s.Sounds.Device).Text(printable(d.Name))
}

func (s *settings) setRing(_ app.Context, e app.Event)  { s.setVolume(dom.Ringer, e) }
func (s *settings) setTones(_ app.Context, e app.Event) { s.setVolume(dom.Signal, e) }

func (s *settings) setVolume(c dom.Channel, e app.Event) {
	from := e.Get("target")
	s.Screen.setSounds(func(o *sounds) {
		v := &o.Volumes[c]
		if from.Get("type").String() == "checkbox" {
			v.On = from.Get("checked").Bool()
		} else if percent, err := strconv.Atoi(from.Get("value").String()); err == nil {
			v.On, v.Percent = true, percent
		}
	})
}

func (s *settings) setDevice(ctx app.Context, _ app.Event) {
	device := ctx.JSSrc().Get("selectedIndex").Int() - 1
	s.Screen.setSounds(func(o *sounds) {
		if o.Device = ""; device >= 0 && device < len(s.Speakers) {
			o.Device = s.Speakers[device].ID
		}
	})
}

func (s *settings) playRing(app.Context, app.Event) { s.Screen.tryRing() }
