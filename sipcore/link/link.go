package link

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"gocommunicator/sipcore"
)

// Defaults of Config.
const (
	defaultMinRetry       = 2 * time.Second
	defaultMaxRetry       = 30 * time.Second
	defaultKeepAlive      = 25 * time.Second
	defaultConnectTimeout = 10 * time.Second
	defaultMaxMessage     = 4 * 65536
)

// stableAfter is how long a connection must have held for the server to count as
// good: one that accepts and closes at once is a failed one.
const stableAfter = 10 * time.Second

// Status is a link's state with what belongs to it.
type Status struct {
	State   State
	Server  string        // URL in use, being tried, or tried last
	Attempt int           // attempts since the link was last good, this one included
	RetryIn time.Duration // when Down: how long from the change to the next attempt
	Err     error         // when Down: why; when Connecting: why the last attempt failed
}

// Config is what a Link needs. Loop and at least one server are required.
type Config struct {
	Loop    *sipcore.Loop
	Servers []Server // tried by weight, the next one on failure
	// MinRetry and MaxRetry bound the time between rounds of attempts, which grows
	// exponentially and is random; 0 = 2 s and 30 s.
	MinRetry, MaxRetry time.Duration
	// KeepAlive is how often CRLFCRLF is sent (RFC 5626 §3.5.1); 0 = 25 s, negative =
	// never. A server that has answered once and then does not for 10 s is dead.
	KeepAlive      time.Duration
	ConnectTimeout time.Duration // for one attempt; 0 = 10 s
	// MaxMessage is the size in bytes above which a received message is dropped with
	// a warning, the link staying up; 0 = 262144.
	MaxMessage int
	Dial       Dialer       // nil = DialWebSocket
	Log        *slog.Logger // nil = slog.Default()
	// OnMessage is called on the loop with each message that is no keep-alive.
	OnMessage func(msg []byte)
	// OnState is called on the loop at every change: also from within Open, Close
	// and RetryNow. Nil = not reported.
	OnState func(Status)
}

// Link keeps a connection to one of several servers. Its methods are for the loop
// only.
type Link struct {
	cfg      Config
	log      *slog.Logger
	status   Status
	servers  round
	failures int   // consecutive, for the back-off
	flow     *flow // the attempt or connection that counts; nil while there is none
	retry    *sipcore.Timer
}

// flow is one attempt and the connection that comes of it. What an earlier one
// still reports is known by not being the link's own, and dropped.
type flow struct {
	sock   Socket // nil until the connection stands
	cancel context.CancelFunc
	since  time.Time // when the connection stood
	early  [][]byte  // messages that came before the dialer returned
	ended  error     // set when it ended before the dialer returned
	keep   keepAlive
}

