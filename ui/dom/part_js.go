package dom

import (
	"syscall/js"

	"gocommunicator/sipcore/jsfunc"
)

// NewPart puts a part of the phone into the element of that id. What is on it draws
// web/parts/name.js, which is loaded the first time and defines the element sip-name:
// what few people look at weighs nothing for the others. The script finds in the
// element's properties words, its texts, and calls, functions that give what js.ValueOf
// takes, or something with a JSValue.
func NewPart(id, name string, words map[string]any, calls map[string]func(args []any) any) *Part {
	tag := "sip-" + name
	if js.Global().Get("customElements").Call("get", tag).IsUndefined() {
		script := document().Call("createElement", "script")
		script.Set("type", "module")
		script.Set("src", Files+"parts/"+name+".js")
		document().Get("head").Call("append", script)
	}
	p := &Part{element: document().Call("createElement", tag)}
	functions := map[string]any{}
	for name, call := range calls {
		f, release := jsfunc.Of(func(_ js.Value, values []js.Value) any {
			args := make([]any, len(values))
			for i, v := range values {
				args[i] = plain(v)
			}
			return jsValue(call(args))
		})
		functions[name], p.release = f, append(p.release, release)
	}
	// Made before the script is there, it becomes what it is when the script comes.
	p.element.Set("words", words)
	p.element.Set("calls", functions)
	element(id).Call("append", p.element)
	return p
}

// Part is a part of the phone that JavaScript draws. A nil one does nothing.
type Part struct {
	element js.Value
	release []func()
}

// Release takes it away.
func (p *Part) Release() {
	if p == nil {
		return
	}
	p.element.Call("remove")
	// The script may be in the middle of a call that has led to this: it ends first. A timer
	// of ours could fire within its next call.
	var last func()
	after, release := jsfunc.Of(func(js.Value, []js.Value) any {
		for _, release := range append(p.release, last) {
			release()
		}
		return nil
	})
	last = release
	js.Global().Call("setTimeout", after)
}

// plain is a value of JavaScript as string, float64 or bool; anything else is nil.
func plain(v js.Value) any {
	switch v.Type() {
	case js.TypeString:
		return v.String()
	case js.TypeNumber:
		return v.Float()
	case js.TypeBoolean:
		return v.Bool()
	default:
		return nil
	}
}

// jsValue is what JavaScript gets for a value.
func jsValue(v any) any {
	if w, ok := v.(interface{ JSValue() js.Value }); ok {
		return w.JSValue()
	}
	return v
}
