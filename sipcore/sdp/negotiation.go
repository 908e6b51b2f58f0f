package sdp

import "fmt"

// State is whose turn it is in offer/answer (RFC 3264 §4, RFC 6337 §2).
//
//	           ┌── provisional ─┐
//	           ▼                │
//	RemoteProvisional ◀── provisional received ── LocalOffer
//	           │                                   ▲   │
//	           └── answer received ──▶ Stable ─────┘   │ answer received, rollback
//	                                   ▲  │  ▲         │
//	                                   │  │  └─────────┘
//	           ┌── answer sent ────────┘  └── offer received ──▶ RemoteOffer
//	           │                                                     │
//	LocalProvisional ◀────────── provisional sent ───────────────────┘
//
// A refused offer, by a final response other than 2xx, is rolled back from any state
// to Stable with the descriptions that were in force before.
type State int

// The states.
const (
	// Stable: no offer is open; either side may make one.
	Stable State = iota
	// LocalOffer: this side's offer waits for its answer. An offer that comes now is
	// glare (RFC 3261 §14.2: 491).
	LocalOffer
	// RemoteOffer: the other side's offer waits for this side's answer.
	RemoteOffer
	// RemoteProvisional: a provisional answer to this side's offer is in use.
	RemoteProvisional
	// LocalProvisional: this side has answered provisionally.
	LocalProvisional
)

var stateNames = [...]string{"stable", "local-offer", "remote-offer", "remote-provisional", "local-provisional"}

func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return "unknown"
	}
	return stateNames[s]
}

// Event is what happens to a negotiation.
type Event int

// The events.
const (
	SendOffer Event = iota
	ReceiveOffer
	SendProvisional
	ReceiveProvisional
	SendAnswer
	ReceiveAnswer
	// Rollback drops the offer that is open, whoever made it.
	Rollback
)

var eventNames = [...]string{
	"send offer", "receive offer", "send provisional answer", "receive provisional answer",
	"send answer", "receive answer", "roll back",
}

func (e Event) String() string {
	if e < 0 || int(e) >= len(eventNames) {
		return "unknown"
	}
	return eventNames[e]
}

// transitions is the diagram above; what is not in it is refused.
var transitions = map[State]map[Event]State{
	Stable:            {SendOffer: LocalOffer, ReceiveOffer: RemoteOffer},
	LocalOffer:        {ReceiveProvisional: RemoteProvisional, ReceiveAnswer: Stable, Rollback: Stable},
	RemoteOffer:       {SendProvisional: LocalProvisional, SendAnswer: Stable, Rollback: Stable},
	RemoteProvisional: {ReceiveProvisional: RemoteProvisional, ReceiveAnswer: Stable, Rollback: Stable},
	LocalProvisional:  {SendProvisional: LocalProvisional, SendAnswer: Stable, Rollback: Stable},
}

// Next is the state that an event leads to. The error is a *TurnError.
func (s State) Next(e Event) (State, error) {
	next, ok := transitions[s][e]
	if !ok {
		return s, &TurnError{State: s, Event: e}
	}
	return next, nil
}

// TurnError says that an offer or answer came out of turn.
type TurnError struct {
	State State
	Event Event
}

func (e *TurnError) Error() string {
	return fmt.Sprintf("offer/answer: cannot %s in state %s", e.Event, e.State)
}

// Code is the status that refuses an offer which came out of turn: 491 when this
// side's own is open, 500 with Retry-After when the other side's last one still is
// (RFC 3261 §14.2, RFC 3311 §5.2). 0 when the event was none that can be refused.
func (e *TurnError) Code() int {
	switch {
	case e.Event != ReceiveOffer:
		return 0
	case e.State == LocalOffer || e.State == RemoteProvisional:
		return 491
	default:
		return 500
	}
}

// Negotiation is the offer/answer of one dialog. The zero value is ready for use.
type Negotiation struct {
	// Audio are the codecs of which the other side has to know one, by name in lower case;
	// none means those that browsers have.
	Audio []string

	state         State
	local, remote *Description // in force
	offer, answer *Description // open
}

// State tells whose turn it is.
func (n *Negotiation) State() State { return n.state }

// Local is this side's description in force, the open ones not counted; nil before
// the first answer.
func (n *Negotiation) Local() *Description { return n.local }

// Remote is the other side's description in force; nil before the first answer.
func (n *Negotiation) Remote() *Description { return n.remote }

// Offer is the open offer; nil when Stable.
func (n *Negotiation) Offer() *Description { return n.offer }

// Provisional is the provisional answer in use, or nil.
func (n *Negotiation) Provisional() *Description { return n.answer }

// Apply takes an event with its description, nil for Rollback. The error is a
// *TurnError or, for offers and answers received, a *CheckError; the state is then as
// before. A peer's offer is checked by Check, its answer by CheckAnswer; what either says of
// slides beside a camera is then spelt out in it (RFC 4796, see Heed).
func (n *Negotiation) Apply(e Event, d *Description) error {
	next, err := n.state.Next(e)
	if err != nil {
		return err
	}
	switch e {
	case ReceiveOffer:
		err = Check(d, n.remote, n.Audio...)
	case ReceiveProvisional, ReceiveAnswer:
		err = CheckAnswer(d, n.offer, n.Audio...)
	case SendOffer, SendProvisional, SendAnswer, Rollback:
	}
	if err != nil {
		return err
	}
	switch {
	case e == ReceiveOffer && n.local != nil:
		d.follow(n.local, n.remote)
	case e == ReceiveProvisional, e == ReceiveAnswer:
		Heed(d, n.offer)
	}
	n.state = next
	switch e {
	case SendOffer, ReceiveOffer:
		n.offer = d
	case SendProvisional, ReceiveProvisional:
		n.answer = d
	case SendAnswer:
		n.local, n.remote, n.offer, n.answer = d, n.offer, nil, nil
	case ReceiveAnswer:
		n.local, n.remote, n.offer, n.answer = n.offer, d, nil, nil
	case Rollback:
		n.offer, n.answer = nil, nil
	}
	return nil
}
