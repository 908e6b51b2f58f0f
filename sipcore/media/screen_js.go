package media

import (
	"context"
	"errors"
	"strings"
	"syscall/js"

	"gocommunicator/sipcore/jsfunc"
	"gocommunicator/sipcore/promise"
)

// share asks the person what of the screen is to be shown. ended is called when the
// browser ends it. The error is a *MediaError, of which NotAllowed means that the person
// would rather not, or the context's cause.
func (d *devices) share(ctx context.Context, ended func()) error {
	stream, err := promise.Await(ctx, func() js.Value {
		return js.Global().Get("navigator").Get("mediaDevices").Call("getDisplayMedia",
			map[string]any{"video": true, "audio": false, "surfaceSwitching": "include"})
	}, stopTracks)
	if err != nil {
		return explainScreen(ctx, err)
	}
	track := stream.Call("getVideoTracks").Index(0)
	track.Set("contentHint", "detail") // letters rather than movement
	over, release := jsfunc.Of(func(js.Value, []js.Value) any {
		ended()
		return nil
	})
	track.Call("addEventListener", "ended", over)
	d.mu.Lock()
	d.unheed = func() {
		track.Call("removeEventListener", "ended", over)
		release()
	}
	d.mu.Unlock()
	if err := d.add(Screen, track); err != nil {
		d.unheed()
		return err
	}
	return nil
}

func explainScreen(ctx context.Context, err error) error {
	var refused *promise.Exception
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &refused) && strings.Contains(refused.Message, "system"): // not by the person
		return &MediaError{Kind: Screen, Reason: NotReadable, Err: err}
	}
	return &MediaError{Kind: Screen, Reason: reasonOf(err), Err: err}
}
