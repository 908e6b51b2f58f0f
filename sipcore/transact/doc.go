// Package transact keeps SIP transactions (RFC 3261 §17, RFC 6026) over one
// connection that is a message pipe, such as [gocommunicator/sipcore/link].
//
// The state machines and their timers are those of sipgo; what is here is the
// layer around them: matching of requests, responses, ACK and CANCEL to
// transactions, the checks on what comes in, CANCEL on both sides, and reports
// that all arrive on one [sipcore.Loop]. The loop owns the layer: its methods and
// those of its transactions may be called only there, and everything is reported
// there, never inside the call that caused it.
//
// The transport is reliable, so nothing is retransmitted and Timers A, D, E, G,
// I, J and K are absent or zero. Forwarding (RFC 3261 §16) is the proxy's,
// retransmission of 2xx (§13.3.1.4) the session's business.
//
// sipgo's machines are used with these precautions, each for a fault seen in
// version 1.7.2:
//
//   - A final response that comes again in Completed makes the client machine
//     sleep for T2 with its lock held: such responses are not fed to it.
//   - The server machine that cannot send its 2xx enters Accepted without Timer L
//     and stays for ever: a failed send ends the transaction here.
//   - Every ACK in Accepted leaves a goroutine behind until somebody reads it:
//     those are passed on by the layer itself.
//   - Timer H ends the server machine with the same error as an ordinary end: the
//     layer remembers whether the ACK came.
//   - The server machine sends its own 100 from a timer's goroutine, and answers a
//     CANCEL with a 487 of its own: neither is let happen.
//   - A second final response is swallowed without an error.
//   - The client machine reads its request on other goroutines: it gets a copy.
//
// And its parser: it makes capitals of methods, stumbles over blanks around the
// slashes of Via, keeps blanks and capitals in parameter names, does not know the
// short names of most header fields, lets bare line feeds, repeated header fields
// and hosts that are none pass. Receive makes up for that. What remains is that
// URI schemes with anything but letters in them are refused with 400.
package transact
