//go:build !js

package media

import (
	"context"
	"errors"
	"sync"
)

// input is an open source.
type input struct {
	source Source
	at     Device
	asked  Inputs // what it was opened for, as far as it concerns its kind; with the turn to exchange
	done   chan struct{}
	stop   func() // ends the goroutine that sends
}

func newInput(source Source) *input {
	done := make(chan struct{})
	return &input{source: source, done: done, stop: sync.OnceFunc(func() { close(done) })}
}

// device is which one it is.
func (i *input) device() Device {
	d := i.at
	for _, asked := range []Device{i.asked.Microphone, i.asked.Camera} {
		if asked.ID == d.ID && asked.Name != "" {
			d.Name = asked.Name
		}
	}
	return d
}

func (i *input) gone() bool {
	select {
	case <-i.done:
		return true
	default:
		return false
	}
}

// fits tells whether what is open of a kind is what is wanted, or nothing is.
func (d *devices) fits(_ context.Context, k Kind, want Inputs) (was Device, gone, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := d.inputs[k]
	if i == nil {
		return Device{}, false, true
	}
	was, gone = i.device(), i.gone()
	it := want.device(k)
	ok = !gone && (i.asked == want || it.ID == "" || it.ID == was.ID && (!it.Stands() || it.Group == was.Group))
	if ok {
		i.asked = want
	}
	return was, gone, ok
}

// fetch opens a device of a kind beside the one that is open. The error is a *MediaError,
// or the context's cause when that ended otherwise than by its deadline.
func (d *devices) fetch(ctx context.Context, k Kind) (*input, error) {
	platform := d.conn.engine.cfg.Platform
	asked := d.conn.engine.wanted(k)
	if platform.Echo {
		return newInput(Source{}), nil
	}
	if platform.Machine != nil {
		i, err := platform.Machine.open(k, asked.device(k).ID, d.conn.lost)
		if err == nil {
			i.asked = asked
		}
		return i, err
	}
	capture := platform.Capture
	if capture == nil {
		capture = silence
	}
	source, err := capture(ctx, k)
	var refused *MediaError
	switch {
	case errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return nil, &MediaError{Kind: k, Reason: Timeout, Err: context.Cause(ctx)}
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.As(err, &refused):
		return nil, refused
	case err != nil:
		return nil, &MediaError{Kind: k, Reason: Unknown, Err: err}
	}
	i := newInput(source)
	i.asked = asked
	return i, nil
}

// swap puts an input into the place of the one there is, which is returned; nil, and
// nothing is done, where there is none any more.
func (d *devices) swap(k Kind, fresh *input) (old *input) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if old = d.inputs[k]; old == nil {
		return nil
	}
	d.inputs[k] = fresh
	old.stop()
	d.run(k, fresh)
	return old
}
