package dom

import (
	"errors"
	"math"
	"strconv"
	"syscall/js"
	"time"
	"unsafe"
)

// Audio plays streams and tones and measures levels. Browsers hold sound back until
// the person has touched the page: what was refused is played at the first touch.
type Audio struct {
	blocked func(bool)

	context js.Value // AudioContext, undefined until needed
	tone    Tone
	buffers map[Tone]js.Value   // of the tones, as far as they have been made
	source  js.Value            // of the tone
	refused map[string]js.Value // media elements that were not allowed to play, by id
	touched js.Func

	preparing *time.Timer
}

// prepareAfter is when the tones are made that nobody has asked for yet: after the
// start, and so that a call which comes in need not wait for its ring.
const prepareAfter = 2 * time.Second

// NewAudio makes the page's sound. blocked is told when the browser holds sound back
// and when it no longer does; it is called in a callback and must not wait.
func NewAudio(blocked func(bool)) *Audio {
	a := &Audio{blocked: blocked, refused: make(map[string]js.Value), buffers: make(map[Tone]js.Value)}
	a.preparing = time.AfterFunc(prepareAfter, func() {
		for t := Ring; t <= Waiting; t++ {
			a.buffer(t)
		}
	})
	a.touched = js.FuncOf(func(js.Value, []js.Value) any { a.touch(); return nil })
	for _, event := range touches {
		document().Call("addEventListener", event, a.touched, true)
	}
	return a
}

// touches are the events after which browsers let sound through.
var touches = []string{"pointerup", "keydown"}

// Close ends the tones and lets go of the page.
func (a *Audio) Close() {
	a.preparing.Stop()
	a.Tone(Silence)
	for _, event := range touches {
		document().Call("removeEventListener", event, a.touched, true)
	}
	a.touched.Release()
	if a.context.Truthy() {
		a.context.Call("close")
	}
}

func (a *Audio) touch() {
	if a.suspended() {
		a.context.Call("resume")
		a.blocked(len(a.refused) > 0)
	}
	for id, media := range a.refused {
		delete(a.refused, id)
		a.play(id, media)
	}
}

// Play puts a stream, something with a JSValue that is a MediaStream, on a media
// element and starts it. It does nothing when the stream is there already, or has no
// track yet: Chromium plays nothing of a stream that was empty when it was attached.
func (a *Audio) Play(id string, stream any) {
	media, s := element(id), streamValue(stream)
	if !media.Truthy() || !s.Truthy() || media.Get("srcObject").Equal(s) || s.Call("getTracks").Length() == 0 {
		return
	}
	media.Set("srcObject", s)
	a.play(id, media)
}

// play starts a media element. Its promise settles at the latest when Stop takes the
// stream away.
func (a *Audio) play(id string, media js.Value) {
	var played, refused js.Func
	release := func() { played.Release(); refused.Release() }
	played = js.FuncOf(func(js.Value, []js.Value) any {
		release()
		a.blocked(len(a.refused) > 0)
		return nil
	})
	refused = js.FuncOf(func(_ js.Value, args []js.Value) any {
		release()
		if args[0].Get("name").String() == "NotAllowedError" {
			a.refused[id] = media
			a.blocked(true)
		}
		return nil
	})
	media.Call("play").Call("then", played, refused)
}

// Stop takes the stream off a media element.
func (a *Audio) Stop(id string) {
	delete(a.refused, id)
	if media := element(id); media.Truthy() {
		media.Set("srcObject", nil)
	}
}

// Tone plays a tone in place of the one before.
func (a *Audio) Tone(t Tone) {
	if t == a.tone {
		return
	}
	a.tone = t
	if a.source.Truthy() {
		a.source.Call("stop")
		a.source = js.Undefined()
	}
	if t == Silence || a.open() != nil {
		return
	}
	a.source = a.context.Call("createBufferSource")
	a.source.Set("buffer", a.buffer(t))
	a.source.Set("loop", true)
	a.source.Call("connect", a.context.Get("destination"))
	a.source.Call("start")
	if a.suspended() {
		a.blocked(true)
	}
}

// suspended tells that the browser holds tones back until the page is touched.
func (a *Audio) suspended() bool {
	return a.context.Truthy() && a.context.Get("state").String() == "suspended"
}

// Digit plays the tone of a telephone's key once, beside whatever else sounds.
func (a *Audio) Digit(digit string) {
	const length, loudness = 0.12, 0.06 // s, of 1
	low, high, ok := keyTones(digit)
	if !ok || a.open() != nil {
		return
	}
	gain := a.context.Call("createGain")
	gain.Get("gain").Set("value", loudness)
	gain.Call("connect", a.context.Get("destination"))
	for _, hertz := range []float64{low, high} {
		tone := a.context.Call("createOscillator")
		tone.Get("frequency").Set("value", hertz)
		tone.Call("connect", gain)
		tone.Call("start")
		tone.Call("stop", a.context.Get("currentTime").Float()+length)
	}
}

// buffer is an AudioBuffer with the tone, made once.
func (a *Audio) buffer(t Tone) js.Value {
	if b, ok := a.buffers[t]; ok {
		return b
	}
	kind := js.Global().Get("AudioBuffer")
	if !kind.Truthy() {
		return js.Null()
	}
	samples := t.samples()
	b := kind.New(map[string]any{"length": len(samples), "sampleRate": toneRate})
	b.Call("copyToChannel", float32Array(samples), 0)
	a.buffers[t] = b
	return b
}

var errNoAudio = errors.New("the browser has no Web Audio")

// open makes the AudioContext when it is first needed: one made before the first touch
// would be refused and say so in the console.
func (a *Audio) open() error {
	if a.context.Truthy() {
		return nil
	}
	kind := js.Global().Get("AudioContext")
	if !kind.Truthy() {
		return errNoAudio
	}
	return try(func() { a.context = kind.New() })
}

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

// streamValue is the MediaStream of a stream, or undefined.
func streamValue(stream any) js.Value {
	if s, ok := stream.(interface{ JSValue() js.Value }); ok {
		return s.JSValue()
	}
	return js.Undefined()
}

func float32Array(samples []float32) js.Value {
	raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(samples))), 4*len(samples)) // #nosec G103 -- float32 as the page has them
	bytes := js.Global().Get("Uint8Array").New(len(raw))
	js.CopyBytesToJS(bytes, raw)
	return js.Global().Get("Float32Array").New(bytes.Get("buffer"))
}
