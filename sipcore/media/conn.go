package media

import (
	"context"
	"sync"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/sdp"
)

// Engine opens Conns. Its methods may be called from any goroutine.
type Engine struct {
	cfg      Config
	unmet    bool // none of the codecs named is known
	platform engine

	mu     sync.Mutex
	conns  map[*Conn]struct{}
	inputs Inputs
}

// NewEngine checks the settings. The error is a *MediaError with Unsupported where
// the browser has no WebRTC.
func NewEngine(cfg Config) (*Engine, error) {
	cfg = cfg.withDefaults()
	unmet := cfg.meet()
	platform, err := newEngine(cfg)
	if err != nil {
		return nil, err
	}
	return &Engine{cfg: cfg, unmet: unmet, platform: platform, conns: map[*Conn]struct{}{}}, nil
}

// Unmet tells whether the platform knows none of the codecs that the settings name for
// sound, or for picture: it uses its own then.
func (e *Engine) Unmet() bool { return e.unmet }

// AudioCodecs are those that the other side must know one of, as sdp.Negotiation takes
// them; none means any.
func (e *Engine) AudioCodecs() []string { return e.cfg.AudioCodecs }

// Open prepares the media of one call. No device is opened and nothing is sent before
// the first Offer or Answer.
func (e *Engine) Open(want Want, ev Events) *Conn {
	c := &Conn{
		engine: e,
		events: ev,
		turn:   make(chan struct{}, 1),
		done:   make(chan struct{}),
		ending: make(chan struct{}),
		want:   want,
		cfg:    e.cfg,
		cancel: func(error) {},

		fitting: make(chan struct{}, 1),
		unfit:   func() {},
	}
	if want.AnyWay {
		c.cfg.RelayOnly, c.cfg.RequireRelay, c.want.AnyWay = false, false, false
	}
	c.devices = newDevices(c)
	c.remote, c.screen = newStream(), newStream()
	c.negotiation.Audio = e.cfg.AudioCodecs
	e.mu.Lock()
	e.conns[c] = struct{}{}
	e.mu.Unlock()
	return c
}

// Close closes all Conns and waits until they have let go of devices and connections.
func (e *Engine) Close() {
	e.mu.Lock()
	conns := make([]*Conn, 0, len(e.conns))
	for c := range e.conns {
		conns = append(conns, c)
	}
	e.mu.Unlock()
	for _, c := range conns {
		c.Close()
	}
	for _, c := range conns {
		<-c.done
	}
}

// Conn is the media of one call: its devices and its connection to the other side.
type Conn struct {
	engine  *Engine
	cfg     Config // the engine's, as it is for this call
	events  Events
	devices *devices
	remote  Stream

	tasks sync.WaitGroup // goroutines of the platform

	turn    chan struct{} // holds one token while a procedure runs
	fitting chan struct{} // likewise while devices are exchanged
	ending  chan struct{} // closed by Close
	done    chan struct{} // closed when everything is released

	// What follows belongs to the holder of the turn.
	negotiation sdp.Negotiation
	bundled     bool // all media share one transport
	pictured    bool // the other side would send picture, by its last description that holds nobody
	beside      beside

	mu          sync.Mutex
	peer        *peer // nil before the first procedure; replaced only by the holder of the turn
	want        Want
	muted       Want
	held        bool // this side has put the other on hold, or is about to
	mix         *Mix // the conference that the call is in; nil for none
	state       ConnState
	closed      bool
	screen      Stream                  // of the other side, beside its camera
	screenMid   string                  // see line
	eventsTaken bool                    // the other side takes telephone events as this one would send them
	cancel      context.CancelCauseFunc // ends the procedure that runs
	unfit       context.CancelFunc      // ends the exchange of devices that runs
}

// SetWant changes what the next Offer or Answer asks for. A camera, or a screen, that is
// no longer wanted is given back at once.
func (c *Conn) SetWant(want Want) {
	c.mu.Lock()
	c.want = want
	c.mu.Unlock()
	if !want.devices().Video {
		c.giveBack(Video)
	}
	if !want.Video {
		c.giveBack(Screen)
	}
}

// Want is what the next Offer or Answer will ask for. Video has become false when the
// other side refused or removed picture: the camera is not opened again unasked.
func (c *Conn) Want() Want {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.want
}

// SetMuted stops or resumes sending sound or picture. The other side receives silence
// or black; nothing is negotiated. It may be called before there are devices.
func (c *Conn) SetMuted(audio, video bool) {
	c.mu.Lock()
	c.muted = Want{Audio: audio, Video: video}
	c.mu.Unlock()
	c.silence()
}

// SetHold puts the other side on hold or takes it off. Both are silent to each other at
// once; the next Offer or Answer says so (RFC 3264 §8.4: sendonly, or inactive to who
// has this side on hold too). Devices stay open, and what is sent is silence and black,
// so that no firewall on the way forgets the path.
func (c *Conn) SetHold(on bool) {
	c.mu.Lock()
	c.held = on
	p := c.peer
	c.mu.Unlock()
	c.silence()
	if p != nil {
		p.listens(!on)
	}
}

