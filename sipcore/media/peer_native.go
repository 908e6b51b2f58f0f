//go:build !js

package media

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/pion/webrtc/v4"

	"gocommunicator/sipcore/sdp"
)

// alwaysBundles: pion has one transport.
const alwaysBundles = true

// errRollback says that pion cannot take back a remote offer.
var errRollback = errors.New("a remote offer cannot be taken back")

// peer is a peer connection. Its methods belong to the holder of the Conn's turn,
// except stats.
//
// pion knows neither rollback nor a transceiver that rests: a line that is inactive in
// an offer is stopped for good. So an offer in a call that exists is applied only
// together with its answer, pion believes all lines to be sendrecv, and what is really
// agreed stands in the descriptions that go over the wire and in localTrack.sending.
type peer struct {
	conn     *Conn
	pc       *webrtc.PeerConnection
	progress chan struct{}
	senders  map[Kind]*webrtc.RTPSender
	pending  *webrtc.SessionDescription // an offer not yet applied
	inbound  map[Kind]*inbound
	slides   *webrtc.RTPTransceiver // once the screen of either side was shown on a line of its own

	measuring sync.Mutex
	closed    bool
}

func newPeer(c *Conn, _ bool) (*peer, error) {
	cfg := c.cfg
	settings := webrtc.Configuration{
		BundlePolicy:       webrtc.BundlePolicyMaxBundle,
		RTCPMuxPolicy:      webrtc.RTCPMuxPolicyRequire,
		ICETransportPolicy: webrtc.ICETransportPolicyAll,
	}
	if cfg.RelayOnly {
		settings.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	}
	for _, s := range cfg.ICEServers {
		settings.ICEServers = append(settings.ICEServers,
			webrtc.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	pc, err := c.engine.platform.api.NewPeerConnection(settings)
	if err != nil {
		return nil, fmt.Errorf("make a peer connection: %w", err)
	}
	p := &peer{
		conn: c, pc: pc, progress: make(chan struct{}, 1), senders: map[Kind]*webrtc.RTPSender{},
		inbound: map[Kind]*inbound{Audio: {}, Video: {}, Screen: {}},
	}
	pc.OnConnectionStateChange(func(webrtc.PeerConnectionState) {
		if state, ok := parseState(pc.ConnectionState().String()); ok && state != StateClosed {
			c.changed(p, state)
		}
	})
	pc.OnICECandidate(func(*webrtc.ICECandidate) {
		select {
		case p.progress <- struct{}{}:
		default:
		}
	})
	pc.OnTrack(p.receive)
	return p, nil
}

// attach makes the connection able to send and receive a kind.
func (p *peer) attach(_ context.Context, k Kind, on, offering bool) error {
	track, have := p.conn.devices.track(k)
	switch {
	case !on:
		return nil
	case k == Screen:
		return p.attachScreen(track, have)
	case have && p.senders[k] == nil:
		sender, err := p.pc.AddTrack(track)
		if err != nil {
			return fmt.Errorf("send %s: %w", k, err)
		}
		p.senders[k] = sender
		p.conn.tasks.Go(func() { p.readFeedback(k, sender) })
	case offering && !p.transceives(k):
		_, err := p.pc.AddTransceiverFromKind(webrtc.NewRTPCodecType(string(k)),
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
		if err != nil {
			return fmt.Errorf("receive %s: %w", k, err)
		}
	}
	return nil
}

// attachScreen makes a line of its own for the screen, once: it rests while none is shown.
func (p *peer) attachScreen(track *localTrack, have bool) (err error) {
	if t := p.onLine(p.conn.line()); t != nil {
		p.slides = t
	}
	var sender *webrtc.RTPSender
	switch {
	case !have || p.senders[Screen] != nil:
		return nil
	case p.slides == nil:
		if p.slides, err = p.pc.AddTransceiverFromTrack(track); err == nil {
			sender = p.slides.Sender()
		}
	default: // the other side was first
		if sender, err = p.conn.engine.platform.api.NewRTPSender(track, p.senders[Audio].Transport()); err == nil {
			err = p.slides.SetSender(sender, track)
		}
	}
	if err != nil {
		return fmt.Errorf("send the screen: %w", err)
	}
	p.senders[Screen] = sender
	p.conn.tasks.Go(func() { p.readFeedback(Screen, sender) })
	return nil
}

// onLine is the transceiver of a media line, nil when there is none.
func (p *peer) onLine(mid string) *webrtc.RTPTransceiver {
	for _, t := range p.pc.GetTransceivers() {
		if mid != "" && t.Mid() == mid {
			return t
		}
	}
	return nil
}

// rests tells whether a line is one on which no screen is shown at present.
func (p *peer) rests(m *sdp.Media) bool {
	return p.slides != nil && m.Mid() == p.slides.Mid() && m.Mid() != p.conn.line()
}

// slidesMid identifies the line on which the offer that was made shows the screen.
func (p *peer) slidesMid() string {
	if p.slides == nil || !p.conn.offers(Screen, p.conn.Want()) {
		return ""
	}
	return p.slides.Mid()
}

func (p *peer) transceives(k Kind) bool {
	for _, t := range p.pc.GetTransceivers() {
		if t.Kind().String() == string(k) {
			return true
		}
	}
	return false
}

func (p *peer) offer(context.Context) error {
	offer, err := p.pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	if p.pc.CurrentLocalDescription() != nil {
		p.pending = &offer
		return nil
	}
	return p.pc.SetLocalDescription(offer)
}

func (p *peer) answer(context.Context) error {
	answer, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return err
	}
	return p.pc.SetLocalDescription(answer)
}

func (p *peer) takeOffer(_ context.Context, d *sdp.Description) error {
	return p.setRemote(webrtc.SDPTypeOffer, d)
}

// accept applies a final answer. A provisional one is left alone: pion would take it
// for an offer.
func (p *peer) accept(_ context.Context, d *sdp.Description, provisional bool) error {
	if provisional {
		return nil
	}
	if p.pending != nil {
		if err := p.pc.SetLocalDescription(*p.pending); err != nil {
			return err
		}
		p.pending = nil
	}
	return p.setRemote(webrtc.SDPTypeAnswer, d)
}

func (p *peer) setRemote(typ webrtc.SDPType, d *sdp.Description) error {
	for _, m := range d.Media() {
		if m.Kind() != "audio" && m.Kind() != "video" {
			continue
		}
		if m.Rejected() && (typ == webrtc.SDPTypeOffer || p.rests(m) && len(m.Codecs()) > 0) {
			m.Revive()
		}
		m.SetDirection(sdp.SendRecv)
	}
	return p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: typ, SDP: string(d.Bytes())})
}

