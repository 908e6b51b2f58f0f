package media

import (
	"context"

	"gocommunicator/sipcore"
)

// Prepare opens the devices that are wanted beside those that are open already, so that
// the Offer which asks for them need not wait for the person. It takes no turn. Errors:
// *MediaError, sipcore.ErrClosed.
func (c *Conn) Prepare(want Want) error {
	return c.beside(func(ctx context.Context) error {
		opened, err := c.devices.open(ctx, want.devices())
		c.silence()
		if opened {
			c.localChanged()
		}
		return err
	})
}

// beside runs what waits for the person while procedures go on. The context ends with
// the Conn, which waits for it.
func (c *Conn) beside(do func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return sipcore.ErrClosed
	}
	c.tasks.Add(1)
	c.mu.Unlock()
	defer c.tasks.Done()
	go func() {
		select {
		case <-c.ending:
			cancel(sipcore.ErrClosed)
		case <-ctx.Done():
		}
	}()
	return do(ctx)
}

// giveBack gives a device back.
func (c *Conn) giveBack(k Kind) {
	if c.devices.release(k) {
		c.localChanged()
	}
}

func (c *Conn) localChanged() {
	if c.events.LocalTracks != nil {
		c.events.LocalTracks()
	}
}
