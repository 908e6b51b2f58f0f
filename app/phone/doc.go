// Package phone holds the use cases of the phone: commands in, events out.
//
// Commands are the methods of [Phone]. They may be called from any goroutine and
// never wait for the network: what comes of them is told by events on the bus
// ([Account], [Link], [Registration], [Call], [Message], [Notice], [TransferWish],
// [Destination]).
// One sipcore.Loop owns the state of the phone and of the user agent below it.
//
// Left out here: anything drawn (package ui), anything of host pages (package
// hostapi), and SIP itself (package sipcore).
package phone
