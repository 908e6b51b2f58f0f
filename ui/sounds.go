package ui

import (
	"encoding/json"

	"gocommunicator/app/phone"
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
	p := float64(max(leastVolume, min(v.Percent, 100))) / 80
	return p * p
}

// sounds is what the person has chosen about the tones.
type sounds struct {
	Volumes [2]Volume // by dom.Channel
}

// openSounds has the page sound as it did at the last visit.
func (s *Screen) openSounds() {
	s.view.Sounds.Volumes = [2]Volume{s.deps.Ring, s.deps.Signals}
	_ = json.Unmarshal([]byte(dom.Recall(soundsKey)), &s.view.Sounds) // nothing, or ours
	s.sound()
}

// setSounds takes a choice of the person, at once and for the next visit.
func (s *Screen) setSounds(set func(*sounds)) {
	s.change(func(v *View) { set(&v.Sounds) })
	if text, err := json.Marshal(s.view.Sounds); err == nil {
		dom.Remember(soundsKey, string(text))
	}
	s.sound()
}

func (s *Screen) sound() {
	for i, v := range s.view.Sounds.Volumes {
		s.audio.Volume(dom.Channel(i), v.gain())
	}
	used := s.view.Equipment.Used
	s.audio.Speakers(sink(used[phone.Speaker].ID), sink(used[phone.Ringer].ID))
}

// sink is the id of a loudspeaker for the browser: none is the system's.
func sink(id string) string {
	if id == "default" {
		return ""
	}
	return id
}

// tryRing lets the ring be heard once.
func (s *Screen) tryRing() { s.audio.Once(dom.Ring) }
