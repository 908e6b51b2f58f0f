package phone

import (
	"context"
	"strings"
	"time"

	"gocommunicator/app/config"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/auth"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/message"
	"gocommunicator/sipcore/register"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/ua"
)

// Login is who wants to use the phone.
type Login struct {
	URI         string // `sip:user@host` or `user@host`
	AuthUser    string // empty: taken from URI as the settings say
	Password    string // empty: challenges are not answered
	DisplayName string // shown to others; may be empty
	// Remember keeps what the password comes to at this server, encrypted, until the
	// person logs out: see LoginRemembered.
	Remember bool
}

// identity is who is logged in, and what is known of how. It belongs to the loop.
type identity struct {
	agent    *ua.UA // nil while nobody is
	engine   *media.Engine
	again    func(name string)  // logs in anew under another display name, while logged in
	keep     *remembered        // of whoever is logged in, if it is to be kept; else nil
	stay     bool               // the person wants it kept
	recalled bool               // whoever is logged in was remembered
	guest    bool               // whoever is logged in has no account of the person's
	host     config.Domain      // of whose guest somebody is
	asking   context.CancelFunc // ends what is asked of the web; nil unless something is
}

// Login logs in, connects, and registers unless the settings say otherwise. Who was
// logged in before is logged out. Where the settings name no server, the domain is asked for
// one, and a domain alone lets in a guest of it: see Deps.discover. The error is an
// *sipcore.AddressError or ErrNoServer; whether the server agrees is told by Registration.
func (p *Phone) Login(l Login) error {
	cfg := p.settings()
	if typed := strings.TrimSpace(l.URI); discovers(cfg) && isDomain(typed) {
		p.loginDomain(strings.ToLower(typed))
		return nil
	}
	account, err := sipcore.ParseAddress(l.URI, "")
	if err != nil {
		return err
	}
	account.Name = strings.TrimSpace(l.DisplayName)
	switch {
	case discovers(cfg):
		p.loginFound(account, l)
		return nil
	case len(cfg.WebSocket.Servers) == 0:
		return ErrNoServer
	}
	if l.AuthUser == "" {
		l.AuthUser = config.User{SIPAuthUserFullURI: cfg.User.SIPAuthUserFullURI}.AuthUser(account.AOR())
	}
	p.loop.Post(func() {
		if p.closing {
			return
		}
		p.start(account, auth.Credentials{Username: l.AuthUser, Password: l.Password}, l.Remember)
	})
	return nil
}

// start logs in in place of whoever was. keep has what the password comes to remembered.
func (p *Phone) start(account sipcore.Address, who auth.Credentials, keep bool) {
	p.logout()
	p.stay, p.host = keep, config.Domain{}
	p.tryLogin(account, who, origin{})
}

// tryLogin logs in, or says why not.
func (p *Phone) tryLogin(account sipcore.Address, credentials auth.Credentials, how origin) {
	if err := p.login(account, credentials, how); err != nil {
		p.log.Error("login", "err", err)
		p.notice(Explain(err))
		return
	}
	p.recalled = credentials.Password == "" && len(credentials.Digests) > 0
	if p.stay {
		p.keep = &remembered{
			Servers: serversOf(*p.using), Registrar: p.using.Registration.Server,
			URI: account.AOR(), AuthUser: credentials.Username, DisplayName: account.Name,
		}
	}
	p.again = func(name string) {
		account.Name = name
		p.tryLogin(account, credentials, how)
	}
}