func (p *peer) local() (text string, complete bool) {
	if p.pending != nil {
		return p.pending.SDP, true
	}
	// First: what comes after it has been asked is in the description.
	complete = p.pc.ICEGatheringState() == webrtc.ICEGatheringStateComplete
	d := p.pc.LocalDescription()
	if d == nil {
		return "", false
	}
	return d.SDP, complete
}

func (p *peer) rollback(context.Context) error {
	p.pending = nil
	if p.pc.SignalingState() != webrtc.SignalingStateStable {
		return errRollback
	}
	return nil
}

// lineKind is what a line of a description is for.
func lineKind(d *sdp.Description, m *sdp.Media) Kind {
	if m == d.Slides() {
		return Screen
	}
	return Kind(m.Kind())
}

// shapeOffer writes the directions that we mean into an offer.
func (p *peer) shapeOffer(d *sdp.Description, want Want) {
	taken := map[Kind]bool{}
	for _, m := range d.Media() {
		k, wanted := lineKind(d, m), sdp.Inactive
		switch {
		case p.rests(m):
			m.Reject()
			continue
		case !taken[k]:
			wanted = p.conn.direction(k, p.conn.offers(k, want), true)
		}
		taken[k] = true
		m.SetDirection(wanted)
	}
}

// shapeAnswer writes the directions that we mean into an answer, and refuses what the
// other side has removed.
func (p *peer) shapeAnswer(d, offer *sdp.Description, want Want) {
	taken := map[Kind]bool{}
	for i, m := range d.Media() {
		offered := offer.Media()[i]
		if offered.Rejected() {
			m.Reject()
			continue
		}
		k, wanted := lineKind(d, m), sdp.Inactive
		if !taken[k] {
			wanted = p.conn.direction(k, p.conn.takes(k, offer, want), false)
		}
		taken[k] = true
		m.SetDirection(sdp.Answer(offered.Direction(), wanted))
		order := p.conn.engine.cfg.codecs(Kind(m.Kind()))
		if len(order) == 0 && m.Kind() == "audio" {
			order = []string{"opus"}
		}
		for _, codec := range slices.Backward(order) {
			m.Prefer(codec)
		}
	}
	if !offer.Bundled() {
		d.Unbundle()
	}
}

// resend has nothing to do: a kind keeps its track, into which sound is mixed.
func (p *peer) resend(context.Context, Kind) error { return nil }

// swap has nothing to do: camera and screen give their frames to the same track.
func (p *peer) swap(context.Context) (sent bool, err error) {
	t, ok := p.conn.devices.track(Video)
	return ok && t.sending.Load(), nil
}

// listens has nothing to do: what comes is handed over as it comes, by what was agreed.
func (p *peer) listens(bool) {}

// settled lets flow what was agreed, and nothing else.
func (p *peer) settled(local, remote *sdp.Description) {
	changed := false
	for _, k := range lines {
		sends, receives := false, false
		for i, m := range local.Media() {
			other := remote.Media()[i]
			if lineKind(local, m) != k || m.Rejected() || other.Rejected() {
				continue
			}
			sends = sends || m.Direction().Sends() && other.Direction().Receives()
			receives = receives || m.Direction().Receives() && other.Direction().Sends()
		}
		if t, ok := p.conn.devices.track(k); ok {
			p.bind(k, t, sends)
		}
		p.inbound[k].expected.Store(receives)
		there := receives && p.inbound[k].flowing.Load()
		changed = p.conn.stream(k).set(k.flows(), there) || changed
	}
	if changed {
		p.conn.heard()
	}
}

// bind lets a track send or not. One that had no codec in common at first is bound anew.
func (p *peer) bind(k Kind, t *localTrack, sends bool) {
	if sender := p.senders[k]; sends && sender != nil && !t.bound() {
		if err := sender.ReplaceTrack(t); err != nil {
			p.conn.engine.cfg.Log.Error("media: sending", "kind", k, "err", err)
		}
	}
	t.sending.Store(sends)
}

// close ends the connection and waits for pion's goroutines.
func (p *peer) close() {
	p.measuring.Lock()
	p.closed = true
	p.measuring.Unlock()
	if err := p.pc.GracefulClose(); err != nil {
		p.conn.engine.cfg.Log.Error("media: closing", "err", err)
	}
}
