package dom

import "syscall/js"

// traceScript defines the element that shows SIP messages.
const traceScript = "trace.js"

// Trace shows SIP messages in an element. words are its texts; take returns the messages
// after an id, each as web/trace.js has it, and forgets all for a negative one. release
// ends it.
func Trace(id string, words map[string]any, take func(since int) []any) (release func()) {
	if js.Global().Get("customElements").Call("get", "sip-trace").IsUndefined() {
		script := document().Call("createElement", "script")
		script.Set("type", "module")
		script.Set("src", traceScript)
		document().Get("head").Call("append", script)
	}
	callback := js.FuncOf(func(_ js.Value, args []js.Value) any { return take(args[0].Int()) })
	// Made before the script is there, it becomes what it is when the script comes.
	trace := document().Call("createElement", "sip-trace")
	trace.Set("words", words)
	trace.Set("take", callback)
	element(id).Call("append", trace)
	return func() {
		trace.Call("remove")
		callback.Release()
	}
}
