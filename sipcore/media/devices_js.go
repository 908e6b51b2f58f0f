package media

import (
	"context"
	"errors"
	"sync"
	"syscall/js"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/promise"
)

// Platform is empty in the page: the browser has devices and network.
type Platform struct{}

func (Config) echoes() bool { return false }

// devices are microphone and camera of one call.
type devices struct {
	conn   *Conn
	stream Stream // what they give; the one that JSValue shows

	mu      sync.Mutex
	tracks  map[Kind]js.Value
	inputs  map[Kind]*input // where they come from; none for a screen
	stopped bool
	unheed  func() // of the end of what is shown of the screen
	beside  bool   // that is not in the camera's place
}

func newDevices(c *Conn) *devices {
	return &devices{conn: c, stream: newStream(), tracks: map[Kind]js.Value{}, inputs: map[Kind]*input{}}
}

// track is what is sent of a kind.
func (d *devices) track(k Kind) (js.Value, bool) {
	t, shared := d.opened(Screen)
	d.mu.Lock()
	beside := d.beside
	d.mu.Unlock()
	switch {
	case k == Screen:
		return t, shared && beside
	case k == Video && shared && !beside:
		return t, true
	default:
		return d.opened(k)
	}
}

// setBeside has the screen go out beside the camera's picture, or in its place.
func (d *devices) setBeside(on bool) {
	screen, _ := d.opened(Screen)
	camera, covered := d.opened(Video)
	d.mu.Lock()
	changed := d.beside != on
	d.beside = on
	d.mu.Unlock()
	switch {
	case !changed || !covered || screen.IsUndefined():
	case on:
		d.stream.remove(screen)
		d.stream.add(camera)
	default:
		d.stream.remove(camera)
		d.stream.add(screen)
	}
}

// opened is what a device gives.
func (d *devices) opened(k Kind) (js.Value, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, ok := d.tracks[k]
	return t, ok
}

// add makes a track one of the call's, unless that has ended or has one already. Of two
// pictures the screen is the one that Local shows.
func (d *devices) add(k Kind, track js.Value) error {
	d.mu.Lock()
	_, have := d.tracks[k]
	camera, covered := d.tracks[Video]
	_, covers := d.tracks[Screen]
	covers = covers && !d.beside
	if k == Screen {
		d.beside = false
	}
	stopped := d.stopped
	if !have && !stopped {
		d.tracks[k] = track
	}
	d.mu.Unlock()
	switch {
	case stopped:
		track.Call("stop")
		return sipcore.ErrClosed
	case have: // opened meanwhile by a procedure
		track.Call("stop")
		return nil
	case k == Screen && covered:
		d.stream.remove(camera)
	case k == Video && covers:
		return nil
	}
	d.stream.add(track)
	return nil
}

// open asks the person for what is wanted and not yet open. When both are asked for and
// only the camera fails, the microphone is kept. The error is a *MediaError, or the
// context's cause when that ended otherwise than by its deadline.
func (d *devices) open(ctx context.Context, want Want) (opened bool, err error) {
	_, microphone := d.opened(Audio)
	_, camera := d.opened(Video)
	want.Audio, want.Video = want.Audio && !microphone, want.Video && !camera
	if !want.Audio && !want.Video {
		return false, nil
	}
	err = d.ask(ctx, want)
	if err == nil {
		return true, nil
	}
	kind := Audio
	switch {
	case !want.Audio:
		kind = Video
	case want.Video && ctx.Err() == nil && !blamesMicrophone(ctx, err):
		// The browser does not say which of the two failed: ask for one.
		if alone := d.ask(ctx, Want{Audio: true}); alone == nil {
			kind, opened = Video, true
		} else {
			err = alone
		}
	}
	return opened, explain(ctx, kind, err)
}

