package bus

import (
	"log/slog"
	"reflect"
	"sync"
)

// Bus is a queue of events with one goroutine that delivers them. Everything may be
// called from any goroutine, also from a callback of the browser: nothing waits.
type Bus struct {
	log  *slog.Logger
	done chan struct{}

	mu      sync.Mutex
	changed sync.Cond // on mu: the queue has grown or the bus was closed
	topics  map[reflect.Type]*topic
	queue   []*entry
	closed  bool
}

// topic is one type of event.
type topic struct {
	name string

	// Under the lock of the bus.
	latest  func(any) string  // nil: every event is delivered
	waiting map[string]*entry // undelivered, by key of latest
	sticky  func(any) string  // nil: nothing is kept
	gone    func(any) bool

	// Owned by the timeline.
	subscribers []*subscriber
	kept        []keptEvent // in the order in which the keys came up
}

type keptEvent struct {
	key   string
	event any
}

// entry is one step of the timeline: an event, or the start of a subscription.
type entry struct {
	topic *topic
	event any
	key   string      // in topic.waiting; only when latest
	late  *subscriber // set: starts here
}

// New starts a bus. It ends with Close. A nil logger means slog.Default().
func New(log *slog.Logger) *Bus {
	if log == nil {
		log = slog.Default()
	}
	b := &Bus{log: log, done: make(chan struct{}), topics: make(map[reflect.Type]*topic)}
	b.changed.L = &b.mu
	go b.run()
	return b
}

// Publish queues an event for the subscribers of type T and returns at once. After
// Close it does nothing.
func Publish[T any](b *Bus, ev T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := topicOf[T](b)
	e := &entry{topic: t, event: ev}
	if t.latest != nil {
		e.key = t.latest(ev)
		if waiting := t.waiting[e.key]; waiting != nil {
			waiting.event = ev
			return
		}
		t.waiting[e.key] = e
	}
	b.push(e)
}

// Subscribe has f called on the timeline with every event of type T published from
// now on, after the sticky ones that stand at this moment. After cancel has returned
// no further call begins; cancel may be called from f itself and more than once.
func Subscribe[T any](b *Bus, f func(T)) (cancel func()) {
	s := newSubscriber(func(ev any) { f(typed[T](ev)) })
	b.mu.Lock()
	defer b.mu.Unlock()
	b.push(&entry{topic: topicOf[T](b), late: s})
	return s.cancel
}

// Sticky keeps the last event of each key for late subscribers, until one comes for
// which gone is true: that one is delivered and the key forgotten. A nil key means
// that there is one event to keep, a nil gone that it stands for ever. It holds for
// events delivered after the call; key and gone run on the timeline.
func Sticky[T any](b *Bus, key func(T) string, gone func(T) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := topicOf[T](b)
	t.sticky = untyped(key)
	t.gone = func(ev any) bool { return gone != nil && gone(typed[T](ev)) }
}

// Latest makes an event of type T take the place of an earlier one of the same key
// that waits for delivery. A nil key means that there is only one. key is called by
// Publish under the lock of the bus: it may only read the event.
func Latest[T any](b *Bus, key func(T) string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := topicOf[T](b)
	t.latest = untyped(key)
	t.waiting = make(map[string]*entry)
}

// Close lets what is queued be delivered and ends the bus. It does not wait and may be
// called more than once; Done tells when the end is reached.
func (b *Bus) Close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.changed.Signal()
}

// Done is closed when the last event has been delivered after Close.
func (b *Bus) Done() <-chan struct{} { return b.done }

// topicOf returns the topic of type T. The lock of the bus is held.
func topicOf[T any](b *Bus) *topic {
	key := reflect.TypeFor[T]()
	t := b.topics[key]
	if t == nil {
		t = &topic{name: key.String()}
		b.topics[key] = t
	}
	return t
}

// typed is the event as published. A nil of an interface type has lost its type on
// the way and comes back as the zero value, which it is.
func typed[T any](ev any) T {
	v, _ := ev.(T)
	return v
}

func untyped[T any](key func(T) string) func(any) string {
	if key == nil {
		return func(any) string { return "" }
	}
	return func(ev any) string { return key(typed[T](ev)) }
}

// push puts an entry at the end of the queue. The lock of the bus is held.
func (b *Bus) push(e *entry) {
	if b.closed {
		return
	}
	b.queue = append(b.queue, e)
	b.changed.Signal()
}
