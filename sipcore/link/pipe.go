package link

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"gocommunicator/sipcore"
)

// Pipe makes an in-memory connection. Each function takes the events of one end and
// returns its socket, once; what is sent to an end before that waits for it. When
// one end closes, the other gets what was sent before and then a *CloseError.
func Pipe() (a, b func(SocketEvents) Socket) {
	left, right := newPipe()
	return left.open, right.open
}

// PipeDialer makes a dialer whose every connection is a new pipe. accept is called
// with the server's end and returns its events. The URL is ignored.
func PipeDialer(accept func(Socket) SocketEvents) Dialer {
	return func(ctx context.Context, _ string, ev SocketEvents) (Socket, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		client, server := newPipe()
		server.open(accept(server))
		return client.open(ev), nil
	}
}

// pipeEnd is one end of a pipe.
type pipeEnd struct {
	peer *pipeEnd
	wake chan struct{}

	mu     sync.Mutex
	queue  [][]byte // sent by the peer, not yet delivered
	closed bool     // nothing is added to queue any more
	err    error    // why it is closed
}

func newPipe() (*pipeEnd, *pipeEnd) {
	a := &pipeEnd{wake: make(chan struct{}, 1)}
	b := &pipeEnd{wake: make(chan struct{}, 1)}
	a.peer, b.peer = b, a
	return a, b
}

func (e *pipeEnd) open(ev SocketEvents) Socket {
	go e.deliver(ev)
	return e
}

func (e *pipeEnd) deliver(ev SocketEvents) {
	for range e.wake {
		e.mu.Lock()
		queue, closed, err := e.queue, e.closed, e.err
		e.queue = nil
		e.mu.Unlock()
		for _, msg := range queue {
			ev.Message(msg)
		}
		if closed {
			ev.Closed(err)
			return
		}
	}
}

// Send queues a copy of msg for the other end.
func (e *pipeEnd) Send(msg []byte) error {
	p := e.peer
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return fmt.Errorf("pipe: %w", sipcore.ErrLinkDown)
	}
	p.queue = append(p.queue, slices.Clone(msg))
	p.signal()
	return nil
}

// Close ends both ends. What was sent to this end and not yet delivered is lost.
func (e *pipeEnd) Close(code int, reason string) {
	code, reason = closeArgs(code, reason)
	e.end(sipcore.ErrClosed, true)
	e.peer.end(&CloseError{Code: code, Reason: reason}, false)
}

func (e *pipeEnd) end(err error, discard bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return
	}
	e.closed, e.err = true, err
	if discard {
		e.queue = nil
	}
	e.signal()
}

func (e *pipeEnd) signal() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}
