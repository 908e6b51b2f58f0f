//go:build linux

package e2e

import (
	"context"
	"log/slog"
	"os"
	"testing"

	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/need"
	"gocommunicator/app/e2e/server"
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

// workADay calls Bob from his record, goes to other pages of the ERP meanwhile, notes
// something and is called back.
func workADay(t *testing.T, erp *browser.Page, bob *phone) {
	t.Helper()
	shows(erp, "Bob Aarons")
	erp.Click("tr[data-id='1'] a[href^='sip:bob@']")
	bob.Answer(false)
	bob.Talks()
	bob.Hears(lowTone)

	bob.goesOn(func() {
		erp.Click("nav a[href='calls.html']")
		erp.Lands("location.pathname === '/calls.html'")
		shows(erp, "Outgoing")
		erp.Publish("jsc/ua/state", nil)
		erp.Topic("jsc/ua/snapshot", "d.calls.length === 1 && d.calls[0].state === 'active'", 0)
	})
	bob.Hears(lowTone)
	erp.Publish("jsc/call/note", map[string]any{"text": "<b>Wants</b> 20 more"})
	erp.Publish("jsc/call/hangup", nil)
	bob.Idle()
	shows(erp, "Outgoing", "Bob Aarons", "Aardvark Trading Ltd", "<b>Wants</b> 20 more")

	bob.Dial("alice", false)
	erp.Lands("location.pathname === '/contact.html' && document.querySelector('h1')?.innerText === 'Bob Aarons'")
	shows(erp, "<b>Wants</b> 20 more")
	bob.Rings()
	erp.Publish("jsc/call/answer", nil)
	bob.Talks()
	bob.Hears(lowTone)
	bob.Hangup()
	shows(erp, "Incoming", "Bob Aarons")
}

// From the records of an ERP people are called, who calls is shown with the record, notes
// are kept, and pages change while people talk.
func TestERPWorksWithThePhone(t *testing.T) {
	t.Run("embedded server", func(t *testing.T) {
		s := startServer(t)
		bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
		workADay(t, openERP(t, sample.Config{Phone: s.URL(), Account: "alice"}, "account.html?id=1"), bob)
	})
	t.Run("Kamailio", func(t *testing.T) {
		k := server.StartKamailio(t)
		bob := kamailioPhone(t, newPage(t, high, "bob"), k.WS, "bob", nil)
		site := serveSite(t, map[string]any{
			"websocket": map[string]any{"servers": k.WS},
			"user":      map[string]any{"uri": "sip:alice@" + server.Domain, "sip_auth_password": server.Password("alice")},
			"embed":     map[string]any{"allowed_origins": "http://127.0.0.1:*"},
		})
		workADay(t, openERP(t, sample.Config{Phone: site, Domain: server.Domain}, "account.html?id=1"), bob)
	})
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
