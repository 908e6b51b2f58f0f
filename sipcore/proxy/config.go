//go:build !js

package proxy

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"gocommunicator/sipcore"
)

// Config says for whom a Proxy works and within which bounds.
type Config struct {
	// Domain is the host part of the users' addresses, e.g. "example.org". It is
	// also the host name in Via and Record-Route.
	Domain string
	// Aliases are further hosts that mean this proxy, e.g. "127.0.0.1".
	Aliases []string
	// Realm of the challenges. Empty: Domain.
	Realm string
	// Password returns the password of an account of the domain; ok is false when
	// there is no such account. It is called on the proxy's loop and must not block.
	Password func(user string) (password string, ok bool)

	// MinExpires, DefaultExpires and MaxExpires bound the life of a binding
	// (RFC 3261 §10.3). Zero: 60 s, 600 s, 3600 s.
	MinExpires, DefaultExpires, MaxExpires time.Duration
	// TimerC is how long an INVITE may ring without a sign of life (RFC 3261
	// §16.6). It must be more than 3 minutes there; tests may take less. Zero:
	// 181 s.
	TimerC time.Duration

	Limits Limits
	// Log is where the proxy says what happens; nil means slog.Default().
	Log *slog.Logger
}

// Limits bound what clients can take. Zero values mean the default named. Whoever
// runs into one finds the reason in the response, and it is logged.
type Limits struct {
	// Connections at the same time. Default 1000. More are closed at once.
	Connections int
	// MessageBytes of one message. Default 65536. Larger ones are dropped.
	MessageBytes int
	// Backlog of messages of one connection that wait to be worked on. Default
	// 256. A connection that exceeds it is closed.
	Backlog int
	// Transactions of one connection at the same time, both ways. Default 100.
	// Requests beyond it get 503.
	Transactions int
	// Bindings of one account. Default 10. A REGISTER beyond it gets 403.
	Bindings int
	// Registrations are the bindings of all accounts. Default 1000. A REGISTER
	// beyond it gets 503.
	Registrations int
	// LoginFailures is how often a connection may fail to log in before it is
	// closed, and how often an account may be failed at within a minute before
	// further attempts get 503. Default 10.
	LoginFailures int
}

// loginWindow is the time over which failed logins of an account are counted.
const loginWindow = time.Minute

func (l Limits) withDefaults() Limits {
	return Limits{
		Connections:   cmp.Or(l.Connections, 1000),
		MessageBytes:  cmp.Or(l.MessageBytes, 64<<10),
		Backlog:       cmp.Or(l.Backlog, 256),
		Transactions:  cmp.Or(l.Transactions, 100),
		Bindings:      cmp.Or(l.Bindings, 10),
		Registrations: cmp.Or(l.Registrations, 1000),
		LoginFailures: cmp.Or(l.LoginFailures, 10),
	}
}

func (cfg Config) withDefaults() (Config, error) {
	if cfg.Password == nil {
		return cfg, errors.New("proxy: Config.Password is missing")
	}
	// Reading an address is what shows that the domain can stand in one.
	if _, err := sipcore.ParseAddress("user@"+cfg.Domain, ""); err != nil {
		return cfg, fmt.Errorf("proxy: domain %q: %w", cfg.Domain, err)
	}
	cfg.Domain = strings.ToLower(cfg.Domain)
	cfg.Realm = cmp.Or(cfg.Realm, cfg.Domain)
	cfg.MinExpires = cmp.Or(cfg.MinExpires, time.Minute)
	cfg.DefaultExpires = cmp.Or(cfg.DefaultExpires, 10*time.Minute)
	cfg.MaxExpires = cmp.Or(cfg.MaxExpires, time.Hour)
	if cfg.MinExpires > cfg.MaxExpires {
		return cfg, fmt.Errorf("proxy: MinExpires %s exceeds MaxExpires %s", cfg.MinExpires, cfg.MaxExpires)
	}
	cfg.TimerC = cmp.Or(cfg.TimerC, 181*time.Second)
	cfg.Limits = cfg.Limits.withDefaults()
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return cfg, nil
}
