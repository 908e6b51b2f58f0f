//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"gocommunicator/app/e2e/need"
	"gocommunicator/app/e2e/server"
	"gocommunicator/app/site"
)

// writeSite writes the built page as a static host serves it, and gives its version. It is
// compressed in haste. More files make it another version.
func writeSite(t *testing.T, dist, base string, settings any, more fstest.MapFS) (version string) {
	t.Helper()
	need.File(t, "build/site/app.wasm", "make build")
	if settings != nil {
		text, err := json.Marshal(settings)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dist, "config.json"), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var page fs.FS = withFiles{FS: os.DirFS(need.File(t, "build/site", "make build")), more: more}
	if len(more) > 0 {
		page = overlaid{page, more}
	}
	result, err := site.Write(t.Context(), site.Config{
		Page: page, Dist: dist, Base: base, Quality: 1, Cache: filepath.Join(need.Root(t), "build", "packed"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return result.Version
}

// overlaid lists the files that are more, too.
type overlaid struct {
	fs.FS
	more fstest.MapFS
}

// ReadDir implements fs.ReadDirFS.
func (o overlaid) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.FS, name)
	if name != "." {
		return entries, err
	}
	added, more := fs.ReadDir(o.more, name)
	if more != nil {
		return nil, more
	}
	return append(entries, added...), err
}

// cached waits until the worker keeps that version of the site at the base, and no other.
func (p *phone) cached(base, version string) {
	p.t.Helper()
	p.Until(fmt.Sprintf(`(async () => {
		const ours = (await caches.keys()).filter((name) => name.startsWith('gocommunicator %s ') && !name.endsWith(' loose'));
		return ours.join() === 'gocommunicator %s %s' && (await caches.match(%s)) !== undefined;
	})()`, base, base, version, quote(base)))
}

// strictly has a page note what its policy forbids, and how it is opened when it is open.
const strictly = `Object.defineProperty(window, 'launchQueue', { value: { setConsumer(launched) { window.launched = launched; } } });
window.forbidden = []; addEventListener('securitypolicyviolation', (e) => forbidden.push(e.violatedDirective + ' ' + e.blockedURI));`

// The page on nginx under a path, set up by the sample that comes with it: with all that is
// compressed sent as it is, and with nothing of the kind.
func TestSiteOnNginxUnderASubPath(t *testing.T) {
	k := server.StartKamailio(t)
	settings := map[string]any{"websocket": map[string]any{"servers": k.WS}}
	open := func(browser *lazyBrowser, user, encoding string) (*phone, *server.Nginx, string) {
		dist := t.TempDir()
		version := writeSite(t, dist, "/phone/", settings, nil)
		host := server.StartNginx(t, filepath.Join(dist, "nginx.conf.sample"), encoding != "")
		served(t, host.URL, version, encoding)
		page := newPage(t, browser, user)
		page.Before(strictly)
		page.Before(`(async () => { for (const name of ['shop v1', 'gocommunicator /other/ 0123456789ab']) await caches.open(name); })()`)
		return openPhone(t, page, host.URL+"phone", "sip:"+user+"@"+server.Domain, logIn(server.Password(user))), host, version
	}
	alice, host, version := open(low, "alice", "br")
	bob, _, _ := open(high, "bob", "")
	talk(t, alice, lowTone, bob, highTone, true, true)
	for _, p := range []*phone{alice, bob} {
		p.Until(`document.baseURI.endsWith('/phone/') && forbidden.join() === ''`)
	}

	if problems := alice.Installable(); len(problems) > 0 {
		t.Errorf("cannot be installed: %v", problems)
	}
	alice.Evaluate(`launched({ targetURL: location.origin + '/phone/?dial=web%2Bsip%3Abob%40example.test' })`, nil)
	alice.Until(addressIs + quote("web+sip:bob@example.test"))

	// Without its host the phone still starts, and calls.
	alice.cached("/phone/", version)
	host.Stop()
	alice.Open(host.URL + "phone/?dial=tel%3A%2B4930123456")
	logIn(server.Password("alice"))(alice)
	alice.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	alice.Until(addressIs + quote("tel:+4930123456"))
	again(alice, bob)
	alice.Dial(bob.Address(), false)
	bob.Answer(false)
	alice.Hears(highTone)
	alice.Hangup()
	alice.Until(`(async () => (await caches.keys()).filter((name) => /^shop v1$|^gocommunicator .other. /.test(name)).length === 2)()`)
}

// served checks what a server says of the files.
func served(t *testing.T, url, version, encoding string) {
	t.Helper()
	for name, want := range map[string]struct{ mime, cache string }{
		"":                                 {"text/html", "no-cache"},
		"v/" + version + "/app.wasm":       {"application/wasm", "immutable"},
		"v/" + version + "/style/all0.css": {"text/css", "immutable"},
		"v/" + version + "/parts/desk.js":  {"text/javascript", "immutable"},
		"manifest.webmanifest":             {"application/manifest+json", "no-cache"},
		"locales/de.json":                  {"application/json", "no-cache"},
		"worker.js":                        {"text/javascript", "no-cache"},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"phone/"+name, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept-Encoding", "br, gzip")
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		h := response.Header
		if response.StatusCode != http.StatusOK || !strings.HasPrefix(h.Get("Content-Type"), want.mime) ||
			!strings.Contains(h.Get("Cache-Control"), want.cache) || h.Get("Content-Encoding") != encoding || h.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d %v", name, response.StatusCode, h)
		}
	}
}

