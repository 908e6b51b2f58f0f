//go:build linux

package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"gocommunicator/app/e2e/browser"
)

// How long it takes from the click to the call being active at both ends when the
// other side answers at once. It is printed and not held to anything: machines differ.
func TestTimeFromDialToConnected(t *testing.T) {
	const calls = 5
	for _, test := range []struct {
		name, action string
		video        bool
	}{
		{name: "audio", action: "dial-audio"},
		{name: "audio and video", action: "dial-video", video: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := startServer(t)
			alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
			bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
			bob.Evaluate(fmt.Sprintf(`void Arbiter.subscribe('jsc/call/incoming',
				() => Arbiter.publish('jsc/call/answer', { video: %t }))`, test.video), nil)
			var took []time.Duration
			for range calls {
				alice.Dial(bob.Address(), test.video)
				active := alice.state("active")
				dialled := alice.LastClick(test.action)
				took = append(took, browser.Since(dialled, active.at))
				t.Logf("connected after %v:%s", took[len(took)-1], alice.steps(dialled))
				alice.Hangup()
				alice.Idle()
				alice.Released()
				bob.Released()
			}
			t.Logf("first %v", took[0])
			slices.Sort(took)
			t.Logf("of %d calls: median %v, from %v to %v", calls, took[calls/2], took[0], took[calls-1])
		})
	}
}

// steps says when the present call came into each of its states, from a moment on.
func (p *phone) steps(from float64) string {
	p.t.Helper()
	var steps string
	for _, r := range p.Topics() {
		if r.Topic == "jsc/call/state" && r.Time >= from {
			steps += " " + readCall(p.t, r).State + " " + browser.Since(from, r.Time).String()
		}
	}
	return steps
}
