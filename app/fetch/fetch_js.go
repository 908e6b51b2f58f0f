package fetch

import (
	"context"
	"syscall/js"

	"gocommunicator/sipcore/promise"
)

func ask(ctx context.Context, method, address string) ([]byte, error) {
	abort := js.Global().Get("AbortController").New()
	defer abort.Call("abort") // what is not wanted any more is not sent either
	res, err := promise.Await(ctx, func() js.Value {
		return js.Global().Call("fetch", address, map[string]any{
			"method": method, "signal": abort.Get("signal"),
			"credentials": "omit", "referrerPolicy": "no-referrer", "cache": "no-store",
		})
	}, nil)
	if err != nil {
		return nil, err
	}
	kind := res.Get("headers").Call("get", "Content-Type").String() // "<null>" where there is none
	if err := judge(res.Get("url").String(), res.Get("status").Int(), kind); err != nil {
		return nil, err
	}
	var data []byte
	for reader := res.Get("body").Call("getReader"); ; {
		part, err := promise.Await(ctx, func() js.Value { return reader.Call("read") }, nil)
		if err != nil {
			return nil, err
		}
		if part.Get("done").Bool() {
			return data, nil
		}
		begin := len(data)
		if data = append(data, make([]byte, part.Get("value").Length())...); len(data) > maxSize {
			return nil, ErrTooLarge
		}
		js.CopyBytesToGo(data[begin:], part.Get("value"))
	}
}
