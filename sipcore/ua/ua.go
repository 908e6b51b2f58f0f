// Package ua puts the parts of sipcore together into a user agent: one account on
// one link, with its registration, sessions and messages.
//
// Everything runs on the loop it is given. What happens is told by the functions of
// [Events], called on that loop. Any number of agents may share a loop.
package ua

import (
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/auth"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/message"
	"gocommunicator/sipcore/register"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/subscribe"
	"gocommunicator/sipcore/transact"
)

// Config is what a user agent is made with.
type Config struct {
	Loop *sipcore.Loop
	Log  *slog.Logger // nil means slog.Default()

	Account     sipcore.Address  // address of record, and the name shown to others
	Credentials auth.Credentials // without password and digests challenges are not answered
	InstanceID  string           // `urn:uuid:…`, the same over restarts (RFC 5626 §4.1)
	UserAgent   string           // value of the User-Agent header

	// Link says where the server is. Its Loop, Log, OnMessage and OnState are set by
	// the agent.
	Link link.Config
	// Registrar is where REGISTER goes: its host, port and scheme count. The zero value
	// means the account's domain.
	Registrar sip.Uri
	// Expires is how long a registration is asked to last; 0 means an hour.
	Expires time.Duration

	// Open, NoAnswer, ConnectTimeout and SessionExpires are those of session.Config.
	Open           func(video bool, on func(session.MediaState)) session.Media
	NoAnswer       time.Duration
	ConnectTimeout time.Duration
	SessionExpires time.Duration
	// TrustIdentity is that of session.Config.
	TrustIdentity bool
	// AudioCodecs are those of session.Config.
	AudioCodecs []string
	// RefuseMessages answers every MESSAGE with 405.
	RefuseMessages bool

	// Trace is called on the loop with each message sent or received, keep-alives aside.
	// Nil = nobody looks.
	Trace func(Traced)

	Events Events
}

// Traced is a message as it went over the link, without the secrets in it.
type Traced struct {
	ID     int // for whoever keeps it
	Time   time.Time
	Sent   bool   // else received
	Faulty bool   // received, and so malformed that it was refused or dropped
	Server string // URL
	Text   string // foreign when received; need not be UTF-8
}

// Events are called on the loop. Nil ones are not.
type Events struct {
	Link         func(link.Status)
	Registration func(register.Status)
	// Incoming is called with each call that comes in.
	Incoming func(*session.Session)
	// Call is called after each change of a call.
	Call func(*session.Session)
	// Info is called with the body of each INFO in a call and tells whether it was of
	// use.
	Info func(s *session.Session, contentType string, body []byte) (taken bool)
	// Refer is called with the wish of the other side that this one calls somebody, and
	// tells whether that will be considered.
	Refer   func(*session.Session, *session.Referred) bool
	Message func(message.Message)
}

// UA is a user agent. Its methods are for the loop only.
type UA struct {
	cfg      Config
	log      *slog.Logger
	link     *link.Link
	layer    *transact.Layer
	auth     *auth.Client
	sessions *session.Set
	subs     *subscribe.Set
	reg      *register.Registration
	contact  sip.Uri
	linkUp   bool
	// unanswered counts the requests without a final response.
	unanswered int

	closing, closed bool
	whenClosed      []func()
}

// closeTimeout is how long a logout waits for BYE and REGISTER to be answered.
const closeTimeout = 2 * time.Second