// A host that has heard neither of WebAssembly nor of caches serves the page from its list
// of files.
func TestSiteOnAHostThatKnowsNoProgram(t *testing.T) {
	dist := t.TempDir()
	k := server.StartKamailio(t)
	version := writeSite(t, dist, "", map[string]any{"websocket": map[string]any{"servers": k.WS}}, nil)
	files := http.FileServer(http.Dir(dist))
	host := httptest.NewServer(http.StripPrefix("/a/b", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".wasm") || strings.HasSuffix(r.URL.Path, ".webmanifest") {
			w.Header().Set("Content-Type", "application/octet-stream")
		}
		files.ServeHTTP(w, r)
	})))
	t.Cleanup(host.Close)
	alice := openPhone(t, newPage(t, low, "alice"), host.URL+"/a/b/", "sip:alice@"+server.Domain, logIn(server.Password("alice")))
	alice.cached("/a/b/", version)
}

// What a site has of its own, wherever on its origin, is as it has it now, and as it was where
// there is no network.
func TestSiteKeepsItsOwnLookAndWordsForWhenThereIsNoNetwork(t *testing.T) {
	dist := t.TempDir()
	k := server.StartKamailio(t)
	version := writeSite(t, dist, "", map[string]any{
		"websocket": map[string]any{"servers": k.WS}, "appearance": map[string]any{"css": "/own/look.css"}, "i18n": map[string]any{"texts": "/own/"},
	}, nil)
	var look atomic.Value
	look.Store("first")
	mux := http.NewServeMux()
	mux.Handle("/a/b/", http.StripPrefix("/a/b", http.FileServer(http.Dir(dist))))
	mux.HandleFunc("/own/look.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css")
		_, _ = fmt.Fprintf(w, ":root { --own: %s }", look.Load())
	})
	for name, text := range map[string]string{"en.json": `{"action_login": "Come in"}`, "else.json": `{}`} {
		mux.HandleFunc("/own/"+name, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
	}
	host := httptest.NewServer(mux)
	t.Cleanup(host.Close)
	alice := openPhone(t, newPage(t, low, "alice"), host.URL+"/a/b/", "sip:alice@"+server.Domain, logIn(server.Password("alice")))
	alice.cached("/a/b/", version)
	looks := func(name string) {
		t.Helper()
		alice.Until(`getComputedStyle(document.documentElement).getPropertyValue('--own') === ` + quote(name) +
			` && document.querySelector('[data-region=login] [data-action=login]')?.textContent === 'Come in'`)
	}
	looks("first")
	alice.Until(`(async () => (await (await caches.open('gocommunicator /a/b/ loose')).keys()).filter(({ url }) => url.includes('/own/')).length === 2)()`)
	look.Store("second")
	alice.Evaluate(`fetch('/own/else.json')`, nil)
	alice.Open(host.URL + "/a/b/")
	looks("second")
	alice.Until(`(async () => (await (await caches.match('/own/look.css', { cacheName: 'gocommunicator /a/b/ loose' })).text()).includes('second'))()`)
	host.CloseClientConnections()
	host.Close()
	alice.Open(host.URL + "/a/b/")
	looks("second")
	alice.Until(`document.querySelector('[data-notice]') === null`)
	alice.Until(`fetch('/own/else.json').then(() => false, () => true)`)
}

// A new version comes while somebody talks: nothing happens to the call, and after it the
// person is asked.
func TestSiteIsUpdatedInPlace(t *testing.T) {
	dist := t.TempDir()
	before := writeSite(t, dist, "", nil, nil)
	s := startFiles(t, os.DirFS(dist))
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	alice.cached("/", before)
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Dial("bob", false)
	bob.Answer(false)
	alice.Talks()

	after := writeSite(t, dist, "", nil, fstest.MapFS{"new.js": &fstest.MapFile{Data: []byte("1")}})
	if after == before {
		t.Fatal("it is the same version")
	}
	const look = `document.dispatchEvent(new Event('visibilitychange'))`
	alice.Evaluate(`void (window.asked = performance.getEntriesByType('resource').length, `+look+`)`, nil)
	alice.Until(`performance.getEntriesByType('resource').slice(asked).some(({ name }) => new URL(name).pathname === '/')`)
	alice.Hears(highTone)
	alice.Until(`!document.querySelector('[data-action=start-again]')`)
	alice.Hangup()
	bob.Idle()
	alice.Until(`document.querySelector('[data-action=start-again]').checkVisibility()`)
	alice.Screenshot("asked")
	alice.Until(`(async () => (await caches.keys()).filter((name) => /^gocommunicator \/ [0-9a-f]{12}$/.test(name)).length === 2)()`) // its own stays
	alice.Action("start-again")
	alice.Lands(`document.querySelector('link[rel=stylesheet]')?.href.includes(` + quote(after) + `)`)
	alice.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	alice.cached("/", after)
	alice.Until(`!document.querySelector('[data-action=start-again]')`)

	// Where nothing can be reached, the new one says so.
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	alice.Open(s.URL() + "?account=alice")
	alice.Until(`document.querySelector('[data-region=status]')?.innerText.includes('No connection')`)
	alice.Screenshot("offline")
}
