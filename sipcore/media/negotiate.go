package media

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gocommunicator/sipcore/sdp"
)

// undoTime bounds the clearing up after a procedure that failed, which has no context
// of its own any more.
const undoTime = 2 * time.Second

// Offer opens the devices wanted and returns an offer: the first one, or a new one in
// a call that exists. Errors: *MediaError, ErrNoRelay, ErrTurn, sipcore.ErrClosed, the
// context's. After an error no offer is open.
func (c *Conn) Offer(ctx context.Context) (offer []byte, err error) {
	ctx, end, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	if err := c.allowed(sdp.SendOffer); err != nil {
		return nil, err
	}
	p, err := c.connect(true)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			c.undo(ctx, p)
		}
	}()
	want := c.Want()
	if err := c.openDevices(ctx, want.devices()); err != nil {
		return nil, err
	}
	for _, k := range lines {
		if err := p.attach(ctx, k, c.offers(k, want), true); err != nil {
			return nil, err
		}
	}
	if err := p.offer(ctx); err != nil {
		return nil, fmt.Errorf("make an offer: %w", err)
	}
	c.setLine(p.slidesMid())
	d, err := c.gather(ctx, p)
	if err != nil {
		return nil, err
	}
	c.mark(d)
	p.shapeOffer(d, want)
	c.engine.cfg.tune(d)
	if err := c.negotiation.Apply(sdp.SendOffer, d); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTurn, err)
	}
	return d.Bytes(), nil
}

// Answer opens the devices that are wanted and asked for, and returns the answer to
// an offer. Picture that is offered but not wanted is answered inactive. Errors:
// *DescriptionError, *MediaError, ErrNoRelay, ErrTurn, sipcore.ErrClosed, the
// context's. After an error the same or another offer may be answered.
func (c *Conn) Answer(ctx context.Context, offer []byte) (answer []byte, err error) {
	ctx, end, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	if err := c.allowed(sdp.ReceiveOffer); err != nil {
		return nil, err
	}
	remote, err := sdp.Parse(offer)
	if err != nil {
		return nil, &DescriptionError{Err: err}
	}
	if err := c.negotiation.Apply(sdp.ReceiveOffer, remote); err != nil {
		return nil, &DescriptionError{Err: err}
	}
	p, err := c.connect(remote.Bundled())
	if err != nil {
		return nil, errors.Join(err, c.negotiation.Apply(sdp.Rollback, nil))
	}
	defer func() {
		if err != nil {
			c.undo(ctx, p)
		}
	}()
	want := c.Want()
	before := c.negotiation.Remote()
	removed := before != nil && before.HasVideo() && !pictured(remote) && !c.holds()
	showed := c.devices.has(Video)
	if c.begins(remote, want) {
		without := want
		want.Video, want.NoCamera = true, true
		c.SetWant(want)
		defer func() {
			if err != nil {
				c.SetWant(without)
			}
		}()
	}
	shaped, err := c.shape(remote, before)
	if err != nil {
		return nil, &DescriptionError{Err: err}
	}
	c.setLine("")
	if want.Video && !c.cfg.echoes() {
		c.setLine(slidesMid(shaped))
	}
	// The offer is taken while the devices open: neither needs the other.
	taken := make(chan error, 1)
	go func() { taken <- p.takeOffer(ctx, shaped) }()
	missing := c.openDevices(ctx, c.needed(remote, want))
	if err := <-taken; err != nil {
		return nil, failed(ctx, err)
	}
	if missing != nil {
		return nil, missing
	}
	for _, k := range lines {
		if err := p.attach(ctx, k, c.takes(k, remote, want), false); err != nil {
			return nil, err
		}
	}
	if err := p.answer(ctx); err != nil {
		return nil, failed(ctx, err)
	}
	d, err := c.gather(ctx, p)
	if err != nil {
		return nil, err
	}
	c.mark(d)
	p.shapeAnswer(d, remote, want)
	c.engine.cfg.tune(d)
	if err := c.negotiation.Apply(sdp.SendAnswer, d); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTurn, err)
	}
	c.settled(p, removed, showed)
	c.screenSettled(ctx, false)
	return d.Bytes(), nil
}

// Accept takes the other side's answer to the offer that is open. A provisional one
// leaves it open: further ones, also from other peers of a forked call, and the final
// one may follow. Errors: *DescriptionError, ErrTurn, sipcore.ErrClosed, the context's.
func (c *Conn) Accept(ctx context.Context, answer []byte, provisional bool) error {
	ctx, end, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	event := sdp.ReceiveAnswer
	if provisional {
		event = sdp.ReceiveProvisional
	}
	if err := c.allowed(event); err != nil {
		return err
	}
	remote, err := sdp.Parse(answer)
	if err != nil {
		return &DescriptionError{Err: err}
	}
	offer := c.negotiation.Offer()
	if err := sdp.CheckAnswer(remote, offer); err != nil {
		return &DescriptionError{Err: err}
	}
	loose := sdp.Heed(remote, offer)
	shaped, err := c.shape(remote, offer)
	if err != nil {
		return &DescriptionError{Err: err}
	}
	c.mu.Lock()
	p := c.peer
	c.mu.Unlock()
	if err := p.accept(ctx, shaped, provisional); err != nil {
		return failed(ctx, err)
	}
	if err := c.negotiation.Apply(event, remote); err != nil {
		return &DescriptionError{Err: err}
	}
	if !provisional {
		c.mu.Lock()
		c.beside.loose = loose
		c.mu.Unlock()
		c.settled(p, offer.HasVideo() && !pictured(remote) && !c.holds(), c.devices.has(Video))
		c.screenSettled(ctx, true)
	}
	return nil
}

