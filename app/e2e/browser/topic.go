//go:build linux

package browser

import (
	"encoding/json"
	"time"
)

// Record is one topic published on the page's window.Arbiter.
type Record struct {
	Time  float64         `json:"time"` // ms since the page was opened
	Topic string          `json:"topic"`
	Data  json.RawMessage `json:"data"`
}

// Since is the time between two moments of a page, in ms since it was opened.
func Since(from, to float64) time.Duration {
	return time.Duration((to - from) * float64(time.Millisecond)).Round(time.Millisecond)
}

// Topic waits until the topic was published, at the moment since (ms since the page
// was opened) or later, with data of which the JavaScript expression in d is true.
func (p *Page) Topic(name, expression string, since float64) Record {
	p.t.Helper()
	var r Record
	p.Evaluate(call("topic", name, raw("(d) => ("+expression+")"), since, ms()), &r)
	return r
}

// Topics is all that was published so far.
func (p *Page) Topics() []Record {
	p.t.Helper()
	var all []Record
	p.Evaluate("e2e.topics", &all)
	return all
}

// Publish publishes a topic, as a host page does.
func (p *Page) Publish(name string, data any) {
	p.t.Helper()
	p.Evaluate("void window.Arbiter.publish("+quote(name)+", "+quote(data)+")", nil)
}

// Now is the present moment, in ms since the page was opened.
func (p *Page) Now() float64 {
	p.t.Helper()
	var now float64
	p.Evaluate("performance.now()", &now)
	return now
}

// LastClick is when the control with the data-action was clicked last.
func (p *Page) LastClick(action string) float64 {
	p.t.Helper()
	var at float64
	p.Evaluate("e2e.clicks.findLast((c) => c.action === "+quote(action)+").time", &at)
	return at
}
