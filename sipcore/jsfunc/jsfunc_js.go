package jsfunc

import (
	"sync/atomic"
	"syscall/js"
)

var live atomic.Int64

// Of is js.FuncOf. release, which may be called more than once, has to be called when
// JavaScript will not call the function any more.
func Of(f func(this js.Value, args []js.Value) any) (fn js.Func, release func()) {
	fn = js.FuncOf(f) //nolint:forbidigo // here it is counted
	live.Add(1)
	var released atomic.Bool
	return fn, func() {
		if released.CompareAndSwap(false, true) {
			live.Add(-1)
			fn.Release()
		}
	}
}

// Live is how many there are: those that live as long as the page among them.
func Live() int { return int(live.Load()) }
