//go:build !js

package media

import (
	"bytes"
	"math"
)

// mixer is empty: each member mixes when it sends.
type mixer struct{}

// port is the sound of the others that a member has not been sent yet.
type port struct{ waiting map[*member][]int16 }

// maxWaiting is how many samples of a member may wait for another: what comes earlier
// than it is sent is dropped, so that nothing lags behind.
const maxWaiting = soundRate / 5

func (*Mix) plug(p *member) { p.port.waiting = map[*member][]int16{} }

func (m *Mix) unplug(p *member) {
	for _, other := range m.members {
		delete(other.port.waiting, p)
	}
}

// wire forgets what is not to be heard any more.
func (m *Mix) wire() {
	for _, to := range m.members {
		for from := range to.port.waiting {
			if from != to && !m.hears(to, from) {
				delete(to.port.waiting, from)
			}
		}
	}
}

// beep lets a member be sent a tone, as if it came from itself, which nothing else does.
func (*Mix) beep(to *member) {
	tone := make([]int16, int(beepLength.Seconds()*soundRate))
	for i := range tone {
		tone[i] = int16(beepLevel * math.MaxInt16 * math.Sin(2*math.Pi*beepHertz*float64(i)/soundRate))
	}
	to.port.waiting[to] = tone
}

func (*mixer) close() {}

// take takes in what comes from a member.
func (m *Mix) take(c *Conn, samples []int16) {
	m.mu.Lock()
	defer m.mu.Unlock()
	from := m.members[c]
	for _, to := range m.members {
		if from != nil && m.hears(to, from) {
			waiting := append(to.port.waiting[from], samples...)
			to.port.waiting[from] = waiting[max(0, len(waiting)-maxWaiting):]
		}
	}
}

// blend adds what comes from the others to a frame of PCMU that a member is sent.
func (m *Mix) blend(c *Conn, frame []byte) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	to := m.members[c]
	if to == nil || len(to.port.waiting) == 0 {
		return frame
	}
	sum := make([]int, len(frame))
	for i, b := range frame {
		sum[i] = int(decodeULaw(b))
	}
	for from, waiting := range to.port.waiting {
		n := min(len(waiting), len(sum))
		for i, s := range waiting[:n] {
			sum[i] += int(s)
		}
		to.port.waiting[from] = waiting[n:]
	}
	frame = bytes.Clone(frame)
	for i, s := range sum {
		frame[i] = encodeULaw(int16(min(max(s, math.MinInt16), math.MaxInt16)))
	}
	return frame
}

// blend is what is sent of a frame of the microphone: that, or what is mixed with it.
func (c *Conn) blend(frame []byte) []byte {
	if m := c.mixed(); m != nil {
		return m.blend(c, frame)
	}
	return frame
}
