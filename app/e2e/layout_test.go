//go:build linux

package e2e

import "testing"

// What is pressed in a small phone lies under nothing.
func TestNothingLiesOverTheDialpadWhereThereIsLittleRoom(t *testing.T) {
	covered := func(selector string) string {
		return `[...frames[0].document.querySelectorAll('` + selector + `')].filter((b) => {
			const r = b.getBoundingClientRect(), at = (y) => frames[0].document.elementFromPoint(r.x + r.width / 2, y)?.closest('` + selector + `') === b;
			return r.height < 36 || !at(r.y + 3) || !at(r.bottom - 3);
		}).map((b) => b.dataset.action ?? b.dataset.input)`
	}
	t.Run("740x360 in a call", func(t *testing.T) {
		page := widgetInCall(t, 740, 360)
		page.Screenshot("call")
		var hidden []string
		page.Evaluate(covered(`.dialpad .key, .dialpad .wide, .dialpad [data-input]`), &hidden)
		if len(hidden) > 0 {
			t.Errorf("cannot be hit: %v", hidden)
		}
	})
	for _, size := range []struct {
		name          string
		width, height int
	}{{"320x480", 320, 480}, {"360x740", 360, 740}, {"740x360", 740, 360}} {
		t.Run(size.name+" with a notice", func(t *testing.T) {
			page := widgetInCall(t, size.width, size.height)
			page.Evaluate(`void frames[0].Arbiter.publish('jsc/call/hangup', {})`, nil)
			page.Until(`frames[0].e2e.topics.some((r) => r.topic === 'jsc/call/state' && r.data.state === 'ended')`)
			page.Evaluate(`void frames[0].Arbiter.publish('jsc/call/hangup', { id: 'none' })`, nil)
			page.Until(`['.notice', '.dial-actions'].every((s) => frames[0].document.querySelector(s)?.getAnimations().length === 0)`)
			page.Screenshot("notice")
			var hidden []string
			page.Evaluate(covered(`.dialpad [data-input], .dialpad .wide, .tab`), &hidden)
			if len(hidden) > 0 {
				t.Errorf("cannot be hit: %v", hidden)
			}
		})
	}
}
