package register

// State is where a registration stands.
//
//	Unregistered ──Register──▶ Registering ──2xx──▶ Registered ◀─┐ refreshed
//	      ▲                     ▲  │  │ ▲            │  │  │ └───┘
//	      │                     │  │  │ └─try later──┘  │  │
//	      │            Register │  │  │   link lost     │  │
//	      │                     │  │  └──▶ Failed ◀─────┘  │
//	      │                     │  │      refused          │
//	      │                     │  ▼ Unregister            │
//	      └──any end────── Unregistering ◀────Unregister───┘
//
// Failed is left as Unregistered is, by Register; Unregister, too, leads from it to
// Unregistering.
type State int

const (
	// Unregistered: no binding is wanted. After Unregister, Status.Cause tells
	// whether the registrar confirmed it.
	Unregistered State = iota
	// Registering: a binding is wanted and not known to be there. A request is on
	// its way, or the next one waits for Status.RetryIn or for the link; then
	// Status.Cause says why.
	Registering
	// Registered: the registrar holds our binding. Refreshes do not leave it.
	Registered
	// Unregistering: the request that removes the binding is on its way, or waits
	// for the end of the one before it.
	Unregistering
	// Failed: the registrar refused, and nothing more is done until Register.
	Failed

	stateCount = iota
)

// String is the state in lower case.
func (s State) String() string {
	names := [stateCount]string{"unregistered", "registering", "registered", "unregistering", "failed"}
	if s < 0 || s >= stateCount {
		return "unknown"
	}
	return names[s]
}

// input is what may happen to a registration.
type input int

const (
	inRegister    input = iota // asked to register
	inUnregister               // asked to unregister
	inGranted                  // 2xx to a registration
	inRefused                  // a final answer that stays the same however often one asks
	inUnavailable              // no answer, or one that asks to try later
	inTooBrief                 // 423, and a longer time can be asked for
	inRemoved                  // 2xx to a removal, or nothing to remove
	inKept                     // any other end of a removal
	inDue                      // the timer: time to refresh or to try again
	inLinkUp                   // the link can send
	inLinkDown                 // the link is lost, and with it requests on their way

	inputCount = iota
)

// action is what a transition sets off.
type action int

const (
	stop    action = iota // no timer, nothing to do
	send                  // register as soon as link and former request permit
	remove                // remove the binding likewise
	refresh               // set the timer for the refresh
	retry                 // set the timer for another try
	drop                  // forget the request on its way: its link is gone
)

type transition struct {
	next State
	do   action
}

// transitions is the whole behaviour; what is not in it does not matter in that state.
var transitions = map[State]map[input]transition{
	Unregistered: {
		inRegister: {Registering, send},
	},
	Registering: {
		inRegister:    {Registering, send},
		inUnregister:  {Unregistering, remove},
		inGranted:     {Registered, refresh},
		inRefused:     {Failed, stop},
		inUnavailable: {Registering, retry},
		inTooBrief:    {Registering, send},
		inRemoved:     {Registering, send}, // Register was pressed during the removal
		inKept:        {Registering, send},
		inDue:         {Registering, send},
		inLinkUp:      {Registering, send},
		inLinkDown:    {Registering, drop},
	},
	Registered: {
		inRegister:    {Registered, send},
		inUnregister:  {Unregistering, remove},
		inGranted:     {Registered, refresh},
		inRefused:     {Failed, stop},
		inUnavailable: {Registering, retry},
		inTooBrief:    {Registered, send},
		inDue:         {Registered, send},
		inLinkDown:    {Registering, drop},
	},
	Unregistering: {
		inRegister:    {Registering, send},
		inGranted:     {Unregistering, remove}, // Unregister was pressed during the registration
		inRefused:     {Unregistering, remove},
		inUnavailable: {Unregistering, remove},
		inTooBrief:    {Unregistering, remove},
		inRemoved:     {Unregistered, stop},
		inKept:        {Unregistered, stop},
		inLinkDown:    {Unregistered, drop},
	},
	Failed: {
		inRegister:   {Registering, send},
		inUnregister: {Unregistering, remove},
	},
}
