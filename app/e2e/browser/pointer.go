//go:build linux

package browser

import (
	"context"
	"errors"

	"github.com/chromedp/chromedp"
)

// What only Chromium is asked to do.

var errNotChromium = errors.New("only in Chromium")

func (p *Page) chromium(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.do(what, func(ctx context.Context) error {
		tab, ok := p.tab.(*chromiumTab)
		if !ok {
			return errNotChromium
		}
		for _, step := range steps {
			if err := tab.do(ctx, step); err != nil {
				return err
			}
		}
		return nil
	})
}

// Pull takes the first element that the CSS selector finds with the mouse, pulls it that
// far in CSS pixels and lets it go.
func (p *Page) Pull(selector string, right, down float64) {
	p.t.Helper()
	var at struct{ X, Y float64 }
	p.Evaluate(call("place", selector, ms()), &at)
	p.chromium("pull "+selector,
		chromedp.MouseEvent(chromedp.MouseMoved, at.X, at.Y),
		chromedp.MouseEvent(chromedp.MousePressed, at.X, at.Y, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseMoved, at.X+right/2, at.Y+down/2, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseMoved, at.X+right, at.Y+down, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseReleased, at.X+right, at.Y+down, chromedp.ButtonLeft))
}

// Press presses keys, wherever the keyboard is: those of chromedp's package kb.
func (p *Page) Press(keys string) {
	p.t.Helper()
	p.chromium("press keys", chromedp.KeyEvent(keys))
}

// Viewport makes the page that large, in CSS pixels.
func (p *Page) Viewport(width, height int64) {
	p.t.Helper()
	p.chromium("viewport", chromedp.EmulateViewport(width, height))
}
