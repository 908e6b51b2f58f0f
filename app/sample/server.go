//go:build !js

package sample

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
)

// Config says what a Server serves and where.
type Config struct {
	// Pages are those of web/samples/erp.
	Pages fs.FS
	// Phone is the address of the phone's page, of another origin, `http://host:port/`.
	Phone string
	// Account is the account of the embedded server that the phone logs in. Empty: the
	// person is asked.
	Account string
	// Database is the file of the database, made and filled with examples where it is not
	// there. Empty: one that is gone afterwards.
	Database string
	// Domain of the SIP addresses in the examples. Empty: localhost.
	Domain string
	// Addr is the IP address to listen on, of loopback. Empty: 127.0.0.1.
	Addr string
	// Port of the pages. 0: any free one.
	Port int
	// Log is where the server says what happens; nil means slog.Default().
	Log *slog.Logger
}

// Server is the ERP. Its methods may be called from any goroutine.
type Server struct {
	cfg   Config
	phone *url.URL
	log   *slog.Logger

	db       *database
	http     *http.Server
	listener net.Listener
	served   chan error // what ended the HTTP server
}

// New checks the settings. Nothing is opened before Start.
func New(cfg Config) (*Server, error) {
	cfg.Addr = cmp.Or(cfg.Addr, "127.0.0.1")
	cfg.Domain = cmp.Or(cfg.Domain, "localhost")
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	addr, err := netip.ParseAddr(cfg.Addr)
	if err != nil || !addr.IsLoopback() {
		return nil, fmt.Errorf("sample: %q is no address of loopback: whoever reaches this server reads everything in it", cfg.Addr)
	}
	phone, err := url.Parse(cfg.Phone)
	if err != nil || phone.Host == "" || phone.Scheme != "http" && phone.Scheme != "https" {
		return nil, fmt.Errorf("sample: %q is no address of a page", cfg.Phone)
	}
	if cfg.Pages == nil {
		return nil, errors.New("sample: there are no pages")
	}
	return &Server{cfg: cfg, phone: phone, log: cfg.Log, served: make(chan error, 1)}, nil
}

// Start opens the database and the port and serves until Shutdown. It may be called once.
func (s *Server) Start(ctx context.Context) error {
	db, err := open(ctx, s.cfg.Database, s.cfg.Domain)
	if err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	var network net.ListenConfig
	listener, err := network.Listen(ctx, "tcp", net.JoinHostPort(s.cfg.Addr, strconv.Itoa(s.cfg.Port)))
	if err != nil {
		return errors.Join(fmt.Errorf("sample: %w", err), db.close())
	}
	s.db, s.listener = db, listener
	s.http = &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	go func() { s.served <- s.http.Serve(s.listener) }()
	return nil
}

// URL is the address of the first page, `http://host:port/`. It is empty before Start.
func (s *Server) URL() string {
	if s.listener == nil {
		return ""
	}
	return "http://" + s.listener.Addr().String() + "/"
}

// Shutdown lets answers under way finish and closes everything. When ctx ends before, the
// rest is closed at once. It is for a server that has started, once.
func (s *Server) Shutdown(ctx context.Context) error {
	err := s.http.Shutdown(ctx)
	if ctx.Err() != nil {
		err = s.http.Close()
	}
	if ended := <-s.served; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return errors.Join(err, s.db.close())
}

// handler is everything that is served.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", s.servePage)
	mux.HandleFunc("GET /api/accounts", list(s.db.listAccounts))
	mux.HandleFunc("GET /api/accounts/{id}", one(s.db.account))
	mux.HandleFunc("GET /api/contacts", list(s.db.listContacts))
	mux.HandleFunc("GET /api/contacts/{id}", one(s.db.contact))
	mux.HandleFunc("GET /api/calls", list(s.db.listCalls))
	mux.HandleFunc("PUT /api/calls/{id}", s.saveCall)
	mux.HandleFunc("GET /api/lookup", s.lookup)
	return s.guard(http.NewCrossOriginProtection().Handler(mux))
}

// origin is that of the phone, `http://host:port`.
func (s *Server) origin() string { return s.phone.Scheme + "://" + s.phone.Host }

// guard puts the headers on every answer that a page with people's data should have, and
// refuses requests for other hosts: a page from elsewhere could else reach this machine by
// rebinding its own name to it.
//
// There is no Cross-Origin-Opener-Policy: the phone's window finds the page that opened it.
func (s *Server) guard(next http.Handler) http.Handler {
	policy := "default-src 'none'; script-src 'self' " + s.origin() + "; style-src 'self'; img-src 'self' data:; " +
		"connect-src 'self'; frame-src " + s.origin() + "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !meansThisMachine(r.Host) {
			http.Error(w, "this server is reached by the names of its own machine only", http.StatusMisdirectedRequest)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", fmt.Sprintf("camera=(self %[1]q), microphone=(self %[1]q), display-capture=(self %[1]q)", s.origin()))
		next.ServeHTTP(w, r)
	})
}

// meansThisMachine reports whether a Host header names the loopback interface.
func meansThisMachine(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
