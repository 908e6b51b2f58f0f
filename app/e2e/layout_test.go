//go:build linux

package e2e

import (
	"fmt"
	"testing"

	"gocommunicator/app/e2e/browser"
)

// twoNotices puts two sentences on the page of a widget, and longNotices makes them long ones.
func twoNotices(page *browser.Page) {
	page.Evaluate(`void frames[0].Arbiter.publish('jsc/call/hangup', { id: 'none' })`, nil)
	page.Evaluate(`void frames[0].Arbiter.publish('jsc/call/record', { on: true })`, nil)
	page.Until(`frames[0].document.querySelectorAll('.notice p').length === 2`)
}

const longNotices = `void frames[0].document.querySelectorAll('.notice p').forEach((p) => {
	p.textContent = 'Das Mikrofon ist blockiert: Erlauben Sie es in der Adressleiste Ihres Browsers für die Telefonanlagenverwaltung und rufen Sie danach noch einmal an.';
})`

// In a wide phone a notice lies over nothing at all, whatever is going on.
func TestNoticesInAWidePhoneLieOverNoControl(t *testing.T) {
	page := widgetInCall(t, 1280, 800)
	twoNotices(page)
	page.Evaluate(longNotices, nil)
	for _, step := range []string{"call", "idle"} {
		if step == "idle" {
			page.Evaluate(`void frames[0].Arbiter.publish('jsc/call/hangup', {})`, nil)
			page.Until(`frames[0].e2e.topics.some((r) => r.topic === 'jsc/call/state' && r.data.state === 'ended')`)
		}
		for _, size := range [][2]int{{1280, 800}, {920, 600}} {
			for _, dir := range []string{"ltr", "rtl"} {
				page.Evaluate(fmt.Sprintf(`void (frames[0].frameElement.style.width = '%dpx', frames[0].frameElement.style.height = '%dpx',
					frames[0].document.documentElement.dir = '%s')`, size[0], size[1], dir), nil)
				page.Until(`['.notice', '.main'].every((s) => frames[0].document.querySelector(s).getAnimations().length === 0)`)
				page.Screenshot(fmt.Sprintf("%s-%d-%s", step, size[0], dir))
				var hidden []string
				page.Evaluate(`[...frames[0].document.querySelectorAll('button, input, textarea, a')].filter((b) => {
					const r = b.getBoundingClientRect(), seen = (b.closest('.side') ?? b.ownerDocument.body).getBoundingClientRect();
					return !b.closest('.notice') && b.checkVisibility() && [[r.x + 3, r.y + 3], [r.x + r.width / 2, r.y + r.height / 2], [r.right - 3, r.bottom - 3]]
						.some(([x, y]) => y < seen.bottom && frames[0].document.elementFromPoint(x, y)?.closest('.notices'));
				}).map((b) => b.dataset.action ?? b.dataset.input ?? b.outerHTML)`, &hidden)
				if len(hidden) > 0 {
					t.Errorf("%s, %d, %s: under a notice lie %v", step, size[0], dir, hidden)
				}
			}
		}
	}
}

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
			twoNotices(page)
			page.Evaluate(longNotices, nil)
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
