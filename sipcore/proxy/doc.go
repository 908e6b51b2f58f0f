//go:build !js

// Package proxy is the SIP server of the project: a registrar (RFC 3261 §10.3) and
// a transaction-stateful forking proxy (§16) for one domain whose users all come
// over message sockets (RFC 7118). The embedded server and the tests run it; it is
// for trying out and for small teams, on one machine.
//
// One goroutine, the proxy's own sipcore.Loop, owns all state: connections,
// bindings, forwarded requests. Each connection has a transaction layer of its own.
//
// # Way of a request
//
//	conn.go          one connection: limits, keep-alive, dispatch
//	authenticate.go  401 and 407, whose From it may be, failed logins
//	registrar.go     REGISTER; location.go holds the bindings
//	route.go         checks of §16.3, Route processing of §16.4, targets of §16.5
//	forward.go       the copy that is sent on, §16.6
//	fork.go          response context: best response, CANCEL, Timer C, §16.7–16.10
//	recurse.go       redirections within the domain, §16.7 step 4
//	local.go         what is addressed to the proxy itself
//
// # Finding the connection of a dialog
//
// A phone in a page cannot be connected to: its Contact is a name that does not
// exist. So the proxy puts itself into every dialog with two Record-Route values
// (RFC 5658), one for each side, whose user part is a flow token (RFC 5626 §5.2): the number of the
// connection, sealed together with the Call-ID by a key that dies with the process.
// A request inside the dialog is passed on without a challenge when it carries such
// tokens; one that carries a token not made by this proxy for this Call-ID gets 403.
// When the connection is gone, the request follows the Contact if it is registered
// again over another connection; otherwise the answer is 481, which ends the
// dialog (§12.2.1.2): a closed tab leaves no call behind.
//
// # Left out
//
// Other domains and transports (requests to them get 403), serial forking by q values,
// outbound flows (RFC 5626) and GRUU (RFC 5627), storage: bindings live as long as their
// connection.
package proxy
