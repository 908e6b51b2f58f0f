package media

import (
	"context"
	"fmt"
	"strings"
	"syscall/js"

	"gocommunicator/sipcore/jsfunc"
	"gocommunicator/sipcore/promise"
	"gocommunicator/sipcore/sdp"
)

// alwaysBundles: a browser can also keep its media apart.
const alwaysBundles = false

// engine is what the platform shares between calls: nothing in the page.
type engine struct{}

func newEngine(Config) (engine, error) {
	for _, name := range []string{"RTCPeerConnection", "MediaStream"} {
		if js.Global().Get(name).IsUndefined() {
			return engine{}, &MediaError{Reason: Unsupported}
		}
	}
	return engine{}, nil
}

// peer is a peer connection. Its methods belong to the holder of the Conn's turn,
// except stats.
type peer struct {
	conn     *Conn
	value    js.Value
	progress chan struct{} // the local description may have got candidates
	release  []func()      // of what the browser could still call
	slides   js.Value      // the transceiver that an offer shows the screen on; undefined for none
}

func newPeer(c *Conn, bundled bool) (*peer, error) {
	cfg := c.cfg
	settings := map[string]any{"bundlePolicy": "max-bundle", "rtcpMuxPolicy": "require"}
	if !bundled {
		settings["bundlePolicy"] = "balanced"
	}
	if cfg.RelayOnly {
		settings["iceTransportPolicy"] = "relay"
	}
	servers := make([]any, len(cfg.ICEServers))
	for i, s := range cfg.ICEServers {
		urls := make([]any, len(s.URLs))
		for j, url := range s.URLs {
			urls[j] = url
		}
		server := map[string]any{"urls": urls}
		if s.Username != "" {
			server["username"] = s.Username
		}
		if s.Credential != "" {
			server["credential"] = s.Credential
		}
		servers[i] = server
	}
	settings["iceServers"] = servers
	value, err := promise.Try(func() js.Value {
		return js.Global().Get("RTCPeerConnection").New(settings)
	})
	if err != nil {
		return nil, fmt.Errorf("make a peer connection: %w", err)
	}
	p := &peer{conn: c, value: value, progress: make(chan struct{}, 1)}
	p.listen("connectionstatechange", func(js.Value) {
		if state, ok := parseState(value.Get("connectionState").String()); ok {
			c.changed(p, state)
		}
	})
	p.listen("icegatheringstatechange", func(js.Value) { p.progressed() })
	p.listen("icecandidate", func(js.Value) { p.progressed() })
	p.listen("track", func(event js.Value) {
		track, t := event.Get("track"), event.Get("transceiver")
		go p.heard(track, p.use(t))
	})
	return p, nil
}

// listen has f, which must not wait, called with each event of a kind until close.
func (p *peer) listen(event string, f func(event js.Value)) {
	callback, forget := jsfunc.Of(func(_ js.Value, args []js.Value) any {
		f(args[0])
		return nil
	})
	p.value.Call("addEventListener", event, callback)
	p.release = append(p.release, func() {
		p.value.Call("removeEventListener", event, callback)
		forget()
	})
}

func (p *peer) progressed() {
	select {
	case p.progress <- struct{}{}:
	default:
	}
}

// use is what a transceiver is for.
func (p *peer) use(t js.Value) Kind {
	if mid := text(t, "mid"); mid != "" && mid == p.conn.line() {
		return Screen
	}
	return Kind(t.Get("receiver").Get("track").Get("kind").String())
}

// transceivers are those for something that have not come to their end.
func (p *peer) transceivers(k Kind) (list []js.Value) {
	all := p.value.Call("getTransceivers")
	for i := range all.Length() {
		if t := all.Index(i); p.use(t) == k && t.Get("direction").String() != "stopped" {
			list = append(list, t)
		}
	}
	return list
}

// heard puts a remote track into its stream.
func (p *peer) heard(track js.Value, k Kind) {
	into := p.conn.stream(k)
	if p.value.Get("connectionState").String() == "closed" || into.holds(track) {
		return
	}
	into.add(track)
	p.conn.heard()
}

// attach makes the connection send and receive a kind, or neither. In an answer only
// media lines that the offer has are used.
func (p *peer) attach(ctx context.Context, k Kind, on, offering bool) error {
	track, have := p.conn.sent(k)
	way := p.conn.direction(k, on, offering).String()
	var chosen js.Value
	for _, t := range p.transceivers(k) {
		switch {
		case !offering && t.Get("mid").IsNull():
		case chosen.IsUndefined():
			chosen = t
		default: // a second line of this kind: refused
			t.Set("direction", "inactive")
		}
	}
	if k == Screen && !on { // the line is free for something else (RFC 3264 §8.2)
		p.slides = js.Undefined()
		if !chosen.IsUndefined() {
			chosen.Call("stop")
		}
		return nil
	}
	_, err := promise.Try(func() js.Value {
		switch {
		case chosen.IsUndefined() && on && offering:
			what := js.ValueOf(string(k.flows()))
			if have {
				what = track
			}
			chosen = p.value.Call("addTransceiver", what, map[string]any{
				"direction": way, "streams": []any{p.conn.devices.stream.value},
			})
		case !chosen.IsUndefined():
			chosen.Set("direction", way)
		}
		return js.Undefined()
	})
	if err != nil || chosen.IsUndefined() {
		return err
	}
	if k == Screen {
		p.slides = chosen
	}
	p.prefer(chosen, k.flows())
	p.limit(ctx, k.flows(), chosen.Get("sender"))
	if !on || !have {
		track = js.Null()
	}
	return p.send(ctx, k, chosen.Get("sender"), track)
}

