//go:build !js

package media

import (
	"context"
	"slices"
	"sync"
)

// Machine is a machine with devices that are plugged in and pulled out, for tests. Its
// methods may be called from any goroutine.
type Machine struct {
	mu      sync.Mutex
	plugged []plugged
	watched map[int]func()
	watches int // so far
	inputs  map[*input]func()
}

type plugged struct {
	Device
	source Source
}

// Plug makes a device be there, and a microphone or camera give what a source has. That
// with the ID "default" is what is opened when none in particular is wanted, else the
// first.
func (m *Machine) Plug(d Device, source Source) {
	m.mu.Lock()
	m.plugged = append(m.plugged, plugged{d, source})
	m.mu.Unlock()
	m.changed()
}

// Unplug takes a device away, also from whoever uses it.
func (m *Machine) Unplug(id string) {
	m.mu.Lock()
	m.plugged = slices.DeleteFunc(m.plugged, func(p plugged) bool { return p.ID == id })
	var lost []func()
	for i, f := range m.inputs {
		switch {
		case i.gone(): // given back
			delete(m.inputs, i)
		case i.at.ID == id:
			i.stop()
			delete(m.inputs, i)
			lost = append(lost, f)
		}
	}
	m.mu.Unlock()
	for _, f := range lost {
		f()
	}
	m.changed()
}

func (m *Machine) changed() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range m.watched {
		f()
	}
}

// open opens a device of a kind: that one, else the system's, else the first.
func (m *Machine) open(k Kind, id string, lost func()) (*input, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, want := range []func(plugged) bool{
		func(p plugged) bool { return p.ID == id },
		func(p plugged) bool { return p.ID == "default" },
		func(plugged) bool { return true },
	} {
		i := slices.IndexFunc(m.plugged, func(p plugged) bool {
			return p.Role != Speaker && p.Role.kind() == k && want(p)
		})
		if i < 0 {
			continue
		}
		opened := newInput(m.plugged[i].source)
		opened.at = m.plugged[i].Device
		if m.inputs == nil {
			m.inputs = map[*input]func(){}
		}
		m.inputs[opened] = lost
		return opened, nil
	}
	return nil, &MediaError{Kind: k, Reason: NotFound}
}

// kind is that of what comes from a device.
func (r Role) kind() Kind {
	if r == Camera {
		return Video
	}
	return Audio
}

// ListDevices are the devices there are.
func ListDevices(_ context.Context, p Platform) ([]Device, error) {
	if p.Machine == nil {
		return nil, nil
	}
	p.Machine.mu.Lock()
	defer p.Machine.mu.Unlock()
	var list []Device
	for _, d := range p.Machine.plugged {
		list = append(list, d.Device)
	}
	return list, nil
}

// WatchDevices has f, which must not wait, called when a device comes or goes, until stop
// is called.
func WatchDevices(p Platform, f func()) (stop func()) {
	m := p.Machine
	if m == nil {
		return func() {}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.watched == nil {
		m.watched = map[int]func(){}
	}
	id := m.watches
	m.watches++
	m.watched[id] = f
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.watched, id)
	}
}
