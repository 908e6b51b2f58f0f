package hostapi

import (
	"errors"
	"fmt"
	"log/slog"
	"syscall/js"

	"gocommunicator/sipcore/jsfunc"
)

// ErrNoArbiter says that the page has no window.Arbiter: web/arbiter.js is missing from
// it, or something else goes by that name.
var ErrNoArbiter = errors.New("the page has no Arbiter")

// New joins the phone to window.Arbiter. Commands that web/arbiter.js has kept come
// first. The error is ErrNoArbiter, or what the page's own Arbiter has thrown.
func New(deps Deps) (*Bridge, error) {
	if deps.Log == nil {
		deps.Log = slog.Default()
	}
	arbiter := js.Global().Get("Arbiter")
	if !isArbiter(arbiter) {
		return nil, ErrNoArbiter
	}
	b := newBridge(deps, func(topic string, data any) {
		err := try(func() {
			arbiter.Call("publish", topic, js.ValueOf(data), map[string]any{"async": true})
		})
		if err != nil {
			deps.Log.Warn("the page failed on a topic", "topic", topic, "err", err)
		}
	})
	receive, release := jsfunc.Of(func(_ js.Value, args []js.Value) any {
		if len(args) >= 2 && args[1].Type() == js.TypeString {
			b.receive(args[1].String(), args[0])
		}
		return nil
	})
	var ids []js.Value
	b.release = func() {
		err := try(func() {
			for _, id := range ids {
				arbiter.Call("unsubscribe", id)
			}
		})
		if err != nil {
			deps.Log.Warn("the page failed to unsubscribe", "err", err)
		}
		release()
	}
	err := try(func() {
		for _, topic := range topics() {
			// What was published before, persistent or not, is in the list of early commands.
			ids = append(ids, arbiter.Call("subscribe", topic, map[string]any{"persist": false}, nil, receive))
		}
		early := js.Global().Get("Reflect").Call("get", js.Global(), earlyCommands())
		if early.Type() != js.TypeFunction {
			return
		}
		kept := early.Invoke()
		for i := range kept.Length() {
			b.receive(kept.Index(i).Index(0).String(), kept.Index(i).Index(1))
		}
	})
	if err != nil {
		b.Close()
		return nil, fmt.Errorf("subscribing to the page's Arbiter: %w", err)
	}
	return b, nil
}

// earlyCommands is the symbol by which web/arbiter.js is asked for them: no name of the
// page's is taken.
func earlyCommands() js.Value { return js.Global().Get("Symbol").Call("for", "sip-phone.early") }

func isArbiter(v js.Value) bool {
	if v.Type() != js.TypeObject && v.Type() != js.TypeFunction {
		return false
	}
	for _, method := range []string{"publish", "subscribe", "unsubscribe"} {
		if v.Get(method).Type() != js.TypeFunction {
			return false
		}
	}
	return true
}

// receive copies data of the page, which may change it as soon as this returns.
func (b *Bridge) receive(topic string, data js.Value) {
	text := js.Undefined()
	err := try(func() { text = js.Global().Get("JSON").Call("stringify", data) })
	switch {
	case err != nil: // e.g. it contains itself
		b.command(topic, []byte("not JSON"))
	case text.Type() == js.TypeString:
		b.command(topic, []byte(text.String()))
	default: // undefined, or a function
		b.command(topic, nil)
	}
}

// try turns what the page throws into an error.
func try(call func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("thrown: %v", r)
		}
	}()
	call()
	return nil
}
