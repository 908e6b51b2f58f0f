package phone

import (
	"reflect"
	"slices"

	"gocommunicator/app/config"
)

// Configure has those settings hold that a person may change (config.SetOwn). Whoever is
// logged in is logged in anew where that takes it, and logged out where the server or the
// address is another one: the credentials were not for that. During a call the settings
// wait for the next login.
func (p *Phone) Configure(cfg config.Config) {
	p.loop.Post(func() {
		was := p.deps.Config
		p.mu.Lock()
		p.deps.Config.User, p.deps.Config.Registration = cfg.User, cfg.Registration
		p.deps.Config.WebSocket, p.deps.Config.Media = cfg.WebSocket, cfg.Media
		p.deps.Config.Dialing, p.deps.Config.Session = cfg.Dialing, cfg.Session
		p.mu.Unlock()
		if p.agent == nil || len(p.agent.Sessions()) > 0 {
			return
		}
		switch again := p.again; {
		case isElsewhere(was, cfg):
			p.logout()
		case was.User.DisplayName != cfg.User.DisplayName:
			p.logout()
			again(cfg.User.DisplayName)
		case was.Registration != cfg.Registration || !reflect.DeepEqual(was.Media, cfg.Media):
			name := p.Snapshot().Account.Name
			p.logout()
			again(name)
		}
	})
}

// isElsewhere tells whether credentials for the one are none for the other.
func isElsewhere(a, b config.Config) bool {
	return a.User.URI != b.User.URI || a.User.SIPAuthUser != b.User.SIPAuthUser ||
		a.Registration.Server != b.Registration.Server || !slices.Equal(a.WebSocket.Servers, b.WebSocket.Servers)
}
