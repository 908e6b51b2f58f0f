package phone

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gocommunicator/app/config"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/auth"
)

// Where a domain says how its phones are to be set, and what links there in WebFinger (RFC
// 7033) are: settings of that kind, and a SIP address.
const (
	wellKnown   = "/.well-known/gocommunicator.json"
	webFinger   = "/.well-known/webfinger"
	relSettings = "urn:x-gocommunicator:settings"
	relSIP      = "sip"
)

// ErrNothingKnown says that a domain says nothing of its phones.
var ErrNothingKnown = errors.New("the domain says nothing about phones")

// found is what a domain says.
type found struct {
	config.Domain
	address string // SIP address of whom was asked for; empty where there is no other
}

// discover asks a domain how its phones are to be set, for user, who may be empty. It waits
// for the network. The error is ErrNothingKnown, or ctx's.
func (d Deps) discover(ctx context.Context, user, domain string) (f found, err error) {
	f.Domain = d.domain(ctx, originOf(domain)+wellKnown)
	if len(f.WebSocket.Servers) == 0 && user != "" {
		links := d.links(ctx, user, domain)
		f.address = links[relSIP]
		_, host, _ := strings.Cut(f.address, "@")
		switch settings := links[relSettings]; {
		case settings != "":
			f.Domain = d.domain(ctx, settings)
		case host != "" && host != domain:
			f.Domain = d.domain(ctx, originOf(host)+wellKnown)
		}
	}
	if len(f.WebSocket.Servers) == 0 {
		return f, ErrNothingKnown
	}
	return f, nil
}

// domain reads settings; what cannot be read names no server.
func (d Deps) domain(ctx context.Context, address string) (found config.Domain) {
	at, err := url.Parse(address)
	if err != nil || at.Hostname() == "" {
		return found
	}
	data, err := d.fetch(ctx, "GET", address)
	if err == nil {
		found, err = config.ParseDomain(at, data)
	}
	if err != nil {
		d.Log.Info("no settings of a domain", "address", address, "err", err)
	}
	return found
}

// links are what a domain links to a user of it, by relation; what cannot be read is none.
func (d Deps) links(ctx context.Context, user, domain string) map[string]string {
	data, err := d.fetch(ctx, "GET", originOf(domain)+webFinger+"?resource="+url.QueryEscape("acct:"+user+"@"+domain)+"&rel="+relSettings+"&rel="+relSIP)
	if err != nil {
		return nil
	}
	var answer struct {
		Links []struct{ Rel, Href string }
	}
	if json.Unmarshal(data, &answer) != nil {
		return nil
	}
	links := map[string]string{}
	for _, l := range answer.Links {
		_, err := sipcore.ParseAddress(l.Href, "")
		if isSIP := err == nil && strings.HasPrefix(l.Href, "sip"); links[l.Rel] == "" && isSIP == (l.Rel == relSIP) {
			links[l.Rel] = l.Href
		}
	}
	return links
}

// originOf is where a domain is asked: only this machine is asked without https.
func originOf(domain string) string {
	host, _, _ := strings.Cut(domain, ":")
	if config.IsLoopback(host) {
		return "http://" + domain
	}
	return "https://" + domain
}

// discovers tells whether domains are to be asked: the settings name no server.
func discovers(cfg config.Config) bool {
	return cfg.Discovery.Enabled && len(cfg.WebSocket.Servers) == 0
}

// isDomain tells a domain that was typed alone.
func isDomain(typed string) bool {
	return strings.Contains(typed, ".") && !strings.ContainsAny(typed, "@/ ")
}

