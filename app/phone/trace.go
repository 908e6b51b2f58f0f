package phone

import (
	"slices"

	"gocommunicator/app/bus"
	"gocommunicator/sipcore/ua"
)

// Traced is a SIP message as it went over the link, without the secrets in it. It is
// published when it goes; Phone.Trace has those before.
type Traced = ua.Traced

// How much is kept of what went over the link: the latest, as long as both hold.
const (
	maxTraced      = 500
	maxTracedBytes = 1 << 20
)

// trace is the messages kept of an account, oldest first.
type trace struct {
	of       string // AOR
	messages []Traced
	bytes    int
}

func (t *trace) add(m Traced) {
	t.messages = append(t.messages, m)
	t.bytes += len(m.Text)
	drop := 0
	for len(t.messages)-drop > maxTraced || t.bytes > maxTracedBytes {
		t.bytes -= len(t.messages[drop].Text)
		drop++
	}
	t.messages = slices.Delete(t.messages, 0, drop)
}

// tracer takes the messages of an agent as long as it is the current one; nil when the
// settings want no trace. What another account left is nobody's business any more.
func (p *Phone) tracer(aor string, current func() bool) func(Traced) {
	if !p.deps.Config.Trace.Enable {
		return nil
	}
	p.mu.Lock()
	if p.trace.of != aor {
		p.trace = trace{of: aor}
	}
	p.mu.Unlock()
	return func(m Traced) {
		if !current() {
			return
		}
		p.mu.Lock()
		p.trace.add(m)
		p.mu.Unlock()
		bus.Publish(p.deps.Bus, m)
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
	p.trace = trace{of: p.trace.of}
}
