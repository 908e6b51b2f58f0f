package link

import (
	"context"
	"fmt"
	"unicode/utf8"
)

// subProtocol is what both sides must agree on in the handshake (RFC 7118 §4.1).
const subProtocol = "sip"

// Close codes (RFC 6455 §7.4). A browser may send only 1000 and 3000 to 4999.
const (
	closeNormal  = 1000
	closeDead    = 4000 // the server has stopped answering keep-alives
	closeIdle    = 4001 // the client has been silent for too long
	maxCloseText = 123  // bytes of a close frame's reason
)

// Socket is one established message connection. Its methods may be called from any
// goroutine and never wait.
type Socket interface {
	// Send queues one message: as text, or as binary when it is not UTF-8. The
	// error wraps ErrLinkDown once the socket is closed.
	Send(msg []byte) error
	// Close ends the connection after what is queued. code is 1000 or 3000 to 4999;
	// any other is sent as 1000. reason is cut to 123 bytes.
	Close(code int, reason string)
}

// SocketEvents is where a socket reports. The functions are called in order, one at
// a time, from one goroutine or from a callback of the browser, so they must not
// block. Both are required.
type SocketEvents struct {
	// Message is called with each message, text or binary, which it may keep.
	Message func(msg []byte)
	// Closed is called exactly once, as the last, however the connection ends: also
	// after Close. The error is a *CloseError when a close frame said why.
	Closed func(err error)
}

// Dialer opens a connection. It waits until the connection stands or ctx ends; when
// it returns an error, no event is reported. Events may be reported before it has
// returned.
type Dialer func(ctx context.Context, url string, ev SocketEvents) (Socket, error)

// CloseError says how the other side ended a connection.
type CloseError struct {
	Code   int    // RFC 6455 §7.4.1; 1006 when there was no close frame
	Reason string // the other side's words; may be empty
}

func (e *CloseError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("connection closed with code %d", e.Code)
	}
	return fmt.Sprintf("connection closed with code %d: %q", e.Code, e.Reason)
}

// closeArgs brings the arguments of Socket.Close into what a browser takes without
// an exception.
func closeArgs(code int, reason string) (int, string) {
	if code != closeNormal && (code < 3000 || code > 4999) {
		code = closeNormal
	}
	for len(reason) > maxCloseText {
		_, size := utf8.DecodeLastRuneInString(reason)
		reason = reason[:len(reason)-size]
	}
	return code, reason
}
