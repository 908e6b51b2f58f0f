package media

import (
	"context"

	"gocommunicator/sipcore/sdp"
)

// beside is what a call knows of a screen shown beside a camera: on a second media line,
// marked as slides (RFC 4796). It belongs to the holder of the turn. Whether this side's
// goes out so is told by the devices.
type beside struct {
	shown   bool // the other side shows one, by its last description while nobody holds
	agreed  bool // it has taken this side's
	refused bool // it takes none: this side's takes the place of the camera's picture
	loose   bool // it believes in a line that this side has given up
}

// lines are what media lines are for.
var lines = [...]Kind{Audio, Video, Screen}

// slidesMid identifies the line of a description on which a screen is shown, "" for none.
func slidesMid(d *sdp.Description) string {
	if m := d.Slides(); m != nil {
		return m.Mid()
	}
	return ""
}

// RemoteScreen is what the other side shows of its screen beside its camera: another Stream
// each time it does.
func (c *Conn) RemoteScreen() Stream {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.screen
}

// stream is what comes of a kind.
func (c *Conn) stream(k Kind) Stream {
	if k == Screen {
		return c.RemoteScreen()
	}
	return c.remote
}

// unscreen makes another stream for the next screen of the other side.
func (c *Conn) unscreen() {
	next := newStream()
	c.mu.Lock()
	c.screen = next
	c.mu.Unlock()
}

// Beside tells whether the screen is shown beside the camera's picture, or about to be.
func (c *Conn) Beside() bool { return c.devices.has(Screen) }

// Loose tells whether the other side believes in a line for a screen that this side has
// given up: another Offer says so.
func (c *Conn) Loose() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.beside.loose
}

// Cover has the screen take the camera's place from now on, after the other side has
// refused an offer to show it beside.
func (c *Conn) Cover() error {
	return c.aside(func(ctx context.Context) error {
		ctx, end, err := c.begin(ctx)
		if err != nil {
			return err
		}
		defer end()
		return c.cover(ctx)
	})
}

func (c *Conn) cover(ctx context.Context) error {
	c.mu.Lock()
	c.beside.refused = true
	p := c.peer
	c.mu.Unlock()
	c.devices.setBeside(false)
	c.silence()
	c.localChanged()
	if p == nil {
		return nil
	}
	_, err := p.swap(ctx)
	return err
}

// mayBeside tells whether the screen can be shown beside the camera: that is on, its picture
// goes out, and one transport carries all.
func (c *Conn) mayBeside() bool {
	local, remote := c.negotiation.Local(), c.negotiation.Remote()
	c.mu.Lock()
	refused, muted := c.beside.refused, c.muted.Video
	c.mu.Unlock()
	_, camera := c.devices.opened(Video)
	return camera && !muted && !refused && local != nil && local.SendsVideo() && remote.TakesVideo() && remote.Bundled()
}

// offers tells whether a line is to have something in an offer.
func (c *Conn) offers(k Kind, want Want) bool {
	if k == Screen {
		return c.Beside() || want.Video && c.beside.shown
	}
	return want.has(k)
}

// takes tells whether a line of an offer is to have something in the answer.
func (c *Conn) takes(k Kind, offer *sdp.Description, want Want) bool {
	if k == Screen {
		return c.line() != ""
	}
	return want.has(k) && offer.First(string(k)) != nil
}

// line identifies the media line on which a screen is shown, or is about to be.
func (c *Conn) line() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.screenMid
}

func (c *Conn) setLine(mid string) {
	c.mu.Lock()
	c.screenMid = mid
	c.mu.Unlock()
}

// agreedLine is the line of what is in force.
func (c *Conn) agreedLine() string {
	local, remote := c.negotiation.Local(), c.negotiation.Remote()
	if local == nil || remote.Slides() == nil {
		return ""
	}
	return slidesMid(local)
}

// mark says in a description of this side which line shows the screen.
func (c *Conn) mark(d *sdp.Description) {
	mid := c.line()
	for _, m := range d.Media() {
		if mid != "" && m.Mid() == mid && !m.Rejected() {
			m.MarkSlides()
		}
	}
}

// screenSettled follows an agreement on what is shown of screens. Who has taken this side's
// and takes it no longer has ended it; who never would gets it in place of the camera's.
func (c *Conn) screenSettled(ctx context.Context, offered bool) {
	local, remote := c.negotiation.Local(), c.negotiation.Remote()
	ours, theirs := local.Slides(), remote.Slides()
	c.setLine(c.agreedLine())
	b := &c.beside
	switch {
	case theirs == nil:
		b.shown = false
	case !remote.Holds() && !local.Holds():
		b.shown = theirs.Direction().Sends()
	}
	if !c.Beside() {
		b.agreed = false
		return
	}
	switch {
	case remote.Holds():
	case ours != nil && theirs != nil && ours.Direction().Sends() && theirs.Direction().Receives():
		b.agreed = true
	case b.agreed:
		b.agreed = false
		c.giveBack(Screen)
		if c.events.Removed != nil {
			c.events.Removed()
		}
	case offered && ours != nil:
		if err := c.cover(ctx); err != nil {
			c.engine.cfg.Log.Error("media: screen in place of the camera", "err", err)
		}
	}
}
