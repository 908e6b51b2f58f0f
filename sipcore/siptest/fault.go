package siptest

import (
	"bytes"
	"time"
)

// Fault is what becomes of messages on their way. It sees each one and says how
// many copies arrive and after how long. Nil = one, at once.
type Fault func(msg []byte) (copies int, delay time.Duration)

// Drop loses every message.
func Drop(msg []byte) (copies int, delay time.Duration) { return 0, 0 }

// Duplicate delivers every message twice.
func Duplicate(msg []byte) (copies int, delay time.Duration) { return 2, 0 }

// Delay delivers every message late; those sent later and not delayed overtake it.
func Delay(d time.Duration) Fault {
	return func([]byte) (int, time.Duration) { return 1, d }
}

// Only has f applied to messages that begin with the start: of a request line, such as
// "ACK ", or of a status line, such as "SIP/2.0 200".
func Only(start string, f Fault) Fault {
	return func(msg []byte) (int, time.Duration) {
		if !bytes.HasPrefix(msg, []byte(start)) {
			return 1, 0
		}
		return f(msg)
	}
}

// FaultToPhone sets what becomes of messages of the peer.
func (p *Peer) FaultToPhone(f Fault) {
	p.mu.Lock()
	p.toPhone = f
	p.mu.Unlock()
}

// FaultToPeer sets what becomes of messages of the phone.
func (p *Peer) FaultToPeer(f Fault) {
	p.mu.Lock()
	p.toPeer = f
	p.mu.Unlock()
}

func (f Fault) apply(msg []byte, deliver func([]byte)) {
	copies, delay := 1, time.Duration(0)
	if f != nil {
		copies, delay = f(msg)
	}
	for range copies {
		if delay > 0 {
			time.AfterFunc(delay, func() { deliver(msg) })
			continue
		}
		deliver(msg)
	}
}
