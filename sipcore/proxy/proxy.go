//go:build !js

package proxy

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/auth"
	"gocommunicator/sipcore/link"
)

// closeBusy is the WebSocket close code of a connection that is refused or ended
// because it exceeds a limit.
const closeBusy = 4503

// Proxy is a registrar and proxy. Its methods may be called from any goroutine.
type Proxy struct {
	cfg      Config
	log      *slog.Logger
	loop     *sipcore.Loop
	verifier *auth.Verifier
	sealer   *sealer

	open   atomic.Int64  // connections accepted and not yet closed
	lastID atomic.Uint64 // the last connID given

	// Owned by the loop.
	conns    map[connID]*conn
	location *location
	failures failures
	claimed  string // the account that the request being verified names
	closed   bool
}

// New starts a proxy. It ends with Close.
func New(cfg Config) (*Proxy, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	p := &Proxy{
		cfg:      cfg,
		log:      cfg.Log,
		loop:     sipcore.NewLoop(cfg.Log),
		sealer:   newSealer(),
		conns:    make(map[connID]*conn),
		location: newLocation(),
		failures: make(failures),
	}
	p.verifier = auth.NewVerifier(auth.VerifierConfig{
		Realm:      cfg.Realm,
		Lookup:     p.password,
		Algorithms: []string{"SHA-256", "MD5"},
	})
	return p, nil
}

// Attach takes over a connection that was just established and returns what is to
// be called with its messages and its end. It has the shape that link.Accept and
// link.PipeDialer ask for.
func (p *Proxy) Attach(s link.Socket) link.SocketEvents {
	if open := p.open.Add(1); open > int64(p.cfg.Limits.Connections) {
		p.log.Warn("connection refused: too many", "limit", p.cfg.Limits.Connections)
		s.Close(closeBusy, "too many connections")
		return link.SocketEvents{
			Message: func([]byte) {},
			Closed:  func(error) { p.open.Add(-1) },
		}
	}
	c := &conn{proxy: p, id: connID(p.lastID.Add(1)), socket: s}
	c.log = p.log.With("conn", c.id)
	if !p.loop.Post(c.start) {
		s.Close(closeBusy, "shutting down")
	}
	return link.SocketEvents{Message: c.receive, Closed: c.lost}
}

// Full reports whether a further connection would be refused, so that a server can
// say so before it accepts one.
func (p *Proxy) Full() bool { return p.open.Load() >= int64(p.cfg.Limits.Connections) }

// Stats are figures of a running proxy.
type Stats struct {
	Connections  int // established
	Bindings     int // of all accounts
	Transactions int // pending, of all connections
}

// Stats returns the present figures. It waits for the proxy's loop.
func (p *Proxy) Stats(ctx context.Context) (Stats, error) {
	var s Stats
	err := p.loop.Do(ctx, func() {
		s = Stats{Connections: len(p.conns), Bindings: p.location.total}
		for _, c := range p.conns {
			s.Transactions += c.layer.Pending()
		}
	})
	if err != nil {
		return Stats{}, fmt.Errorf("proxy: %w", err)
	}
	return s, nil
}

// Close closes all connections and ends the proxy. It waits until its loop has
// ended. Calling it again does nothing.
func (p *Proxy) Close() {
	p.loop.Post(func() {
		p.closed = true
		for _, c := range p.conns {
			c.socket.Close(1000, "shutting down")
			c.end(sipcore.ErrClosed)
		}
	})
	p.loop.Close()
	<-p.loop.Done()
}

// ours reports whether a host name in a URI means this proxy.
func (p *Proxy) ours(host string) bool {
	host = lowerHost(host)
	if host == p.cfg.Domain {
		return true
	}
	for _, alias := range p.cfg.Aliases {
		if host == lowerHost(alias) {
			return true
		}
	}
	return false
}
