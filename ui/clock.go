package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// progress is how far a call has come: the time talked while it is established, else
// its state in words.
type progress struct {
	app.Compo
	T    texts
	Call phone.Call
}

// Render draws one of the two, or both while it is on hold.
func (p *progress) Render() app.UI {
	words := p.T.named(stateOf(p.Call))
	if p.Call.State == phone.Active && !p.Call.Answered.IsZero() {
		return tag("span", "", text("span", "class=unseen", words), &clock{Since: p.Call.Answered})
	}
	return text("span", "", words)
}

// clock counts the time since a moment.
type clock struct {
	app.Compo
	Since time.Time

	stop chan struct{}
}

// CompoID makes another moment another clock.
func (c *clock) CompoID() string { return c.Since.String() }

// OnMount starts the counting: each step is drawn when its second is full.
func (c *clock) OnMount(ctx app.Context) {
	stop, since := make(chan struct{}), c.Since
	c.stop = stop
	go func() {
		for {
			select {
			case <-time.After(time.Second - time.Since(since)%time.Second):
				ctx.Update()
			case <-stop:
				return
			}
		}
	}()
}

// OnDismount ends it.
func (c *clock) OnDismount() {
	if c.stop != nil {
		close(c.stop)
	}
}

// Render draws the time. A screen reader reads it when asked and is not told every
// second.
func (c *clock) Render() app.UI {
	return text("span", "class=figures|role=timer|aria-live=off", duration(time.Since(c.Since)))
}
