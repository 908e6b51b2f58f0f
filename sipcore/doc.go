// Package sipcore holds the domain types of a SIP user agent and the interfaces
// between its parts.
//
// The parts live in the packages below it, one procedure of the RFCs each:
//
//	link      SIP over WebSocket as a message pipe          RFC 7118
//	transact  transactions                                  RFC 3261 §17, RFC 6026
//	auth      digest authentication                         RFC 7616, RFC 8760
//	register  registration                                  RFC 3261 §10
//	dialog    dialogs                                       RFC 3261 §12
//	session   calls: INVITE and all that follows            RFC 3261 §13, RFC 3264
//	message   MESSAGE                                       RFC 3428
//	sdp       offer/answer bookkeeping                      RFC 3264, RFC 8866
//	media     peer connection, devices, tracks              WebRTC
//	ua        all of them put together
//	proxy     registrar and forking proxy, native only      RFC 3261 §16
//
// One goroutine, a [Loop], owns the state of a user agent. Every procedure runs
// on it; timers, sockets and promises come back to it as posted functions.
// Nothing in these packages therefore needs a lock, and nothing that runs on the
// loop may block.
package sipcore
