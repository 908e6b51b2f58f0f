package phone

import (
	"slices"

	"gocommunicator/sipcore/ua"
)

// Traced is a SIP message as it went over the link, without the secrets in it. Its ID
// counts up.
type Traced = ua.Traced

// How much is kept of what went over the link: the latest, as long as both hold.
const (
	maxTraced      = 500
	maxTracedBytes = 1 << 20
	tracedChunk    = 50 // are dropped at a time, so that those shown seldom move
)

// trace is the messages kept of an account, oldest first.
type trace struct {
	of       string // AOR
	messages []Traced
	bytes    int
	last     int // id
}

func (t *trace) add(m Traced) {
	t.last++
	m.ID = t.last
	t.messages = append(t.messages, m)
	t.bytes += len(m.Text)
	for len(t.messages) > maxTraced || t.bytes > maxTracedBytes {
		drop := min(tracedChunk, len(t.messages))
		for _, old := range t.messages[:drop] {
			t.bytes -= len(old.Text)
		}
		t.messages = append([]Traced(nil), t.messages[drop:]...)
	}
}

// traceOf begins a trace, unless it goes on with that of the same account: what another
// one left is nobody's business any more. It returns what takes the messages of an agent
// as long as that is the current one; nil when the settings want no trace.
func (p *Phone) traceOf(aor string, current func() bool) func(Traced) {
	if !p.deps.Config.Trace.Enable {
		return nil
	}
	if p.mu.Lock(); p.trace.of != aor {
		p.trace = trace{of: aor, last: p.trace.last}
	}
	p.mu.Unlock()
	return func(m Traced) {
		if current() {
			p.mu.Lock()
			p.trace.add(m)
			p.mu.Unlock()
		}
	}
}

// Trace returns the SIP messages that went over the link of late, oldest first.
func (p *Phone) Trace() []Traced {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.trace.messages)
}

// ClearTrace forgets them.
func (p *Phone) ClearTrace() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.trace.messages, p.trace.bytes = nil, 0
}
