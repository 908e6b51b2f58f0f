//go:build linux

package browser

import (
	"context"
	"errors"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/target"
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

// Stands has the browser know, and tell the page, where the person is: degrees and metres.
func (p *Page) Stands(latitude, longitude, accuracy float64) {
	p.t.Helper()
	p.chromium("place", chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		info, err := cdp.Call(ctx, tab, target.GetTargetInfo, target.GetTargetInfoParams{})
		if err != nil {
			return err
		}
		if _, err := cdp.Call(ctx, tab, browser.SetPermission, browser.SetPermissionParams{
			Permission:       &browser.PermissionDescriptor{Name: "geolocation"},
			Setting:          browser.PermissionSettingGranted,
			BrowserContextID: info.TargetInfo.BrowserContextID,
		}); err != nil {
			return err
		}
		_, err = cdp.Call(ctx, tab, emulation.SetGeolocationOverride, emulation.SetGeolocationOverrideParams{
			Latitude: &latitude, Longitude: &longitude, Accuracy: &accuracy,
		})
		return err
	}))
}
