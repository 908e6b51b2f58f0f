//go:build !js

package media

import (
	"context"
	"errors"
	"sync"
	"time"
)

// devices are the sources of one call.
type devices struct {
	conn   *Conn
	stream Stream

	mu      sync.Mutex
	tracks  map[Kind]*localTrack   // those that are open
	known   map[Kind]*localTrack   // all there ever were: a kind keeps its track
	stops   map[Kind]chan struct{} // ends the goroutine that sends
	stopped bool
}

func newDevices(c *Conn) *devices {
	return &devices{
		conn: c, stream: newStream(),
		tracks: map[Kind]*localTrack{}, known: map[Kind]*localTrack{}, stops: map[Kind]chan struct{}{},
	}
}

// track is what is sent of a kind: the same for camera and screen.
func (d *devices) track(k Kind) (*localTrack, bool) {
	if t, ok := d.opened(Screen); ok && k == Video {
		return t, true
	}
	return d.opened(k)
}

func (d *devices) opened(k Kind) (*localTrack, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, ok := d.tracks[k]
	return t, ok
}

// share opens the source that stands in for the screen.
func (d *devices) share(ctx context.Context, _ func()) error { return d.openOne(ctx, Screen) }

// open opens what is wanted and not yet open, the microphone first. The error is a
// *MediaError, or the context's cause when that ended otherwise than by its deadline.
func (d *devices) open(ctx context.Context, want Want) (opened bool, err error) {
	for _, k := range kinds {
		if _, open := d.opened(k); open || !want.has(k) {
			continue
		}
		if err := d.openOne(ctx, k); err != nil {
			return opened, err
		}
		opened = true
	}
	return opened, nil
}

func (d *devices) openOne(ctx context.Context, k Kind) error {
	platform := d.conn.engine.cfg.Platform
	if platform.Echo {
		d.add(k, Source{})
		return nil
	}
	capture := platform.Capture
	if capture == nil {
		capture = silence
	}
	source, err := capture(ctx, k)
	var refused *MediaError
	switch {
	case errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return &MediaError{Kind: k, Reason: Timeout, Err: context.Cause(ctx)}
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &refused):
		return refused
	case err != nil:
		return &MediaError{Kind: k, Reason: Unknown, Err: err}
	}
	d.add(k, source)
	return nil
}

// add makes a source one of the call's, unless that has ended.
func (d *devices) add(k Kind, source Source) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stopped || d.tracks[k] != nil { // opened meanwhile by a procedure
		return
	}
	sent := k
	if k == Screen {
		sent = Video
	}
	track := d.known[sent]
	if track == nil {
		track = newLocalTrack(sent)
		track.codec = source.Codec
		track.blend = d.conn.blend
		d.known[sent] = track
	}
	stop := make(chan struct{})
	d.tracks[k], d.stops[k] = track, stop
	d.stream.set(sent, true)
	if source.Next != nil {
		d.conn.tasks.Go(func() { d.pump(k, track, source, stop) })
	}
}

// release closes a source and tells whether it was open.
func (d *devices) release(k Kind) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	stop, ok := d.stops[k]
	if ok {
		close(stop)
		track := d.tracks[k]
		delete(d.stops, k)
		delete(d.tracks, k)
		if track.kind == Audio || d.tracks[Video] == nil && d.tracks[Screen] == nil {
			track.sending.Store(false)
			d.stream.set(track.kind, false)
		}
	}
	return ok
}

func (d *devices) mute(audio, video, screen bool) {
	if _, shared := d.opened(Screen); shared {
		video = screen
	}
	for k, muted := range map[Kind]bool{Audio: audio, Video: video} {
		if t, ok := d.track(k); ok {
			t.muted.Store(muted)
		}
	}
}

// pump sends a source's frames at their times; those of the camera while the screen is not
// shown.
func (d *devices) pump(k Kind, track *localTrack, source Source, stop <-chan struct{}) {
	ticker := time.NewTicker(source.Frame)
	defer ticker.Stop()
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		case <-ticker.C:
		}
		_, covered := d.opened(Screen)
		if frame := source.Next(n); frame != nil && !(k == Video && covered) {
			track.frame(source.Frame, frame)
		}
	}
}
