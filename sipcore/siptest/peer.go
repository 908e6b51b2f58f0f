package siptest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/transact"
)

// Defaults of Peer's patience, and how much the phone may send unread.
const (
	defaultWait  = 10 * time.Second
	defaultQuiet = 20 * time.Millisecond
	maxUnread    = 10_000
)

// ErrRefused is what dialling gives after Refuse.
var ErrRefused = errors.New("siptest: connection refused")

// Peer is a scripted SIP peer.
type Peer struct {
	// Wait is how long the Expect functions wait; 10 s. In a bubble that is time
	// which passes only while nothing else can run.
	Wait time.Duration
	// Quiet is how long ExpectNone waits; 20 ms.
	Quiet time.Duration

	t     testing.TB
	in    chan sip.Message
	dials chan string

	mu       sync.Mutex
	sock     link.Socket
	refusing bool
	toPhone  Fault
	toPeer   Fault
	trace    []string
}

// NewPeer makes a peer to which nobody is connected. The connection is cut when the
// test ends.
func NewPeer(t testing.TB) *Peer {
	p := &Peer{
		Wait:  defaultWait,
		Quiet: defaultQuiet,
		t:     t,
		in:    make(chan sip.Message, maxUnread),
		dials: make(chan string, maxUnread),
	}
	t.Cleanup(p.Cut)
	return p
}

// Dialer connects a link to the peer. Each connection takes the place of the one
// before.
func (p *Peer) Dialer() link.Dialer {
	pipe := link.PipeDialer(p.accept)
	return func(ctx context.Context, url string, ev link.SocketEvents) (link.Socket, error) {
		p.dials <- url
		p.mu.Lock()
		refusing := p.refusing
		p.mu.Unlock()
		if refusing {
			return nil, ErrRefused
		}
		return pipe(ctx, url, ev)
	}
}

// NewLayer connects a transaction layer to the peer without a link between them.
// Loop and Log of cfg may be nil; Send is set here. It is closed, and a loop made
// here with it, when the test ends.
func (p *Peer) NewLayer(cfg transact.Config) *transact.Layer {
	p.t.Helper()
	if cfg.Loop == nil {
		cfg.Loop = sipcore.NewLoop(cfg.Log)
		p.t.Cleanup(cfg.Loop.Close)
	}
	var layer *transact.Layer
	up := make(chan struct{})
	sock, err := p.Dialer()(p.t.Context(), "sip", link.SocketEvents{
		Message: func(msg []byte) {
			<-up
			cfg.Loop.Post(func() { layer.Receive(msg) })
		},
		Closed: func(err error) {
			<-up
			cfg.Loop.Post(func() { layer.LinkDown(err) })
		},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	cfg.Send = sock.Send
	layer, err = transact.New(cfg)
	if err != nil {
		p.t.Fatal(err)
	}
	close(up)
	p.t.Cleanup(func() { cfg.Loop.Post(layer.Close) })
	return layer
}

// ExpectDial waits for a link to try to connect, whether that is refused or not, and
// returns the URL.
func (p *Peer) ExpectDial() string {
	p.t.Helper()
	select {
	case url := <-p.dials:
		return url
	case <-time.After(p.Wait):
		p.t.Fatalf("no connection within %v", p.Wait)
		return ""
	}
}

// Refuse has every further connection refused, or taken again. The one that stands
// stays.
func (p *Peer) Refuse(refuse bool) {
	p.mu.Lock()
	p.refusing = refuse
	p.mu.Unlock()
}

// Cut ends the connection.
func (p *Peer) Cut() {
	p.mu.Lock()
	sock := p.sock
	p.sock = nil
	p.mu.Unlock()
	if sock != nil {
		sock.Close(1000, "cut")
	}
}

// Expect waits for the next message and returns it: a request of that method.
// Anything else fails the test.
func (p *Peer) Expect(method sip.RequestMethod) *sip.Request {
	p.t.Helper()
	msg := p.next(string(method))
	req, ok := msg.(*sip.Request)
	if !ok || req.Method != method {
		p.t.Fatalf("want %s, got:\n%s", method, msg)
	}
	return req
}

// ExpectResponse waits for the next message and returns it: a response with that
// code to a request of that method. Anything else fails the test.
func (p *Peer) ExpectResponse(method sip.RequestMethod, code int) *sip.Response {
	p.t.Helper()
	msg := p.next("response")
	res, ok := msg.(*sip.Response)
	if !ok || res.StatusCode != code || res.CSeq().MethodName != method {
		p.t.Fatalf("want %d to %s, got:\n%s", code, method, msg)
	}
	return res
}

// FinalResponse waits for the final response to a request of the peer and passes over
// whatever else comes.
func (p *Peer) FinalResponse(req *sip.Request) *sip.Response {
	p.t.Helper()
	for {
		res, ok := p.next("final response to " + string(req.Method)).(*sip.Response)
		if ok && !res.IsProvisional() && *res.CSeq() == *req.CSeq() && res.CallID().Value() == req.CallID().Value() {
			return res
		}
	}
}

// ExpectNone fails the test when anything has come or comes within Quiet.
func (p *Peer) ExpectNone() {
	p.t.Helper()
	select {
	case msg := <-p.in:
		p.t.Fatalf("want nothing, got:\n%s", msg)
	case <-time.After(p.Quiet):
	}
}

func (p *Peer) next(what string) sip.Message {
	p.t.Helper()
	select {
	case msg := <-p.in:
		return msg
	case <-time.After(p.Wait):
		p.t.Fatalf("no %s within %v", what, p.Wait)
		return nil
	}
}

// Send sends a message, complete as it is.
func (p *Peer) Send(msg sip.Message) {
	p.t.Helper()
	if msg.ContentLength() == nil {
		msg.SetBody(msg.Body())
	}
	p.SendRaw(msg.String())
}

// SendRaw sends anything.
func (p *Peer) SendRaw(data string) {
	p.t.Helper()
	p.mu.Lock()
	sock, fault := p.sock, p.toPhone
	p.trace = append(p.trace, "<-- to the phone\n"+data)
	p.mu.Unlock()
	if sock == nil {
		p.t.Fatal("nobody is connected")
	}
	fault.apply([]byte(data), func(msg []byte) {
		// A connection that was cut loses what is on its way.
		_ = sock.Send(msg)
	})
}

// accept takes a connection.
func (p *Peer) accept(sock link.Socket) link.SocketEvents {
	p.mu.Lock()
	p.sock = sock
	p.mu.Unlock()
	return link.SocketEvents{
		Message: func(msg []byte) { p.received(sock, msg) },
		Closed: func(error) {
			p.mu.Lock()
			if p.sock == sock {
				p.sock = nil
			}
			p.mu.Unlock()
		},
	}
}

// received answers keep-alives (RFC 5626 §3.5.1) and queues everything else for the
// test.
func (p *Peer) received(sock link.Socket, data []byte) {
	if strings.Trim(string(data), "\r\n") == "" {
		if len(data) >= len("\r\n\r\n") {
			_ = sock.Send([]byte("\r\n")) // or the connection has been cut
		}
		return
	}
	p.mu.Lock()
	fault := p.toPeer
	p.trace = append(p.trace, "--> from the phone\n"+string(data))
	p.mu.Unlock()
	fault.apply(data, func(data []byte) {
		msg, err := sip.ParseMessage(data)
		if err != nil {
			p.t.Errorf("the phone sent something malformed: %v\n%s", err, data)
			return
		}
		p.in <- msg
	})
}
