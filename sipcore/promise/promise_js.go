package promise

import (
	"context"
	"fmt"
	"sync"
	"syscall/js"

	"gocommunicator/sipcore/jsfunc"
)

// Exception is something thrown by the browser. Name is that of a DOMException
// ("NotAllowedError") or of an Error ("TypeError").
type Exception struct{ Name, Message string } //nolint:errname // what the browser calls it

func (e *Exception) Error() string { return e.Name + ": " + e.Message }

func newException(v js.Value) *Exception {
	if v.Type() != js.TypeObject {
		return &Exception{Name: "Error", Message: fmt.Sprint(v)}
	}
	return &Exception{Name: v.Get("name").String(), Message: v.Get("message").String()}
}

// Try turns what a call into the browser throws into an *Exception.
func Try(f func() js.Value) (v js.Value, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case js.Error:
			err = newException(r.Value)
		case *js.ValueError:
			err = &Exception{Name: "TypeError", Message: r.Error()}
		default:
			panic(r) //nolint:forbidigo // none of the browser's
		}
	}()
	return f(), nil
}

// promises are those that are awaited. All share one js.Func, bound to a number for
// each: so nothing has to be released, and a promise which never settles, as those of a
// closed connection do not, leaves nothing behind but what the browser collects.
var promises = struct {
	sync.Mutex
	last    int
	waiting map[int]func(value js.Value, fulfilled bool)
	settle  js.Func
}{waiting: map[int]func(js.Value, bool){}}

func init() {
	promises.settle, _ = jsfunc.Of(func(_ js.Value, args []js.Value) any {
		promises.Lock()
		id := args[0].Int()
		f := promises.waiting[id]
		delete(promises.waiting, id)
		promises.Unlock()
		if f != nil {
			f(args[2], args[1].Bool())
		}
		return nil
	})
}

// Await waits for the promise that call returns. When ctx ends first, its cause is
// returned, and late, if given, is called with what the promise brings after all. A
// rejection is an *Exception. It must not be called in a callback of the browser.
func Await(ctx context.Context, call func() js.Value, late func(js.Value)) (js.Value, error) {
	if ctx.Err() != nil {
		return js.Undefined(), context.Cause(ctx)
	}
	p, err := Try(call)
	if err != nil {
		return js.Undefined(), err
	}
	type settlement struct {
		value     js.Value
		fulfilled bool
	}
	settled := make(chan settlement, 1)
	promises.Lock()
	promises.last++
	id := promises.last
	promises.waiting[id] = func(v js.Value, fulfilled bool) { settled <- settlement{v, fulfilled} }
	promises.Unlock()
	p.Call("then",
		promises.settle.Call("bind", js.Null(), id, true),
		promises.settle.Call("bind", js.Null(), id, false))

	select {
	case s := <-settled:
		if !s.fulfilled {
			return js.Undefined(), newException(s.value)
		}
		return s.value, nil
	case <-ctx.Done():
	}
	promises.Lock()
	defer promises.Unlock()
	select {
	case s := <-settled: // in the same moment
		if s.fulfilled && late != nil {
			go late(s.value)
		}
	default:
		delete(promises.waiting, id)
		if late != nil {
			promises.waiting[id] = func(v js.Value, fulfilled bool) {
				if fulfilled {
					late(v)
				}
			}
		}
	}
	return js.Undefined(), context.Cause(ctx)
}
