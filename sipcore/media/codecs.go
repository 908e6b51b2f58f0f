package media

import (
	"slices"

	"gocommunicator/sipcore/sdp"
)

// helpers go with codecs and are none themselves.
var helpers = []string{"rtx", "red", "ulpfec", "flexfec-03", "telephone-event"}

// meet forgets the codecs of a kind when the platform knows none of them, and tells
// whether it has.
func (c *Config) meet() (unmet bool) {
	if lacks(Audio, c.AudioCodecs) {
		c.AudioCodecs, unmet = nil, true
	}
	if lacks(Video, c.VideoCodecs) {
		c.VideoCodecs, unmet = nil, true
	}
	return unmet
}

// lacks tells whether the platform knows none of some codecs.
func lacks(k Kind, names []string) bool {
	for _, name := range known(k) {
		if slices.Contains(names, name) {
			return false
		}
	}
	return len(names) > 0
}

// choose orders codecs, given by name, as the settings have it: those named come first and
// the helpers follow, and the rest only where none are named. It returns their places.
func choose(k Kind, names, order []string) []int {
	strict := len(order) > 0
	if !strict && k == Audio {
		order = []string{"opus"}
	}
	places := []int{}
	for _, name := range order {
		for i, n := range names {
			if n == name {
				places = append(places, i)
			}
		}
	}
	for i, n := range names {
		if !slices.Contains(order, n) && (!strict || slices.Contains(helpers, n)) {
			places = append(places, i)
		}
	}
	return places
}

// tune writes into an own description what the other side is asked for: how much it may
// send (RFC 8866 §5.8, RFC 3890), and how it is to use Opus (RFC 7587 §6.1).
func (c Config) tune(d *sdp.Description) {
	for _, m := range d.Media() {
		if n := c.bound(Kind(m.Kind())); n > 0 && slices.Contains(kinds[:], Kind(m.Kind())) {
			m.SetBandwidth(n)
		}
		if c.NoFEC {
			m.SetParameter("opus", "useinbandfec", "") // which means the same as 0, also to those who compare
		}
		if c.DTX {
			m.SetParameter("opus", "usedtx", "1")
		}
	}
}
