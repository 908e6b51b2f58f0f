package dom

import (
	"slices"
	"syscall/js"
	"time"
	"unsafe"
)

// Each sound has a source of its own, so that none replaces or ends another.

// heldBack is how long a tone may be silent before the person is told: a browser takes
// a moment to begin, also where it is allowed to.
const heldBack = 500 * time.Millisecond

// Loop has these tones go on, each until a call without it.
func (a *Audio) Loop(tones ...Tone) {
	for t := Ring; t <= Waiting; t++ {
		source, sounds := a.loops[t]
		switch wanted := slices.Contains(tones, t); {
		case wanted && !sounds && a.open() == nil:
			a.loops[t] = a.start(t, true)
			if t == Ring {
				a.ringing(true)
			}
			time.AfterFunc(heldBack, a.report)
		case !wanted && sounds:
			source.Call("stop")
			delete(a.loops, t)
			if t == Ring {
				a.ringing(false)
			}
			a.report()
		}
	}
}

// Once plays a tone once, to its end. One that the browser holds back is played at the
// first touch, and then once, however often it was called for.
func (a *Audio) Once(t Tone) {
	if a.open() != nil {
		return
	}
	if a.resume(); a.suspended() {
		a.late[t] = true
		return
	}
	a.start(t, false)
}

func (a *Audio) start(t Tone, loop bool) js.Value {
	a.resume()
	if t == Ring {
		a.route() // its device may have come or gone
	}
	source := a.context.Call("createBufferSource")
	source.Set("buffer", a.buffer(t))
	source.Set("loop", loop)
	source.Call("connect", a.channels[t.channel()])
	source.Call("start")
	return source
}

func (t Tone) channel() Channel {
	if t == Ring {
		return Ringer
	}
	return Signal
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

// Speaker has the ring come out of a device, with "" that of everything else.
func (a *Audio) Speaker(device string) {
	a.device = device
	if a.context.Truthy() {
		a.route()
	}
}

// route leads the ring to its device. When that is gone, it goes where everything goes.
func (a *Audio) route() {
	ringer := a.channels[Ringer]
	to := func(node js.Value) {
		ringer.Call("disconnect")
		ringer.Call("connect", node)
	}
	if a.device == "" {
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

// ringing is called when it begins to ring, or to ring no longer.
func (a *Audio) ringing(on bool) {
	const period, most = 3200, 49 // ms, times: browsers take no longer patterns
	var pattern []any
	if !on && a.speaker.Truthy() {
		delete(a.refused, speakerID)
		a.speaker.Call("pause")
	}
	for range most {
		if on && a.volumes[Ringer] > 0 {
			pattern = append(pattern, period/4, period*3/4)
		}
	}
	n := js.Global().Get("navigator")
	if n.Get("vibrate").Truthy() && n.Get("userActivation").Truthy() && n.Get("userActivation").Get("hasBeenActive").Bool() {
		n.Call("vibrate", pattern)
	}
}

// Device is something that sound comes out of.
type Device struct{ ID, Name string }

// Speakers calls f with the devices from which one can be chosen: none where the
// browser lets none be chosen, or does not name them before a device was allowed.
func Speakers(f func([]Device)) {
	media := js.Global().Get("navigator").Get("mediaDevices")
	if !media.Truthy() || !js.Global().Get("HTMLMediaElement").Get("prototype").Get("setSinkId").Truthy() {
		return
	}
	settle(media.Call("enumerateDevices"), func(all js.Value) {
		var found []Device
		for i := range all.Length() {
			d := all.Index(i)
			id, name := d.Get("deviceId").String(), d.Get("label").String()
			if d.Get("kind").String() == "audiooutput" && name != "" && id != "default" {
				found = append(found, Device{id, name})
			}
		}
		f(found)
	}, func(js.Value) {})
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

func float32Array(samples []float32) js.Value {
	raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(samples))), 4*len(samples)) // #nosec G103 -- float32 as the page has them
	bytes := js.Global().Get("Uint8Array").New(len(raw))
	js.CopyBytesToJS(bytes, raw)
	return js.Global().Get("Float32Array").New(bytes.Get("buffer"))
}
