//go:build linux

package e2e

import "testing"

// withoutCamera has the browser find no camera.
const withoutCamera = `{
	const devices = navigator.mediaDevices, get = devices.getUserMedia;
	window.camera = 0;
	devices.getUserMedia = async (constraints) => {
		if (constraints.video) { camera++; throw new DOMException('no camera', 'NotFoundError'); }
		return get(constraints);
	};
}`

// Who has no camera sees the other side, is heard by it, and is told once.
func TestVideoCallIsSeenWithoutACamera(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	page := newPage(t, high, "bob")
	page.Before(withoutCamera)
	bob := openDemo(t, s, page, "bob")
	alice.Dial(bob.Address(), true)
	bob.Answer(true)
	alice.Talks()
	bob.Talks()
	bob.Sees()
	bob.Until(remoteView + `.checkVisibility() && !` + selfView + `.checkVisibility()`)
	bob.Until(told + `.includes('There is no camera')`)
	alice.Hears(highTone)
	bob.Hears(lowTone)
	alice.Until(`!` + remoteView + `.checkVisibility() && ` + selfView + `.checkVisibility()`)
	var asked int
	bob.Evaluate(`camera`, &asked)
	if asked != 1 {
		t.Errorf("the camera was asked for %d times", asked)
	}
	bob.Screenshot("sees")
	alice.Hangup()
	bob.Idle()
	alice.Released()
	bob.Released()
}
