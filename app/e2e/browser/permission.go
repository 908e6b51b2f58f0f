//go:build linux

package browser

import (
	"context"
	"errors"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
)

// Permission says what the person has answered to a wish of the page: "granted",
// "denied", or "prompt" when it was not asked. name is that of the Permissions API, e.g.
// "notifications". Only in Chromium.
func (p *Page) Permission(name, answer string) {
	p.t.Helper()
	p.do("permission "+name, func(ctx context.Context) error {
		tab, ok := p.tab.(*chromiumTab)
		if !ok {
			return errors.ErrUnsupported
		}
		c := chromedp.FromContext(tab.ctx)
		_, err := cdp.Call(ctx, c.Browser, cdpbrowser.SetPermission, cdpbrowser.SetPermissionParams{
			Permission:       &cdpbrowser.PermissionDescriptor{Name: name},
			Setting:          cdpbrowser.PermissionSetting(answer),
			BrowserContextID: c.BrowserContextID,
		})
		return err
	})
}
