//go:build !js

package link

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// AcceptOptions bounds what Accept takes from a client.
type AcceptOptions struct {
	// MaxMessage is the size in bytes above which a message ends the connection
	// with code 1009; 0 = 262144.
	MaxMessage int
	// OriginPatterns are hosts, as path.Match has them, from whose pages a browser
	// may connect besides the page's own host.
	OriginPatterns []string
	// IdleTimeout ends a connection from which nothing has come for so long, not
	// even a keep-alive; 0 = never.
	IdleTimeout time.Duration
}

// Accept takes a WebSocket handshake and serves the connection until it ends. A
// request that is none, comes from a foreign page or does not offer sub-protocol
// "sip" is answered (400, 403 or 426) and gives an error. ev is called with the
// socket before anything is read from it.
func Accept(w http.ResponseWriter, r *http.Request, o AcceptOptions, ev func(Socket) SocketEvents) error {
	if !offersSIP(r.Header) {
		http.Error(w, "the WebSocket sub-protocol \"sip\" is required", http.StatusBadRequest)
		return fmt.Errorf("accept: sub-protocol %q not offered", subProtocol)
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:   []string{subProtocol},
		OriginPatterns: o.OriginPatterns,
	})
	if err != nil {
		return fmt.Errorf("accept: %w", err)
	}
	if o.MaxMessage <= 0 {
		o.MaxMessage = defaultMaxMessage
	}
	conn.SetReadLimit(int64(o.MaxMessage))
	s := newSocket(conn)
	s.ev = ev(s)
	alive := func() {}
	if o.IdleTimeout > 0 {
		idle := time.AfterFunc(o.IdleTimeout, func() { s.Close(closeIdle, "idle") })
		defer idle.Stop()
		alive = func() { idle.Reset(o.IdleTimeout) }
	}
	s.run(alive)
	return nil
}

func offersSIP(h http.Header) bool {
	for _, line := range h.Values("Sec-WebSocket-Protocol") {
		if slices.ContainsFunc(strings.Split(line, ","), func(p string) bool {
			return strings.TrimSpace(p) == subProtocol
		}) {
			return true
		}
	}
	return false
}
