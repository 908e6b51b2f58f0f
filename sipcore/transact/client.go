package transact

import (
	"errors"
	"fmt"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// clientState is how far a client transaction has come, as reported:
//
//	calling ──1xx──▶ proceeding
//	   │                 │
//	   ├──2xx to INVITE──┴──▶ accepted ──Timer M──▶ over
//	   ├──other final──────▶ completed ──at once──▶ over
//	   └──Timer B/F, link down, canceled──────────▶ over
type clientState int

const (
	calling    clientState = iota // nothing has come back
	proceeding                    // a provisional response was reported
	accepted                      // a 2xx to INVITE was reported; more may come
	completed                     // another final response was reported
)

// Client is a request on its way: a client transaction. It implements
// [sipcore.ClientTransaction]. Its methods are for the loop only.
type Client struct {
	l     *Layer
	key   string
	req   *sip.Request
	tx    *sip.ClientTx // nil when it never came to be
	on    func(*sip.Response, error)
	state clientState
	over  bool // nothing is reported any more

	queue      []*sip.Response // not yet fed to the state machine
	feeding    bool            // a goroutine is feeding it
	success    bool            // a 2xx to INVITE was queued
	absorbing  bool            // a final response was queued after which none counts
	terminated error           // why the state machine ended while it was being fed

	canceling    bool // Cancel was called
	cancelSent   bool
	cancelExtra  []sip.Header
	cancelExpiry *sipcore.Timer
}

var _ sipcore.ClientTransaction = (*Client)(nil)

// Request sends a request in a client transaction. It gets a Via with a new branch
// unless it has one, and must not be changed afterwards. on is called as
// [sipcore.Outgoing].On is, never before Request has returned; it may be nil. An ACK
// has no transaction: see Send.
func (l *Layer) Request(req *sip.Request, on func(*sip.Response, error)) *Client {
	c := &Client{l: l, req: req, on: on}
	if err := c.start(); err != nil {
		c.end(err)
	}
	return c
}

func (c *Client) start() error {
	l := c.l
	switch {
	case l.closed:
		return sipcore.ErrClosed
	case c.req.IsAck():
		return errors.New("an ACK has no transaction")
	case c.req.Via() == nil:
		c.req.PrependHeader(l.Via())
	}
	c.req.SetTransport(l.cfg.Transport)
	key, err := sip.ClientTxKeyMake(c.req)
	if err != nil {
		return fmt.Errorf("not sent: %w", err)
	}
	if l.clients[key] != nil {
		return fmt.Errorf("not sent: the branch %q is in use", c.req.Via().Params.GetOr("branch", ""))
	}
	// The state machine reads its request on other goroutines: it gets its own.
	c.tx = sip.NewClientTx(key, c.req.Clone(), conn{l}, silent)
	c.tx.OnRetransmission(func(res *sip.Response) { l.loop.Post(func() { c.report(res) }) })
	c.tx.OnTerminate(func(_ string, err error) { l.loop.Post(func() { c.terminate(err) }) })
	if err := c.tx.Init(); err != nil {
		return err
	}
	c.key = key
	l.clients[key] = c
	return nil
}

// Request is the request as sent, with its Via. It must not be changed.
func (c *Client) Request() *sip.Request { return c.req }

// receive queues a response for the state machine. Feeding it blocks until what it
// passes on has been read, so that is done on another goroutine, one response at a
// time.
func (c *Client) receive(res *sip.Response) {
	switch {
	case res.IsProvisional():
	case c.req.IsInvite() && res.IsSuccess():
		if c.absorbing {
			c.l.stray(res)
			return
		}
		c.success = true
	case c.success || c.absorbing:
		return
	default:
		c.absorbing = true
	}
	c.queue = append(c.queue, res)
	if !c.feeding {
		c.feedNext()
	}
}

func (c *Client) feedNext() {
	if c.over || len(c.queue) == 0 {
		c.feeding = false
		return
	}
	res := c.queue[0]
	c.queue = c.queue[1:]
	c.feeding = true
	go c.feed(res)
}

// feed has the state machine take one response. What it passes on is posted before
// the next response is fed, so that the order stays.
func (c *Client) feed(res *sip.Response) {
	taken := make(chan struct{})
	go func() {
		defer close(taken)
		c.tx.Receive(res)
	}()
	for {
		select {
		case r := <-c.tx.Responses():
			c.l.loop.Post(func() { c.report(r) })
		case <-taken:
			c.l.loop.Post(c.fed)
			return
		}
	}
}

func (c *Client) fed() {
	if c.terminated != nil {
		c.feeding = false
		c.end(c.terminated)
		return
	}
	c.feedNext()
}

// report passes a response on.
func (c *Client) report(res *sip.Response) {
	if c.over {
		return
	}
	switch {
	case res.IsProvisional():
		c.state = max(c.state, proceeding)
	case c.req.IsInvite() && res.IsSuccess():
		c.state = accepted
	default:
		c.state = completed
	}
	if c.state >= accepted {
		c.cancelExpiry.Stop()
	}
	if c.on != nil {
		c.on(res, nil)
	}
	c.sendCancel()
}

// terminate takes note that the state machine has ended. The final response that
// ended it may not have been reported yet: then that comes first.
func (c *Client) terminate(err error) {
	switch {
	case errors.Is(err, sip.ErrTransactionTimeout):
		err = sipcore.ErrTimeout
	case errors.Is(err, sip.ErrTransactionTransport):
		err = sipcore.ErrLinkDown
	}
	if c.feeding {
		c.terminated = err
		return
	}
	c.end(err)
}

// end removes the transaction, and reports err unless a final response was.
func (c *Client) end(err error) {
	if c.over {
		return
	}
	c.over = true
	c.queue = nil
	c.cancelExpiry.Stop()
	if c.key != "" {
		delete(c.l.clients, c.key)
		c.tx.Terminate()
	}
	if c.state >= accepted || c.on == nil {
		return
	}
	err = fmt.Errorf("%s: %w", c.req.Method, err)
	c.l.loop.Post(func() { c.on(nil, err) })
}
