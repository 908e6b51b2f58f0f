package transact_test

import (
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/siptest"
	"gocommunicator/sipcore/transact"
)

// fixture is a layer with a scripted peer at the other end, in a bubble.
type fixture struct {
	*siptest.Peer
	t       *testing.T
	loop    *sipcore.Loop
	layer   *transact.Layer
	servers []*transact.Server
	acks    []*sip.Request
	strays  []*sip.Response
}

// inBubble runs f with a fixture on fake time. No transaction may be left when f is
// through.
func inBubble(t *testing.T, f func(x *fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		x := &fixture{t: t, Peer: siptest.NewPeer(t), loop: sipcore.NewLoop(log)}
		x.layer = x.NewLayer(transact.Config{
			Loop:      x.loop,
			Log:       log,
			OnRequest: func(s *transact.Server) { x.servers = append(x.servers, s) },
			OnAck:     func(ack *sip.Request) { x.acks = append(x.acks, ack) },
			OnStray:   func(res *sip.Response) { x.strays = append(x.strays, res) },
		})
		f(x)
		x.do(func() {
			if n := x.layer.Pending(); n != 0 {
				t.Errorf("%d transactions are left", n)
			}
			x.layer.Close()
		})
		x.Cut()
		x.loop.Close()
		synctest.Wait()
	})
}

// do runs f on the loop and lets everything that comes of it happen.
func (x *fixture) do(f func()) {
	x.t.Helper()
	if err := x.loop.Do(x.t.Context(), f); err != nil {
		x.t.Fatal(err)
	}
	synctest.Wait()
}

// client is a request sent, with what was reported about it.
type client struct {
	*transact.Client
	codes []int
	errs  []error
}

func (x *fixture) send(method sip.RequestMethod) *client {
	x.t.Helper()
	req := x.NewRequest(method, "sip:bob@example.test")
	req.RemoveHeader("Via")
	c := &client{}
	x.do(func() {
		c.Client = x.layer.Request(req, func(res *sip.Response, err error) {
			if err != nil {
				c.errs = append(c.errs, err)
				return
			}
			c.codes = append(c.codes, res.StatusCode)
		})
	})
	return c
}

// wants checks what was reported: the responses, and then the error unless nil.
func (x *fixture) wants(c *client, err error, codes ...int) {
	x.t.Helper()
	synctest.Wait()
	x.do(func() {
		if !slices.Equal(c.codes, codes) {
			x.t.Errorf("reported %v, want %v", c.codes, codes)
		}
		switch {
		case err == nil && len(c.errs) > 0:
			x.t.Errorf("reported the errors %v, want none", c.errs)
		case err != nil && (len(c.errs) != 1 || !errors.Is(c.errs[0], err)):
			x.t.Errorf("reported the errors %v, want %v", c.errs, err)
		}
	})
}

// receive waits for the request that the peer has sent to come in.
func (x *fixture) receive() *transact.Server {
	x.t.Helper()
	synctest.Wait()
	var came []*transact.Server
	x.do(func() { came, x.servers = x.servers, nil })
	if len(came) != 1 {
		x.t.Fatalf("%d requests came, want 1", len(came))
	}
	return came[0]
}

// wantsReported checks how many requests, ACKs and stray responses were reported.
func (x *fixture) wantsReported(requests, acks, strays int) {
	x.t.Helper()
	synctest.Wait()
	x.do(func() {
		if len(x.servers) != requests || len(x.acks) != acks || len(x.strays) != strays {
			x.t.Errorf("%d requests, %d ACKs, %d stray responses were reported, want %d, %d, %d",
				len(x.servers), len(x.acks), len(x.strays), requests, acks, strays)
		}
	})
}

// respond answers with a code.
func (x *fixture) respond(s *transact.Server, code int) {
	x.t.Helper()
	x.do(func() {
		if err := s.Respond(transact.NewResponse(s.Request(), code, "")); err != nil {
			x.t.Errorf("respond %d: %v", code, err)
		}
	})
}
