//go:build linux

package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// seen are the regions on the screen that are panels, and the tabs that can be pressed.
const seen = `[...document.querySelectorAll('[data-region], .tab')].filter((e) => e.checkVisibility({visibilityProperty: true}))
	.map((e) => e.dataset.region ?? e.dataset.action).filter((n) => !['status', 'calls', 'configuration', 'call-settings'].includes(n)).join(' ')`

// Panels that the settings leave out are not there, and what is left fills the screen,
// whatever its form.
func TestPanelsOfTheSettings(t *testing.T) {
	s := startServer(t)
	for _, test := range []struct {
		panels                   string
		wide, compact, landscape string
		keys                     string // that find something: of d w y s ?
	}{
		{"", "caller", "caller", "caller", ""},
		{"chat", "caller chat", "chat tab-phone tab-chats", "chat tab-phone tab-chats", "w"},
		{"history help", "history caller tab-history tab-settings", "history tab-phone tab-history tab-settings", "history tab-phone tab-history tab-settings", "ys?"},
		{"dialpad settings trace", "settings dialpad", "dialpad tab-phone tab-settings", "dialpad tab-phone tab-settings", "s"},
	} {
		t.Run(test.panels, func(t *testing.T) {
			list := `"` + strings.Join(strings.Fields(test.panels), `", "`) + `"`
			if test.panels == "" {
				list = ""
			}
			alice := openSet(t, s, `{ panels: [`+list+`] }`, "")
			for _, size := range []struct {
				name          string
				width, height int64
				want          string
			}{{"wide", 1280, 800, test.wide}, {"compact", 360, 740, test.compact}, {"landscape", 740, 360, test.landscape}} {
				alice.Viewport(size.width, size.height)
				alice.Until(`innerWidth === ` + fmt.Sprint(size.width))
				want := strings.Fields(size.want)
				if size.name == "wide" { // what stands beside each other needs no tab
					want = slices.DeleteFunc(want, func(n string) bool { return n == "tab-phone" || n == "tab-chats" })
				}
				alice.Screenshot(size.name)
				var got string
				alice.Evaluate(seen, &got)
				if got != strings.Join(want, " ") {
					t.Errorf("%s: %s, want %s", size.name, got, strings.Join(want, " "))
				}
				alice.Until(`(() => { // nothing is left empty beside what is there
					const area = (e) => { const r = e.getBoundingClientRect(); return r.width * r.height; };
					const boxes = [...document.querySelectorAll('.bar, .strip, .side, .main, .chat-column, .tabs')].filter((e) => e.checkVisibility({visibilityProperty: true}));
					return document.documentElement.scrollWidth <= innerWidth && boxes.reduce((sum, e) => sum + area(e), 0) > 0.97 * innerWidth * innerHeight;
				})()`)
			}
			for _, key := range []string{"w", "y", "s", "?"} {
				alice.Evaluate(`void document.activeElement.blur()`, nil)
				alice.key("Escape")
				alice.Until(`document.querySelector('.shell').dataset.tab === 'phone'`)
				alice.key(key)
				if strings.Contains(test.keys, key) {
					alice.Until(`document.querySelector('.shell').dataset.tab !== 'phone'`)
					continue
				}
				alice.key("d") // is done after the other
				alice.Until(`['address', 'enter', 'dialpad', ''].includes(document.activeElement.id) && document.querySelector('.shell').dataset.tab === 'phone'`)
			}
		})
	}
}

// What is left of a phone without panels is a button for whom the page around it names.
func TestBareButtonCallsWhomTheSettingsOrThePageName(t *testing.T) {
	alice := openSet(t, startServer(t), `{ panels: [], dialing: { auto_dial: { default_destination: 'sip:echo@localhost' }, video_dialing: false } }`, "")
	alice.Until(`document.querySelector('.caller-who').innerText === 'echo' && ` + inCaller(`[data-action=call]`))
	alice.Screenshot("button")
	alice.since = alice.Now()
	alice.Action("call")
	alice.called(false)
	alice.Hears(lowTone)
	alice.Screenshot("call")
	alice.Hangup()
	alice.Idle()
	alice.Until(`e2e.topics.some((r) => r.topic === 'jsc/call/state' && r.data.ended && Date.now() - r.data.ended > 500)`) // a button pressed twice is not
	alice.Publish("jsc/destination/set", "nobody-here")
	alice.Until(`document.querySelector('.caller-who').innerText === 'nobody-here'`)
	alice.since = alice.Now()
	alice.Action("call")
	alice.Idle()
	alice.Until(`document.getElementById('address-hint').innerText.length > 10`)
	alice.Publish("jsc/message/send", map[string]any{"to": "bob", "text": "by topic only"})
	alice.Topic("jsc/message/sent", "d.text === 'by topic only'", 0)
}

func inCaller(selector string) string {
	return `document.querySelector(` + quote(".caller "+selector) + `)?.checkVisibility()`
}