// New makes a user agent that does nothing yet. Open connects it.
func New(cfg Config) (*UA, error) {
	if cfg.Loop == nil || cfg.Open == nil {
		return nil, errors.New("ua: Loop and Open are required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Registrar.Host == "" {
		cfg.Registrar = cfg.Account.URI
	}
	cfg.Registrar = sip.Uri{Scheme: cfg.Registrar.Scheme, Host: cfg.Registrar.Host, Port: cfg.Registrar.Port}
	u := &UA{cfg: cfg, log: cfg.Log, auth: auth.NewClient(cfg.Credentials)}
	u.cfg.Credentials = auth.Credentials{} // one place to forget them in
	u.contact = sip.Uri{
		Scheme: "sip",
		User:   token(8),
		Host:   token(12) + ".invalid", // RFC 7118 §5: no host of ours can be named
	}
	u.contact.UriParams.Add("transport", "ws")

	var err error
	lc := cfg.Link
	lc.Loop, lc.Log, lc.OnMessage, lc.OnState = cfg.Loop, cfg.Log, u.receiveData, u.linkState
	if u.link, err = link.New(lc); err != nil {
		return nil, err
	}
	u.layer, err = transact.New(transact.Config{
		Loop: cfg.Loop, Log: cfg.Log, Send: u.link.Send,
		OnRequest: func(tx *transact.Server) { u.receive(tx) },
		OnAck:     func(ack *sip.Request) { u.sessions.ReceiveAck(ack) },
		SentBy:    u.contact.Host,
		Trace:     u.tracer(),
	})
	if err != nil {
		return nil, err
	}
	u.sessions = session.NewSet(session.Config{
		Agent: u, Open: cfg.Open, OnChange: cfg.Events.Call, OnInfo: cfg.Events.Info, OnRefer: cfg.Events.Refer,
		NoAnswer: cfg.NoAnswer, ConnectTimeout: cfg.ConnectTimeout,
		SessionExpires: cfg.SessionExpires,
		TrustIdentity:  cfg.TrustIdentity,
		AudioCodecs:    cfg.AudioCodecs,
	}, u.incoming)
	u.subs = subscribe.NewSet(u)
	u.reg, err = register.New(register.Config{
		Agent: u, Registrar: cfg.Registrar, Expires: cfg.Expires, OnState: cfg.Events.Registration,
	})
	if err != nil {
		return nil, err
	}
	return u, nil
}

func token(n int) string { return strings.ToLower(sip.GenerateTagN(n)) }

// Open connects to the server, and goes on connecting whenever the link is lost.
func (u *UA) Open() { u.link.Open() }

// Reconnect tries at once instead of waiting for the next attempt.
func (u *UA) Reconnect() { u.link.RetryNow() }

// Register registers the account and keeps it registered, over lost links too.
func (u *UA) Register() { u.reg.Register() }

// Unregister takes this agent's registration back.
func (u *UA) Unregister() { u.reg.Unregister() }

// Registration returns how the registration stands.
func (u *UA) Registration() register.Status { return u.reg.Status() }

// Digests are what stands for the account's password at each realm that has accepted it:
// see auth.Client.Digests.
func (u *UA) Digests() []auth.Digest { return u.auth.Digests() }

// Link returns how the link stands.
func (u *UA) Link() link.Status { return u.link.Status() }

// Invite calls somebody.
func (u *UA) Invite(i session.Invite) *session.Session { return u.sessions.Invite(i) }

// Sessions returns the calls that are not over, oldest first.
func (u *UA) Sessions() []*session.Session { return u.sessions.Sessions() }

// Subscribe asks to be told of the state of something; see subscribe.Config. It ends with
// the agent.
func (u *UA) Subscribe(cfg subscribe.Config) *subscribe.Subscription { return u.subs.Subscribe(cfg) }

// Message sends an instant message; see message.Send.
func (u *UA) Message(m message.Message, done func(error)) { message.Send(u, m, done) }

// Formats asks somebody what it takes beside plain text; see message.Ask.
func (u *UA) Formats(peer sipcore.Address, done func(f message.Formats, known bool)) {
	message.Ask(u, peer, done)
}

// Close logs out: calls are ended, the registration is taken back, the link is
// closed once both have been answered or 2 s have passed. done is then called on the
// loop. The agent cannot be used again.
func (u *UA) Close(done func()) {
	if done != nil {
		u.whenClosed = append(u.whenClosed, done)
	}
	if u.closing {
		u.closedNow()
		return
	}
	u.closing = true
	for _, s := range u.sessions.Sessions() {
		// 603 would end the call on all the other devices of the person too.
		s.Reject(sip.StatusTemporarilyUnavailable)
		s.Hangup()
	}
	u.subs.Close()
	u.reg.Unregister() // nothing is sent when there is no binding
	deadline := time.Now().Add(closeTimeout)
	var wait func()
	wait = func() {
		if u.linkUp && (u.unanswered > 0 || u.sessions.Pending() > 0) && time.Now().Before(deadline) {
			u.cfg.Loop.After(20*time.Millisecond, wait)
			return
		}
		u.reg.Close()
		u.layer.Close()
		u.link.Close()
		u.auth.Forget()
		u.closed = true
		u.closedNow()
	}
	wait()
}

// closedNow tells those who wait for it that the agent is closed, if it is.
func (u *UA) closedNow() {
	if !u.closed {
		return
	}
	for _, done := range u.whenClosed {
		done()
	}
	u.whenClosed = nil
}

func (u *UA) linkState(s link.Status) {
	up := s.State == link.Up
	was := u.linkUp
	u.linkUp = up
	if was && !up {
		u.layer.LinkDown(s.Err)
	}
	if up && !was {
		transport := "WS"
		if strings.HasPrefix(strings.ToLower(s.Server), "wss:") {
			transport = "WSS"
		}
		u.layer.SetTransport(transport)
	}
	if u.cfg.Events.Link != nil {
		u.cfg.Events.Link(s)
	}
	switch {
	case up && !was:
		u.reg.LinkUp()
		u.subs.LinkUp()
	case was && !up:
		u.reg.LinkDown()
	}
}

// tracer is what the transaction layer tells of messages; nil when nobody looks.
func (u *UA) tracer() func(sent, understood bool, data []byte) {
	if u.cfg.Trace == nil {
		return nil
	}
	return func(sent, understood bool, data []byte) {
		u.cfg.Trace(Traced{
			Time: time.Now(), Sent: sent, Faulty: !understood,
			Server: sipcore.BlankURL(u.link.Status().Server), Text: sipcore.Blank(data),
		})
	}
}

func (u *UA) receiveData(data []byte) { u.layer.Receive(data) }

func (u *UA) incoming(s *session.Session) {
	switch {
	case u.closing:
		s.Reject(sip.StatusTemporarilyUnavailable)
	case u.cfg.Events.Incoming == nil:
		s.Reject(sip.StatusTemporarilyUnavailable)
	default:
		u.cfg.Events.Incoming(s)
	}
}

// Pending counts the transactions and sessions that are not over: 0 when the agent is
// at rest.
func (u *UA) Pending() int { return u.layer.Pending() + u.sessions.Pending() }
