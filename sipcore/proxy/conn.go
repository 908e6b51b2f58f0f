//go:build !js

package proxy

import (
	"bytes"
	"log/slog"
	"strings"
	"sync/atomic"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/transact"
)

// conn is one connection with the transactions on it. All but receive and lost is
// for the proxy's loop.
type conn struct {
	proxy  *Proxy
	id     connID
	log    *slog.Logger
	socket link.Socket

	backlog atomic.Int64 // messages posted to the loop and not yet worked on

	layer    *transact.Layer
	ended    bool
	failures int // logins that went wrong
}

// start makes the connection known. It is the first thing that runs of it.
func (c *conn) start() {
	layer, err := transact.New(transact.Config{
		Loop:      c.proxy.loop,
		Log:       c.log,
		Send:      c.socket.Send,
		OnRequest: c.request,
		OnAck:     c.ack,
	})
	if err != nil || c.proxy.closed {
		c.log.Error("connection refused", "err", err)
		c.ended = true
		c.socket.Close(closeBusy, "not available")
		return
	}
	c.layer = layer
	c.proxy.conns[c.id] = c
	c.log.Debug("connected")
}

// receive takes a message from the socket's goroutine. It never blocks.
func (c *conn) receive(msg []byte) {
	limits := c.proxy.cfg.Limits
	if len(msg) > limits.MessageBytes {
		c.log.Warn("message dropped: too large", "bytes", len(msg), "limit", limits.MessageBytes)
		return
	}
	if backlog := c.backlog.Add(1); backlog > int64(limits.Backlog) {
		c.backlog.Add(-1)
		c.log.Warn("connection closed: messages come faster than they can be worked on", "limit", limits.Backlog)
		c.socket.Close(closeBusy, "too many messages")
		return
	}
	c.proxy.loop.Post(func() {
		c.backlog.Add(-1)
		if !c.ended {
			c.message(msg)
		}
	})
}

// message answers a keep-alive (RFC 5626 §3.5.1) and gives the rest to the
// transaction layer.
func (c *conn) message(msg []byte) {
	if len(bytes.Trim(msg, "\r\n")) > 0 {
		c.layer.Receive(msg)
		return
	}
	if len(msg) >= 4 {
		if err := c.socket.Send([]byte("\r\n")); err != nil {
			c.log.Debug("keep-alive not answered", "err", err)
		}
	}
}

// lost takes the end of the connection from the socket's goroutine.
func (c *conn) lost(err error) {
	c.proxy.open.Add(-1)
	c.proxy.loop.Post(func() {
		if !c.ended {
			c.log.Debug("disconnected", "err", err)
			c.end(sipcore.ErrLinkDown)
		}
	})
}

// end gives up everything that hangs on the connection: bindings first, so that
// what fails now is not sent there again.
func (c *conn) end(err error) {
	c.ended = true
	delete(c.proxy.conns, c.id)
	for _, b := range c.proxy.location.over(c) {
		c.log.Info("binding removed: connection closed", "user", b.user)
		c.proxy.location.remove(b)
	}
	c.layer.LinkDown(err)
	c.layer.Close()
}

// close ends the connection for a reason that lies with the client.
func (c *conn) close(reason string) {
	c.log.Warn("connection closed", "reason", reason)
	c.socket.Close(closeBusy, reason)
}

// request dispatches a new request.
func (c *conn) request(tx *transact.Server) {
	req := tx.Request()
	c.log.Debug("request", "method", req.Method, "uri", req.Recipient.String())
	if limit := c.proxy.cfg.Limits.Transactions; c.layer.Pending() > limit {
		c.log.Warn("request refused: too many transactions", "limit", limit)
		c.respond(tx, refusal{code: sip.StatusServiceUnavailable, reason: "Too Many Transactions", retryAfter: 1})
		return
	}
	way, refused := c.proxy.preprocess(req)
	if refused == nil {
		refused = c.proxy.validate(req, way)
	}
	switch {
	case refused != nil:
		c.log.Warn("request refused", "method", req.Method, "code", refused.code, "reason", refused.reason)
		c.respond(tx, *refused)
	case way.inDialog:
		c.relay(tx, way)
	case c.proxy.isLocal(req, way):
		c.local(tx)
	default:
		if _, ok := c.authenticate(tx, true); ok {
			c.relay(tx, way)
		}
	}
}

// refusal is a final response made here.
type refusal struct {
	code        int
	reason      string
	unsupported []string // option tags, for 420
	allow       string   // methods, for 405
	retryAfter  int      // seconds; 0 = not said
}

// respond sends a response that carries nothing but its header.
func (c *conn) respond(tx *transact.Server, r refusal) {
	res := transact.NewResponse(tx.Request(), r.code, r.reason)
	if len(r.unsupported) > 0 {
		res.AppendHeader(sip.NewHeader("Unsupported", strings.Join(r.unsupported, ", ")))
	}
	if r.allow != "" {
		res.AppendHeader(sip.NewHeader("Allow", r.allow))
	}
	if r.retryAfter > 0 {
		res.AppendHeader(sip.NewHeader("Retry-After", decimal(r.retryAfter)))
	}
	c.send(tx, res)
}

func (c *conn) send(tx *transact.Server, res *sip.Response) {
	if err := tx.Respond(res); err != nil {
		c.log.Debug("response not sent", "code", res.StatusCode, "err", err)
	}
}
