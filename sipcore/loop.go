package sipcore

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Loop runs posted functions one after the other on a goroutine of its own: it is
// the owner of a user agent's state. All methods may be called from any goroutine,
// also from a callback of the browser: none but Do waits.
type Loop struct {
	log  *slog.Logger
	wake chan struct{}
	done chan struct{}

	mu     sync.Mutex
	queue  []func()
	closed bool
}

// NewLoop starts a loop. It ends with Close. A nil logger means slog.Default().
func NewLoop(log *slog.Logger) *Loop {
	if log == nil {
		log = slog.Default()
	}
	l := &Loop{log: log, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go l.run()
	return l
}

// Post queues f behind everything posted before and returns at once. It reports
// false, and f never runs, once the loop is closed.
func (l *Loop) Post(f func()) bool {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return false
	}
	l.queue = append(l.queue, f)
	l.mu.Unlock()
	l.signal()
	return true
}

// Do posts f and waits until it has run. It returns ErrClosed when the loop is
// closed before f could run, and the context's error when that ends first; f may
// then still run. It must not be called on the loop itself, nor in a callback of
// the browser.
func (l *Loop) Do(ctx context.Context, f func()) error {
	ran := make(chan struct{})
	if !l.Post(func() { defer close(ran); f() }) {
		return ErrClosed
	}
	select {
	case <-ran:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-l.done:
	}
	select {
	case <-ran:
		return nil
	default:
		return ErrClosed
	}
}

// After posts f when d has passed. The timer's Stop is final when called on the
// loop: f does not run afterwards, even if its time had come.
func (l *Loop) After(d time.Duration, f func()) *Timer {
	t := &Timer{}
	t.timer = time.AfterFunc(d, func() {
		l.Post(func() {
			if !t.stopped {
				t.stopped = true
				f()
			}
		})
	})
	return t
}

// Close lets what is queued run and ends the loop. Functions posted afterwards
// never run.
func (l *Loop) Close() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.signal()
}

// Done is closed when the loop has ended.
func (l *Loop) Done() <-chan struct{} { return l.done }

func (l *Loop) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *Loop) run() {
	defer close(l.done)
	for range l.wake {
		for {
			l.mu.Lock()
			queue, closed := l.queue, l.closed
			l.queue = nil
			l.mu.Unlock()
			for _, f := range queue {
				l.call(f)
			}
			if len(queue) > 0 {
				continue
			}
			if closed {
				return
			}
			break
		}
	}
}

// call contains a panic to the function it came from: one malformed message must
// not end the phone.
func (l *Loop) call(f func()) {
	defer func() {
		if r := recover(); r != nil {
			l.log.Error("panic on the loop", "panic", r, "stack", string(debug.Stack()))
		}
	}()
	f()
}

// Timer is a function waiting for its time on a Loop. It belongs to that loop:
// Stop may be called only there.
type Timer struct {
	timer   *time.Timer
	stopped bool
}

// Stop keeps the function from running. It is harmless on a nil or fired timer.
func (t *Timer) Stop() {
	if t == nil {
		return
	}
	t.stopped = true
	t.timer.Stop()
}
