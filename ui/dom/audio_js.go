package dom

import (
	"errors"
	"syscall/js"
	"time"

	"gocommunicator/sipcore/jsfunc"
)

// Audio plays streams and tones and measures levels. Browsers hold sound back until
// the person has touched the page: what was refused is played at the first touch.
type Audio struct {
	blocked func(bool)
	told    bool // what blocked was told last

	context  js.Value            // AudioContext, undefined until needed
	channels [2]js.Value         // GainNodes
	volumes  [2]float64          // of 1
	buffers  [toneKinds]js.Value // by the bit of their tone; undefined until made
	sources  [toneKinds]js.Value // of the tones that go on, likewise
	loops    Tone                // the tones that go on
	late     Tone                // those to be played at the first touch
	output   string              // the device of calls
	tones    string              // that of tones, which follow as far as the browser lets them
	device   string              // that of the ring
	speaker  js.Value            // HTMLAudioElement that plays there, undefined until needed
	wire     js.Value            // MediaStreamAudioDestinationNode that leads to it

	refused map[string]js.Value // media elements that were not allowed to play, by id
	release []func()

	preparing *time.Timer
}

// prepareAfter is when the tones are made that nobody has asked for yet: after the
// start, and so that a call which comes in need not wait for its ring.
const prepareAfter = 2 * time.Second

// NewAudio makes the page's sound. blocked is told when the browser holds sound back
// and when it no longer does; it is called in a callback and must not wait.
func NewAudio(blocked func(bool)) *Audio {
	a := &Audio{
		blocked: blocked, volumes: [2]float64{1, 1}, refused: make(map[string]js.Value),
	}
	a.preparing = time.AfterFunc(prepareAfter, func() {
		for i := range a.buffers {
			a.buffer(i)
		}
	})
	touched, release := jsfunc.Of(func(js.Value, []js.Value) any { a.touch(); return nil })
	a.release = append(a.release, release)
	for _, event := range touches {
		document().Call("addEventListener", event, touched, true)
		a.release = append(a.release, func() { document().Call("removeEventListener", event, touched, true) })
	}
	return a
}

// touches are the events after which browsers let sound through.
var touches = []string{"pointerup", "keydown"}

// Close ends the tones and lets go of the page.
func (a *Audio) Close() {
	a.preparing.Stop()
	a.Loop(0)
	for _, release := range a.release {
		release()
	}
	if a.context.Truthy() {
		a.context.Call("close")
	}
}

func (a *Audio) touch() {
	a.resume()
	for id, media := range a.refused {
		delete(a.refused, id)
		a.play(id, media)
	}
}

// resume has the browser let tones through, if it will.
func (a *Audio) resume() {
	if a.suspended() {
		a.context.Call("resume")
	}
}

// suspended tells that the browser holds tones back until the page is touched.
func (a *Audio) suspended() bool {
	return a.context.Truthy() && a.context.Get("state").String() == "suspended"
}

// report tells whether something that the person should hear is held back.
func (a *Audio) report() {
	held := len(a.refused) > 0 || a.loops != 0 && a.suspended() &&
		(a.volumes[Ringer] > 0 || a.volumes[Signal] > 0 && a.loops != Ring)
	if held != a.told {
		a.told = held
		a.blocked(held)
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
	if a.output != "" {
		lead(media, a.output, func() {})
	}
	a.play(id, media)
}

// play starts a media element. Its promise settles at the latest when Stop takes the
// stream away.
func (a *Audio) play(id string, media js.Value) {
	settle(media.Call("play"), func(js.Value) { a.report() }, func(why js.Value) {
		if why.Get("name").String() == "NotAllowedError" {
			a.refused[id] = media
			a.report()
		}
	})
}

// Stop takes the stream off a media element.
func (a *Audio) Stop(id string) {
	delete(a.refused, id)
	if media := element(id); media.Truthy() {
		media.Set("srcObject", nil)
	}
	a.report()
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
	err := try(func() {
		a.context = kind.New()
		a.release = append(a.release, listen(a.context, "statechange", func(js.Value) { a.changed() }))
		for c := range a.channels {
			a.channels[c] = a.context.Call("createGain")
			a.channels[c].Get("gain").Set("value", a.volumes[c])
			a.channels[c].Call("connect", a.context.Get("destination"))
		}
	})
	if err == nil && a.output+a.device != "" {
		a.lead()
	}
	return err
}

// changed follows the browser when it lets tones through or no longer does.
func (a *Audio) changed() {
	if !a.suspended() {
		late := a.late
		a.late = 0
		a.Once(late)
	}
	a.report()
}

// settle calls one of two functions when a promise is settled.
func settle(promise js.Value, kept, broken func(js.Value)) {
	var funcs [2]js.Func
	var release [2]func()
	for i, f := range []func(js.Value){kept, broken} {
		funcs[i], release[i] = jsfunc.Of(func(_ js.Value, args []js.Value) any {
			release[0]()
			release[1]()
			f(args[0])
			return nil
		})
	}
	promise.Call("then", funcs[0], funcs[1])
}

// streamValue is the MediaStream of a stream, or undefined.
func streamValue(stream any) js.Value {
	if s, ok := stream.(interface{ JSValue() js.Value }); ok {
		return s.JSValue()
	}
	return js.Undefined()
}
