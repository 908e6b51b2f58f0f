package phone

import (
	"context"
	"slices"
	"strings"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/sipcore"
)

const (
	// MaxNote is how long a note may be, in bytes.
	MaxNote = 8000
	// noteRests is how long a note has not been changed before it is kept, and told.
	noteRests = time.Second
	// maxPast is how many calls that are over can be written about, the latest.
	maxPast = 20
)

// CallOver is a call that is over, with what was noted about it. A pointer to one is
// published when it ends, of refused calls too, and again when its note has been changed
// after that.
type CallOver struct{ Call }

// Noted is a note that the page around the phone has written. It comes as a pointer.
type Noted struct{ CallID, Text string }

// pastCall is a call that can still be written about.
type pastCall struct {
	Call
	account string
	timer   *sipcore.Timer // runs while there is a note to be kept; nil else
}

// SetNote keeps what the person notes about a call, which may be over. The error is
// ErrNoCall or ErrWhichCall.
func (p *Phone) SetNote(id, text string) error {
	id, err := p.liveOrPast(id)
	if err != nil {
		return err
	}
	if len(text) > MaxNote {
		text = strings.ToValidUTF8(text[:MaxNote], "")
	}
	p.loop.Post(func() {
		if live := p.live[id]; live != nil {
			live.note = text
			return
		}
		if past := p.pastCall(id); past != nil {
			past.Note = text
			past.timer.Stop()
			past.timer = p.loop.After(noteRests, func() { p.keepNote(past) })
		}
	})
	return nil
}

// Note is SetNote for the page around the phone: the person sees it.
func (p *Phone) Note(id, text string) error {
	id, err := p.liveOrPast(id)
	if err == nil {
		err = p.SetNote(id, text)
		bus.Publish(p.deps.Bus, &Noted{id, text})
	}
	return err
}

// keepNote writes the note of a call that is over into the history. Loop.
func (p *Phone) keepNote(past *pastCall) {
	past.timer.Stop()
	past.timer = nil
	p.changePast(past, func(*Call) {})
}

// keepNotes writes those that wait for the person to go on. Loop.
func (p *Phone) keepNotes() {
	p.mu.Lock()
	all := p.past // is replaced, not changed
	p.mu.Unlock()
	for _, past := range all {
		if past.timer == nil {
			continue
		}
		p.keepNote(past)
		if past.account != "" {
			p.putNow(past.account, past.Call)
		}
	}
}

// liveOrPast finds the call of an id, or the one that there is.
func (p *Phone) liveOrPast(id string) (string, error) {
	if id != "" && p.pastCall(id) != nil {
		return id, nil
	}
	c, err := p.pick(id, isAny)
	return c.ID, err
}

func (p *Phone) pastCall(id string) *pastCall {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, past := range p.past {
		if id != "" && past.ID == id {
			return past
		}
	}
	return nil
}

// addPast notes a call that is over.
func (p *Phone) addPast(account string, c Call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.past = append([]*pastCall{{Call: c, account: account}}, p.past[:min(len(p.past), maxPast-1)]...)
}

// dropPast lets go of a call that is forgotten, or of all of them where id is empty.
func (p *Phone) dropPast(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, past := range p.past {
		if id == "" || past.ID == id {
			past.ID = ""
		}
	}
}

// changePast changes a call that is over, in the history too, and tells of it. Loop.
func (p *Phone) changePast(past *pastCall, change func(*Call)) {
	p.mu.Lock()
	change(&past.Call)
	account, c := past.account, past.Call
	p.mu.Unlock()
	if c.ID == "" {
		return
	}
	bus.Publish(p.deps.Bus, &CallOver{c})
	if account != "" {
		p.keeper.Post(func() { p.history.change(account, c) })
	}
}

// change replaces a call that is kept. Keeper.
func (h *history) change(account string, c Call) {
	h.table().Put(context.Background(), recordOf(account, c))
	i := slices.IndexFunc(h.shown.Calls, func(o Call) bool { return o.ID == c.ID })
	if i >= 0 && account == h.account {
		h.shown.Calls = slices.Clone(h.shown.Calls)
		h.shown.Calls[i] = c
		h.publish()
	}
}
