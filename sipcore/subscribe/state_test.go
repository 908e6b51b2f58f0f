package subscribe

import (
	"strings"
	"testing"
)

// TestTransitions spells out every state with every input.
func TestTransitions(t *testing.T) {
	short := map[string]transition{
		"W/ask": {Waiting, ask}, "W/expect": {Waiting, expect}, "P/renew": {Pending, renew}, "A/renew": {Active, renew},
		"=/renew": {current, renew}, "=/refresh": {current, refresh}, "R/retry": {Retrying, retry},
		"S/leave": {Stopping, leave}, "S/expect": {Stopping, expect}, "T/end": {Terminated, end},
	}
	inputs := []input{
		inAccepted, inTooBrief, inGone, inRefused, inUnavailable, inPending, inActive, inEnded, inEndedLater, inOver, inSilent, inDue, inStop,
	}
	rows := map[State]string{
		//          accepted tooBrief  gone    refused unavail. pending active  ended   later   over  silent  due       stop
		Waiting:    "W/expect W/ask     R/retry T/end  R/retry P/renew A/renew R/retry R/retry T/end R/retry .         S/leave",
		Pending:    "=/renew  =/refresh W/ask   T/end  R/retry P/renew A/renew W/ask   R/retry T/end .       =/refresh S/leave",
		Active:     "=/renew  =/refresh W/ask   T/end  R/retry P/renew A/renew W/ask   R/retry T/end .       =/refresh S/leave",
		Retrying:   ".        .         .       .      .       .       .       .       .       .     .       W/ask     T/end",
		Stopping:   "S/expect T/end     T/end   T/end  T/end   .       .       T/end   T/end   T/end T/end   .         .",
		Terminated: ".        .         .       .      .       .       .       .       .       .     .       .         .",
	}
	if len(rows) != stateCount || len(inputs) != inputCount {
		t.Fatalf("the test knows %d states and %d inputs of %d and %d", len(rows), len(inputs), stateCount, inputCount)
	}
	for state, row := range rows {
		for i, cell := range strings.Fields(row) {
			got := transitions[state][inputs[i]]
			want, known := short[cell]
			if known != (got.do != none) || got != want {
				t.Errorf("%v with input %d goes to %v with action %d, want %s", state, inputs[i], got.next, got.do, cell)
			}
		}
	}
}

func TestStatesHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for s := State(0); s < stateCount; s++ {
		seen[s.String()] = true
	}
	if len(seen) != stateCount || seen["unknown"] || State(-1).String() != "unknown" || State(stateCount).String() != "unknown" {
		t.Errorf("names are %v", seen)
	}
}
