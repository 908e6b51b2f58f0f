package fetch

import (
	"context"
	"syscall/js"
	"time"

	"gocommunicator/sipcore/promise"
)

// patience is longer than that of wasm_exec/loader.js, which does it all.
const patience = 10 * time.Second

// JSON asks with GET or POST, the latter with an empty body, and gives what was answered. It
// waits for the network. The error is that of the browser or ctx.
func JSON(ctx context.Context, method, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	text, err := promise.Await(ctx, func() js.Value { return js.Global().Call("fetchJSON", method, address) }, nil)
	if err != nil {
		return nil, err
	}
	return []byte(text.String()), nil
}
