package link

// State is how a link stands.
//
//	          open                 connected
//	Closed ─────────▶ Connecting ────────────▶ Up
//	  ▲                │  ▲    ▲               │
//	  │         failed │  │    └─┐ next        │ lost
//	  │ close          ▼  │retry │ (another    │
//	  └── from any ◀── Down ◀────┘  server)    │
//	                    ▲                      │
//	                    └──────────────────────┘
type State int

// The states of a link.
const (
	Closed     State = iota // not opened yet, or closed by this side
	Connecting              // a server is being tried
	Up                      // messages can be sent
	Down                    // waiting for the next try
)

// String is the state's name as the application shows it to programs.
func (s State) String() string {
	switch s {
	case Closed:
		return "closed"
	case Connecting:
		return "connecting"
	case Up:
		return "up"
	case Down:
		return "down"
	default:
		return "unknown"
	}
}

// event is what can happen to a link.
type event int

const (
	evOpen      event = iota // Open was called
	evConnected              // the connection stands
	evNext                   // an attempt failed and another server is left
	evFailed                 // an attempt failed and no other server is left
	evLost                   // the connection ended
	evRetry                  // the wait is over, or RetryNow was called
	evClose                  // Close was called
	numEvents
)

// transitions is the whole state machine: what is not listed changes nothing.
var transitions = map[State]map[event]State{
	Closed:     {evOpen: Connecting},
	Connecting: {evConnected: Up, evNext: Connecting, evFailed: Down, evClose: Closed},
	Up:         {evLost: Down, evClose: Closed},
	Down:       {evRetry: Connecting, evClose: Closed},
}
