package media

import (
	"context"
	"time"
)

// exchangeTime bounds the exchange of a device: the person may be asked.
const exchangeTime = time.Minute

// Exchange says that in a call another device took the place of one, or with Err that
// none could: then silence is sent, or the last picture, until there is one again.
type Exchange struct {
	Was  Device
	Gone bool // it was pulled out, or the browser took it away
	Now  Device
	Err  error // nil or a *MediaError
}

// SetInputs is which devices are opened from now on. In the calls there are, those that
// are open and not wanted any more are exchanged, without anything being negotiated:
// see Events.Exchanged.
func (e *Engine) SetInputs(in Inputs) {
	e.mu.Lock()
	e.inputs = in
	conns := make([]*Conn, 0, len(e.conns))
	for c := range e.conns {
		conns = append(conns, c)
	}
	e.mu.Unlock()
	for _, c := range conns {
		c.refit()
	}
}

// wanted are the inputs that a kind is to have.
func (e *Engine) wanted(k Kind) Inputs {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.inputs.of(k)
}

// refit has what is open be what is wanted now. An exchange that goes on is given up: it
// may be out of date.
func (c *Conn) refit() {
	ctx, cancel := context.WithTimeout(context.Background(), exchangeTime)
	c.mu.Lock()
	before := c.unfit
	c.unfit = cancel
	if c.closed {
		cancel()
	}
	c.mu.Unlock()
	before()
	go func() {
		defer cancel()
		select {
		case c.fitting <- struct{}{}:
		case <-ctx.Done():
			return
		}
		defer func() { <-c.fitting }()
		for _, k := range kinds {
			c.fit(ctx, k)
		}
	}()
}

// fit exchanges the device of a kind when it is not what is wanted. The other is opened
// first, so that the person is asked while the call goes on.
func (c *Conn) fit(ctx context.Context, k Kind) {
	want := c.engine.wanted(k)
	was, gone, ok := c.devices.fits(ctx, k, want)
	if ok || ctx.Err() != nil {
		return
	}
	x := Exchange{Was: was, Gone: gone}
	fresh, err := c.devices.fetch(ctx, k)
	done := false
	if err == nil {
		x.Now = fresh.device()
		done, err = c.exchange(ctx, k, fresh)
	}
	switch {
	case ctx.Err() == nil:
	case done && !c.isClosed():
		err = nil // given up too late, perhaps since what was done here has been noticed
	default:
		return // out of date, or the call is over
	}
	if x.Err = err; err != nil {
		c.engine.cfg.Log.Warn("media: exchange of a device", "kind", k, "err", err)
	}
	notify(c.events.Exchanged, x)
}

// exchange puts what was opened in the place of what is sent. done tells that it is there,
// whatever the error says.
func (c *Conn) exchange(ctx context.Context, k Kind, fresh *input) (done bool, err error) {
	ctx, end, err := c.begin(ctx)
	if err != nil {
		fresh.stop()
		return false, err
	}
	defer end()
	old := c.devices.swap(k, fresh)
	if old == nil { // given back meanwhile
		fresh.stop()
		return false, nil
	}
	c.silence()
	c.mu.Lock()
	p := c.peer
	c.mu.Unlock()
	if p != nil {
		err = p.resend(ctx, k)
	}
	old.stop()
	c.localChanged()
	return true, err
}

// lost reports that a device was pulled out, or that the browser took it away.
func (c *Conn) lost() {
	if !c.isClosed() && c.events.Lost != nil {
		c.events.Lost()
	}
}

func (c *Conn) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}
