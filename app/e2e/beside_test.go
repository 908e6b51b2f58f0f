//go:build linux

package e2e

import (
	"fmt"
	"testing"

	"gocommunicator/app/e2e/peers"
	"gocommunicator/app/e2e/server"
)

const screenPicture = `[data-media=screen]`

// screens waits until a phone says how it shows its screen, and whether the other one does.
func (p *phone) screens(on, beside, remote bool) {
	p.t.Helper()
	p.Until(fmt.Sprintf(`((d) => d.screen === %t && d.screen_beside === %t && d.remote_screen === %t)`+
		`(e2e.topics.filter((r) => r.topic === 'jsc/call/state').at(-1).data)`, on, beside, remote))
}

// seesBoth waits until a phone shows the screen large, and the camera, another picture, in a
// corner of it.
func (p *phone) seesBoth() {
	p.t.Helper()
	p.Moves(screenPicture)
	p.Moves(remotePicture)
	var screen, camera struct{ Width, Height int }
	size := `(({ videoWidth, videoHeight }) => ({ width: videoWidth, height: videoHeight }))(document.querySelector('%s'))`
	p.Evaluate(fmt.Sprintf(size, screenPicture), &screen)
	p.Evaluate(fmt.Sprintf(size, remotePicture), &camera)
	large, small := p.boxOf(`document.querySelector('`+screenPicture+`')`), p.boxOf(remoteView)
	if screen == camera || large.Width < 2*small.Width || small.Width < 80 {
		p.t.Errorf("a screen of %v in %v, a camera of %v in %v", screen, large, camera, small)
	}
	p.t.Logf("the screen is %d x %d, the camera %d x %d", screen.Width, screen.Height, camera.Width, camera.Height)
}

// besideAndEnd goes through the screen shown beside the camera, through a hold, and, if both
// are to, shown by either on one line, ended by its owner and by the browser.
func besideAndEnd(t *testing.T, alice, bob *phone, both bool) {
	t.Helper()
	alice.Dial(bob.Address(), true)
	bob.Answer(true)
	alice.Moves(remotePicture)
	alice.choose("screen-on")
	alice.screens(true, true, false)
	bob.screens(false, false, true)
	bob.seesBoth()
	alice.Moves(remotePicture)
	alice.Until(selfView + `.checkVisibility() && getComputedStyle(` + selfVideo + `).scale !== 'none'`) // the camera, as in a mirror
	alice.Screenshot("shows")
	bob.Screenshot("sees")
	bob.Viewport(360, 740)
	bob.Screenshot("sees-compact")
	bob.Viewport(1280, 800)

	alice.Action("hold")
	alice.state("held")
	bob.state("held")
	alice.Action("resume")
	alice.state("active")
	bob.state("active")
	bob.seesBoth()

	if both {
		bothScreens(t, alice, bob)
	}
	alice.Action("screen-off")
	bob.screens(false, false, false)
	bob.Moves(remotePicture)
	alice.Hears(highTone)
	bob.Hears(lowTone)
	alice.Hangup()
	bob.Idle()
	alice.Released()
	bob.Released()
}

func bothScreens(t *testing.T, alice, bob *phone) {
	t.Helper()
	bob.choose("screen-on") // on the same line
	alice.screens(true, true, true)
	alice.seesBoth()
	alice.Action("screen-off")
	bob.screens(true, true, false)
	bob.Until(`!document.querySelector('` + screenPicture + `').checkVisibility()`)
	bob.Moves(remotePicture)
	bob.EndDisplay()
	alice.screens(false, false, false)
	alice.Moves(remotePicture)

	alice.choose("screen-on") // once more: the line is used again
	bob.screens(false, false, true)
	bob.seesBoth()
	var lines int
	alice.Evaluate(`e2e.lines()`, &lines)
	if lines != 3 {
		t.Errorf("%d media lines, want 3", lines)
	}
}

func TestScreenIsShownBesideTheCamera(t *testing.T) {
	t.Run("embedded server", func(t *testing.T) {
		s := startServer(t)
		besideAndEnd(t, openDemo(t, s, newPage(t, low, "alice"), "alice"), openDemo(t, s, newPage(t, high, "bob"), "bob"), true)
	})
	t.Run("Kamailio", func(t *testing.T) {
		k := server.StartKamailio(t)
		besideAndEnd(t, kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil),
			kamailioPhone(t, newPage(t, high, "bob"), k.WS, "bob", nil), false)
	})
}

// JsSIP knows nothing of slides: its browser would take them for a second camera. It sees the
// screen in place of the camera, and nobody is told of it.
func TestScreenIsShownToAClientOfOthers(t *testing.T) {
	k := server.StartKamailio(t)
	alice := kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil)
	bob := peers.Open(t, newPage(t, high, "bob"), peers.JsSIP, peers.KamailioAccount(k.WS, "bob"))
	alice.Dial(bob.Address(), true)
	bob.Answer(true)
	alice.Moves(remotePicture)
	bob.Sees()
	// A camera is 4:3, whatever of it the way lets through; the screen is wide.
	wide := func(is bool) {
		t.Helper()
		bob.Until(fmt.Sprintf(`(({ videoWidth, videoHeight }) => videoWidth / videoHeight > 1.5)(`+
			`[...document.querySelectorAll('video')].find((v) => v.checkVisibility() && v.videoWidth > 0)) === %t`, is))
	}
	wide(false)
	alice.choose("screen-on")
	alice.screens(true, false, false)
	wide(true)
	bob.Sees()
	bob.Hears(lowTone)
	alice.Action("screen-off")
	alice.screens(false, false, false)
	wide(false)
	alice.Until(`!e2e.topics.some((r) => r.topic === 'jsc/error')`)
	alice.Moves(remotePicture)
	alice.Hears(highTone)
	alice.Hangup()
	bob.Idle()
	alice.Released()
}
