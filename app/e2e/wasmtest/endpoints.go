//go:build linux

package main

import (
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/coder/websocket"
)

// flood is the size of the message of /ws/flood.
const flood = 1 << 20

// endpoints adds the WebSocket servers that a link may come across. All speak the
// sub-protocol sip (RFC 7118 §4.1).
//
//	/ws/echo     sends every message back
//	/ws/close    closes at once with code 4000
//	/ws/silent   accepts and never says anything
//	/ws/flood    sends a text message of 1 MB, then "after"
//	/ws/garbage  sends a binary message of random bytes, then "after"
func endpoints(mux *http.ServeMux) {
	for name, serve := range map[string]func(*websocket.Conn, *http.Request) error{
		"echo": func(conn *websocket.Conn, r *http.Request) error {
			for {
				kind, message, err := conn.Read(r.Context())
				if err != nil {
					return err
				}
				if err := conn.Write(r.Context(), kind, message); err != nil {
					return err
				}
			}
		},
		"close": func(conn *websocket.Conn, _ *http.Request) error {
			return conn.Close(4000, "as asked")
		},
		"silent": listen,
		"flood": func(conn *websocket.Conn, r *http.Request) error {
			if err := conn.Write(r.Context(), websocket.MessageText, []byte(strings.Repeat("x", flood))); err != nil {
				return err
			}
			return after(conn, r)
		},
		"garbage": func(conn *websocket.Conn, r *http.Request) error {
			garbage := make([]byte, 512)
			_, _ = rand.Read(garbage) // it never fails
			if err := conn.Write(r.Context(), websocket.MessageBinary, garbage); err != nil {
				return err
			}
			return after(conn, r)
		},
	} {
		mux.HandleFunc("GET /ws/"+name, func(w http.ResponseWriter, r *http.Request) {
			conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{"sip"}})
			if err != nil {
				return // Accept has answered
			}
			defer conn.CloseNow()
			conn.SetReadLimit(2 * flood)
			_ = serve(conn, r) // the page goes away in the end, that is no fault
		})
	}
}

// after sends "after" and listens.
func after(conn *websocket.Conn, r *http.Request) error {
	if err := conn.Write(r.Context(), websocket.MessageText, []byte("after")); err != nil {
		return err
	}
	return listen(conn, r)
}

// listen reads until the page goes away.
func listen(conn *websocket.Conn, r *http.Request) error {
	for {
		if _, _, err := conn.Read(r.Context()); err != nil {
			return err
		}
	}
}
