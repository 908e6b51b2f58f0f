package phone

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
)

// Switch is something about devices that is on or off.
type Switch int

// The switches.
const (
	EchoCancellation Switch = iota
	NoiseSuppression
	AutoGain
	BackgroundBlur
	PushToTalk // the microphone is open only while Talk says so

	Switches = 5 // there are
)

var switchNames = [Switches]string{"echo_cancellation", "noise_suppression", "auto_gain", "background_blur", "push_to_talk"}

func (s Switch) String() string { return switchNames[s] }

// Role is what a device is used for.
type Role = media.Role

// The roles.
const (
	Microphone = media.Microphone
	Camera     = media.Camera
	Speaker    = media.Speaker
	Ringer     = media.Ringer
)

// Equipment is the microphones, cameras and loudspeakers of this machine, and which are
// used. It is sticky on the bus. Names are foreign text; there are none, nor ids, before
// the browser was allowed to open a device.
type Equipment struct {
	There []media.Device
	// Chosen is what the person chose, by role, whether it is there or not, and Used what
	// is used. The zero Device is the system's.
	Chosen, Used [media.Roles]media.Device
	On           [Switches]bool
}

// Plain is it as JavaScript has it, by the names of roles and switches.
func (e Equipment) Plain() map[string]any {
	named := func(d media.Device) any { return map[string]any{"id": d.ID, "name": d.Name} }
	chosen, used := map[string]any{}, map[string]any{}
	plain := map[string]any{"chosen": chosen, "used": used}
	for role := range Role(media.Roles) {
		chosen[role.String()], used[role.String()] = named(e.Chosen[role]), named(e.Used[role])
		if role == Ringer {
			continue
		}
		list := []any{}
		for _, d := range e.There {
			if d.Role == role {
				list = append(list, named(d))
			}
		}
		plain[role.String()] = list
	}
	for s := range Switch(Switches) {
		plain[s.String()] = e.On[s]
	}
	return plain
}

var (
	// ErrNoDevice says that there is no such device.
	ErrNoDevice = errors.New("there is no such device")
	// ErrPushToTalk says that the microphone is open only while a key is held.
	ErrPushToTalk = errors.New("push to talk decides about the microphone")
	// ErrNoPushToTalk says that the microphone is not opened by holding a key.
	ErrNoPushToTalk = errors.New("push to talk is off")
)

// equipment is what the phone knows of devices. The loop owns it.
type equipment struct {
	Liked [media.Roles][]media.Device // those chosen, latest first
	Set   map[string]bool             // the switches that the person has set

	all    []media.Device // as the browser lists them
	asked  int            // how often it was
	byHand [media.Roles]media.Device
}

const (
	maxLiked = 5
	listTime = 5 * time.Second
)

// FindDevices asks for the devices there are: Equipment tells.
func (p *Phone) FindDevices() {
	p.loop.Post(func() {
		p.equipment.asked++
		n := p.equipment.asked
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), listTime)
			defer cancel()
			list, err := media.ListDevices(ctx, p.deps.Platform)
			p.loop.Post(func() {
				if e := &p.equipment; n == e.asked && err == nil {
					e.all = list
				}
				p.equip()
			})
		}()
	})
}

// ChooseDevice has a device used from now on, in the calls there are too; an empty id is
// the system's. kind is the name of a role: "audio_in", "video_in", "audio_out" or "ring".
// The error is ErrNoDevice.
func (p *Phone) ChooseDevice(kind, id string) error {
	var chosen media.Device
	role, ok := media.ParseRole(kind)
	if !ok {
		return ErrNoDevice
	}
	if id != "" {
		there := p.Snapshot().Equipment.There
		i := slices.IndexFunc(there, func(d media.Device) bool { return d.Role == listed(role) && d.ID == id })
		if i < 0 {
			return ErrNoDevice
		}
		chosen = there[i]
	}
	p.loop.Post(func() {
		liked := &p.equipment.Liked[role]
		others := slices.DeleteFunc(*liked, func(d media.Device) bool { return d.ID == id || id != "" && d.Name == chosen.Name })
		*liked = append([]media.Device{chosen}, others[:min(len(others), maxLiked)]...)
		p.equipment.byHand[role], _ = p.equipment.pick(role)
		p.keepEquipment()
	})
	return nil
}

// listed is the role that devices have which are used for one.
func listed(role Role) Role {
	if role == Ringer {
		return Speaker
	}
	return role
}

func (e *equipment) pick(role Role) (d media.Device, ok bool) {
	var there []media.Device
	for _, d := range e.all {
		if d.Role == listed(role) {
			there = append(there, d)
		}
	}
	return media.Pick(there, e.Liked[role])
}

