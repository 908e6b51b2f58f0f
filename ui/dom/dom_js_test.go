package dom

import (
	"syscall/js"
	"testing"
	"time"
)

// place puts an element into the page for the time of a test.
func place(t *testing.T, tag, id string) js.Value {
	t.Helper()
	if document().IsUndefined() {
		t.Skip("there is no page")
	}
	e := document().Call("createElement", tag)
	e.Set("id", id)
	document().Get("body").Call("append", e)
	t.Cleanup(func() { e.Call("remove") })
	return e
}

func TestKeysWriteAtTheCaret(t *testing.T) {
	field := place(t, "input", "field")
	inputs := 0
	t.Cleanup(listen(field, "input", func(js.Value) { inputs++ }))
	SetValue("field", "bob")
	field.Call("setSelectionRange", 1, 1)
	Insert("field", "5")
	if got := Value("field"); got != "b5ob" {
		t.Errorf("after a key: %q", got)
	}
	Erase("field")
	field.Call("setSelectionRange", 1, 3)
	Insert("field", "#")
	if got := Value("field"); got != "b#" {
		t.Errorf("after a key over what was selected: %q", got)
	}
	SetValue("field", "a😀")
	Erase("field")
	if got := Value("field"); got != "a" {
		t.Errorf("after erasing a character of two units: %q", got)
	}
	if inputs != 4 {
		t.Errorf("%d input events, want 4", inputs)
	}
}

func TestWhatIsNotInThePageIsPassedOver(t *testing.T) {
	place(t, "input", "field")
	Insert("nowhere", "1")
	Erase("nowhere")
	Focus("nowhere")
	FocusField("nowhere", "nowhere")
	Say("nowhere", "")
	Drag("nowhere")()
	if got := Value("nowhere"); got != "" {
		t.Errorf("%q", got)
	}
}

func TestSomebodyWhoTypesKeepsTheKeyboard(t *testing.T) {
	field, button := place(t, "input", "field"), place(t, "button", "button")
	setFocus(field)
	FocusUnlessTyping("button")
	if !active().Equal(field) {
		t.Error("the keyboard was taken away from the field")
	}
	FocusIfLost("button")
	if !active().Equal(field) {
		t.Error("the keyboard was not lost")
	}
	field.Call("remove")
	FocusIfLost("button")
	if !active().Equal(button) {
		t.Error("the lost keyboard was not caught")
	}
}

func TestArrowsMoveToACorner(t *testing.T) {
	picture := place(t, "div", "picture")
	release := Drag("picture")
	press := func(key string) {
		picture.Call("dispatchEvent", js.Global().Get("KeyboardEvent").New("keydown", map[string]any{"key": key}))
	}
	corner := func() string {
		d := picture.Get("dataset")
		return d.Get("block").String() + " " + d.Get("inline").String()
	}
	press("ArrowDown")
	press("ArrowRight")
	if got := corner(); got != "end end" {
		t.Errorf("moved to %s", got)
	}
	Language("ar", true)
	t.Cleanup(func() { Language("en", false) })
	press("ArrowRight")
	if got := corner(); got != "end start" {
		t.Errorf("moved to %s from right to left", got)
	}
	release()
	press("ArrowUp")
	if got := corner(); got != "end start" {
		t.Errorf("moved to %s after it was released", got)
	}
}

// tone is a MediaStream with a sound in it.
type toneStream struct{ context, stream js.Value }

func newTone() toneStream {
	context := js.Global().Get("AudioContext").New()
	oscillator := context.Call("createOscillator")
	out := context.Call("createMediaStreamDestination")
	oscillator.Call("connect", out)
	oscillator.Call("start")
	return toneStream{context, out.Get("stream")}
}

func (s toneStream) JSValue() js.Value { return s.stream }

func TestMeterShowsThatSoundFlows(t *testing.T) {
	bar := place(t, "div", "bar")
	audio := NewAudio(func(bool) {})
	defer audio.Close()
	sound := newTone()
	defer sound.context.Call("close")
	if sound.context.Get("state").String() != "running" {
		t.Skip("the browser wants a touch first")
	}
	stop := audio.Meter("bar", func() any { return sound })
	defer stop()
	shown := func() string { return bar.Get("style").Call("getPropertyValue", "--level").String() }
	for deadline := time.Now().Add(5 * time.Second); shown() < "0.5"; {
		if time.Now().After(deadline) {
			t.Fatalf("the level is %q", shown())
		}
		<-time.After(20 * time.Millisecond)
	}
}

func TestPlayPutsAStreamOnAnElementOnce(t *testing.T) {
	video := place(t, "video", "video")
	video.Set("muted", true)
	audio := NewAudio(func(bool) {})
	defer audio.Close()
	audio.Play("video", nil) // not there yet
	if video.Get("srcObject").Truthy() {
		t.Fatal("there is a stream out of nothing")
	}
	sound := newTone()
	defer sound.context.Call("close")
	audio.Play("video", sound)
	if !video.Get("srcObject").Equal(sound.stream) {
		t.Fatal("the stream is not on the element")
	}
	plays := 0
	t.Cleanup(listen(video, "play", func(js.Value) { plays++ }))
	audio.Play("video", sound)
	if plays > 0 {
		t.Error("the stream was started anew")
	}
	audio.Stop("video")
	if video.Get("srcObject").Truthy() {
		t.Error("the stream is still there")
	}
}

// A script whose call leads to its part being taken away is still in the middle of it.
func TestFunctionsOfAPartOutliveTheScriptThatTookItAway(t *testing.T) {
	place(t, "div", "holder")
	var p *Part
	p = NewPart("holder", "test", nil, map[string]func([]any) any{
		"leave": func([]any) any { p.Release(); return nil },
		"say":   func([]any) any { return "said" },
	})
	script := js.Global().Get("Function").New("calls", `
		calls.leave();
		for (const end = performance.now() + 20; performance.now() < end;);
		calls.say(); // whatever has become due by now runs in here
		return calls.say();`)
	if got := script.Invoke(p.element.Get("calls")); got.Type() != js.TypeString {
		t.Errorf("the script got %v", got)
	}
}
