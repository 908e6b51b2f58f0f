package transact

import (
	"log/slog"
	"net"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// silent keeps sipgo from logging: what a peer does wrong it calls an error, and
// what matters is logged by the layer.
var silent = slog.New(slog.DiscardHandler)

// conn is what sipgo's state machines write to.
type conn struct{ l *Layer }

var _ sip.Connection = conn{}

// WriteMsg sends on the loop. The only message that a state machine makes anywhere
// else is the ACK to a final response other than 2xx, made while the response is
// fed to it: it is posted, and so goes out before the response is reported.
func (c conn) WriteMsg(msg sip.Message) error {
	req, ok := msg.(*sip.Request)
	if !ok || !req.IsAck() {
		return c.l.write(msg)
	}
	posted := c.l.loop.Post(func() {
		if c.l.closed {
			return
		}
		if err := c.l.write(req); err != nil {
			c.l.log.Info("ACK not sent", "err", err)
		}
	})
	if !posted {
		return sipcore.ErrClosed
	}
	return nil
}

// The link outlives every transaction: references to it are not counted.

func (conn) LocalAddr() net.Addr    { return nil }
func (conn) Ref(int) int            { return 1 }
func (conn) TryClose() (int, error) { return 1, nil }
func (conn) Close() error           { return nil }
