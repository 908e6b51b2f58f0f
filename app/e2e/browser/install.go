//go:build linux

package browser

import (
	"context"
	"slices"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Installable gives what keeps Chromium from installing the page as an application, and
// what it finds wrong with its manifest; nothing when it can be.
func (p *Page) Installable() (problems []string) {
	p.t.Helper()
	p.chromium("installability", chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		manifest, err := cdp.Call(ctx, tab, page.GetAppManifest, page.GetAppManifestParams{})
		if err != nil {
			return err
		}
		for _, e := range manifest.Errors {
			problems = append(problems, e.Message)
		}
		found, err := cdp.Call(ctx, tab, page.GetInstallabilityErrors, cdp.Empty{})
		for _, e := range found.InstallabilityErrors {
			problems = append(problems, e.ErrorID)
		}
		return err
	}))
	// Pages of tests share nothing, which to the browser is private browsing.
	return slices.DeleteFunc(problems, func(problem string) bool { return problem == "in-incognito" })
}
