//go:build !js

package devserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/net/netutil"

	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/proxy"
)

const (
	// httpConnections bounds the connections of browsers, WebSockets included.
	httpConnections = 2000
	headerTimeout   = 10 * time.Second
	idleTimeout     = 2 * time.Minute
	// silence ends a WebSocket on which nothing comes. A phone without keep-alives
	// refreshes its registration at least every hour; machines that vanish are
	// noticed by TCP long before.
	silence = 61 * time.Minute
)

// Server is the embedded server. Its methods may be called from any goroutine.
type Server struct {
	settings *settings
	log      *slog.Logger

	proxy    *proxy.Proxy
	guests   guests
	turn     *turnServer // nil without TURN
	services []*service
	http     *http.Server
	listener net.Listener
	served   chan error // what ended the HTTP server
	stop     sync.Once
}

// New checks the settings and reads the accounts. Nothing is opened before Start.
func New(cfg Config) (*Server, error) {
	s, err := cfg.check()
	if err != nil {
		return nil, fmt.Errorf("embedded server: %w", err)
	}
	return &Server{settings: s, log: s.Log, served: make(chan error, 1), guests: guests{live: map[string]guest{}}}, nil
}

// Start opens the ports and serves until Close or Shutdown. It returns when
// everything is ready and the services have registered, or an error that says what
// to do. It may be called once.
func (s *Server) Start(ctx context.Context) error {
	if err := s.start(ctx); err != nil {
		return errors.Join(fmt.Errorf("embedded server: %w", err), s.Shutdown(ctx))
	}
	return nil
}

func (s *Server) start(ctx context.Context) error {
	c := s.settings
	passwords := c.passwords()
	var err error
	s.proxy, err = proxy.New(proxy.Config{
		Domain:  c.Domain,
		Aliases: []string{c.Addr, c.RelayAddr, "localhost"},
		Password: func(user string) (string, bool) {
			if pw, ok := passwords[user]; ok {
				return pw, true
			}
			return s.guests.password(user)
		},
		Limits: c.Limits,
		Log:    s.log.With("part", "proxy"),
	})
	if err != nil {
		return err
	}
	if s.listener, err = listen(c.Addr, c.Port); err != nil {
		return err
	}
	if c.TURNPort >= 0 {
		if s.turn, err = newTURN(c); err != nil {
			return err
		}
	}
	s.http = &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	go func() { s.served <- s.http.Serve(netutil.LimitListener(s.listener, httpConnections)) }()
	if c.NoServices {
		return nil
	}
	return s.startServices(ctx)
}

func listen(addr string, port int) (net.Listener, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(addr, strconv.Itoa(port)))
	if err != nil {
		return nil, listenError(err, addr, port, "PORT")
	}
	return l, nil
}

func isTaken(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }

// Addr is the address of the page, `host:port`. It is empty before Start.
func (s *Server) Addr() string {
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// TURNAddr is the address of STUN and TURN, `host:port`, empty without them.
func (s *Server) TURNAddr() string {
	if s.turn == nil {
		return ""
	}
	return net.JoinHostPort(s.settings.relay.String(), strconv.Itoa(s.turn.port))
}

// URL is the address of the page as a browser wants it, `http://host:port/`.
func (s *Server) URL() string { return "http://" + s.Addr() + "/" }

// Stats are the figures of the SIP server.
func (s *Server) Stats(ctx context.Context) (proxy.Stats, error) { return s.proxy.Stats(ctx) }

// Dialer connects to the SIP server without a network, for phones in this process.
func (s *Server) Dialer() link.Dialer { return link.PipeDialer(s.proxy.Attach) }

// Shutdown ends the services' calls, lets answers to browsers under way finish, and
// closes everything. When ctx ends before, the rest is closed at once. Calling it
// again, or Close, does nothing.
func (s *Server) Shutdown(ctx context.Context) error {
	var err error
	s.stop.Do(func() { err = s.shutdown(ctx) })
	return err
}

// Close is Shutdown that waits for no browser.
func (s *Server) Close() error {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return s.Shutdown(ctx)
}

func (s *Server) shutdown(ctx context.Context) error {
	for _, service := range s.services {
		service.close()
	}
	var err error
	switch {
	case s.http != nil:
		if err = s.http.Shutdown(ctx); ctx.Err() != nil {
			err = s.http.Close()
		}
		if ended := <-s.served; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
	case s.listener != nil:
		err = s.listener.Close()
	}
	if s.proxy != nil {
		s.proxy.Close()
	}
	if s.turn != nil {
		err = errors.Join(err, s.turn.Close())
	}
	return err
}

// handler is everything that is served on Port.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/sip", s.serveSIP)
	mux.HandleFunc("GET /config.json", s.serveSettings)
	if s.settings.demo {
		mux.HandleFunc("POST /guest", s.enrol)
		mux.HandleFunc("GET /.well-known/gocommunicator.json", s.serveSettings)
	}
	if s.settings.Page != nil {
		mux.Handle("/", newPage(s.settings.Page, s.log))
	}
	return s.guard(mux)
}

// serveSIP takes a WebSocket over to the SIP server and serves it until it ends.
func (s *Server) serveSIP(w http.ResponseWriter, r *http.Request) {
	if s.proxy.Full() {
		w.Header().Set("Retry-After", "30")
		http.Error(w, "too many connections", http.StatusServiceUnavailable)
		return
	}
	err := link.Accept(w, r, link.AcceptOptions{
		// The proxy drops what exceeds its own limit and lets the connection live;
		// this one bounds the memory.
		MaxMessage:  1 << 20,
		IdleTimeout: silence,
	}, s.proxy.Attach)
	if err != nil {
		s.log.Info("no WebSocket", "remote", r.RemoteAddr, "err", err)
	}
}

// contentPolicy lets the page run its own files and nothing else. Programs may be
// compiled, inline scripts may not run; styles may be set on elements, which go-app
// does. Servers of any host may be connected to, since settings can name them.
const contentPolicy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data: blob:; media-src 'self' blob: data: mediastream:; connect-src 'self' ws: wss:; " +
	"object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"

// neighbours are the pages that may hold the phone of a server on loopback: those of the
// same machine, whatever their port.
var neighbours = []string{"http://127.0.0.1:*", "http://localhost:*"}

// guard puts the headers on every answer that a page with a microphone should have,
// and refuses requests for other hosts while the demo accounts are in use: a page
// from elsewhere could else reach this machine by rebinding its own name to it.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.settings.demo && !s.meansThisMachine(r.Host) {
			http.Error(w, "this server is reached by the names of its own machine only", http.StatusMisdirectedRequest)
			return
		}
		h := w.Header()
		policy := contentPolicy
		if s.settings.addr.IsLoopback() {
			policy += " " + strings.Join(neighbours, " ")
		}
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self), geolocation=(self)")
		next.ServeHTTP(w, r)
	})
}

// meansThisMachine reports whether a Host header names the loopback interface.
func (s *Server) meansThisMachine(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
