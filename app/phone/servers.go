package phone

import (
	"gocommunicator/sipcore/auth"
	"gocommunicator/sipcore/media"
)

// Servers are those that the phone uses, for a test of the way to them. They hold
// passwords, and are to go nowhere else.
type Servers struct {
	WebSocket []string // URLs
	ICE       []media.ICEServer
	// Unknown are the TURN servers that want the account's password, which is not known.
	Unknown []string
}

// Servers gives the servers as whoever is logged in uses them. It may be called from any
// goroutine.
func (p *Phone) Servers() Servers {
	p.mu.Lock()
	defer p.mu.Unlock()
	cfg := p.deps.Config
	s := Servers{ICE: p.ice}
	switch {
	case !p.state.Account.LoggedIn:
		s.ICE = p.iceServers(cfg, auth.Credentials{})
	case p.using != nil:
		cfg = *p.using
	}
	for _, server := range cfg.WebSocket.Servers {
		s.WebSocket = append(s.WebSocket, server.URL)
	}
	if len(s.ICE) == len(cfg.STUNServers)+len(cfg.TURNServers) {
		return s
	}
	for _, server := range cfg.TURNServers { // left out for want of a password
		if server.Username == "" {
			s.Unknown = append(s.Unknown, server.Server)
		}
	}
	return s
}
