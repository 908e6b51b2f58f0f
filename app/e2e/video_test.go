//go:build linux

package e2e

import (
	"fmt"
	"testing"

	"gocommunicator/app/e2e/peers"
	"gocommunicator/app/e2e/server"
)

const remotePicture = `[data-media=remote]`

// pictures waits until a phone says whose pictures there are in the present call.
func (p *phone) pictures(own, remote, asked bool) {
	p.t.Helper()
	p.Until(fmt.Sprintf(`((d) => d.video === %t && d.remote_video === %t && d.video_asked === %t)`+
		`(e2e.topics.filter((r) => r.topic === 'jsc/call/state').at(-1).data)`, own, remote, asked))
}

// soundCall is a call without pictures.
func soundCall(alice, bob *phone) {
	alice.t.Helper()
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	bob.Talks()
}

// addAndRemove goes through video added by one side, answered by the other, and removed.
func addAndRemove(t *testing.T, alice, bob *phone) {
	t.Helper()
	soundCall(alice, bob)
	alice.Action("video-on")
	bob.pictures(false, true, true)
	if bob.boxOf(`document.querySelector('`+remotePicture+`')`).Width > 0 {
		t.Error("the picture is seen before it was decided")
	}
	bob.Screenshot("asked")
	bob.Action("video-watch")
	bob.Moves(remotePicture)
	alice.pictures(true, false, false)
	bob.Action("video-on")
	alice.pictures(true, true, false)
	alice.Moves(remotePicture)
	bob.Moves(remotePicture)

	alice.choose("video-off")
	alice.pictures(false, true, false)
	alice.Moves(remotePicture)
	bob.Until(`!` + remoteView + `.checkVisibility()`)
	if tracks := alice.Media().LocalTracks; len(tracks) != 1 {
		t.Errorf("the camera is still open: %v", tracks)
	}
	bob.choose("video-off")
	alice.pictures(false, false, false)
	bob.pictures(false, false, false)

	// The other side adds, and is told no.
	bob.Action("video-on")
	alice.Action("video-refuse")
	bob.Until(told + `.includes('has ended your video')`)
	bob.pictures(false, false, false)
	alice.Hears(highTone)
	bob.Hears(lowTone)
	alice.Hangup()
	bob.Idle()
	alice.Released()
	bob.Released()
}

func TestVideoIsAddedAndRemovedInTheCall(t *testing.T) { throughBothServers(t, addAndRemove) }

// JsSIP refuses video, adds it and removes it, and sees what is added here.
func TestVideoIsAddedWithAClientOfOthers(t *testing.T) {
	k := server.StartKamailio(t)
	alice := kamailioPhone(t, newPage(t, low, "alice"), k.WS, "alice", nil)
	bob := peers.Open(t, newPage(t, high, "bob"), peers.JsSIP, peers.KamailioAccount(k.WS, "bob"))
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Talks()
	bob.Call("peer.refuse")
	alice.Action("video-on")
	alice.Until(told + `.includes('takes no video')`)
	alice.Action("dismiss")
	if tracks := alice.Media().LocalTracks; len(tracks) != 1 {
		t.Errorf("the camera is still open: %v", tracks)
	}
	alice.Hears(highTone)
	bob.Video(true)
	alice.Action("video-accept")
	alice.pictures(true, true, false)
	alice.Moves(remotePicture)
	bob.Sees()
	bob.Video(false)
	alice.pictures(true, false, false)
	alice.choose("video-off")
	alice.pictures(false, false, false)
	alice.Hears(highTone)
	bob.Hears(lowTone)
	alice.Hangup()
	bob.Idle()
	alice.Released()
}

// shareAndEnd goes through the screen shown in a call with sound, ended by the browser, and
// shown in place of the camera's picture.
func shareAndEnd(t *testing.T, alice, bob *phone) {
	t.Helper()
	soundCall(alice, bob)
	alice.choose("screen-on")
	alice.shares(true)
	bob.Action("video-watch")
	bob.Moves(remotePicture)
	alice.Until(selfView + `.checkVisibility() && getComputedStyle(` + selfVideo + `).scale === 'none'`)
	alice.Screenshot("screen")
	bob.Screenshot("screen-seen")
	alice.EndDisplay()
	alice.shares(false)
	alice.pictures(false, false, false)
	bob.Until(`!` + remoteView + `.checkVisibility()`)
	if tracks := alice.Media().LocalTracks; len(tracks) != 1 {
		t.Errorf("more than the microphone is open: %v", tracks)
	}

	alice.Action("video-on")
	bob.Action("video-accept")
	alice.pictures(true, true, false)
	bob.Moves(remotePicture)
	alice.Action("camera-off")
	alice.choose("screen-on")
	alice.shares(true)
	bob.Moves(remotePicture) // the screen is seen though the camera is off
	alice.Action("screen-off")
	alice.shares(false)
	alice.Action("camera-on")
	bob.Moves(remotePicture)
	alice.Moves(remotePicture)
	alice.Hears(highTone)
	bob.Hears(lowTone)

	alice.choose("screen-on")
	alice.shares(true)
	bob.Hangup()
	alice.Idle()
	alice.Released()
	bob.Released()
}

// shares waits until a phone says whether it shows the screen.
func (p *phone) shares(on bool) {
	p.t.Helper()
	p.Until(fmt.Sprintf(`e2e.topics.filter((r) => r.topic === 'jsc/call/state').at(-1).data.screen === %t`, on))
}

func TestScreenIsSharedAndEnded(t *testing.T) { throughBothServers(t, shareAndEnd) }

// Who closes the browser's question without an answer shares nothing and is told nothing;
// where the browser cannot, the person is told what to do.
func TestScreenThatIsNotShared(t *testing.T) {
	s := startServer(t)
	page := newPage(t, low, "alice")
	page.Before(`let why = 'NotAllowedError';
		navigator.mediaDevices.getDisplayMedia = async () => { throw new DOMException('Permission denied', why); }`)
	alice := openDemo(t, s, page, "alice")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	soundCall(alice, bob)
	alice.choose("screen-on")
	alice.Evaluate(`void (why = 'NotReadableError')`, nil)
	alice.choose("screen-on")
	alice.Until(told + `.includes('cannot be shared')`)
	alice.Until(`e2e.topics.filter((r) => r.topic === 'jsc/error').length === 1`)
	alice.Hears(highTone)
	bob.Hears(lowTone)
}

func TestPictureStandsInAWindowOfItsOwn(t *testing.T) {
	alice, bob := videoCall(t)
	alice.choose("pip")
	alice.Until(`document.pictureInPictureElement?.dataset.media === 'remote'`)
	alice.Action("more")
	alice.Click(`.menu [data-action=pip]`)
	alice.Until(`!document.pictureInPictureElement`)
	alice.choose("pip")
	alice.Until(`document.pictureInPictureElement`)
	bob.Hangup()
	alice.Idle()
	alice.Until(`!document.pictureInPictureElement`)
}
