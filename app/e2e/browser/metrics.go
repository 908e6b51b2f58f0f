//go:build linux

package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
)

// Held is what a page holds on to after everything that can be let go of is.
type Held struct {
	Listeners int // of events
	Nodes     int // of documents
	Heap      int // bytes of JavaScript
	Values    int // of JavaScript that the program in the page refers to, functions it gave among them
	Memory    int // bytes of the program
}

// Counted has to be in a page before its scripts for Held to see the program.
const Counted = `(() => {
	let made;
	Object.defineProperty(window, 'Go', {
		configurable: true,
		get: () => made,
		set(go) { made = class extends go { constructor() { super(); window.go = this; } }; },
	});
})();`

// Held collects garbage and counts what is left. The page must have been opened with
// Counted; the test's own records of connections and topics are dropped.
func (p *Page) Held() (h Held) {
	p.t.Helper()
	p.Evaluate("e2e.forget()", nil)
	p.chromium("count what is held", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for range 2 { // what the first lets go of may have held something
			if _, err := cdp.Call(ctx, target, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
				return err
			}
		}
		if _, err := cdp.Call(ctx, target, performance.Enable, performance.EnableParams{}); err != nil {
			return err
		}
		got, err := cdp.Call(ctx, target, performance.GetMetrics, cdp.Empty{})
		if err != nil {
			return err
		}
		for _, m := range got.Metrics {
			switch m.Name {
			case "JSEventListeners":
				h.Listeners = int(m.Value)
			case "Nodes":
				h.Nodes = int(m.Value)
			case "JSHeapUsedSize":
				h.Heap = int(m.Value)
			}
		}
		return nil
	}))
	var program struct{ Values, Memory int }
	p.Evaluate("({ values: go._values.filter((v) => v !== null).length, memory: go.mem.buffer.byteLength })", &program)
	h.Values, h.Memory = program.Values, program.Memory
	return h
}
