package media

import (
	"context"
	"fmt"
	"strings"
	"syscall/js"

	"github.com/pion/webrtc/v4"

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
	pc       *webrtc.PeerConnection
	value    js.Value
	progress chan struct{} // the local description may have got candidates

	onCandidate, onTrack js.Func
}

func newPeer(c *Conn, bundled bool) (*peer, error) {
	cfg := c.engine.cfg
	settings := webrtc.Configuration{
		BundlePolicy:       webrtc.BundlePolicyMaxBundle,
		RTCPMuxPolicy:      webrtc.RTCPMuxPolicyRequire,
		ICETransportPolicy: webrtc.ICETransportPolicyAll,
	}
	if !bundled {
		settings.BundlePolicy = webrtc.BundlePolicyBalanced
	}
	if cfg.RelayOnly {
		settings.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	}
	for _, s := range cfg.ICEServers {
		server := webrtc.ICEServer{URLs: s.URLs, Username: s.Username}
		if s.Credential != "" {
			server.Credential = s.Credential
		}
		settings.ICEServers = append(settings.ICEServers, server)
	}
	pc, err := webrtc.NewPeerConnection(settings)
	if err != nil {
		return nil, fmt.Errorf("make a peer connection: %w", err)
	}
	p := &peer{conn: c, pc: pc, value: pc.JSValue(), progress: make(chan struct{}, 1)}
	pc.OnConnectionStateChange(func(webrtc.PeerConnectionState) {
		// Reports may overtake each other: what counts is how it is now.
		if state, ok := parseState(pc.ConnectionState().String()); ok {
			c.changed(p, state)
		}
	})
	pc.OnICEGatheringStateChange(p.progressed)
	// pion's OnICECandidate would bring its whole ICE agent into the program.
	p.onCandidate = js.FuncOf(func(js.Value, []js.Value) any {
		p.progressed()
		return nil
	})
	p.value.Call("addEventListener", "icecandidate", p.onCandidate)
	p.onTrack = js.FuncOf(func(_ js.Value, args []js.Value) any {
		go p.heard(args[0].Get("track"))
		return nil
	})
	p.value.Call("addEventListener", "track", p.onTrack)
	return p, nil
}

func (p *peer) progressed() {
	select {
	case p.progress <- struct{}{}:
	default:
	}
}

// heard puts a remote track into the stream.
func (p *peer) heard(track js.Value) {
	if p.pc.ConnectionState() == webrtc.PeerConnectionStateClosed || p.conn.remote.holds(track) {
		return
	}
	p.conn.remote.add(track)
	p.conn.heard()
}

// attach makes the connection send and receive a kind, or neither. In an answer only
// media lines that the offer has are used.
func (p *peer) attach(ctx context.Context, k Kind, on, offering bool) error {
	track, have := p.conn.devices.track(k)
	var chosen js.Value
	all := p.value.Call("getTransceivers")
	for i := range all.Length() {
		t := all.Index(i)
		ours := t.Get("receiver").Get("track").Get("kind").String() == string(k) &&
			t.Get("direction").String() != "stopped" && (offering || !t.Get("mid").IsNull())
		switch {
		case !ours:
		case chosen.IsUndefined():
			chosen = t
		default: // a second line of this kind: refused
			t.Set("direction", "inactive")
		}
	}
	_, err := promise.Try(func() js.Value {
		switch {
		case chosen.IsUndefined() && on && offering:
			what := js.ValueOf(string(k))
			if have {
				what = track
			}
			chosen = p.value.Call("addTransceiver", what, map[string]any{
				"direction": direction(on, have), "streams": []any{p.conn.devices.stream.value},
			})
		case !chosen.IsUndefined():
			chosen.Set("direction", direction(on, have))
		}
		return js.Undefined()
	})
	if err != nil || chosen.IsUndefined() {
		return err
	}
	if k == Audio {
		preferOpus(chosen)
	}
	if !on || !have {
		track = js.Null()
	}
	sender := chosen.Get("sender")
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

func direction(on, have bool) string {
	switch {
	case !on:
		return "inactive"
	case have:
		return "sendrecv"
	default:
		return "recvonly"
	}
}

// preferOpus puts Opus first, also in an answer to somebody who would rather have
// something else. Browsers that cannot be told do so by themselves in offers.
func preferOpus(transceiver js.Value) {
	if transceiver.Get("setCodecPreferences").Type() != js.TypeFunction {
		return
	}
	codecs := js.Global().Get("RTCRtpReceiver").Call("getCapabilities", "audio").Get("codecs")
	var first, rest []any
	for i := range codecs.Length() {
		codec := codecs.Index(i)
		if strings.EqualFold(codec.Get("mimeType").String(), "audio/opus") {
			first = append(first, codec)
		} else {
			rest = append(rest, codec)
		}
	}
	transceiver.Call("setCodecPreferences", append(first, rest...))
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
	d := p.pc.LocalDescription()
	if d == nil {
		return "", false
	}
	return d.SDP, p.pc.ICEGatheringState() == webrtc.ICEGatheringStateComplete
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

// settled takes tracks that do not come any more out of the stream.
func (p *peer) settled(_, _ *sdp.Description) {
	all := p.value.Call("getTransceivers")
	changed := false
	for i := range all.Length() {
		t := all.Index(i)
		track := t.Get("receiver").Get("track")
		current := t.Get("currentDirection")
		comes := !current.IsNull() && strings.Contains(current.String(), "recv")
		if !comes && p.conn.remote.holds(track) {
			p.conn.remote.remove(track)
			changed = true
		}
	}
	if changed {
		p.conn.heard()
	}
}

// close ends the connection and releases what the browser could still call.
func (p *peer) close() {
	p.value.Call("removeEventListener", "icecandidate", p.onCandidate)
	p.onCandidate.Release()
	p.value.Call("removeEventListener", "track", p.onTrack)
	p.onTrack.Release()
	if err := p.pc.Close(); err != nil {
		p.conn.engine.cfg.Log.Error("media: closing", "err", err)
	}
}