// New makes a link that is closed.
func New(cfg Config) (*Link, error) {
	switch {
	case cfg.Loop == nil || cfg.OnMessage == nil:
		return nil, errors.New("link: Loop and OnMessage are required")
	case len(cfg.Servers) == 0:
		return nil, errors.New("link: no server is given")
	case slices.ContainsFunc(cfg.Servers, func(s Server) bool { return s.URL == "" }):
		return nil, errors.New("link: a server has no URL")
	}
	setDefault(&cfg.MinRetry, defaultMinRetry)
	setDefault(&cfg.MaxRetry, max(defaultMaxRetry, cfg.MinRetry))
	setDefault(&cfg.ConnectTimeout, defaultConnectTimeout)
	if cfg.MaxRetry < cfg.MinRetry {
		return nil, fmt.Errorf("link: the longest wait (%v) is below the shortest (%v)", cfg.MaxRetry, cfg.MinRetry)
	}
	if cfg.KeepAlive == 0 {
		cfg.KeepAlive = defaultKeepAlive
	}
	if cfg.MaxMessage <= 0 {
		cfg.MaxMessage = defaultMaxMessage
	}
	if cfg.Dial == nil {
		cfg.Dial = DialWebSocket
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Link{cfg: cfg, log: cfg.Log, servers: round{all: slices.Clone(cfg.Servers)}}, nil
}

func setDefault(d *time.Duration, value time.Duration) {
	if *d <= 0 {
		*d = value
	}
}

// Open begins to connect. It does nothing on a link that is open.
func (l *Link) Open() { l.happen(evOpen, nil) }

// Close ends the connection and all attempts. The link can be opened again.
func (l *Link) Close() { l.happen(evClose, nil) }

// RetryNow cuts the wait for the next attempt short, e.g. when the network is back.
// It does nothing unless the link is Down.
func (l *Link) RetryNow() { l.happen(evRetry, nil) }

// Status is how the link stands.
func (l *Link) Status() Status { return l.status }

// Send sends one message. The error wraps ErrLinkDown unless the link is Up.
func (l *Link) Send(msg []byte) error {
	if l.status.State != Up {
		return fmt.Errorf("link %s: %w", l.status.State, sipcore.ErrLinkDown)
	}
	return l.flow.sock.Send(msg)
}

// happen takes an event through the transition table and does what belongs to the
// change. err is why a connection failed or was lost.
func (l *Link) happen(ev event, err error) {
	to, ok := transitions[l.status.State][ev]
	if !ok {
		return
	}
	l.retry.Stop()
	switch to {
	case Closed:
		l.drop(closeNormal, "")
		l.failures = 0
		l.servers.restart()
		l.enter(Status{State: Closed, Server: l.status.Server})
	case Connecting:
		l.connect(err)
	case Up:
		l.stand()
	case Down:
		l.wait(err)
	}
}

// enter is the last thing done in a change: OnState may call the link again.
func (l *Link) enter(s Status) {
	l.status = s
	l.log.Info("link", "state", s.State.String(), "server", sipcore.BlankURL(s.Server), "attempt", s.Attempt, "retry_in", s.RetryIn, "err", s.Err)
	if l.cfg.OnState != nil {
		l.cfg.OnState(s)
	}
}

// connect tries the next server.
func (l *Link) connect(cause error) {
	l.drop(closeNormal, "")
	server := l.servers.next()
	ctx, cancel := context.WithTimeout(context.Background(), l.cfg.ConnectTimeout)
	f := &flow{cancel: cancel}
	l.flow = f
	go l.dial(ctx, f, server.URL)
	l.enter(Status{State: Connecting, Server: server.URL, Attempt: l.status.Attempt + 1, Err: cause})
}

// dial runs on a goroutine of its own; what comes of it comes back to the loop.
func (l *Link) dial(ctx context.Context, f *flow, url string) {
	defer f.cancel()
	sock, err := l.cfg.Dial(ctx, url, SocketEvents{
		Message: func(msg []byte) { l.cfg.Loop.Post(func() { l.received(f, msg) }) },
		Closed:  func(err error) { l.cfg.Loop.Post(func() { l.closed(f, err) }) },
	})
	posted := l.cfg.Loop.Post(func() { l.dialed(f, sock, err) })
	if !posted && err == nil {
		sock.Close(closeNormal, "")
	}
}

func (l *Link) dialed(f *flow, sock Socket, err error) {
	switch {
	case l.flow != f && err == nil:
		sock.Close(closeNormal, "") // closed or given up in the meantime
	case l.flow != f:
	case err != nil:
		l.fail(err)
	case f.ended != nil:
		l.fail(f.ended)
	default:
		f.sock = sock
		l.happen(evConnected, nil)
	}
}

// fail goes on with the next server, or waits when all have been tried.
func (l *Link) fail(err error) {
	if l.servers.exhausted() {
		l.happen(evFailed, err)
		return
	}
	l.log.Warn("server not reached", "server", sipcore.BlankURL(l.status.Server), "err", err)
	l.happen(evNext, err)
}

// stand is the change to Up.
func (l *Link) stand() {
	f := l.flow
	f.since = time.Now()
	l.startKeepAlive(f)
	l.enter(Status{State: Up, Server: l.status.Server, Attempt: l.status.Attempt})
	early := f.early
	f.early = nil
	for _, msg := range early {
		l.received(f, msg)
	}
}

// wait is the change to Down.
func (l *Link) wait(err error) {
	if f := l.flow; f != nil && f.sock != nil && time.Since(f.since) >= stableAfter {
		l.failures = 0
		l.status.Attempt = 0
		l.servers.restart()
	}
	l.drop(closeNormal, "")
	l.failures++
	delay := backoff(l.cfg.MinRetry, l.cfg.MaxRetry, l.failures)
	l.retry = l.cfg.Loop.After(delay, l.RetryNow)
	l.enter(Status{State: Down, Server: l.status.Server, Attempt: l.status.Attempt, RetryIn: delay, Err: err})
}

// drop lets go of the current attempt or connection.
func (l *Link) drop(code int, reason string) {
	f := l.flow
	if f == nil {
		return
	}
	l.flow = nil
	f.cancel()
	f.keep.stop()
	if f.sock != nil {
		f.sock.Close(code, reason)
	}
}

func (l *Link) closed(f *flow, err error) {
	switch {
	case l.flow != f:
	case f.sock == nil:
		f.ended = err
	default:
		l.happen(evLost, err)
	}
}

func (l *Link) received(f *flow, msg []byte) {
	switch {
	case l.flow != f:
	case f.sock == nil:
		f.early = append(f.early, msg)
	case l.keptAlive(f, msg):
	case len(msg) > l.cfg.MaxMessage:
		l.log.Warn("message dropped: too large", "bytes", len(msg), "server", sipcore.BlankURL(l.status.Server))
	default:
		l.cfg.OnMessage(msg)
	}
}
