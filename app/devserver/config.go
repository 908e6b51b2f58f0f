//go:build !js

package devserver

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"strings"

	"gocommunicator/sipcore/proxy"
)

// Config says what a Server serves and where. The zero value, with Page set, is the
// server of `make run`, on ports of the system's choice.
type Config struct {
	// Page is the built page: index.html, program, styles; each file may have a
	// compressed twin with .br or .gz behind its name. Nil: no page, only SIP and
	// TURN.
	Page fs.FS
	// Addr is the IP address to listen on. Empty: 127.0.0.1. Any that is not
	// loopback needs an AccountsFile.
	Addr string
	// Port of the page and of /sip. 0: any free one.
	Port int
	// TURNPort of STUN and TURN, udp and tcp. 0: any free one; negative: no STUN
	// and TURN.
	TURNPort int
	// RelayAddr is the IP address at which relayed media is reached. Empty: Addr.
	// It must be given when Addr is unspecified (0.0.0.0).
	RelayAddr string
	// Domain of the accounts' addresses. Empty: localhost.
	Domain string
	// AccountsFile holds the accounts; see the package's doc. Empty: DemoAccounts.
	AccountsFile string
	// NoServices leaves echo and music out.
	NoServices bool
	// Limits of the SIP server; zero values mean its defaults.
	Limits proxy.Limits
	// Log is where the server says what happens; nil means slog.Default().
	Log *slog.Logger
}

// settings is a Config that was checked and completed.
type settings struct {
	Config
	addr       netip.Addr
	relay      netip.Addr
	demo       bool // the demo accounts are in use
	accounts   []Account
	turnSecret string // from which TURN credentials are made
	servicePW  string // password of the services' accounts
}

func (cfg Config) check() (*settings, error) {
	s := &settings{Config: cfg, demo: cfg.AccountsFile == "", turnSecret: rand.Text(), servicePW: rand.Text()}
	s.Addr = cmp.Or(cfg.Addr, "127.0.0.1")
	s.Domain = strings.ToLower(cmp.Or(cfg.Domain, "localhost"))
	if s.Log == nil {
		s.Log = slog.Default()
	}
	var err error
	if s.addr, err = netip.ParseAddr(s.Addr); err != nil {
		return nil, fmt.Errorf("address %q is no IP address", s.Addr)
	}
	if s.demo && !s.addr.IsLoopback() {
		return nil, fmt.Errorf("%s can be reached from other machines, where the demo accounts would let anybody in: "+
			"give an accounts file of your own, or listen on 127.0.0.1", s.addr)
	}
	s.RelayAddr = cmp.Or(cfg.RelayAddr, s.Addr)
	if s.relay, err = netip.ParseAddr(s.RelayAddr); err != nil {
		return nil, fmt.Errorf("relay address %q is no IP address", s.RelayAddr)
	}
	if s.relay.IsUnspecified() && cfg.TURNPort >= 0 {
		return nil, errors.New("a relay address is needed, since " + s.Addr + " is none that media could be sent to")
	}
	if s.accounts, err = s.load(); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *settings) load() ([]Account, error) {
	if s.demo {
		return DemoAccounts(), nil
	}
	return LoadAccounts(s.AccountsFile)
}

// passwords maps the names of all accounts, services included, to their passwords.
func (s *settings) passwords() map[string]string {
	out := make(map[string]string, len(s.accounts)+2)
	for _, a := range s.accounts {
		out[a.Name] = a.Password
	}
	if !s.NoServices {
		out[echoName], out[musicName] = s.servicePW, s.servicePW
	}
	return out
}
