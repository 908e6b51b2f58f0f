package phone

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"gocommunicator/app/config"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/auth"
	"gocommunicator/sipcore/ua"
)

var (
	// ErrNoGuests says that the settings let nobody use the phone without an account.
	ErrNoGuests = errors.New("nobody calls from here without an account")
	// ErrNoAccount says that no account could be had for a guest.
	ErrNoAccount = errors.New("no account could be had for a guest")
)

// anonymous is the host of those who are nobody (RFC 3323 §4.1.1.3).
const anonymous = "anonymous.invalid"

// guestWait is how often it is looked whether an account that has run out is still talked
// with.
const guestWait = 30 * time.Second

// origin is how whoever is logged in came to be.
type origin struct {
	guest bool // without an account of the person's
	// adapt gives the settings as far as the account has others; nil changes nothing.
	adapt func(config.Config) config.Config
}

// LoginGuest logs in without an account of the person's: with one that the enrolment server
// of the settings makes for a while, else as nobody, where the settings say that servers
// take such calls. It does not wait. The error is ErrNoGuests or ErrNoServer.
func (p *Phone) LoginGuest() error {
	if err := p.guestsMay(); err != nil {
		return err
	}
	p.loop.Post(func() {
		p.host = config.Domain{}
		p.enrol()
	})
	return nil
}

func (p *Phone) guestsMay() error {
	switch cfg := p.settings(); {
	case cfg.Guest.EnrolURL != "":
	case !cfg.Guest.Anonymous:
		return ErrNoGuests
	case len(cfg.WebSocket.Servers) == 0:
		return ErrNoServer
	}
	return nil
}

// enrol lets somebody in. Loop.
func (p *Phone) enrol() {
	g := p.host.Over(p.deps.Config).Guest
	switch {
	case p.closing || p.asking != nil:
		return
	case g.EnrolURL == "":
		uri := "sip:anonymous@" + anonymous
		if g.Domain != "" {
			uri = "sip:guest-" + strings.ToLower(rand.Text())[:8] + "@" + g.Domain
		}
		p.letIn(config.Enrolment{URI: uri}, true)
		return
	}
	if p.agent == nil {
		p.setLink(Link{State: LinkConnecting, Attempt: 1})
	}
	var account config.Enrolment
	p.askWeb(func(ctx context.Context) error {
		data, err := p.deps.fetch(ctx, "POST", g.EnrolURL)
		if err == nil {
			account, err = config.ParseEnrolment(p.deps.Page, data)
		}
		return err
	}, func(err error) {
		if err != nil {
			p.log.Warn("no account for a guest", "err", err)
			p.turnAway()
			return
		}
		p.letIn(account, false)
	})
}

// askWeb has something asked of the web, and goes on with then on the loop, unless somebody has
// logged in meanwhile or nobody wants it any more.
func (p *Phone) askWeb(question func(context.Context) error, then func(error)) {
	ctx, cancel := context.WithCancel(context.Background())
	p.asking = cancel
	go func() {
		err := question(ctx)
		p.loop.Post(func() {
			if ctx.Err() == nil {
				p.stopAsking()
				then(err)
			}
		})
	}()
}

// letIn logs a guest in. One without an account is not registered.
func (p *Phone) letIn(e config.Enrolment, nobody bool) {
	account, err := sipcore.ParseAddress(e.URI, "")
	if err != nil {
		p.log.Warn("no address for a guest", "err", err)
		p.turnAway()
		return
	}
	if nobody {
		account.Name = "Anonymous" // RFC 3323 §4.1.1.3
	}
	p.logout()
	p.stay = false
	host := p.host
	p.tryLogin(account, auth.Credentials{Username: e.Name(), Password: string(e.Password)}, origin{guest: true, adapt: func(cfg config.Config) config.Config {
		cfg = host.Over(cfg)
		cfg.Registration.OnStartup = !nobody
		if len(e.Servers) > 0 {
			cfg.WebSocket.Servers, cfg.Registration.Server = e.Servers, ""
		}
		return cfg
	}})
	if agent := p.agent; agent != nil && e.Expires > 0 {
		p.loop.After(e.Expires, func() { p.renew(agent) })
	}
}

// renew has an account made in place of one that has run out, when nobody talks with it.
func (p *Phone) renew(agent *ua.UA) {
	switch {
	case p.agent != agent:
	case len(agent.Sessions()) > 0:
		p.loop.After(guestWait, func() { p.renew(agent) })
	default:
		p.enrol()
	}
}

// turnAway says that there is no account for a guest; whose has run out is out.
func (p *Phone) turnAway() {
	p.notice(Explain(ErrNoAccount))
	p.mu.Lock()
	p.waiting = nil
	p.mu.Unlock()
	p.logout()
	p.setLink(Link{State: LinkDown})
}

// stopAsking takes back what is asked.
func (p *Phone) stopAsking() {
	if p.asking != nil {
		p.asking()
		p.asking = nil
	}
}
