package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

// sounds draws what can be set about the tones: a line for the ring and one for the
// rest.
func (s *settings) sounds() app.UI {
	var lines []app.UI
	for i, name := range channelNames {
		v := s.Sounds.Volumes[i]
		lines = append(lines, tag("div", "class=sound",
			tick("", s.T.T("label_sound_"+name), tag("input", "data-input="+name+"-on").Attr("checked", v.On)),
			tag("input", "type=range|data-input="+name+"-volume").Attr("aria-label", s.T.T("label_volume_"+name)).
				Attr("min", leastVolume).Attr("value", v.Percent),
		).Attr("data-on", v.On))
	}
	return tag("div", "class=sounds", append(lines,
		control("play-ring", "wide secondary", "volume-2", s.T.T("action_play_ring"), true, s.playRing),
	)...).OnChange(s.setSound)
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
		}
	})
}

func (s *settings) playRing(app.Context, app.Event) { s.Screen.tryRing() }
