//go:build js

package link

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"syscall/js"
	"unicode/utf8"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/jsfunc"
	"gocommunicator/sipcore/promise"
)

// errNotMade is all that a page is told about an attempt that failed.
var errNotMade = errors.New("the connection could not be made")

// socket is a WebSocket of the browser.
type socket struct {
	ws      js.Value
	ev      SocketEvents
	opened  chan struct{} // closed by the open event
	failed  chan error    // gets the reason when the connection never stood
	up      atomic.Bool   // the dialer has handed the socket out
	over    atomic.Bool   // no event is reported any more
	removal []func()      // takes the listeners off
}

// DialWebSocket opens a WebSocket with sub-protocol "sip". A URL without a scheme,
// such as `/sip`, is taken relative to the page. It must not be called in a callback
// of the browser.
func DialWebSocket(ctx context.Context, url string, ev SocketEvents) (Socket, error) {
	url, err := resolve(url)
	if err != nil {
		return nil, err
	}
	ws, err := construct(url)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", url, err)
	}
	s := &socket{ws: ws, ev: ev, opened: make(chan struct{}), failed: make(chan error, 1)}
	ws.Set("binaryType", "arraybuffer")
	s.listen("open", func(js.Value) { close(s.opened) })
	s.listen("message", s.onMessage)
	s.listen("error", s.onError)
	s.listen("close", s.onClose)

	select {
	case <-s.opened:
	case err := <-s.failed:
		return nil, fmt.Errorf("open %s: %w", url, err)
	case <-ctx.Done():
		s.abandon()
		return nil, fmt.Errorf("open %s: %w", url, ctx.Err())
	}
	if got := ws.Get("protocol").String(); got != subProtocol {
		s.abandon()
		return nil, fmt.Errorf("open %s: the server speaks sub-protocol %q, not %q", url, got, subProtocol)
	}
	s.up.Store(true)
	select {
	case err := <-s.failed: // closed between the two
		return nil, fmt.Errorf("open %s: %w", url, err)
	default:
		return s, nil
	}
}

// Send queues one message.
func (s *socket) Send(msg []byte) error {
	if s.over.Load() || s.ws.Get("readyState").Int() != 1 {
		return fmt.Errorf("websocket: %w", sipcore.ErrLinkDown)
	}
	var data js.Value
	if utf8.Valid(msg) {
		data = js.ValueOf(string(msg))
	} else {
		data = js.Global().Get("Uint8Array").New(len(msg))
		js.CopyBytesToJS(data, msg)
	}
	if _, err := promise.Try(func() js.Value { return s.ws.Call("send", data) }); err != nil {
		return fmt.Errorf("websocket: %w: %w", sipcore.ErrLinkDown, err)
	}
	return nil
}

// Close ends the connection. The end is reported at once: a server which does not
// answer the close frame would hold the browser's own event back for long.
func (s *socket) Close(code int, reason string) {
	if !s.over.CompareAndSwap(false, true) {
		return
	}
	s.release()
	s.shut(closeArgs(code, reason))
	go s.ev.Closed(sipcore.ErrClosed)
}

// abandon gives up a connection which nobody has been given yet.
func (s *socket) abandon() {
	s.over.Store(true)
	s.release()
	s.shut(closeNormal, "")
}

func (s *socket) shut(code int, reason string) {
	// While connecting, close fails the attempt; it throws only on arguments
	// that closeArgs does not let through, and on a page being unloaded.
	_, _ = promise.Try(func() js.Value { return s.ws.Call("close", code, reason) })
}

func (s *socket) onMessage(event js.Value) {
	if s.over.Load() {
		return
	}
	data := event.Get("data")
	if data.Type() == js.TypeString {
		s.ev.Message([]byte(data.String()))
		return
	}
	array := js.Global().Get("Uint8Array").New(data)
	msg := make([]byte, array.Length())
	js.CopyBytesToGo(msg, array)
	s.ev.Message(msg)
}

// onError ends an attempt: not every engine fires a close event for one that has
// failed. An error of a connection that stood is followed by its close event.
func (s *socket) onError(js.Value) {
	select {
	case <-s.opened:
		return
	default:
	}
	if s.over.CompareAndSwap(false, true) {
		s.release()
		s.failed <- errNotMade
	}
}

func (s *socket) onClose(event js.Value) {
	if !s.over.CompareAndSwap(false, true) {
		return
	}
	s.release()
	err := &CloseError{Code: event.Get("code").Int(), Reason: event.Get("reason").String()}
	if !s.up.Load() {
		s.failed <- err
		return
	}
	s.ev.Closed(err)
}

// listen adds a listener and notes how it is taken off again.
func (s *socket) listen(event string, f func(event js.Value)) {
	fn, forget := jsfunc.Of(func(_ js.Value, args []js.Value) any {
		f(args[0])
		return nil
	})
	s.ws.Call("addEventListener", event, fn)
	s.removal = append(s.removal, func() {
		s.ws.Call("removeEventListener", event, fn)
		forget()
	})
}

func (s *socket) release() {
	for _, remove := range s.removal {
		remove()
	}
	s.removal = nil
}

// construct is `new WebSocket(url, "sip")`, whose exceptions (a malformed address,
// ws: on an https: page) become errors.
func construct(url string) (js.Value, error) {
	return promise.Try(func() js.Value { return js.Global().Get("WebSocket").New(url, subProtocol) })
}

// resolve makes a URL without a scheme one on the page's own host.
func resolve(url string) (string, error) {
	if strings.Contains(url, "://") {
		return url, nil
	}
	location := js.Global().Get("location")
	if location.IsUndefined() {
		return "", fmt.Errorf("the address %q is relative, and there is no page", url)
	}
	abs, err := promise.Try(func() js.Value { return js.Global().Get("URL").New(url, location.Get("href")) })
	if err != nil {
		return "", fmt.Errorf("the address %q cannot be read: %w", url, err)
	}
	// http to ws, https to wss
	return "ws" + strings.TrimPrefix(abs.Get("href").String(), "http"), nil
}
