package register

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gocommunicator/sipcore"
)

// TestTransitions spells out every state with every input.
func TestTransitions(t *testing.T) {
	short := map[string]transition{
		"R/send": {Registering, send}, "R/retry": {Registering, retry}, "R/drop": {Registering, drop},
		"OK/send": {Registered, send}, "OK/refresh": {Registered, refresh},
		"U/remove": {Unregistering, remove}, "-/stop": {Unregistered, stop}, "-/drop": {Unregistered, drop},
		"F/stop": {Failed, stop},
	}
	inputs := []input{
		inRegister, inUnregister, inGranted, inRefused, inUnavailable, inTooBrief, inRemoved, inKept, inDue, inLinkUp, inLinkDown,
	}
	rows := map[State]string{
		//             register unregister granted  refused  unavail. tooBrief removed kept   due     linkUp linkDown
		Unregistered:  "R/send  .         .          .        .        .        .       .      .       .      .",
		Registering:   "R/send  U/remove  OK/refresh F/stop   R/retry  R/send   R/send  R/send R/send  R/send R/drop",
		Registered:    "OK/send U/remove  OK/refresh F/stop   R/retry  OK/send  .       .      OK/send .      R/drop",
		Unregistering: "R/send  .         U/remove   U/remove U/remove U/remove -/stop  -/stop .       .      -/drop",
		Failed:        "R/send  U/remove  .          .        .        .        .       .      .       .      .",
	}
	if len(rows) != stateCount || len(inputs) != inputCount {
		t.Fatalf("the test knows %d states and %d inputs of %d and %d", len(rows), len(inputs), stateCount, inputCount)
	}
	for state, row := range rows {
		for i, cell := range strings.Fields(row) {
			got, ok := transitions[state][inputs[i]]
			want, known := short[cell]
			if ok != known || got != want {
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

// TestEverySequenceKeepsItsPromises takes a registration through all sequences of four
// events, from rest and from being registered, and holds what must always be true.
func TestEverySequenceKeepsItsPromises(t *testing.T) {
	events := []struct {
		name string
		do   func(p *phone)
	}{
		{"Register", func(p *phone) { p.do(p.reg.Register) }},
		{"Unregister", func(p *phone) { p.do(p.reg.Unregister) }},
		{"LinkUp", func(p *phone) { p.do(p.reg.LinkUp) }},
		{"LinkDown", func(p *phone) { p.do(p.reg.LinkDown) }},
		{"200", answerIfAsked(200, "Contact", granted(3600))},
		{"403", answerIfAsked(403)},
		{"423", answerIfAsked(423, "Min-Expires", "7200")},
		{"503", answerIfAsked(503)},
		{"timeout", func(p *phone) {
			if p.waits() {
				p.fail(sipcore.ErrTimeout)
			}
		}},
		{"hours", func(p *phone) { p.sleep(3 * time.Hour) }},
	}
	const depth = 4
	total := 1
	for range depth {
		total *= len(events)
	}
	synctest.Test(t, func(t *testing.T) {
		for n := range total {
			p := newPhone(t, Config{})
			var path []string
			wanted := n%2 == 1
			if wanted {
				path = append(path, "registered")
				p.do(func() { p.reg.LinkUp(); p.reg.Register() })
				p.answer(200, "Contact", granted(3600))
			}
			for range depth {
				e := events[n%len(events)]
				n /= len(events)
				path = append(path, e.name)
				e.do(p)
				switch e.name {
				case "Register":
					wanted = true
				case "Unregister":
					wanted = false
				}
				broken := ""
				p.do(func() { broken = p.brokenPromise(wanted) })
				if broken != "" {
					defer p.end()
					t.Fatalf("after %v: %s", path, broken)
				}
			}
			p.end()
		}
	})
}

func answerIfAsked(code int, headers ...string) func(*phone) {
	return func(p *phone) {
		if p.waits() {
			p.answer(code, headers...)
		}
	}
}

// waits reports whether a request waits for its answer.
func (p *phone) waits() (yes bool) {
	p.do(func() { yes = p.reg.pending != nil })
	return yes
}

// brokenPromise says what is wrong, on the loop.
func (p *phone) brokenPromise(wanted bool) string {
	r := p.reg
	busy, waiting := r.pending != nil, r.timer != nil
	for i, o := range p.asked {
		if int(o.Request.CSeq().SeqNo) != i+1 || o.Request.CallID().Value() != "call-1" {
			return "Call-ID or CSeq is wrong in\n" + o.Request.String()
		}
	}
	reported := Unregistered
	if len(p.statuses) > 0 {
		reported = p.statuses[len(p.statuses)-1].State
	}
	switch {
	case reported != r.state:
		return "another state was reported: " + reported.String()
	case wanted && (r.state == Unregistered || r.state == Unregistering):
		return "a registration is wanted"
	case !wanted && r.state != Unregistered && r.state != Unregistering:
		return "no registration is wanted"
	case busy && !r.link:
		return "a request is on its way without a link"
	case (r.state == Unregistered || r.state == Failed) && (busy || waiting):
		return "something goes on in state " + r.state.String()
	case r.state == Failed && r.cause == nil:
		return "no cause"
	case r.state == Registered && (busy == waiting || r.granted == 0 || r.cause != nil):
		return "registered, and nothing keeps it alive"
	case r.state == Registering && r.link && busy == waiting:
		return "registering, and nothing leads on"
	case r.state == Unregistering && !busy:
		return "unregistering, and nothing leads on"
	}
	return ""
}
