package media

import (
	"context"
	"syscall/js"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/jsfunc"
	"gocommunicator/sipcore/promise"
)

// input is an open microphone or camera.
type input struct {
	track   js.Value
	asked   Inputs // what it was opened for, as far as it concerns its kind
	release func()
}

func (i *input) kind() Kind { return Kind(i.track.Get("kind").String()) }

// device is which one it is.
func (i *input) device() Device {
	s := i.track.Call("getSettings")
	d := Device{ID: text(s, "deviceId"), Group: text(s, "groupId"), Name: i.track.Get("label").String()}
	if i.kind() == Video {
		d.Role = Camera
	}
	if asked := i.asked.device(i.kind()); asked.ID == d.ID && asked.Name != "" {
		d.Name = asked.Name
	}
	return d
}

func (i *input) gone() bool { return i.track.Get("readyState").String() == "ended" }

// stop gives the device back.
func (i *input) stop() {
	i.track.Set("onended", js.Null())
	i.release()
	i.track.Call("stop")
}

// capture calls getUserMedia: for the devices wanted, as Chromium takes a mere wish for
// none, and where they have gone meanwhile for any.
func (d *devices) capture(ctx context.Context, want Want) ([]*input, error) {
	asked := map[Kind]Inputs{}
	constraints := map[string]any{}
	for _, k := range kinds {
		if want.has(k) {
			asked[k] = d.conn.engine.wanted(k)
			constraints[string(k)] = asked[k].constraints(k)
		}
	}
	get := func() js.Value {
		return js.Global().Get("navigator").Get("mediaDevices").Call("getUserMedia", constraints)
	}
	stream, err := promise.Await(ctx, get, stopTracks)
	if reasonOf(err) == Overconstrained {
		for _, c := range constraints {
			delete(c.(map[string]any), "deviceId")
		}
		stream, err = promise.Await(ctx, get, stopTracks)
	}
	if err != nil {
		return nil, err
	}
	var found []*input
	tracks := stream.Call("getTracks")
	for n := range tracks.Length() {
		i := &input{track: tracks.Index(n)}
		i.asked = asked[i.kind()]
		ended, release := jsfunc.Of(func(js.Value, []js.Value) any {
			d.conn.lost()
			return nil
		})
		i.track.Set("onended", ended)
		i.release = release
		found = append(found, i)
	}
	return found, nil
}

// constraints are those of getUserMedia.
func (in Inputs) constraints(k Kind) map[string]any {
	c := map[string]any{}
	if id := in.device(k).ID; id != "" {
		c["deviceId"] = map[string]any{"exact": id}
	}
	for name, on := range in.treatment(k) {
		c[name] = on
	}
	return c
}

// treatment is what is to be done to what a device gives, by the names of constraints.
func (in Inputs) treatment(k Kind) map[string]bool {
	if k == Audio {
		return map[string]bool{
			"echoCancellation": !in.KeepEcho, "noiseSuppression": !in.KeepNoise, "autoGainControl": !in.KeepLevel,
		}
	}
	if js.Global().Get("navigator").Get("mediaDevices").Call("getSupportedConstraints").Get("backgroundBlur").Truthy() {
		return map[string]bool{"backgroundBlur": in.Blur}
	}
	return nil
}

// fits tells whether what is open of a kind is what is wanted, or nothing is. Where it is
// enough that the browser treats its sound or picture otherwise, it does from now on.
func (d *devices) fits(ctx context.Context, k Kind, want Inputs) (was Device, gone, ok bool) {
	i := d.input(k)
	if i == nil {
		return Device{}, false, true
	}
	was = i.device()
	if gone = i.gone(); gone {
		return was, true, false
	}
	if i.asked == want { // then it is the best that could be had
		return was, false, true
	}
	if it := want.device(k); it.ID != "" && (it.ID != was.ID || it.Stands() && it.Group != was.Group) {
		return was, false, false
	}
	asked := i.asked
	i.asked = want
	treatment := want.treatment(k)
	same := true
	for name, on := range asked.treatment(k) {
		same = same && treatment[name] == on
	}
	if same {
		return was, false, true
	}
	_, err := promise.Await(ctx, func() js.Value { return i.track.Call("applyConstraints", want.constraints(k)) }, nil)
	s := i.track.Call("getSettings")
	for name, on := range treatment {
		if now := s.Get(name); err == nil && now.Type() == js.TypeBoolean && now.Bool() != on {
			return was, false, false
		}
	}
	return was, false, err == nil
}

// fetch opens a device of a kind beside the one that is open. The same one is closed first:
// while it is open Chromium treats its sound as it has so far. Some cameras can be open only
// once, whichever they are.
func (d *devices) fetch(ctx context.Context, k Kind) (*input, error) {
	want, old := Want{Audio: k == Audio, Video: k == Video}, d.input(k)
	if id := d.conn.engine.wanted(k).device(k).ID; old != nil && (id == "" || id == old.device().ID) {
		old.track.Call("stop")
	}
	found, err := d.capture(ctx, want)
	if k == Video && old != nil && reasonOf(err) == NotReadable {
		old.track.Call("stop")
		found, err = d.capture(ctx, want)
	}
	if err != nil {
		return nil, explain(ctx, k, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stopped {
		found[0].stop()
		return nil, sipcore.ErrClosed
	}
	return found[0], nil
}

// ListDevices are the devices that the browser tells of. Before it was allowed to open
// one it has neither names nor ids. Loudspeakers are only there where one can be chosen.
func ListDevices(ctx context.Context, _ Platform) ([]Device, error) {
	all, err := promise.Await(ctx, func() js.Value {
		return js.Global().Get("navigator").Get("mediaDevices").Call("enumerateDevices")
	}, nil)
	if err != nil {
		return nil, err
	}
	roles := map[string]Role{"audioinput": Microphone, "videoinput": Camera}
	if js.Global().Get("HTMLMediaElement").Get("prototype").Get("setSinkId").Truthy() {
		roles["audiooutput"] = Speaker
	}
	var list []Device
	for i := range all.Length() {
		d := all.Index(i)
		if role, ok := roles[text(d, "kind")]; ok {
			list = append(list, Device{Role: role, ID: text(d, "deviceId"), Group: text(d, "groupId"), Name: text(d, "label")})
		}
	}
	return list, nil
}

// WatchDevices has f, which must not wait, called when a device comes or goes, until stop
// is called.
func WatchDevices(_ Platform, f func()) (stop func()) {
	devices := js.Global().Get("navigator").Get("mediaDevices")
	if !devices.Truthy() {
		return func() {} // an insecure page
	}
	changed, release := jsfunc.Of(func(js.Value, []js.Value) any {
		f()
		return nil
	})
	devices.Call("addEventListener", "devicechange", changed)
	return func() {
		devices.Call("removeEventListener", "devicechange", changed)
		release()
	}
}
