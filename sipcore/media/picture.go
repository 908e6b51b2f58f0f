package media

import (
	"context"

	"gocommunicator/sipcore"
)

// Prepare opens the devices that are wanted beside those that are open already, so that
// the Offer which asks for them need not wait for the person. It takes no turn. Errors:
// *MediaError, sipcore.ErrClosed.
func (c *Conn) Prepare(want Want) error {
	return c.aside(func(ctx context.Context) error {
		opened, err := c.devices.open(ctx, want.devices())
		c.silence()
		if opened {
			c.localChanged()
		}
		return err
	})
}

// Share asks the person what of the screen is to be shown. Beside the camera's picture that
// needs an Offer, see Beside; where the other side is not known to take two pictures, or the
// camera is off, it takes the camera's place. sent tells whether it goes out already; else an
// Offer has to follow, with picture in Want. Errors: *MediaError, of which NotAllowed means that the person would
// rather not; sipcore.ErrClosed.
func (c *Conn) Share() (sent bool, err error) {
	if c.Sharing() {
		return true, nil
	}
	err = c.aside(func(ctx context.Context) error {
		err := c.devices.share(ctx, func() {
			if c.events.ScreenEnded != nil {
				c.events.ScreenEnded()
			}
		})
		if err == nil {
			sent, err = c.swap(ctx)
			c.silence()
			c.localChanged()
		}
		return err
	})
	return sent, err
}

// Unshare ends what is shown of the screen; the camera's picture, if there is one, is back
// in its place. What was shown beside it needs an Offer. The error is sipcore.ErrClosed, or what the browser says.
func (c *Conn) Unshare() error {
	c.giveBack(Screen)
	return c.aside(func(ctx context.Context) error {
		_, err := c.swap(ctx)
		return err
	})
}

// Sharing tells whether the screen is shown, or about to be.
func (c *Conn) Sharing() bool {
	_, ok := c.devices.opened(Screen)
	return ok
}

// swap takes its turn to change what the picture that goes out comes from.
func (c *Conn) swap(ctx context.Context) (sent bool, err error) {
	ctx, end, err := c.begin(ctx)
	if err != nil {
		return false, err
	}
	defer end()
	c.mu.Lock()
	p := c.peer
	c.mu.Unlock()
	if p == nil {
		return false, nil
	}
	if c.Sharing() && c.mayBeside() {
		c.devices.setBeside(true)
		c.beside.agreed = false
		return false, nil
	}
	return p.swap(ctx)
}

// aside runs what waits for the person while procedures go on. The context ends with
// the Conn, which waits for it.
func (c *Conn) aside(do func(context.Context) error) error {
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
