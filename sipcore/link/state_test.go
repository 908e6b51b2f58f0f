package link

import "testing"

// The table written out again, so that a change has to be meant.
func TestEveryEventInEveryState(t *testing.T) {
	const stay = State(-1)
	want := map[State][numEvents]State{
		//            open        connected next        failed lost  retry       close
		Closed:     {Connecting, stay, stay, stay, stay, stay, stay},
		Connecting: {stay, Up, Connecting, Down, stay, stay, Closed},
		Up:         {stay, stay, stay, stay, Down, stay, Closed},
		Down:       {stay, stay, stay, stay, stay, Connecting, Closed},
	}
	for state, row := range want {
		for ev, to := range row {
			got, ok := transitions[state][event(ev)]
			if !ok {
				got = stay
			}
			if got != to {
				t.Errorf("%v, event %d: got %v, want %v", state, ev, got, to)
			}
		}
	}
}
