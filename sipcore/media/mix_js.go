package media

import (
	"context"
	"log/slog"
	"syscall/js"

	"gocommunicator/sipcore/promise"
)

// mixer is the browser's graph in which a Mix is made. It plays nothing here.
type mixer struct {
	context js.Value // AudioContext, undefined while there are no members
	running bool     // the browser lets it run
	wires   map[wire]bool
}

// wire leads what a tap gives to what a member is sent.
type wire struct {
	from *tap
	to   *member
}

// port is where a member's sound goes in, and where what it is sent comes out.
type port struct {
	mic, heard tap
	out        js.Value // MediaStreamAudioDestinationNode
}

// tap is a track in the graph.
type tap struct{ track, node js.Value }

// sent is the track that the other side is sent of a kind: that of the device, or what
// is mixed with it. Everything that is sent goes through here.
func (c *Conn) sent(k Kind) (track js.Value, ok bool) {
	if m := c.mixed(); m != nil && k == Audio && c.devices.has(Audio) {
		if track, ok = m.output(c); ok {
			return track, true
		}
	}
	return c.devices.track(k)
}

// output is what is mixed for a member, as soon as the browser mixes.
func (m *Mix) output(c *Conn) (track js.Value, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	member := m.members[c]
	if member == nil || !m.mixer.running {
		return js.Undefined(), false
	}
	return member.port.out.Get("stream").Call("getAudioTracks").Index(0), true
}

// plug makes the port of a new member.
func (m *Mix) plug(p *member) {
	x := &m.mixer
	if !x.context.Truthy() {
		graph, err := promise.Try(func() js.Value { return js.Global().Get("AudioContext").New() })
		if err != nil {
			slog.Error("media: mixing", "err", err)
			return
		}
		x.context, x.wires = graph, map[wire]bool{}
		go m.start(graph)
	}
	p.port.out = x.context.Call("createMediaStreamDestination")
	p.port.out.Set("channelCount", 1) // as a microphone has, and half of the work
}

// start waits until the browser lets the graph run: until then, which may be the first
// touch of the page, everybody is sent the microphone.
func (m *Mix) start(graph js.Value) {
	_, err := promise.Await(context.Background(), func() js.Value { return graph.Call("resume") }, nil)
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil || !graph.Equal(m.mixer.context) {
		slog.Debug("media: mixing", "err", err) // closed meanwhile
		return
	}
	m.mixer.running = true
	for c := range m.members {
		c.resend(Audio)
	}
}

// beep plays a tone to a member alone. The browser lets go of it at its end.
func (m *Mix) beep(to *member) {
	if !m.mixer.running {
		return
	}
	tone, level := m.mixer.context.Call("createOscillator"), m.mixer.context.Call("createGain")
	tone.Get("frequency").Set("value", beepHertz)
	level.Get("gain").Set("value", beepLevel)
	tone.Call("connect", level)
	level.Call("connect", to.port.out)
	tone.Call("start")
	tone.Call("stop", m.mixer.context.Get("currentTime").Float()+beepLength.Seconds())
}

// unplug takes a member out of the graph.
func (m *Mix) unplug(p *member) {
	m.tap(&p.port.mic, js.Undefined())
	m.tap(&p.port.heard, js.Undefined())
	for w := range m.mixer.wires {
		if w.to == p {
			w.from.node.Call("disconnect", p.port.out)
			delete(m.mixer.wires, w)
		}
	}
	if p.port.out.Truthy() {
		stopTracks(p.port.out.Get("stream"))
	}
}

// wire makes the graph what it is to be. What stays is not touched, so that nothing
// crackles.
func (m *Mix) wire() {
	if !m.mixer.context.Truthy() {
		return
	}
	for _, p := range m.members {
		mic, _ := p.conn.devices.track(Audio)
		m.tap(&p.port.mic, mic)
		m.tap(&p.port.heard, p.conn.remote.tracks(Audio).Index(0))
	}
	for _, to := range m.members {
		m.connect(&to.port.mic, to, !to.conn.holds())
		for _, from := range m.members {
			m.connect(&from.port.heard, to, m.hears(to, from))
		}
	}
}

// tap puts another track into the graph, or none.
func (m *Mix) tap(t *tap, track js.Value) {
	if t.track.Equal(track) {
		return
	}
	if t.node.Truthy() {
		t.node.Call("disconnect")
	}
	for w := range m.mixer.wires {
		if w.from == t {
			delete(m.mixer.wires, w)
		}
	}
	*t = tap{track: track}
	if !track.Truthy() {
		return
	}
	stream := js.Global().Get("MediaStream").New([]any{track})
	node, err := promise.Try(func() js.Value { return m.mixer.context.Call("createMediaStreamSource", stream) })
	if err != nil {
		slog.Error("media: mixing", "err", err)
		return
	}
	t.node = node
}

func (m *Mix) connect(from *tap, to *member, on bool) {
	w := wire{from, to}
	if !from.node.Truthy() || m.mixer.wires[w] == on {
		return
	}
	if on {
		m.mixer.wires[w] = true
		from.node.Call("connect", to.port.out)
	} else {
		delete(m.mixer.wires, w)
		from.node.Call("disconnect", to.port.out)
	}
}

// close ends the graph.
func (x *mixer) close() {
	if x.context.Truthy() {
		x.context.Call("close")
	}
}
