package bus

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"
)

const (
	// slowAfter is how long a subscriber may take before it is reported: what
	// blocks the page for longer is felt.
	slowAfter = 50 * time.Millisecond
	// stuckAfter is when a subscriber that has not come back yet is reported.
	stuckAfter = 5 * time.Second
)

// subscriber is one func that was given to Subscribe.
type subscriber struct {
	call     func(any)
	place    string // file:line of the Subscribe
	canceled atomic.Bool
}

// newSubscriber notes the place of the caller's caller.
func newSubscriber(call func(any)) *subscriber {
	s := &subscriber{call: call, place: "unknown"}
	if _, file, line, ok := runtime.Caller(2); ok {
		s.place = fmt.Sprintf("%s:%d", filepath.Base(file), line)
	}
	return s
}

func (s *subscriber) cancel() { s.canceled.Store(true) }

// run is the timeline: the only goroutine that calls subscribers.
func (b *Bus) run() {
	defer close(b.done)
	for {
		e := b.next()
		if e == nil {
			return
		}
		if e.late != nil {
			b.start(e.topic, e.late)
			continue
		}
		b.deliver(e.topic, e.event)
	}
}

// next waits for an entry. It returns nil when the bus is closed and all is delivered.
func (b *Bus) next() *entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(b.queue) == 0 {
		if b.closed {
			return nil
		}
		b.changed.Wait()
	}
	e := b.queue[0]
	b.queue[0] = nil
	b.queue = b.queue[1:]
	if e.topic.waiting[e.key] == e {
		delete(e.topic.waiting, e.key)
	}
	return e
}

// start begins a subscription with what stands at this point of the timeline.
func (b *Bus) start(t *topic, s *subscriber) {
	for _, kept := range t.kept {
		b.call(t, s, kept.event)
	}
	t.subscribers = append(t.present(), s)
}

func (b *Bus) deliver(t *topic, ev any) {
	b.keep(t, ev)
	t.subscribers = t.present()
	for _, s := range t.subscribers {
		b.call(t, s, ev)
	}
}

// present are the subscribers that have not left.
func (t *topic) present() []*subscriber {
	return slices.DeleteFunc(t.subscribers, func(s *subscriber) bool { return s.canceled.Load() })
}

func (b *Bus) keep(t *topic, ev any) {
	b.mu.Lock()
	key, gone := t.sticky, t.gone
	b.mu.Unlock()
	if key == nil {
		return
	}
	k := key(ev)
	i := slices.IndexFunc(t.kept, func(e keptEvent) bool { return e.key == k })
	switch over := gone(ev); {
	case over && i >= 0:
		t.kept = slices.Delete(t.kept, i, i+1)
	case over:
	case i >= 0:
		t.kept[i].event = ev
	default:
		t.kept = append(t.kept, keptEvent{k, ev})
	}
}

// call contains a panic to the subscriber that it came from.
func (b *Bus) call(t *topic, s *subscriber, ev any) {
	if s.canceled.Load() {
		return
	}
	about := []any{slog.String("event", t.name), slog.String("subscriber", s.place)}
	begin := time.Now()
	stuck := time.AfterFunc(stuckAfter, func() { b.log.Error("a subscriber is stuck", about...) })
	defer func() {
		stuck.Stop()
		if r := recover(); r != nil {
			b.log.Error("a subscriber panicked", append(about, "panic", r, "stack", string(debug.Stack()))...)
		}
		if took := time.Since(begin); took > slowAfter {
			b.log.Warn("a subscriber is slow", append(about, "took", took)...)
		}
	}()
	s.call(ev)
}
