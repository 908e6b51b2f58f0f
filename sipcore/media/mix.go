package media

import (
	"context"
	"sync"
	"time"
)

// Mix joins calls into a conference: the other side of each is sent what this side says
// and what comes from the others, but not what comes from itself. Who is on hold neither
// hears nor is heard. The zero value is empty and ready. Its methods may be called from
// any goroutine and return at once.
//
// In the page the browser mixes (Web Audio), whatever the codecs; natively what is sent
// and received as G.711 is mixed, and nothing else.
type Mix struct {
	mu      sync.Mutex
	members map[*Conn]*member
	mixer   mixer // of the platform
}

// member is a call in a Mix.
type member struct {
	conn   *Conn
	silent bool // the others do not hear it
	port   port // of the platform
}

// Set says which calls are joined; of those that are true the others hear nothing. A call
// that is not among them any more is sent the microphone alone again. With none everything
// is released.
func (m *Mix) Set(calls map[*Conn]bool) {
	for _, c := range m.set(calls) {
		c.resend(Audio)
	}
}

// set returns those that are sent something else now.
func (m *Mix) set(calls map[*Conn]bool) (changed []*Conn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for c, was := range m.members {
		if _, stays := calls[c]; !stays {
			m.unplug(was)
			delete(m.members, c)
			c.noMix(m)
			changed = append(changed, c)
		}
	}
	for c, silent := range calls {
		if m.members[c] == nil && c.setMix(m) {
			if m.members == nil {
				m.members = map[*Conn]*member{}
			}
			m.members[c] = &member{conn: c}
			m.plug(m.members[c])
			changed = append(changed, c)
		}
		if joined := m.members[c]; joined != nil {
			joined.silent = silent
		}
	}
	m.wire()
	m.releaseIfEmpty()
	return changed
}

// Beep has the other side of a member hear a short tone.
func (m *Mix) Beep(c *Conn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if to := m.members[c]; to != nil {
		m.beep(to)
	}
}

// The tone of Beep.
const (
	beepHertz  = 1400
	beepLength = 200 * time.Millisecond
	beepLevel  = 0.2 // of full scale
)

// hears tells whether one member is to hear another. It is called with the lock held.
func (m *Mix) hears(to, from *member) bool {
	return to != from && !from.silent && !from.conn.holds() && !to.conn.holds()
}

// rewire follows a change of a member: of its hold, its microphone, or what comes from it.
func (m *Mix) rewire() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wire()
}

// leave takes a call out that has ended.
func (m *Mix) leave(c *Conn) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if was := m.members[c]; was != nil {
		m.unplug(was)
		delete(m.members, c)
		c.noMix(m)
		m.wire()
	}
	m.releaseIfEmpty()
}

func (m *Mix) releaseIfEmpty() {
	if len(m.members) == 0 {
		m.mixer.close()
		m.mixer = mixer{}
	}
}

// setMix puts a call into a mix, and out of the one it was in, and tells whether it can be
// in one.
func (c *Conn) setMix(m *Mix) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.mix = m
	}
	return !c.closed
}

// noMix takes a call out of a mix, unless it is in another by now.
func (c *Conn) noMix(m *Mix) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.mix == m {
		c.mix = nil
	}
}

func (c *Conn) mixed() *Mix {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mix
}

// remix has the mix, if the call is in one, follow a change of the call.
func (c *Conn) remix() {
	if m := c.mixed(); m != nil {
		m.rewire()
	}
}

// resendTime bounds the exchange of a track that is sent.
const resendTime = 10 * time.Second

// resend has the connection send what is to be sent of a kind now, without anything being
// negotiated.
func (c *Conn) resend(k Kind) {
	go func() {
		ctx, end, err := c.begin(context.Background())
		if err != nil {
			return // it has ended
		}
		defer end()
		c.mu.Lock()
		p := c.peer
		c.mu.Unlock()
		if p == nil {
			return
		}
		ctx, cancel := context.WithTimeout(ctx, resendTime)
		defer cancel()
		if err := p.resend(ctx, k); err != nil && ctx.Err() == nil {
			c.engine.cfg.Log.Error("media: sending", "kind", k, "err", err)
		}
	}()
}
