package media

import (
	"slices"
	"strings"
)

// Role is what a device is used for.
type Role int

// The roles. What rings is one of the loudspeakers.
const (
	Microphone Role = iota
	Camera
	Speaker
	Ringer

	Roles = 4 // there are
)

var roleNames = [Roles]string{"audio_in", "video_in", "audio_out", "ring"}

func (r Role) String() string { return roleNames[r] }

// ParseRole reads the name of a role.
func ParseRole(name string) (Role, bool) {
	i := slices.Index(roleNames[:], name)
	return Role(i), i >= 0
}

// Device is a microphone, a camera or a loudspeaker.
type Device struct {
	Role Role // never Ringer
	// ID is the browser's, for this site alone. "default" and "communications" stand in
	// Chromium for those that the system has set for it; "" is the browser's choice.
	ID    string
	Group string // what is one thing, as a headset is, has one
	Name  string // "" before the browser may tell
}

// Stands tells whether it only stands for another one, which the system has set.
func (d Device) Stands() bool { return d.ID == "default" || d.ID == "communications" }

// is tells whether they are the same one. Some browsers give another id at each visit.
func (d Device) is(o Device) bool {
	return d.ID == o.ID || d.Name != "" && d.Name == o.Name
}

// Pick is the device to be used of those that are there, all of one role: the first that
// is there of those that were chosen, the latest choice first, else the system's. A choice
// with an empty ID is the system's too. The zero Device is whatever the browser takes; ok
// is false when there is none at all.
func Pick(there, chosen []Device) (d Device, ok bool) {
	for _, c := range chosen {
		if c.ID == "" {
			break
		}
		for _, same := range []func(Device) bool{func(d Device) bool { return d.ID == c.ID }, c.is} {
			if i := slices.IndexFunc(there, same); i >= 0 {
				return there[i], true
			}
		}
	}
	i := slices.IndexFunc(there, func(d Device) bool { return d.ID == "default" })
	if i < 0 {
		return Device{}, len(there) > 0
	}
	d = there[i]
	// What stands for another is called "Default - Headset": the person knows the Headset.
	for _, o := range there {
		if !o.Stands() && o.Name != "" && o.Group == d.Group && strings.HasSuffix(d.Name, o.Name) {
			d.Name = o.Name
		}
	}
	return d, true
}

// Inputs is which devices are opened, and what the browser does to their sound and
// picture. The zero value leaves everything to the browser, which then cancels echo,
// suppresses noise and follows the voice.
type Inputs struct {
	Microphone, Camera Device // the zero Device is the browser's choice

	KeepEcho, KeepNoise, KeepLevel bool // of the microphone
	Blur                           bool // what stands behind the person, where the browser can
}

// device is that for a kind.
func (in Inputs) device(k Kind) Device {
	if k == Video {
		return in.Camera
	}
	return in.Microphone
}

// of leaves of it what concerns a kind.
func (in Inputs) of(k Kind) Inputs {
	if k == Video {
		return Inputs{Camera: in.Camera, Blur: in.Blur}
	}
	in.Camera, in.Blur = Device{}, false
	return in
}
