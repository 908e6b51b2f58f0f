package link

import (
	"errors"
	"strings"
	"time"

	"gocommunicator/sipcore"
)

// Keep-alives (RFC 5626 §3.5.1 and §4.4.1).
const (
	ping = "\r\n\r\n"
	pong = "\r\n"
	// pongTimeout is how long a server that knows keep-alives may take to answer.
	pongTimeout = 10 * time.Second
)

// errNoPong is why a link goes down whose server has stopped answering.
var errNoPong = errors.New("the server has stopped answering")

// keepAlive is a connection's part in keep-alives.
type keepAlive struct {
	next     *sipcore.Timer // sends the next ping
	deadline *sipcore.Timer // gives the server up
	ponged   bool           // the server has answered one
}

func (k *keepAlive) stop() {
	k.next.Stop()
	k.deadline.Stop()
}

func (l *Link) startKeepAlive(f *flow) {
	if l.cfg.KeepAlive > 0 {
		f.keep.next = l.cfg.Loop.After(l.cfg.KeepAlive, func() { l.ping(f) })
	}
}

// ping asks for a sign of life. Only a server that has given one before can be
// missed for giving none: many do not know this keep-alive.
func (l *Link) ping(f *flow) {
	if err := f.sock.Send([]byte(ping)); err != nil {
		l.happen(evLost, err)
		return
	}
	if f.keep.ponged {
		f.keep.deadline.Stop()
		f.keep.deadline = l.cfg.Loop.After(pongTimeout, func() {
			l.log.Warn("no answer to keep-alive", "server", sipcore.BlankURL(l.status.Server))
			f.sock.Close(closeDead, "no answer to keep-alive")
			l.happen(evLost, errNoPong)
		})
	}
	l.startKeepAlive(f)
}

// keptAlive takes note of a sign of life and reports whether the message was nothing
// else.
func (l *Link) keptAlive(f *flow, msg []byte) bool {
	f.keep.deadline.Stop()
	if len(msg) > 2*len(ping) || strings.Trim(string(msg), "\r\n") != "" {
		return false
	}
	if len(msg) < len(ping) {
		f.keep.ponged = true
		return true
	}
	if err := f.sock.Send([]byte(pong)); err != nil {
		l.log.Info("keep-alive not answered", "err", err)
	}
	return true
}
