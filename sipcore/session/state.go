package session

// State is the state of a session, seen by either role.
//
//	Calling ──180──▶ Ringing ──18x with SDP──▶ Early
//	   │                │                        │
//	   └──────2xx───────┴───────────2xx──────────┴──▶ Connecting ──▶ Active
//	                                                      ▲
//	Incoming ──answered by the person──▶ Answering ──2xx──┘
//
// Every state leads to Ended, which is final.
type State int

// The states of a session.
const (
	// StateCalling: UAC, from the wish to call until something is heard of the
	// other side. UAS: never.
	StateCalling State = iota
	// StateRinging: UAC, 180 or 183 without description. UAS: never.
	StateRinging
	// StateEarly: UAC, the other side's sound is heard before the answer.
	StateEarly
	// StateIncoming: UAS, ringing here.
	StateIncoming
	// StateAnswering: UAS, answered by the person, devices being opened.
	StateAnswering
	// StateConnecting: 2xx sent or received; ACK or media not there yet.
	StateConnecting
	// StateActive: established, media flows.
	StateActive
	// StateEnded: over, for whatever reason.
	StateEnded
)

var stateNames = [...]string{
	"calling", "ringing", "early", "incoming", "answering", "connecting", "active", "ended",
}

func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return "unknown"
	}
	return stateNames[s]
}

// transitions is the diagram above.
var transitions = map[State][]State{
	StateCalling:    {StateRinging, StateEarly, StateConnecting, StateEnded},
	StateRinging:    {StateEarly, StateConnecting, StateEnded},
	StateEarly:      {StateConnecting, StateEnded},
	StateIncoming:   {StateAnswering, StateEnded},
	StateAnswering:  {StateConnecting, StateEnded},
	StateConnecting: {StateActive, StateEnded},
	StateActive:     {StateEnded},
	StateEnded:      nil,
}
