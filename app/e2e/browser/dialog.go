//go:build linux

package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// leave has whoever closes a page or loads another one mean it, should the page ask.
func (t *chromiumTab) leave(ctx context.Context) error {
	return t.do(ctx, chromedp.Func(func(_ context.Context, target *chromedp.Target) error {
		asked := cdp.Events(t.ctx, target, cdppage.JavascriptDialogOpening)
		go func() {
			for _, err := range asked {
				if err != nil {
					return
				}
				answer := cdppage.HandleJavaScriptDialogParams{Accept: true}
				if _, err := cdp.Call(t.ctx, target, cdppage.HandleJavaScriptDialog, answer); err != nil {
					return // the tab is closed
				}
			}
		}()
		return nil
	}))
}
