package ui

import (
	"fmt"
	"strconv"
	"strings"

	"gocommunicator/ui/dom"
)

// soundsKey is where the page remembers how it sounds.
const soundsKey = "gocommunicator.sounds"

// Volume is how loud tones are, in percent of the loudest there is.
type Volume struct {
	On      bool
	Percent int // from leastVolume to 100
}

const leastVolume = 5 // off is a switch of its own

// gain makes of the usual 80 % the tones as they are. The ear hears squares.
func (v Volume) gain() float64 {
	if !v.On {
		return 0
	}
	p := float64(v.Percent) / 80
	return p * p
}

// sounds is what the person has chosen about the tones.
type sounds struct {
	Volumes [2]Volume // by dom.Channel
	Device  string    // of the ring, empty for that of everything else
}

// String is how it is remembered: a text that parseSounds reads.
func (o sounds) String() string {
	ring, signal := o.Volumes[dom.Ringer], o.Volumes[dom.Signal]
	return fmt.Sprint(ring.On, " ", ring.Percent, " ", signal.On, " ", signal.Percent, " ", o.Device)
}

// parseSounds reads what String wrote. What cannot be read leaves usual.
func parseSounds(text string, usual sounds) sounds {
	words := strings.SplitN(text, " ", 5)
	if len(words) < 5 {
		return usual
	}
	o := sounds{Device: words[4]}
	for i := range o.Volumes {
		v := &o.Volumes[i]
		v.On = words[2*i] == "true"
		var err error
		if v.Percent, err = strconv.Atoi(words[2*i+1]); err != nil || v.Percent < leastVolume || v.Percent > 100 {
			return usual
		}
	}
	return o
}

// openSounds has the page sound as it did at the last visit.
func (s *Screen) openSounds() {
	usual := sounds{Volumes: [2]Volume{s.deps.Ring, s.deps.Signals}}
	s.view.Sounds = parseSounds(dom.Recall(soundsKey), usual)
	s.sound()
	s.findSpeakers()
}

// setSounds takes a choice of the person, at once and for the next visit.
func (s *Screen) setSounds(set func(*sounds)) {
	s.change(func(v *View) { set(&v.Sounds) })
	dom.Remember(soundsKey, s.view.Sounds.String())
	s.sound()
}

func (s *Screen) sound() {
	for i, v := range s.view.Sounds.Volumes {
		s.audio.Volume(dom.Channel(i), v.gain())
	}
	s.audio.Speaker(s.view.Sounds.Device)
}

// findSpeakers asks the browser again: it names them only once it was allowed to.
func (s *Screen) findSpeakers() {
	dom.Speakers(func(found []dom.Device) { s.post(func(v *View) { v.Speakers = found }) })
}

// tryRing lets the ring be heard once.
func (s *Screen) tryRing() { s.audio.Once(dom.Ring) }
