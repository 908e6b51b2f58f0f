//go:build linux

package e2e

import (
	"fmt"
	"math"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// Where the pictures are.
const (
	selfView   = `document.querySelector('.call-self')`
	selfVideo  = `document.querySelector('[data-media=self]')`
	remoteView = `document.querySelector('[data-media=remote]')`
	stage      = `document.querySelector('.stage')`
	menuOpen   = `!!document.querySelector('.menu:popover-open')`
)

type box struct{ X, Y, Width, Height float64 }

func (p *phone) boxOf(element string) (b box) {
	p.t.Helper()
	p.Evaluate(element+`.getBoundingClientRect().toJSON()`, &b)
	return b
}

// choose opens the menu of the call and takes an item of it.
func (p *phone) choose(action string) {
	p.t.Helper()
	p.Action("more")
	p.Click(`.menu [data-action=` + action + `]`)
	p.Until(`!(` + menuOpen + `) && document.activeElement.dataset.action === 'more'`)
}

// videoCall is a call with picture both ways.
func videoCall(t *testing.T) (alice, bob *phone) {
	t.Helper()
	s := startServer(t)
	alice = openDemo(t, s, newPage(t, low, "alice"), "alice")
	bob = openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Dial(bob.Address(), true)
	bob.Answer(true)
	alice.Talks()
	bob.Talks()
	alice.Sees()
	bob.Sees()
	alice.Until(selfVideo + `.videoWidth > 0`)
	return alice, bob
}

func TestOwnPictureIsHiddenMirroredMovedAndSized(t *testing.T) {
	alice, bob := videoCall(t)
	mirrored := func(want string) {
		t.Helper()
		alice.Until(`getComputedStyle(` + selfVideo + `).scale === '` + want + `'`)
		alice.Until(`getComputedStyle(` + remoteView + `).scale === 'none'`)
	}
	alice.Screenshot("video")
	mirrored("-1 1")
	alice.choose("self-mirror")
	mirrored("none")
	alice.Action("more")
	alice.Until(`document.querySelector('[data-action=self-mirror]').getAttribute('aria-checked') === 'false'`)
	alice.Screenshot("more")
	alice.Press(kb.Escape)

	alice.choose("self-hide")
	alice.Until(selfView + `.getClientRects().length === 0`)
	bob.Sees() // it is still sent
	alice.choose("self-show")
	alice.Until(selfVideo + `.getClientRects().length > 0 && !` + selfVideo + `.paused`)

	before, room := alice.boxOf(selfView), alice.boxOf(stage)
	alice.Pull(`.call-self`, -room.Width/2, room.Height/2)
	alice.Until(selfView + `.dataset.block === 'end' && ` + selfView + `.dataset.inline === 'start'`)
	moved := alice.boxOf(selfView)
	if moved.X >= before.X || moved.Y <= before.Y || moved.Width != before.Width {
		t.Errorf("moved from %v to %v", before, moved)
	}
	if bar := alice.boxOf(`document.querySelector('.controls')`); moved.Y+moved.Height > bar.Y {
		t.Errorf("at %v it covers the controls at %v", moved, bar)
	}
	alice.Pull(`.call-self-grip`, 80, -60)
	larger := alice.boxOf(selfView)
	if math.Abs(larger.Width-moved.Width-80) > 16 || math.Abs(larger.Width/larger.Height-4.0/3) > 0.02 || larger.X != moved.X {
		t.Errorf("pulled by 80 pixels from %v to %v", moved, larger)
	}
	alice.Pull(`.call-self-grip`, 3000, -3000)
	if most := alice.boxOf(selfView); most.Width > 0.61*room.Width || most.Height > room.Height || most.Width <= larger.Width {
		t.Errorf("at most %v in %v", most, room)
	}
	alice.Evaluate(selfView+`.focus()`, nil)
	for range 20 {
		alice.Press("-")
	}
	least := alice.boxOf(selfView)
	alice.Press("+")
	if again := alice.boxOf(selfView); least.Width < 60 || least.Width > 100 || again.Width <= least.Width {
		t.Errorf("at least %v, and one step more %v", least, again)
	}

	size := alice.boxOf(selfView).Width
	alice.Hangup()
	alice.Idle()
	alice.Dial(bob.Address(), true)
	bob.since = alice.since
	bob.Action("answer-video")
	alice.Until(selfVideo + `?.videoWidth > 0 && !` + selfVideo + `.paused`)
	if next := alice.boxOf(selfView).Width; math.Abs(next-size) > 1 { // in the next call too
		t.Errorf("%v wide in the next call, %v before", next, size)
	}
	mirrored("none")
}

func TestCallFillsTheScreen(t *testing.T) {
	alice, bob := videoCall(t)
	fills := func(want bool) {
		t.Helper()
		alice.Until(fmt.Sprintf(`(({ x, y, width, height }) => x === 0 && y === 0 && width === innerWidth && height === innerHeight)(%s.getBoundingClientRect()) === %t`, stage, want))
		alice.Until(fmt.Sprintf(`document.querySelector('[data-action=fullscreen]').getAttribute('aria-checked') === '%t'`, want))
	}
	fills(false)
	alice.choose("fullscreen")
	alice.Until(`document.fullscreenElement === document.documentElement`)
	fills(true)
	alice.Screenshot("full")
	alice.Evaluate(`document.exitFullscreen()`, nil) // as the browser does with Esc
	fills(false)
	alice.choose("fullscreen")
	alice.Until(`document.fullscreenElement`)
	fills(true)
	alice.choose("fullscreen")
	alice.Until(`!document.fullscreenElement`)
	fills(false)
	// Where it is refused the window is filled, and Escape leaves it too.
	alice.Evaluate(`void (Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('refused')))`, nil)
	alice.choose("fullscreen")
	fills(true)
	alice.Press(kb.Escape)
	fills(false)
	alice.choose("fullscreen")
	fills(true)
	bob.Hangup()
	alice.Idle()
	alice.Until(`document.querySelector('[data-action=dial-audio]').checkVisibility()`)
	alice.Dial(bob.Address(), true)
	bob.Action("answer-video")
	alice.Until(remoteView + `?.checkVisibility()`)
	fills(false) // the next call does not fill it unasked
}

func TestPictureFitsOrFills(t *testing.T) {
	alice, bob := videoCall(t)
	fit := func(p *phone, want string) {
		t.Helper()
		p.Until(`getComputedStyle(` + remoteView + `).objectFit === '` + want + `'`)
	}
	fit(alice, "contain") // wide
	alice.choose("picture-fit")
	fit(alice, "cover")
	alice.choose("picture-fit")
	fit(alice, "contain")
	bob.Viewport(360, 740)
	fit(bob, "cover")
	bob.choose("picture-fit")
	fit(bob, "contain")
}

// The keyboard alone is enough, and comes back to where it was.
func TestMenuOfACallByKeyboard(t *testing.T) {
	alice, _ := videoCall(t)
	at := func(action string) {
		t.Helper()
		alice.Until(menuOpen + ` && document.activeElement.dataset.action === '` + action + `'`)
	}
	closed := func() {
		t.Helper()
		alice.Until(`!(` + menuOpen + `) && document.activeElement.dataset.action === 'more'`)
	}
	alice.Evaluate(`document.querySelector('[data-action=more]').focus()`, nil)
	alice.Press("\r")
	at("add-call")
	alice.Press(kb.Escape)
	closed()
	alice.Press(kb.ArrowDown)
	at("add-call")
	alice.Press(kb.ArrowUp)
	at("note")
	alice.Press(kb.ArrowUp + kb.ArrowUp + kb.ArrowUp + kb.ArrowUp)
	at("self-hide")
	alice.Press(kb.ArrowUp)
	at("picture-fit")
	alice.Press(kb.ArrowDown)
	at("self-hide")
	alice.Press("\r")
	closed()
	alice.Until(selfView + `.hidden`)
	alice.Press(kb.ArrowUp)
	at("note")
	alice.Press("\t")
	alice.Until(`!(` + menuOpen + `) && document.activeElement.dataset.action !== 'more'`)
	alice.Action("more")
	at("add-call")
	alice.Click(`[data-region=status]`)
	alice.Until(`!(` + menuOpen + `)`)
	alice.state("active")
	for _, size := range [][2]int64{{320, 480}, {360, 740}, {740, 360}, {640, 360}} {
		alice.Viewport(size[0], size[1])
		alice.Action("more")
		at("add-call")
		alice.Until(`[...document.querySelectorAll('.controls .menu button, .controls .button:not([hidden])')].every((b) => {
			const { left, right, top, bottom, width, height } = b.getBoundingClientRect();
			return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight && width >= 44 && height >= 44 &&
				b.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
		})`)
		alice.Screenshot(fmt.Sprintf("%dx%d", size[0], size[1]))
		alice.Press(kb.Escape)
		closed()
	}
}
