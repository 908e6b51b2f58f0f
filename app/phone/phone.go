package phone

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"slices"
	"sync"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/store"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
)

// Deps is what a phone is made with.
type Deps struct {
	Bus    *bus.Bus
	Config config.Config
	Log    *slog.Logger // nil means slog.Default()
	// InstanceID is `urn:uuid:…`, the same for this browser tab over reloads
	// (RFC 5626 §4.1).
	InstanceID string
	// Dial connects to a server; nil means a WebSocket.
	Dial link.Dialer
	// Store is what is remembered; nil means memory that ends with the phone.
	Store *store.Store
	// DND is what DoNotDisturb begins with.
	DND bool
	// Kept is what Keep was last called with, at an earlier visit: what was chosen about
	// devices. Keep is called on a goroutine of the phone; nil keeps nothing.
	Kept string
	Keep func(text string)
	// Fetch asks a server of the web for JSON: fetch.JSON. Nil asks nobody.
	Fetch func(ctx context.Context, method, address string) ([]byte, error)
	// Page is the address of the page, nil where there is none.
	Page *url.URL
	// Platform stands in for devices where there is no browser.
	Platform media.Platform
}

// fetch is Fetch, if there is one.
func (d Deps) fetch(ctx context.Context, method, address string) ([]byte, error) {
	if d.Fetch == nil {
		return nil, errors.ErrUnsupported
	}
	return d.Fetch(ctx, method, address)
}

// Stream is the sound and picture of one side of a call. In the page it has a
// JSValue, a MediaStream.
type Stream = media.Stream

// Phone is a phone with one account at a time and any number of calls.
type Phone struct {
	deps Deps
	log  *slog.Logger
	loop *sipcore.Loop
	// keeper asks the store, one thing after the other: that waits for the browser. urgent is
	// what does not wait for the others.
	keeper *sipcore.Loop
	urgent sync.WaitGroup
	done   chan struct{}
	// open prepares the media of a call: openMedia, but for tests of what is said.
	open func(video bool, on func(session.MediaState)) session.Media

	// Owned by the keeper.
	history history

	// Owned by the loop.
	identity
	live   map[string]*liveCall // by call: those that are not over
	next   outset               // of the call that is begun now
	joined *conference          // nil while no calls are
	wishes map[string]*wish     // by call, which may be over: those that nobody has decided about
	chatting
	equipment equipment
	leaving   int  // agents that were logged out and have not ended yet
	closing   bool // the loop ends with the last of them

	shared
}

// shared is what commands and the screen may look at from any goroutine, as they may at
// Deps.Config: mu guards it all.
type shared struct {
	mu      sync.Mutex
	state   Snapshot
	ice     []media.ICEServer // of whoever is logged in
	using   *config.Config    // the settings of that login, which the loop alone changes
	views   map[string]*view  // by call, of those with media
	waiting *waiting          // nil for none
	past    []*pastCall       // latest first; replaced at each change
	// searched is what the history was last searched for.
	searched string
	trace    trace
}

// New makes a phone that nobody is logged in to.
func New(deps Deps) *Phone {
	if deps.Log == nil {
		deps.Log = slog.Default()
	}
	p := &Phone{
		deps: deps, log: deps.Log, loop: sipcore.NewLoop(deps.Log),
		keeper: sipcore.NewLoop(deps.Log), done: make(chan struct{}),
		live: map[string]*liveCall{}, wishes: map[string]*wish{},
		chatting: chatting{chats: map[string]*chat{}, sending: map[string]bool{}},
		shared:   shared{views: map[string]*view{}},
	}
	var own *store.Store
	if deps.Store == nil {
		own = store.Open(store.Config{Log: deps.Log})
		p.deps.Store = own
	}
	p.open = p.openMedia
	p.history.phone = p
	bus.Sticky[Account](deps.Bus, nil, nil)
	bus.Sticky[Link](deps.Bus, nil, nil)
	bus.Sticky[Registration](deps.Bus, nil, nil)
	bus.Sticky[Chats](deps.Bus, nil, nil)
	bus.Sticky[History](deps.Bus, nil, nil)
	bus.Sticky[DoNotDisturb](deps.Bus, nil, nil)
	bus.Sticky(deps.Bus, func(c Call) string { return c.ID }, func(c Call) bool { return c.State.Final() })
	bus.Sticky(deps.Bus, func(w TransferWish) string { return w.CallID }, func(w TransferWish) bool { return w.Over })
	bus.Latest(deps.Bus, func(q *Quality) string { return q.CallID })
	p.setAccount(Account{})
	p.setLink(Link{State: LinkDown})
	p.setRegistration(Registration{State: Unregistered})
	p.SetDND(deps.DND)
	go p.end(own, p.watchDevices())
	return p
}

// Snapshot returns the state of the phone.
func (p *Phone) Snapshot() Snapshot {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.state
	s.Calls, s.Wishes = slices.Clone(s.Calls), slices.Clone(s.Wishes)
	return s
}

// Close logs out and ends the phone. It does not wait; Done tells when everything is
// released.
func (p *Phone) Close() {
	p.loop.Post(func() {
		p.closing = true
		p.keepNotes()
		p.logout()
		p.endIfLast()
	})
}

// endIfLast ends a phone that is closed and has no agent left.
func (p *Phone) endIfLast() {
	if p.closing && p.leaving == 0 {
		p.loop.Close()
	}
}

// end follows the loop when that ends: what is to be remembered still is.
func (p *Phone) end(own *store.Store, unwatch func()) {
	<-p.loop.Done()
	unwatch()
	p.keeper.Close()
	<-p.keeper.Done()
	p.urgent.Wait()
	if own != nil {
		own.Close()
	}
	close(p.done)
}

// Done is closed when a closed phone has released everything.
func (p *Phone) Done() <-chan struct{} { return p.done }

// SetDestination fills the address field.
func (p *Phone) SetDestination(to string) { bus.Publish(p.deps.Bus, Destination{To: to}) }

// SetDND has calls refused, or let through again; those that concern an emergency always
// are let through.
func (p *Phone) SetDND(on bool) { set(p, &p.state.DND, DoNotDisturb{On: on}) }

// settings are those in force.
func (p *Phone) settings() config.Config {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.deps.Config
}

func (p *Phone) setAccount(a Account) {
	set(p, &p.state.Account, a)
	p.keeper.Post(func() { p.history.of(a.AOR) })
}

func (p *Phone) setLink(l Link) {
	set(p, &p.state.Link, l)
	if l.State == LinkUp {
		p.loop.Post(p.dialWaiting)
	}
}

func (p *Phone) setRegistration(r Registration) { set(p, &p.state.Registration, r) }

// set notes a part of the state as it is now and publishes it.
func set[T any](p *Phone, part *T, now T) {
	p.mu.Lock()
	*part = now
	p.mu.Unlock()
	bus.Publish(p.deps.Bus, now)
}

// setCall notes a call as it is now and publishes it.
func (p *Phone) setCall(c Call) {
	p.mu.Lock()
	i := slices.IndexFunc(p.state.Calls, func(o Call) bool { return o.ID == c.ID })
	switch {
	case c.State.Final():
		if i >= 0 {
			p.state.Calls = slices.Delete(p.state.Calls, i, i+1)
		}
		delete(p.views, c.ID)
	case i >= 0:
		p.state.Calls[i] = c
	default:
		p.state.Calls = append(p.state.Calls, c)
	}
	p.mu.Unlock()
	bus.Publish(p.deps.Bus, c)
}

func (p *Phone) notice(n Notice) { bus.Publish(p.deps.Bus, n) }