// Rollback drops the offer that is open, whoever made it. What was agreed before stays
// in force; when that is nothing, the next Offer or Answer starts anew with the same
// devices. Errors: ErrTurn when none is open, sipcore.ErrClosed, the context's.
func (c *Conn) Rollback(ctx context.Context) error {
	ctx, end, err := c.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	if err := c.allowed(sdp.Rollback); err != nil {
		return err
	}
	c.mu.Lock()
	p := c.peer
	c.mu.Unlock()
	return c.rollback(ctx, p)
}

func (c *Conn) rollback(ctx context.Context, p *peer) error {
	if c.negotiation.State() != sdp.Stable {
		if err := c.negotiation.Apply(sdp.Rollback, nil); err != nil {
			return fmt.Errorf("%w: %w", ErrTurn, err)
		}
	}
	c.setLine(c.agreedLine())
	if c.negotiation.Local() == nil {
		c.disconnect()
		return nil
	}
	if err := p.rollback(ctx); err != nil {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}

// undo clears up after a procedure that failed under way.
func (c *Conn) undo(ctx context.Context, p *peer) {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoTime)
	defer cancel()
	if err := c.rollback(ctx, p); err != nil {
		c.engine.cfg.Log.Error("media: clearing up", "err", err)
	}
}

// allowed tells whether it is the turn of an event.
func (c *Conn) allowed(e sdp.Event) error {
	if _, err := c.negotiation.State().Next(e); err != nil {
		return fmt.Errorf("%w: %w", ErrTurn, err)
	}
	return nil
}

// needed are the devices that an offer makes necessary. A camera that is open stays
// so while picture is on hold.
func (c *Conn) needed(offer *sdp.Description, want Want) Want {
	video := offer.First("video")
	want.Audio = want.Audio && offer.First("audio") != nil
	want.Video = want.devices().Video && pictured(offer) && (video.Direction().Receives() || c.devices.has(Video))
	return want
}

// begins tells whether an offer has picture come into a call that was without, and it is
// to be received. It is asked once: who does not want it is not asked at each new offer.
func (c *Conn) begins(offer *sdp.Description, want Want) bool {
	return !want.Video && c.negotiation.Remote() != nil && offer.SendsVideo() && !offer.Holds() && !c.pictured &&
		c.events.Offered != nil && c.events.Offered()
}

// pictured tells whether a call has picture by the other side's description, if only
// once it is off hold.
func pictured(remote *sdp.Description) bool {
	return remote.HasVideo() || remote.First("video") != nil && remote.Holds()
}

// openDevices opens what is missing and gives back what is not needed.
func (c *Conn) openDevices(ctx context.Context, need Want) error {
	changed := false
	for _, k := range kinds {
		changed = !need.has(k) && c.devices.release(k) || changed
	}
	opened, err := c.devices.open(ctx, need)
	c.silence()
	if opened {
		c.refit() //nolint:contextcheck // it outlives the procedure: something else may be wanted meanwhile
	}
	if changed || opened {
		c.localChanged()
	}
	return err
}

// gather waits for the local description to be fit to go out.
func (c *Conn) gather(ctx context.Context, p *peer) (*sdp.Description, error) {
	cfg := c.cfg
	rule := gathering{relay: cfg.RelayOnly || cfg.RequireRelay, servers: cfg.servers()}
	started := time.Now()
	text, err := rule.wait(ctx, cfg.GatherTimeout, p.progress, p.local)
	if err != nil {
		return nil, fmt.Errorf("gather candidates: %w", err)
	}
	cfg.Log.Debug("media: gathered", "after", time.Since(started), "types", candidateTypes(text))
	d, err := sdp.Parse([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("own description: %w", err)
	}
	return d, nil
}

// settled follows an agreement. When the other side refused or removed picture, the
// camera is given back, if this side showed any.
func (c *Conn) settled(p *peer, removed, showed bool) {
	local, remote := c.negotiation.Local(), c.negotiation.Remote()
	p.settled(local, remote)
	c.mu.Lock()
	c.eventsTaken = takesEvents(local, remote)
	c.want.Video = c.want.Video && !removed
	c.mu.Unlock()
	if !remote.Holds() {
		c.pictured = remote.SendsVideo()
	}
	if !removed {
		return
	}
	c.giveBack(Video)
	c.giveBack(Screen)
	if showed && c.events.Removed != nil {
		c.events.Removed()
	}
}

// failed tells the end of the context from a description that was refused.
func failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return &DescriptionError{Err: err}
}
