package dom

import (
	"math"
	"strconv"
	"syscall/js"
	"time"
)

// Meter shows the level of a stream on an element as its custom property --level, 0 to
// 1, until stop is called. The stream is asked for until it has sound.
func (a *Audio) Meter(id string, stream func() any) (stop func()) {
	const interval = 80 * time.Millisecond
	done := make(chan struct{})
	m := meter{audio: a, id: id, stream: stream}
	go func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				m.measure()
			case <-done:
				m.close()
				return
			}
		}
	}()
	return func() { close(done) }
}

// meter is owned by its goroutine.
type meter struct {
	audio  *Audio
	id     string
	stream func() any

	source, analyser, buffer js.Value
	samples                  [512]byte
	shown                    float64
}

func (m *meter) measure() {
	if document().Get("hidden").Bool() || !m.connect() {
		return
	}
	m.analyser.Call("getByteTimeDomainData", m.buffer)
	js.CopyBytesToGo(m.samples[:], m.buffer)
	// Falls slower than it rises, as the needle of a meter does.
	l := math.Max(level(m.samples[:]), m.shown*0.8)
	if l < 0.01 {
		l = 0
	}
	if l == m.shown {
		return
	}
	m.shown = l
	if e := element(m.id); e.Truthy() {
		e.Get("style").Call("setProperty", "--level", strconv.FormatFloat(l, 'f', 2, 64))
	}
}

func (m *meter) connect() bool {
	if m.analyser.Truthy() {
		return true
	}
	s := streamValue(m.stream())
	if !s.Truthy() || s.Call("getAudioTracks").Length() == 0 || m.audio.open() != nil {
		return false
	}
	analyser := m.audio.context.Call("createAnalyser")
	analyser.Set("fftSize", len(m.samples))
	if try(func() { m.source = m.audio.context.Call("createMediaStreamSource", s) }) != nil {
		return false
	}
	m.source.Call("connect", analyser)
	m.analyser = analyser
	m.buffer = js.Global().Get("Uint8Array").New(len(m.samples))
	return true
}

func (m *meter) close() {
	if m.source.Truthy() {
		m.source.Call("disconnect")
	}
}