// send has a sender send a track, or none.
func (p *peer) send(ctx context.Context, k Kind, sender, track js.Value) error {
	if sender.Get("track").Equal(track) {
		return nil
	}
	if sender.Get("setStreams").Type() == js.TypeFunction {
		sender.Call("setStreams", p.conn.devices.stream.value)
	}
	if _, err := promise.Await(ctx, func() js.Value { return sender.Call("replaceTrack", track) }, nil); err != nil {
		return fmt.Errorf("send %s: %w", k, err)
	}
	return nil
}

// resend replaces what is sent of a kind.
func (p *peer) resend(ctx context.Context, k Kind) error {
	track, ok := p.conn.sent(k)
	for _, t := range p.transceivers(k) {
		sender := t.Get("sender")
		was := sender.Get("track")
		if !ok || was.IsNull() || was.Equal(track) {
			continue
		}
		if _, err := promise.Await(ctx, func() js.Value { return sender.Call("replaceTrack", track) }, nil); err != nil {
			return err
		}
	}
	return nil
}

// swap has the picture that goes out, if one does, come from what there is now to be sent.
func (p *peer) swap(ctx context.Context) (sent bool, err error) {
	track, have := p.conn.devices.track(Video)
	if !have {
		track = js.Null()
	}
	for _, t := range p.transceivers(Video) {
		if strings.HasPrefix(text(t, "currentDirection"), "send") {
			return have, p.send(ctx, Video, t.Get("sender"), track)
		}
	}
	return false, nil
}

// listens lets what comes be heard and seen, or not.
func (p *peer) listens(on bool) {
	all := p.value.Call("getReceivers")
	for i := range all.Length() {
		all.Index(i).Get("track").Set("enabled", on)
	}
}

func (p *peer) offer(ctx context.Context) error  { return p.describe(ctx, "createOffer") }
func (p *peer) answer(ctx context.Context) error { return p.describe(ctx, "createAnswer") }

func (p *peer) describe(ctx context.Context, create string) error {
	description, err := promise.Await(ctx, func() js.Value { return p.value.Call(create) }, nil)
	if err != nil {
		return err
	}
	_, err = promise.Await(ctx, func() js.Value { return p.value.Call("setLocalDescription", description) }, nil)
	return err
}

// slidesMid identifies the line on which the offer that was made shows the screen.
func (p *peer) slidesMid() string {
	if p.slides.IsUndefined() {
		return ""
	}
	return text(p.slides, "mid")
}

func (p *peer) takeOffer(ctx context.Context, d *sdp.Description) error {
	return p.setRemote(ctx, "offer", d)
}

func (p *peer) accept(ctx context.Context, d *sdp.Description, provisional bool) error {
	if provisional {
		return p.setRemote(ctx, "pranswer", d)
	}
	return p.setRemote(ctx, "answer", d)
}

func (p *peer) setRemote(ctx context.Context, typ string, d *sdp.Description) error {
	_, err := promise.Await(ctx, func() js.Value {
		return p.value.Call("setRemoteDescription", map[string]any{"type": typ, "sdp": string(d.Bytes())})
	}, nil)
	return err
}

// local is the local description as gathered so far.
func (p *peer) local() (text string, complete bool) {
	d := p.value.Get("localDescription")
	if !d.Truthy() {
		return "", false
	}
	return d.Get("sdp").String(), p.value.Get("iceGatheringState").String() == "complete"
}

// rollback drops the offer that is open. Transceivers that it had added are stopped:
// a later offer of the other side would not find them.
func (p *peer) rollback(ctx context.Context) error {
	var call string
	switch p.value.Get("signalingState").String() {
	case "have-local-offer", "have-remote-pranswer":
		call = "setLocalDescription"
	case "have-remote-offer", "have-local-pranswer":
		call = "setRemoteDescription"
	}
	if call != "" {
		if _, err := promise.Await(ctx, func() js.Value {
			return p.value.Call(call, map[string]any{"type": "rollback"})
		}, nil); err != nil {
			return err
		}
	}
	all := p.value.Call("getTransceivers")
	for i := range all.Length() {
		if t := all.Index(i); t.Get("mid").IsNull() && t.Get("stop").Type() == js.TypeFunction {
			t.Call("stop")
		}
	}
	return nil
}

// shapeOffer and shapeAnswer leave the browser's words as they are.
func (p *peer) shapeOffer(*sdp.Description, Want)         {}
func (p *peer) shapeAnswer(_, _ *sdp.Description, _ Want) {}

// settled takes picture that does not come any more out of the stream. Sound stays in it
// while the call is on hold, silent: an element whose stream has run empty does not begin
// to play again by itself.
func (p *peer) settled(_, _ *sdp.Description) {
	changed, shown := false, false
	all := p.value.Call("getTransceivers")
	for i := range all.Length() {
		t := all.Index(i)
		track := t.Get("receiver").Get("track")
		comes, k := strings.Contains(text(t, "currentDirection"), "recv"), p.use(t)
		shown = shown || k == Screen && comes
		if !comes && k == Video && p.conn.remote.holds(track) {
			p.conn.remote.remove(track)
			changed = true
		}
	}
	if !shown && p.conn.RemoteScreen().Has(Video) {
		p.conn.unscreen()
		changed = true
	}
	if changed {
		p.conn.heard()
	}
}

// close ends the connection and releases what the browser could still call.
func (p *peer) close() {
	for _, release := range p.release {
		release()
	}
	p.value.Call("close")
}
