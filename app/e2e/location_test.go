//go:build linux

package e2e

import (
	"strings"
	"testing"
)

// The location goes with a call once it is turned on, from page to page, and no longer.
func TestLocationGoesWithACallWhenTurnedOn(t *testing.T) {
	const places = `Object.defineProperty(navigator, 'geolocation', { value: {
		watchPosition(found) { window.watched = true; setTimeout(() => found({ coords: { latitude: 42.5463, longitude: -73.2512, accuracy: 30 } })); return 1; },
		clearWatch() { window.watched = false; },
	} });`
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(places)
	alice := openDemo(t, s, page, "alice")
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
