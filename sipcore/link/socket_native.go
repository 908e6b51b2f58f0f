//go:build !js

package link

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/coder/websocket"

	"gocommunicator/sipcore"
)

const (
	// maxQueue is how many messages may wait to be sent: a peer that reads more
	// slowly than that is cut off.
	maxQueue = 1024
	// maxDialed bounds what a dialled server may send in one message, in bytes.
	maxDialed = 16 << 20
	// writeTimeout bounds the sending of one message.
	writeTimeout = 10 * time.Second
)

// errSlow is why a connection is cut whose other side does not read.
var errSlow = errors.New("the other side does not read what it is sent")

// socket is a WebSocket of coder/websocket.
type socket struct {
	conn *websocket.Conn
	ev   SocketEvents
	kill context.CancelCauseFunc
	ctx  context.Context //nolint:containedctx // of the connection's life; ends it at once

	mu     sync.Mutex
	closed bool
	out    chan outgoing // closed together with closed being set
}

// outgoing is a message, or the close frame that is the last to be sent.
type outgoing struct {
	msg   []byte
	close *CloseError
}

// DialWebSocket opens a WebSocket with sub-protocol "sip" to a ws: or wss: URL. A
// message of more than 16 MiB ends the connection.
func DialWebSocket(ctx context.Context, rawURL string, ev SocketEvents) (Socket, error) {
	if u, err := url.Parse(rawURL); err != nil || u.Host == "" {
		return nil, fmt.Errorf("the address %q is no ws: or wss: URL", rawURL)
	}
	conn, _, err := websocket.Dial( //nolint:bodyclose // there is none after an upgrade
		ctx, rawURL, &websocket.DialOptions{Subprotocols: []string{subProtocol}})
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", rawURL, err)
	}
	if got := conn.Subprotocol(); got != subProtocol {
		_ = conn.CloseNow() // nothing is to be said to it
		return nil, fmt.Errorf("open %s: the server speaks sub-protocol %q, not %q", rawURL, got, subProtocol)
	}
	conn.SetReadLimit(maxDialed)
	s := newSocket(conn)
	s.ev = ev
	go s.run(func() {})
	return s, nil
}

func newSocket(conn *websocket.Conn) *socket {
	s := &socket{conn: conn, out: make(chan outgoing, maxQueue)}
	s.ctx, s.kill = context.WithCancelCause(context.Background())
	return s
}

// Send queues one message.
func (s *socket) Send(msg []byte) error {
	return s.queue(outgoing{msg: msg})
}

// Close ends the connection after what is queued.
func (s *socket) Close(code int, reason string) {
	code, reason = closeArgs(code, reason)
	// The only error is that it is closed already.
	_ = s.queue(outgoing{close: &CloseError{Code: code, Reason: reason}})
}

func (s *socket) queue(o outgoing) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("websocket: %w", sipcore.ErrLinkDown)
	}
	select {
	case s.out <- o:
	default:
		s.kill(errSlow)
		s.shutLocked()
		return fmt.Errorf("websocket: %w: %w", sipcore.ErrLinkDown, errSlow)
	}
	if o.close != nil {
		s.shutLocked()
	}
	return nil
}

func (s *socket) shutLocked() {
	if !s.closed {
		s.closed = true
		close(s.out)
	}
}

// run reads until the connection ends, and reports that when everything has been
// taken down. alive is called with each message.
func (s *socket) run(alive func()) {
	var writer sync.WaitGroup
	writer.Go(s.write)
	err := s.read(alive)
	s.kill(err)
	s.mu.Lock()
	s.shutLocked()
	s.mu.Unlock()
	writer.Wait()
	_ = s.conn.CloseNow() // it has ended: there is nobody left to tell
	s.ev.Closed(err)
}

func (s *socket) read(alive func()) error {
	for {
		_, r, err := s.conn.Reader(s.ctx)
		if err != nil {
			return s.cause(err)
		}
		msg, err := io.ReadAll(r)
		if err != nil {
			return s.cause(err)
		}
		alive()
		s.ev.Message(msg)
	}
}

// cause is the error to be reported for one of reading.
func (s *socket) cause(err error) error {
	var frame websocket.CloseError
	switch {
	case errors.As(err, &frame):
		return &CloseError{Code: int(frame.Code), Reason: frame.Reason}
	case context.Cause(s.ctx) != nil:
		return context.Cause(s.ctx)
	default:
		return err
	}
}

func (s *socket) write() {
	for o := range s.out {
		if o.close != nil {
			if err := s.conn.Close(websocket.StatusCode(o.close.Code), o.close.Reason); err != nil {
				s.kill(err)
			}
			return
		}
		kind := websocket.MessageText
		if !utf8.Valid(o.msg) {
			kind = websocket.MessageBinary
		}
		ctx, cancel := context.WithTimeout(s.ctx, writeTimeout)
		err := s.conn.Write(ctx, kind, o.msg)
		cancel()
		if err != nil {
			s.kill(err)
			return
		}
	}
}