// seek asks the domain of an address, and then logs in: with what was found, or as guest
// where only a domain was typed. do does that, on the loop; otherwise the person is told.
func (p *Phone) seek(user, domain string, do func(found)) {
	p.loop.Post(func() {
		if p.closing {
			return
		}
		p.logout()
		p.setLink(Link{State: LinkConnecting, Server: domain, Attempt: 1})
		var f found
		p.askWeb(func(ctx context.Context) (err error) {
			f, err = p.deps.discover(ctx, user, domain)
			return err
		}, func(err error) {
			if err != nil {
				p.log.Info("nothing known of the domain", "domain", domain, "err", err)
				p.setLink(Link{State: LinkDown})
				p.notice(Notice{Code: "error_discovery", Params: map[string]string{"Domain": domain}})
				return
			}
			do(f)
		})
	})
}

// loginFound is Login where the domain of the address says which servers there are.
func (p *Phone) loginFound(account sipcore.Address, l Login) {
	domain := account.URI.Host
	if port := account.URI.Port; port != 0 {
		domain += ":" + strconv.Itoa(port)
	}
	p.seek(account.URI.User, domain, func(f found) {
		account.URI.Port = 0
		if f.address != "" {
			if other, err := sipcore.ParseAddress(f.address, ""); err == nil {
				account.URI = other.URI
			}
		}
		cfg := f.Over(p.deps.Config)
		if l.AuthUser == "" {
			l.AuthUser = config.User{SIPAuthUserFullURI: cfg.User.SIPAuthUserFullURI}.AuthUser(account.AOR())
		}
		p.stay = l.Remember
		p.tryLogin(account, auth.Credentials{Username: l.AuthUser, Password: l.Password}, origin{adapt: f.Over})
	})
}

// loginDomain lets somebody in who has typed only a domain: as guest of it.
func (p *Phone) loginDomain(domain string) {
	p.seek("", domain, func(f found) {
		cfg := f.Over(p.deps.Config)
		if cfg.Guest.EnrolURL == "" && !cfg.Guest.Anonymous {
			p.setLink(Link{State: LinkDown})
			p.notice(Notice{Code: "error_discovery_user", Params: map[string]string{"Domain": domain}})
			return
		}
		p.host = f.Domain
		p.enrol()
	})
}

// loginKept logs in with what was kept, where the settings name no server: the domain must
// still name those that it was kept for.
func (p *Phone) loginKept(account sipcore.Address, who auth.Credentials, kept remembered) {
	p.seek(account.URI.User, account.URI.Host, func(f found) {
		cfg := f.Over(p.deps.Config)
		if !slices.Equal(serversOf(cfg), kept.Servers) || cfg.Registration.Server != kept.Registrar {
			p.setLink(Link{State: LinkDown})
			p.keeping(p.unremember)
			return
		}
		p.stay = false
		p.tryLogin(account, who, origin{adapt: f.Over})
	})
}

// unknownThere are the status codes of a server that has nobody of an address.
var unknownThere = []int{403, 404, 410, 604}

// elsewhere calls somebody at the SIP address that the domain of an address links to it,
// where the server does not know that address: it may be one of mail only.
func (p *Phone) elsewhere(c Call, d Dial) {
	agent := p.agent
	user, domain, ok := strings.Cut(strings.TrimPrefix(c.Peer.URI, "sip:"), "@")
	if !p.deps.Config.Discovery.Enabled || d.To == "" || c.Cause == nil || !slices.Contains(unknownThere, c.Cause.Code) ||
		!ok || agent == nil || domain == p.domain() {
		return
	}
	go func() {
		to := p.deps.links(context.Background(), user, domain)[relSIP]
		a, err := sipcore.ParseAddress(to, "")
		if err != nil || a.AOR() == c.Peer.URI {
			return
		}
		d.To = to
		p.loop.Post(func() {
			if p.agent == agent && len(p.Snapshot().Calls) == 0 { // the person has not gone on to somebody else
				id, err := p.Dial(d)
				if err != nil {
					p.log.Info("elsewhere", "to", a.AOR(), "err", err)
				}
				p.loop.Post(func() {
					if live := p.live[id]; live != nil {
						live.wanted = Dial{} // no further
					}
				})
			}
		})
	}()
}
