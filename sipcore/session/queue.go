package session

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"gocommunicator/sipcore"
)

// opTimeout bounds a media operation in which nobody is asked for anything: some of
// the browser's promises never settle.
const opTimeout = 15 * time.Second

// queue runs the media operations of a session one after the other, beside the loop.
// What an operation leads to runs on the loop, unless the queue was closed meanwhile.
type queue struct {
	waiting []func()
	busy    bool
	closed  bool
	cancel  context.CancelFunc // of the operation running
}

// run queues op, with limit for its time unless that is 0. then runs on the loop with
// what came of it.
func (q *queue) run(loop *sipcore.Loop, limit time.Duration, op func(context.Context) ([]byte, error), then func([]byte, error)) {
	if q.closed {
		return
	}
	start := func() {
		ctx, cancel := context.WithCancel(context.Background())
		if limit > 0 {
			ctx, cancel = context.WithTimeout(context.Background(), limit)
		}
		q.busy, q.cancel = true, cancel
		go func() {
			out, err := guarded(ctx, op)
			cancel()
			loop.Post(func() {
				if q.closed {
					return
				}
				q.busy = false
				defer q.next()
				then(out, err)
			})
		}()
	}
	if q.busy || len(q.waiting) > 0 {
		q.waiting = append(q.waiting, start)
		return
	}
	start()
}

// guarded turns a panic into an error: what the browser throws at a description of
// the other side must not end the page.
func guarded(ctx context.Context, op func(context.Context) ([]byte, error)) (out []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, fmt.Errorf("media: %v\n%s", r, debug.Stack())
		}
	}()
	return op(ctx)
}

func (q *queue) next() {
	if q.busy || q.closed || len(q.waiting) == 0 {
		return
	}
	start := q.waiting[0]
	q.waiting = q.waiting[1:]
	start()
}

// giveUp ends the operation running, which then reports its context's error.
func (q *queue) giveUp() {
	if q.busy {
		q.cancel()
	}
}

// close gives up the operation running and forgets those waiting.
func (q *queue) close() {
	q.giveUp()
	q.closed, q.waiting = true, nil
}
