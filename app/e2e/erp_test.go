//go:build linux

package e2e

import (
	"context"
	"log/slog"
	"os"
	"testing"

	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/need"
	"gocommunicator/app/sample"
)

// openERP starts the sample ERP, whose phone is another origin's, and opens a page of it.
func openERP(t *testing.T, cfg sample.Config, path string) *browser.Page {
	t.Helper()
	cfg.Pages = os.DirFS(need.File(t, "web/samples/erp", "git"))
	cfg.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	erp, err := sample.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := erp.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
		cancel()
		_ = erp.Shutdown(ctx)
	})
	page := newPage(t, low, "erp")
	page.Open(erp.URL() + path)
	return page
}

// shows waits until a table of the page, or of one that it is left for, has a row with all
// the texts.
func shows(page *browser.Page, texts ...string) {
	condition := "true"
	for _, text := range texts {
		condition += " && r.innerText.includes(" + quote(text) + ")"
	}
	page.Lands("[...document.querySelectorAll('tbody tr')].some((r) => " + condition + ")")
}

// What is looked for is found page by page, and what others have typed is text.
func TestERPShowsWhatTheServerFinds(t *testing.T) {
	erp := openERP(t, sample.Config{Phone: startServer(t).URL()}, "")
	shows(erp, "Aardvark Trading Ltd")
	erp.Until("document.querySelector('.count').innerText === '200 records'")
	erp.Click(".pages button:last-child")
	erp.Until("document.querySelector('.pages span').innerText === 'Page 2 of 8' && location.search.includes('page=2')")
	erp.Evaluate("void (document.querySelector('input').value = 'müller', document.querySelector('input').oninput())", nil)
	shows(erp, "Müller")
	erp.Until("document.querySelectorAll('tbody tr').length < 20 && location.search.includes('q=m')")
	erp.Click("nav a[href='contacts.html']")
	erp.Lands("location.pathname === '/contacts.html'")
	shows(erp, "Security")
	erp.Evaluate("void (document.querySelector('input').value = 'security script', document.querySelector('input').oninput())", nil)
	shows(erp, `<script>alert("Robert")</script><b>'); DROP TABLE calls;--`)
	erp.Until("document.querySelectorAll('main script, main b').length === 0")
}