// silence stops or resumes what the devices give, by mute and hold.
func (c *Conn) silence() {
	c.mu.Lock()
	muted, held := c.muted, c.held
	c.mu.Unlock()
	c.devices.mute(muted.Audio || held, muted.Video || held, held)
	c.remix()
}

// holds tells whether this side has put the other on hold.
func (c *Conn) holds() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.held
}

// direction is that in which this side would have a kind flow, in an offer or an answer
// (RFC 3264 §5.1, §6.1, §8.4).
func (c *Conn) direction(k Kind, on, offering bool) sdp.Direction {
	if !on {
		return sdp.Inactive
	}
	d := sdp.RecvOnly
	if c.devices.has(k) {
		d = sdp.SendRecv
	}
	if k == Screen && offering && !c.beside.shown {
		d = d.Intersect(sdp.SendOnly)
	}
	if !c.holds() {
		return d
	}
	d = d.Intersect(sdp.SendOnly)
	if remote := c.negotiation.Remote(); offering && remote != nil && remote.Holds() {
		d = sdp.Inactive
	}
	return d
}

// Local is what this side sends, as soon as devices are open.
func (c *Conn) Local() Stream { return c.devices.stream }

// Remote is what comes from the other side.
func (c *Conn) Remote() Stream { return c.remote }

// State is how the connection does.
func (c *Conn) State() ConnState {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// Stats measures. Before the first Offer or Answer everything is 0.
func (c *Conn) Stats(ctx context.Context) (Stats, error) {
	c.mu.Lock()
	p, closed := c.peer, c.closed
	c.mu.Unlock()
	switch {
	case closed:
		return Stats{}, sipcore.ErrClosed
	case p == nil:
		return Stats{}, nil
	default:
		return p.stats(ctx)
	}
}

// Close ends the connection, gives the devices back, those too which the person grants
// later, and ends the procedure that runs. It returns at once; Done tells when all is
// released. Calling it again does nothing.
func (c *Conn) Close() {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	c.closed = true
	cancel, unfit := c.cancel, c.unfit
	close(c.ending)
	c.mu.Unlock()
	cancel(sipcore.ErrClosed)
	unfit()
	if m := c.mixed(); m != nil {
		m.leave(c)
	}
	c.devices.stop()
	go c.release()
}

// Done is closed when a closed Conn has released everything.
func (c *Conn) Done() <-chan struct{} { return c.done }

func (c *Conn) release() {
	c.turn <- struct{}{} // the procedure that ran has ended; none starts any more
	c.mu.Lock()
	p := c.peer
	c.peer = nil
	c.mu.Unlock()
	if p != nil {
		p.close()
	}
	c.devices.stop()
	c.tasks.Wait()
	c.remote.clear()
	c.unscreen()
	c.engine.mu.Lock()
	delete(c.engine.conns, c)
	c.engine.mu.Unlock()
	c.changed(nil, StateClosed)
	close(c.done)
}

// begin takes the turn. The context returned ends with the Conn.
func (c *Conn) begin(ctx context.Context) (context.Context, func(), error) {
	select {
	case c.turn <- struct{}{}:
	case <-c.done:
		return nil, nil, sipcore.ErrClosed
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	c.mu.Lock()
	closed := c.closed
	if !closed {
		c.cancel = cancel
	}
	c.mu.Unlock()
	end := func() {
		cancel(nil)
		<-c.turn
	}
	if closed {
		end()
		return nil, nil, sipcore.ErrClosed
	}
	return ctx, end, nil
}

// connect makes the connection that the first procedure needs. bundled tells whether
// the other side is known to bundle, or may.
func (c *Conn) connect(bundled bool) (*peer, error) {
	c.mu.Lock()
	p := c.peer
	c.mu.Unlock()
	if p != nil {
		return p, nil
	}
	p, err := newPeer(c, bundled)
	if err != nil {
		return nil, err
	}
	c.bundled = bundled || alwaysBundles
	c.mu.Lock()
	c.peer = p
	c.mu.Unlock()
	return p, nil
}

// disconnect drops a connection on which nothing was ever agreed.
func (c *Conn) disconnect() {
	c.mu.Lock()
	p := c.peer
	c.peer, c.state = nil, StateNew
	c.mu.Unlock()
	if p != nil {
		p.close()
	}
	c.remote.clear()
	c.unscreen()
}

// changed reports a new state of the connection p, unless p has been given up. p is
// nil for the end.
func (c *Conn) changed(p *peer, state ConnState) {
	c.mu.Lock()
	known := c.peer == p && c.state != state && c.state != StateClosed
	if known {
		c.state = state
	}
	c.mu.Unlock()
	if known {
		c.engine.cfg.Log.Info("media connection", "state", state)
		notify(c.events.State, state)
	}
}

// heard reports that Remote has changed.
func (c *Conn) heard() {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	c.remix()
	if !closed && c.events.RemoteTracks != nil {
		c.events.RemoteTracks()
	}
}

func notify[T any](f func(T), v T) {
	if f != nil {
		f(v)
	}
}
