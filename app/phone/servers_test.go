package phone

import (
	"slices"
	"testing"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/sipcore/media"
)

// Before the login nobody knows the password that a TURN server without one wants.
func TestServersAreThoseThatAreUsed(t *testing.T) {
	cfg := config.Default()
	cfg.WebSocket.Servers = []config.Server{{URL: "wss://a", Weight: 1}, {URL: "wss://b", Weight: 1}}
	cfg.STUNServers = []config.STUNServer{{Server: "stun:s"}}
	cfg.TURNServers = []config.TURNServer{{Server: "turn:own", Username: "u", Password: "p"}, {Server: "turn:account"}}
	b := bus.New(nil)
	defer b.Close()
	p := New(Deps{Bus: b, Config: cfg})
	defer func() {
		p.Close()
		<-p.Done()
	}()
	s := p.Servers()
	if !slices.Equal(s.WebSocket, []string{"wss://a", "wss://b"}) || !slices.Equal(s.Unknown, []string{"turn:account"}) || len(s.ICE) != 2 {
		t.Errorf("%+v", s)
	}
	p.mu.Lock()
	p.state.Account.LoggedIn = true
	p.ice = []media.ICEServer{{URLs: []string{"stun:s"}}, {URLs: []string{"turn:own"}}, {URLs: []string{"turn:account"}, Username: "alice"}}
	p.mu.Unlock()
	if s = p.Servers(); len(s.Unknown) > 0 || len(s.ICE) != 3 || s.ICE[2].Username != "alice" {
		t.Errorf("logged in: %+v", s)
	}
}
