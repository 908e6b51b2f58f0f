//go:build !js

package media

import (
	"context"
	"sync"
	"time"
)

// devices are the sources of one call.
type devices struct {
	conn   *Conn
	stream Stream

	mu      sync.Mutex
	tracks  map[Kind]*localTrack // those that are open
	known   map[Kind]*localTrack // all there ever were: a kind keeps its track
	inputs  map[Kind]*input      // what they send
	stopped bool
	beside  bool // the screen is not in the camera's place
}

func newDevices(c *Conn) *devices {
	return &devices{
		conn: c, stream: newStream(),
		tracks: map[Kind]*localTrack{}, known: map[Kind]*localTrack{}, inputs: map[Kind]*input{},
	}
}

// track is what is sent of a kind: for camera and screen the same, unless one is shown
// beside the other.
func (d *devices) track(k Kind) (*localTrack, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	from := k
	if _, shared := d.tracks[Screen]; shared && k == Video && !d.beside {
		from = Screen
	}
	if k == Screen && !d.beside {
		return nil, false
	}
	t, ok := d.tracks[from]
	return t, ok
}

// setBeside has the screen go out beside the camera's picture, or in its place.
func (d *devices) setBeside(on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.beside = on
	if i := d.inputs[Screen]; i != nil {
		d.tracks[Screen] = d.outlet(Screen, i)
	}
}

// outlet is the track that an input is sent by. It belongs to the holder of the lock.
func (d *devices) outlet(k Kind, i *input) *localTrack {
	if k == Screen && !d.beside {
		k = Video
	}
	track := d.known[k]
	if track == nil {
		track = newLocalTrack(k.flows())
		track.codec = i.source.Codec
		track.blend = d.conn.blend
		d.known[k] = track
	}
	return track
}

func (d *devices) opened(k Kind) (*localTrack, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, ok := d.tracks[k]
	return t, ok
}

// share opens the source that stands in for the screen.
func (d *devices) share(ctx context.Context, _ func()) error { return d.openOne(ctx, Screen) }

func (d *devices) openOne(ctx context.Context, k Kind) error {
	i, err := d.fetch(ctx, k)
	if err != nil {
		return err
	}
	d.add(k, i)
	return nil
}

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

// add makes a source one of the call's, unless that has ended.
func (d *devices) add(k Kind, i *input) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stopped || d.tracks[k] != nil { // opened meanwhile by a procedure
		i.stop()
		return
	}
	if k == Screen {
		d.beside = false
	}
	d.tracks[k], d.inputs[k] = d.outlet(k, i), i
	d.stream.set(k.flows(), true)
	d.run(k, i)
}

func (d *devices) run(k Kind, i *input) {
	if i.source.Next != nil {
		d.conn.tasks.Go(func() { d.pump(k, i.source, i.done) })
	}
}

// release closes a source and tells whether it was open.
func (d *devices) release(k Kind) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	i, ok := d.inputs[k]
	if ok {
		i.stop()
		track := d.tracks[k]
		delete(d.inputs, k)
		delete(d.tracks, k)
		alone := track.kind == Audio || d.tracks[Video] == nil && d.tracks[Screen] == nil
		if alone || d.beside {
			track.sending.Store(false)
		}
		if alone {
			d.stream.set(track.kind, false)
		}
	}
	return ok
}

func (d *devices) mute(audio, video, screen bool) {
	if _, shared := d.opened(Screen); shared && !d.has(Screen) {
		video = screen
	}
	for k, muted := range map[Kind]bool{Audio: audio, Video: video, Screen: screen} {
		if t, ok := d.track(k); ok {
			t.muted.Store(muted)
		}
	}
}

// pump sends a source's frames at their times; those of the camera while the screen is not
// shown.
func (d *devices) pump(k Kind, source Source, stop <-chan struct{}) {
	ticker := time.NewTicker(source.Frame)
	defer ticker.Stop()
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		case <-ticker.C:
		}
		frame := source.Next(n)
		track, open := d.opened(k)
		_, covered := d.opened(Screen)
		if frame != nil && open && !(k == Video && covered && !d.has(Screen)) {
			track.frame(source.Frame, frame)
		}
	}
}
