package session

import (
	"log/slog"
	"slices"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// allStates are those of a session, in their order.
var allStates = []State{
	StateCalling, StateRinging, StateEarly, StateIncoming, StateAnswering, StateConnecting, StateActive, StateEnded,
}

// silent is an agent that only takes what is logged.
type silent struct{ sipcore.Agent }

func (silent) Log() *slog.Logger                                  { return slog.New(slog.DiscardHandler) }
func (silent) Request(sipcore.Outgoing) sipcore.ClientTransaction { return nil }
func (silent) Contact() sip.Uri                                   { return sip.Uri{} }

// Every state with every other: what the diagram has is entered and told of, anything else
// is not.
func TestEveryMoveBetweenStates(t *testing.T) {
	may := map[State][]State{
		StateCalling:    {StateRinging, StateEarly, StateConnecting, StateEnded},
		StateRinging:    {StateEarly, StateConnecting, StateEnded},
		StateEarly:      {StateConnecting, StateEnded},
		StateIncoming:   {StateAnswering, StateEnded},
		StateAnswering:  {StateConnecting, StateEnded},
		StateConnecting: {StateActive, StateEnded},
		StateActive:     {StateEnded},
	}
	if len(allStates) != len(stateNames) || len(transitions) != len(stateNames) {
		t.Fatalf("the test knows %d states, the table %d, of %d", len(allStates), len(transitions), len(stateNames))
	}
	for _, from := range allStates {
		for _, to := range allStates {
			told := 0
			s := &Session{cfg: Config{Agent: silent{}, OnChange: func(*Session) { told++ }}, info: Info{State: from}}
			s.enter(to)
			want, tells := from, 0
			if slices.Contains(may[from], to) {
				want, tells = to, 1
			}
			if s.info.State != want || told != tells {
				t.Errorf("%v to %v: is %v, told %d times; want %v, %d", from, to, s.info.State, told, want, tells)
			}
		}
	}
}

func TestStatesHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range allStates {
		seen[s.String()] = true
	}
	if len(seen) != len(allStates) || seen["unknown"] || State(-1).String() != "unknown" || State(len(allStates)).String() != "unknown" {
		t.Errorf("names are %v", seen)
	}
}
