package session

import (
	"context"

	"gocommunicator/sipcore"
)

// queue runs the media operations of a session one after the other, beside the loop.
// What an operation leads to runs on the loop, unless the queue was closed meanwhile.
type queue struct {
	waiting []func()
	busy    bool
	closed  bool
	cancel  context.CancelFunc // of the operation running
}

// run queues op. then runs on the loop with what came of it.
func (q *queue) run(loop *sipcore.Loop, op func(context.Context) ([]byte, error), then func([]byte, error)) {
	if q.closed {
		return
	}
	start := func() {
		ctx, cancel := context.WithCancel(context.Background())
		q.busy, q.cancel = true, cancel
		go func() {
			out, err := op(ctx)
			cancel()
			loop.Post(func() {
				if q.closed {
					return
				}
				q.busy = false
				then(out, err)
				q.next()
			})
		}()
	}
	if q.busy || len(q.waiting) > 0 {
		q.waiting = append(q.waiting, start)
		return
	}
	start()
}

func (q *queue) next() {
	if q.busy || q.closed || len(q.waiting) == 0 {
		return
	}
	start := q.waiting[0]
	q.waiting = q.waiting[1:]
	start()
}

// close gives up the operation running and forgets those waiting.
func (q *queue) close() {
	q.closed, q.waiting = true, nil
	if q.cancel != nil {
		q.cancel()
	}
}