func (p *Phone) login(account sipcore.Address, credentials auth.Credentials, how origin) error {
	account.Name = shortened(account.Name, maxContactName) // it stands in each message, which servers bound
	cfg := p.deps.Config
	if how.adapt != nil {
		cfg = how.adapt(cfg)
	}
	ice := p.iceServers(cfg, credentials)
	p.mu.Lock()
	p.ice, p.using = ice, &cfg
	p.mu.Unlock()
	engine, err := media.NewEngine(media.Config{
		ICEServers:    ice,
		RelayOnly:     cfg.Media.RelayOnly,
		RequireRelay:  cfg.Session.RequireRelayCandidate,
		GatherTimeout: cfg.Media.GatherTimeout,
		AudioCodecs:   lower(cfg.Media.AudioCodecs),
		VideoCodecs:   lower(cfg.Media.VideoCodecs),
		MaxAudio:      cfg.Media.MaxBitrateAudio,
		MaxVideo:      cfg.Media.MaxBitrateVideo,
		NoFEC:         !cfg.Media.OpusFEC,
		DTX:           cfg.Media.OpusDTX,
		Log:           p.log,
		Platform:      p.deps.Platform,
	})
	if err != nil {
		return err
	}
	registrar := account.URI
	if server := cfg.Registration.Server; server != "" {
		if registrar, err = sipcore.ParseServer(server); err != nil {
			return err
		}
	}
	// What an agent that was logged out still has to tell is no news of its successor.
	var agent *ua.UA
	current := func() bool { return p.agent == agent }
	agent, err = ua.New(ua.Config{
		Loop: p.loop, Log: p.log,
		Account: account, Credentials: credentials,
		InstanceID: p.deps.InstanceID,
		UserAgent:  UserAgent,
		Link:       linkConfig(cfg, p.deps.Dial),
		Registrar:  registrar,
		Expires:    cfg.Registration.Expiry,
		Open:       p.open,
		NoAnswer:   cfg.Dialing.NoAnswerTimeout,
		// What RFC 4028 §4 recommends.
		SessionExpires: 30 * time.Minute,
		TrustIdentity:  cfg.Session.TrustIdentity,
		Events: ua.Events{
			Link: func(s link.Status) {
				if current() {
					p.linkChanged(s)
				}
			},
			Registration: func(s register.Status) {
				if current() {
					p.registrationChanged(s)
				}
			},
			Incoming: p.incoming,
			Call:     p.callChanged,
			Info:     p.infoReceived,
			Refer: func(s *session.Session, r *session.Referred) bool {
				return current() && p.referred(s, r)
			},
			Message: func(m message.Message) {
				if current() {
					p.messageReceived(m)
				}
			},
		},
		AudioCodecs:    engine.AudioCodecs(),
		RefuseMessages: !cfg.Chat.Enable,
		Trace:          p.traceOf(account.AOR(), current),
	})
	if err != nil {
		return err
	}
	p.agent, p.engine, p.guest = agent, engine, how.guest
	engine.SetInputs(inputsOf(p.Snapshot().Equipment))
	p.setAccount(Account{LoggedIn: true, AOR: account.AOR(), Name: account.Name, Guest: how.guest})
	p.loadChats(account.AOR())
	agent.Open()
	if engine.Unmet() {
		p.notice(Notice{Code: "error_codecs"})
	}
	if cfg.Registration.OnStartup {
		agent.Register()
	}
	return nil
}

// lower has the names in lower case.
func lower(names []string) []string {
	return strings.Fields(strings.ToLower(strings.Join(names, " ")))
}

// UserAgent is what the phone calls itself to servers and other phones.
const UserAgent = "GoCommunicator"

// Leave ends calls, takes the registration back and closes the link, for a page that
// goes away: who wanted to stay logged in is remembered.
func (p *Phone) Leave() {
	p.loop.Post(func() {
		p.keepNotes()
		p.logout()
	})
}

// Logout is Leave for good: who wanted to stay logged in is forgotten.
func (p *Phone) Logout() {
	p.ForgetLogin()
	p.loop.Post(func() {
		p.logout()
		p.ClearTrace()
	})
}

// logout lets the agent end in its own time.
func (p *Phone) logout() {
	agent, engine := p.agent, p.engine
	p.stopAsking()
	if agent == nil {
		return
	}
	p.agent, p.engine, p.again, p.keep, p.recalled = nil, nil, nil, nil, false
	p.refuseWishes()
	p.leaveChats()
	p.setAccount(Account{})
	p.setRegistration(Registration{State: Unregistered})
	p.setLink(Link{State: LinkDown})
	p.leaving++
	agent.Close(func() {
		go engine.Close() // waits for the browser
		p.leaving--
		p.endIfLast()
	})
}

// Register registers the account. The error is ErrNotLoggedIn.
func (p *Phone) Register() error { return p.withAgent((*ua.UA).Register) }

// Unregister takes the registration back. The error is ErrNotLoggedIn.
func (p *Phone) Unregister() error { return p.withAgent((*ua.UA).Unregister) }