// ask calls getUserMedia. What it brings after ctx or the call has ended is stopped at
// once, so that no device stays open.
func (d *devices) ask(ctx context.Context, want Want) error {
	found, err := d.capture(ctx, want)
	for _, i := range found {
		if closed := d.add(i.kind(), i.track); closed != nil {
			err = closed
		}
		d.mu.Lock()
		if d.tracks[i.kind()].Equal(i.track) {
			d.inputs[i.kind()] = i
		} else {
			i.stop()
		}
		d.mu.Unlock()
	}
	return err
}

// input is where what is open of a kind comes from, nil when nothing is.
func (d *devices) input(k Kind) *input {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.inputs[k]
}

// swap puts an input into the place of the one there is, which is returned; nil, and
// nothing is done, where there is none any more.
func (d *devices) swap(k Kind, fresh *input) (old *input) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if old = d.inputs[k]; old == nil {
		return nil
	}
	d.inputs[k], d.tracks[k] = fresh, fresh.track
	if d.stream.holds(old.track) { // no screen covers it
		d.stream.remove(old.track)
		d.stream.add(fresh.track)
	}
	return old
}

// release gives a device back, whose light goes out, and tells whether it was open.
func (d *devices) release(k Kind) bool {
	d.mu.Lock()
	track, ok := d.tracks[k]
	from := d.inputs[k]
	delete(d.tracks, k)
	delete(d.inputs, k)
	d.mu.Unlock()
	if !ok {
		return false
	}
	if from != nil {
		from.stop()
	}
	if k == Screen {
		d.unheed()
	}
	track.Call("stop")
	d.stream.remove(track)
	if camera, covered := d.opened(Video); covered && k == Screen {
		d.stream.add(camera)
	}
	return true
}

// mute stops or resumes what the devices give: silence and black are sent instead.
func (d *devices) mute(audio, video, screen bool) {
	for k, muted := range map[Kind]bool{Audio: audio, Video: video, Screen: screen} {
		if track, ok := d.opened(k); ok {
			track.Set("enabled", !muted)
		}
	}
}

func stopTracks(stream js.Value) {
	tracks := stream.Call("getTracks")
	for i := range tracks.Length() {
		tracks.Index(i).Call("stop")
	}
}

// blamesMicrophone tells whether a refusal of both devices is the microphone's, so that
// asking for it alone would only ask again what was just refused.
func blamesMicrophone(ctx context.Context, err error) bool {
	if reasonOf(err) != NotAllowed {
		return false
	}
	switch permission(ctx, "microphone") {
	case "denied":
		return true
	case "granted", "": // "": the browser does not say
		return false
	default:
		return permission(ctx, "camera") != "denied"
	}
}

// permission is "granted", "denied", "prompt", or "" where the browser does not tell.
func permission(ctx context.Context, name string) string {
	status, err := promise.Await(ctx, func() js.Value {
		return js.Global().Get("navigator").Get("permissions").Call("query", map[string]any{"name": name})
	}, nil)
	if err != nil {
		return ""
	}
	return status.Get("state").String()
}

// explain makes a *MediaError of what getUserMedia said.
func explain(ctx context.Context, kind Kind, err error) error {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &MediaError{Kind: kind, Reason: Timeout, Err: err}
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, sipcore.ErrClosed):
		return err
	default:
		return &MediaError{Kind: kind, Reason: reasonOf(err), Err: err}
	}
}

// reasonOf reads the names of DOMExceptions (Media Capture and Streams §10.2).
func reasonOf(err error) Reason {
	var e *promise.Exception
	if !errors.As(err, &e) {
		return Unknown
	}
	switch e.Name {
	case "NotAllowedError", "SecurityError":
		return NotAllowed
	case "NotFoundError":
		return NotFound
	case "NotReadableError", "AbortError":
		return NotReadable
	case "OverconstrainedError":
		return Overconstrained
	case "TypeError", "NotSupportedError":
		if !js.Global().Get("isSecureContext").Truthy() {
			return InsecureContext
		}
		return Unsupported
	default:
		return Unknown
	}
}
