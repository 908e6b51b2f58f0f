package register

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// Status is a registration as others see it.
type Status struct {
	State State
	// Expires is the lifetime that the registrar granted last, counted from its
	// answer; 0 when there is no binding.
	Expires time.Duration
	// Contacts are all bindings of the address of record, as the registrar listed
	// them last, other devices included.
	Contacts []Binding
	// Cause is why the last request, or the link, failed; nil when nothing did.
	Cause *sipcore.Cause
	// RetryIn is how long it is until the next try; 0 when none is planned.
	RetryIn time.Duration
}

// Config says what to register where.
type Config struct {
	Agent     sipcore.Agent
	Registrar sip.Uri // the Request-URI: `sip:example.org`, without a user (RFC 3261 §10.2)
	// Expires is the lifetime asked for, in whole seconds; 0 means an hour.
	Expires time.Duration
	// OnState is called on the loop with every change. It may call the
	// registration's methods. May be nil.
	OnState func(Status)
}

const defaultExpires = time.Hour

// Registration is one binding at a registrar. Its methods are for the agent's loop
// only. It starts Unregistered, with the link down.
type Registration struct {
	agent     sipcore.Agent
	registrar sip.Uri
	onState   func(Status)

	state    State
	cause    *sipcore.Cause
	granted  time.Duration
	contacts []Binding

	callID  string // the same in every request (RFC 3261 §10.2.4)
	cseq    uint32
	expires time.Duration // to be asked for: Config.Expires, or more after a 423

	link    bool
	pending *exchange
	held    bool // the registrar may have a binding of ours

	timer      *sipcore.Timer
	retryAt    time.Time     // zero unless the timer is for another try
	retryAfter time.Duration // what the registrar asked for last
	failures   int           // in a row
	raised     int           // times the registrar wanted a longer lifetime, in a row

	handling bool
	changed  bool
	closed   bool
}

// exchange is a request on its way.
type exchange struct {
	removal bool
	held    bool   // Registration.held before it
	first   uint32 // its CSeq; repetitions with credentials have higher ones
}

// New returns a registration that does nothing until it is asked to.
func New(cfg Config) (*Registration, error) {
	switch {
	case cfg.Agent == nil:
		return nil, errors.New("register: no agent")
	case cfg.Registrar.Host == "":
		return nil, errors.New("register: no registrar")
	case cfg.Expires < 0 || cfg.Expires%time.Second != 0:
		return nil, fmt.Errorf("register: a lifetime of %v is not in whole seconds", cfg.Expires)
	case cfg.Expires == 0:
		cfg.Expires = defaultExpires
	}
	return &Registration{
		agent: cfg.Agent, registrar: *cfg.Registrar.Clone(), onState: cfg.OnState, expires: cfg.Expires,
	}, nil
}

// Register asks for the binding: now, or when the link comes up. When there is one it
// is refreshed.
func (r *Registration) Register() {
	r.failures, r.raised, r.retryAfter = 0, 0, 0
	r.setCause(nil)
	r.handle(inRegister)
}

// Unregister removes our binding, and no other, from the registrar. It ends in
// Unregistered in any case; Status.Cause is set when the registrar did not confirm.
func (r *Registration) Unregister() {
	if _, matters := transitions[r.state][inUnregister]; matters {
		r.setCause(nil)
	}
	r.handle(inUnregister)
}

// LinkUp says that requests can be sent: over a new connection, so a wanted binding is
// made anew.
func (r *Registration) LinkUp() {
	if r.link {
		return
	}
	r.link, r.failures = true, 0
	if r.state == Registering {
		r.setCause(nil)
	}
	r.handle(inLinkUp)
}

// LinkDown says that the connection is lost.
func (r *Registration) LinkDown() {
	r.link = false
	if _, matters := transitions[r.state][inLinkDown]; matters {
		r.setCause(sipcore.CauseOf(sipcore.ErrLinkDown))
	}
	r.handle(inLinkDown)
}

// Status returns the registration as it is now.
func (r *Registration) Status() Status {
	s := Status{State: r.state, Expires: r.granted, Contacts: slices.Clone(r.contacts), Cause: r.cause}
	if !r.retryAt.IsZero() {
		s.RetryIn = max(time.Until(r.retryAt), 0)
	}
	return s
}

// Close ends the registration without a word to the registrar. Nothing is reported
// afterwards.
func (r *Registration) Close() {
	r.closed = true
	r.pending = nil
	r.stopTimer()
}

// handle takes one input through the table and reports what has become of it. An agent
// may answer while it is still being asked: that is reported once, at the end.
func (r *Registration) handle(in input) {
	if r.closed {
		return
	}
	if r.handling {
		r.step(in)
		return
	}
	r.handling = true
	r.step(in)
	r.handling = false
	if r.changed {
		r.changed = false
		if r.onState != nil {
			r.onState(r.Status())
		}
	}
}

func (r *Registration) step(in input) {
	t, ok := transitions[r.state][in]
	if !ok {
		return
	}
	if t.next != r.state {
		r.agent.Log().Info("registration", "state", t.next, "was", r.state)
		r.state, r.changed = t.next, true
	}
	r.stopTimer()
	switch t.do {
	case stop:
	case send:
		r.send(false)
	case remove:
		r.remove()
	case refresh:
		r.timer = r.agent.Loop().After(refreshIn(r.granted), func() { r.handle(inDue) })
	case retry:
		r.retry()
	case drop:
		r.pending = nil
	}
	if r.state != Registered {
		r.setGranted(0)
	}
}

func (r *Registration) retry() {
	d := max(backOff(r.failures), min(r.retryAfter, maxRetryAfter))
	r.failures++
	r.retryAt, r.changed = time.Now().Add(d), true
	r.timer = r.agent.Loop().After(d, func() { r.handle(inDue) })
}

// remove goes round the registrar when there is nothing to remove or no way to say so.
func (r *Registration) remove() {
	switch {
	case r.pending != nil: // its answer leads back here
	case !r.held:
		r.setCause(nil)
		r.step(inRemoved)
	case !r.link:
		r.setCause(sipcore.CauseOf(sipcore.ErrLinkDown))
		r.step(inKept)
	default:
		r.send(true)
	}
}

func (r *Registration) stopTimer() {
	r.timer.Stop()
	r.timer = nil
	if !r.retryAt.IsZero() {
		r.retryAt, r.changed = time.Time{}, true
	}
}

func (r *Registration) setCause(c *sipcore.Cause) {
	r.changed = r.changed || c != nil || r.cause != nil
	r.cause = c
}

func (r *Registration) setGranted(d time.Duration) {
	r.changed = r.changed || d != r.granted
	r.granted = d
}