// Reconnect connects at once instead of waiting for the next attempt. The error is
// ErrNotLoggedIn.
func (p *Phone) Reconnect() error { return p.withAgent((*ua.UA).Reconnect) }

func (p *Phone) withAgent(do func(*ua.UA)) error {
	if !p.Snapshot().Account.LoggedIn {
		return ErrNotLoggedIn
	}
	p.loop.Post(func() {
		if p.agent != nil {
			do(p.agent)
		}
	})
	return nil
}

func (p *Phone) linkChanged(s link.Status) {
	state := LinkDown
	switch s.State {
	case link.Connecting:
		state = LinkConnecting
	case link.Up:
		state = LinkUp
	case link.Down, link.Closed:
	}
	p.setLink(Link{State: state, Server: sipcore.BlankURL(s.Server), Attempt: s.Attempt, RetryIn: s.RetryIn})
}

func (p *Phone) registrationChanged(s register.Status) {
	r := Registration{
		State: Unregistered, AOR: p.Snapshot().Account.AOR,
		Server: sipcore.BlankURL(p.agent.Link().Server), Cause: s.Cause,
	}
	switch s.State {
	case register.Registering, register.Unregistering:
		r.State = Registering
	case register.Registered:
		r.State, r.Expires = Registered, s.Expires
		r.Others = otherDevices(s.Contacts, now())
	case register.Failed:
		r.State = RegistrationFailed
	case register.Unregistered:
	}
	was := p.Snapshot().Registration
	p.setRegistration(r)
	if r.State == Registered {
		p.remember()
	}
	if r.State != RegistrationFailed || was.State == RegistrationFailed {
		return
	}
	if n := p.explainRefusal(r); p.guest { // who knows of no password
		p.notice(Explain(ErrNoAccount))
	} else {
		p.notice(n)
	}
	if unproven(s.Cause) && len(p.agent.Sessions()) == 0 {
		p.logout() // nothing would be accepted from this account: ask for it again
	}
}

func linkConfig(cfg config.Config, dial link.Dialer) link.Config {
	c := link.Config{
		MinRetry:       cfg.WebSocket.RecoveryMinInterval,
		MaxRetry:       cfg.WebSocket.RecoveryMaxInterval,
		ConnectTimeout: cfg.WebSocket.ConnectTimeout,
		KeepAlive:      cfg.WebSocket.KeepAlive,
		Dial:           dial,
	}
	if c.KeepAlive == 0 {
		c.KeepAlive = -1 // none, where link's 0 is its default
	}
	for _, s := range cfg.WebSocket.Servers {
		c.Servers = append(c.Servers, link.Server{URL: s.URL, Weight: s.Weight})
	}
	return c
}

// explainRefusal says what the person is told of a registration that failed. What was
// remembered and is not accepted is forgotten.
func (p *Phone) explainRefusal(r Registration) Notice {
	n := r.Explain()
	if !p.recalled || n.Code != "error_registration_password" && n.Code != "error_registration_forbidden" {
		return n
	}
	p.recalled = false
	p.keeping(p.unremember)
	if n.Code == "error_registration_password" {
		n.Code = "error_registration_again"
	}
	return n
}

// iceServers are those of the settings; a TURN entry without a user gets the
// credentials of the account, or is left out where the password is not known: a browser
// takes nothing else.
func (p *Phone) iceServers(cfg config.Config, c auth.Credentials) []media.ICEServer {
	var servers []media.ICEServer
	for _, s := range cfg.STUNServers {
		servers = append(servers, media.ICEServer{URLs: []string{s.Server}})
	}
	for _, s := range cfg.TURNServers {
		ice := media.ICEServer{URLs: []string{s.Server}, Username: s.Username, Credential: string(s.Password)}
		if s.Username == "" && c.Password == "" {
			p.log.Warn("TURN server left out: the password of the account is not known", "server", s.Server)
			continue
		}
		if s.Username == "" {
			ice.Username, ice.Credential = c.Username, c.Password
		}
		servers = append(servers, ice)
	}
	return servers
}

// now is the present without its monotonic part, as it is shown and kept.
func now() time.Time { return time.Now().Round(0) }
