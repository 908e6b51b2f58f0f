//go:build linux

package e2e

import (
	"strings"
	"testing"
)

// The location goes with a call once it is turned on, from page to page, and no longer.
func TestLocationGoesWithACallWhenTurnedOn(t *testing.T) {
	const watched = `const { geolocation } = navigator, watch = geolocation.watchPosition.bind(geolocation), clear = geolocation.clearWatch.bind(geolocation);
		geolocation.watchPosition = (...args) => { window.watched = true; return watch(...args); };
		geolocation.clearWatch = (id) => { window.watched = false; clear(id); };`
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(watched)
	alice := openDemo(t, s, page, "alice")
	page.Stands(42.5463, -73.2512, 30)
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Until(`window.watched === undefined`)
	alice.Action("tab-settings")
	alice.Action("location")
	alice.Until(`document.querySelector('[data-action=location-off]')?.innerText.length > 5`)
	alice.Screenshot("location")
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	bob.Talks()
	var link string
	bob.Evaluate(`document.querySelector('[data-action=map]').href`, &link)
	if !strings.Contains(link, "mlat=42.54630&mlon=-73.25120") {
		t.Errorf("map: %s", link)
	}
	bob.Screenshot("map")
	bob.Hangup()
	alice.Idle()
	bob.Idle()
	alice.Action("location-off")
	alice.Until(`window.watched === false`)
	alice.Dial(bob.Address(), false)
	bob.Until(`e2e.topics.filter((r) => r.topic === 'jsc/call/state' && r.data.state === 'incoming').length === 2`)
	bob.Action("answer")
	alice.Talks()
	bob.Until(`!document.querySelector('[data-action=map]')`)
}
