// Package link carries SIP messages over WebSocket (RFC 7118), one message per
// frame, and keeps the connection up.
//
// A [Socket] is one connection: the browser's own under js/wasm, coder/websocket
// natively, or one end of an in-memory pipe. A [Link] holds one socket at a time to
// one of several servers, tries the next when that fails, waits longer and longer
// between rounds (RFC 5626 §4.5), and sends keep-alives (RFC 5626 §3.5.1).
//
// A [sipcore.Loop] owns the link; sockets belong to nobody and may be used from any
// goroutine. Several flows to one registrar (RFC 5626 §4.2) are several links, and
// not this package's business. Nothing is known here of what the messages say.
package link
