package dom

import (
	"syscall/js"
	"time"
	"unsafe"
)

// Each sound has a source of its own, so that none replaces or ends another.

const toneKinds = 7 // bits of a Tone

// heldBack is how long a tone may be silent before the person is told: a browser takes
// a moment to begin, also where it is allowed to.
const heldBack = 500 * time.Millisecond

// Loop has these tones go on, each until a call without it.
func (a *Audio) Loop(tones Tone) {
	if tones == a.loops || tones != 0 && a.open() != nil {
		return
	}
	was := a.loops
	a.loops = tones
	for i := range a.sources {
		switch t := Tone(1 << i); {
		case tones&t > was&t:
			a.sources[i] = a.start(i, true)
		case tones&t < was&t:
			a.sources[i].Call("stop")
		}
	}
	if (tones^was)&Ring != 0 {
		a.ringing(tones&Ring != 0)
	}
	if a.report(); tones != 0 {
		time.AfterFunc(heldBack, a.report)
	}
}

// Once plays tones once, to their end. What the browser holds back is played at the
// first touch, and then once, however often it was called for.
func (a *Audio) Once(tones Tone) {
	if tones == 0 || a.open() != nil {
		return
	}
	if a.resume(); a.suspended() {
		a.late |= tones
		return
	}
	for i := range a.sources {
		if tones&(1<<i) != 0 {
			a.start(i, false)
		}
	}
}

// start plays the tone of that bit.
func (a *Audio) start(i int, loop bool) js.Value {
	a.resume()
	channel := Signal
	if Tone(1<<i) == Ring {
		channel = Ringer
		a.route() // its device may have come or gone
	}
	source := a.context.Call("createBufferSource")
	source.Set("buffer", a.buffer(i))
	source.Set("loop", loop)
	source.Call("connect", a.channels[channel])
	source.Call("start")
	return source
}

// Digit plays the tone of a telephone's key once.
func (a *Audio) Digit(digit string) {
	const length, loudness = 0.12, 0.06 // s, of 1
	low, high, ok := keyTones(digit)
	if !ok || a.open() != nil {
		return
	}
	gain := a.context.Call("createGain")
	gain.Get("gain").Set("value", loudness)
	gain.Call("connect", a.channels[Signal])
	for _, hertz := range []float64{low, high} {
		tone := a.context.Call("createOscillator")
		tone.Get("frequency").Set("value", hertz)
		tone.Call("connect", gain)
		tone.Call("start")
		tone.Call("stop", a.context.Get("currentTime").Float()+length)
	}
}

// Volume is how loud the tones of a channel are: 1 as they were made, 0 not at all.
func (a *Audio) Volume(c Channel, volume float64) {
	a.volumes[c] = volume
	if a.context.Truthy() {
		a.channels[c].Get("gain").Set("value", volume)
	}
	a.report()
}

// Speakers has calls and tones come out of one device and the ring out of another; "" is
// the system's.
func (a *Audio) Speakers(call, ring string) {
	a.device = ring
	if a.output != call {
		a.output = call
		remote := document().Call("querySelectorAll", "[data-media=remote]")
		for i := range remote.Length() {
			lead(remote.Index(i), call, func() {})
		}
	}
	if a.context.Truthy() {
		a.lead()
	}
}

// lead has the tones come out of where calls do, and the ring where it is to.
func (a *Audio) lead() {
	output := a.output
	lead(a.context, output, func() { a.tones = output })
	a.route()
}

// lead has a media element, or a context, be heard from a device, and then calls f. It
// stays where it is when that is gone, or in a browser that lets none be chosen.
func lead(what js.Value, device string, f func()) {
	if what.Get("setSinkId").Truthy() {
		settle(what.Call("setSinkId", device), func(js.Value) { f() }, func(js.Value) {})
	}
}

// route leads the ring to its device. When that is gone, it goes where everything goes.
func (a *Audio) route() {
	ringer := a.channels[Ringer]
	to := func(node js.Value) {
		ringer.Call("disconnect")
		ringer.Call("connect", node)
	}
	if a.device == a.tones {
		to(a.context.Get("destination"))
		return
	}
	if !a.speaker.Truthy() {
		a.wire = a.context.Call("createMediaStreamDestination")
		a.speaker = js.Global().Get("Audio").New()
		a.speaker.Set("srcObject", a.wire.Get("stream"))
	}
	settle(a.speaker.Call("setSinkId", a.device), func(js.Value) {
		to(a.wire)
		a.play(speakerID, a.speaker)
	}, func(js.Value) { to(a.context.Get("destination")) })
}

const speakerID = "\x00ring" // no element in the page has it

// ringing is called when it begins to ring, or to ring no longer. The device vibrates as
// far as it can and may.
func (a *Audio) ringing(on bool) {
	if !on && a.speaker.Truthy() {
		delete(a.refused, speakerID)
		a.speaker.Call("pause")
	}
	n := js.Global().Get("navigator")
	if used := n.Get("userActivation"); !n.Get("vibrate").Truthy() || !used.Truthy() || !used.Get("hasBeenActive").Bool() {
		return
	}
	var pattern any = 0
	if on && a.volumes[Ringer] > 0 {
		pattern = js.Global().Get("Array").New(49).Call("fill", []any{800, 2400}).Call("flat") // ms; no browser takes more
	}
	n.Call("vibrate", pattern)
}

// buffer is an AudioBuffer with the tone of that bit, made once.
func (a *Audio) buffer(i int) js.Value {
	kind := js.Global().Get("AudioBuffer")
	if a.buffers[i].Truthy() || !kind.Truthy() {
		return a.buffers[i]
	}
	samples := Tone(1 << i).samples()
	a.buffers[i] = kind.New(map[string]any{"length": len(samples), "sampleRate": toneRate})
	a.buffers[i].Call("copyToChannel", float32Array(samples), 0)
	return a.buffers[i]
}

func float32Array(samples []float32) js.Value {
	raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(samples))), 4*len(samples)) // #nosec G103 -- float32 as the page has them
	bytes := js.Global().Get("Uint8Array").New(len(raw))
	js.CopyBytesToJS(bytes, raw)
	return js.Global().Get("Float32Array").New(bytes.Get("buffer"))
}