// Turn turns a switch. name is that of a Switch. The error is ErrNoDevice.
func (p *Phone) Turn(name string, on bool) error {
	if !slices.Contains(switchNames[:], name) {
		return ErrNoDevice
	}
	p.loop.Post(func() {
		if p.equipment.Set == nil {
			p.equipment.Set = map[string]bool{}
		}
		p.equipment.Set[name] = on
		p.keepEquipment()
	})
	return nil
}

// recallEquipment reads what was chosen at an earlier visit.
func (p *Phone) recallEquipment() {
	_ = json.Unmarshal([]byte(p.deps.Kept), &p.equipment) // nothing, or ours
	p.equip()
}

func (p *Phone) keepEquipment() {
	if text, err := json.Marshal(p.equipment); err == nil && p.deps.Keep != nil {
		p.deps.Keep(string(text))
	}
	p.equip()
}

// equip has what was chosen be used, as far as it is there.
func (p *Phone) equip() {
	e, was := &p.equipment, p.Snapshot().Equipment
	m := p.deps.Config.Media
	now := Equipment{On: [Switches]bool{m.EchoCancellation, m.NoiseSuppression, m.AutoGain, m.BackgroundBlur, m.PushToTalk}}
	for i, name := range switchNames {
		if on, set := e.Set[name]; set {
			now.On[i] = on
		}
	}
	for _, d := range e.all {
		if !d.Stands() {
			now.There = append(now.There, d)
		}
	}
	for role := range Role(media.Roles) {
		now.Used[role], _ = p.equipment.pick(role)
		if liked := e.Liked[role]; len(liked) > 0 {
			now.Chosen[role] = liked[0]
		}
		if now.Used[role] != was.Used[role] && now.Used[role] != e.byHand[role] {
			e.byHand[role] = media.Device{ID: "\x00"} // none
		}
	}
	if p.engine != nil {
		p.engine.SetInputs(inputsOf(now))
	}
	set(p, &p.state.Equipment, now)
	if now.On[PushToTalk] && !was.On[PushToTalk] {
		for _, c := range p.live {
			c.Mute(true, c.Info().VideoMuted)
		}
	}
	if from, to := was.Used[Speaker], now.Used[Speaker]; from != to && from.Name != "" && len(p.live) > 0 {
		there := func(d media.Device) bool { return d.Role == Speaker && d.Name == from.Name }
		p.changedDevice(Speaker, media.Exchange{Was: from, Gone: !slices.ContainsFunc(e.all, there), Now: to})
	}
}

// inputsOf is what the media are to open.
func inputsOf(e Equipment) media.Inputs {
	return media.Inputs{
		Microphone: e.Used[Microphone], Camera: e.Used[Camera],
		KeepEcho: !e.On[EchoCancellation], KeepNoise: !e.On[NoiseSuppression], KeepLevel: !e.On[AutoGain],
		Blur: e.On[BackgroundBlur],
	}
}

// unplugged are the texts for a device that nothing takes the place of.
var unplugged = map[Role]string{Microphone: "error_unplugged_microphone", Camera: "error_unplugged_camera"}

// changedDevice tells the person that another device is used in a call, unless that is
// what the person has just chosen.
func (p *Phone) changedDevice(role Role, x media.Exchange) {
	if x.Err != nil {
		if n := Explain(x.Err); !x.Gone {
			p.notice(n)
		} else {
			p.notice(Notice{Code: unplugged[role], Params: map[string]string{"Was": x.Was.Name}})
		}
		return
	}
	byHand := x.Now.ID == p.equipment.byHand[role].ID
	switch {
	case x.Now.Name == "":
	case x.Gone && x.Was.Name != x.Now.Name:
		p.notice(Notice{Code: "hint_device_instead", Params: map[string]string{"Was": x.Was.Name, "Now": x.Now.Name}})
	case x.Gone || !byHand && x.Was.ID != x.Now.ID:
		p.notice(Notice{Code: "hint_device_now", Params: map[string]string{"Now": x.Now.Name}})
	}
}

// Talk opens the microphone of a call as long as the person holds a key, where push to
// talk is on. The error is ErrNoPushToTalk, ErrNoCall or ErrWhichCall.
func (p *Phone) Talk(id string, on bool) error {
	if !p.Snapshot().Equipment.On[PushToTalk] {
		return ErrNoPushToTalk
	}
	muted := !on
	return p.mute(id, &muted, nil)
}

// closeMicrophone begins a call with the microphone closed, where push to talk is on.
func (p *Phone) closeMicrophone(s *session.Session) {
	if p.Snapshot().Equipment.On[PushToTalk] {
		s.Mute(true, s.Info().VideoMuted)
	}
}

func (p *Phone) watchDevices() (stop func()) {
	bus.Sticky[Equipment](p.deps.Bus, nil, nil)
	p.loop.Post(p.recallEquipment)
	p.FindDevices()
	return media.WatchDevices(p.deps.Platform, p.FindDevices)
}
