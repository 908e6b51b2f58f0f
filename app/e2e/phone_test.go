//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gocommunicator/app/devserver"
	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/need"
	"gocommunicator/app/e2e/peers"
)

// party is one side of a call: our phone, or a client of others.
type party interface {
	Address() string
	Dial(address string, video bool)
	Answer(video bool)
	Reject(code int)
	Hangup()
	Rings()
	Rung()
	Talks()
	Idle()
	Hears(hertz int)
	Sees()
	Media() browser.Media
	Released()
	Close()
}

var _ = []party{(*phone)(nil), (*peers.Peer)(nil)}

// phone is our page, used by its controls and watched by its topics.
type phone struct {
	*browser.Page
	t       *testing.T
	address string
	since   float64 // when the present call began, in ms since the page was opened
}

// openPhone opens our page at a URL and waits until it is registered as the address.
// login does what is needed for that; nil when the URL does it.
func openPhone(t *testing.T, page *browser.Page, url, address string, login func(*phone)) *phone {
	t.Helper()
	p := &phone{Page: page, t: t, address: address}
	p.Open(url)
	if login != nil {
		login(p)
	}
	registered := p.Topic("jsc/registration/state", "d.state === 'registered'", 0)
	before := running{1e9, 1e9}
	p.Evaluate(snapshot+`.then((s) => s ? { ...s, functions: s.functions - `+ofParts+` } : { goroutines: 1e9, functions: 1e9 })`, &before)
	t.Cleanup(func() { p.leftNothing(before) })
	if login == nil {
		t.Logf("%s: registered %v after opening%s", address, browser.Since(0, registered.Time), p.startUp())
	}
	return p
}

// snapshot asks the phone how it is; undefined when there is none in the page any more.
const snapshot = `new Promise((resolve) => {
	const id = Arbiter.subscribe('jsc/ua/snapshot', (s) => { Arbiter.unsubscribe(id); resolve(s); });
	setTimeout(resolve, 2000);
	Arbiter.publish('jsc/ua/state');
})`

// madeOnce are the functions that a page makes with its first call and keeps: of the sound of
// its tones, and of the list of calls that then has something in it.
const madeOnce = 2

// ofParts is how many of the functions those parts have that are on the page now.
const ofParts = "[...document.querySelectorAll('*')].reduce((n, e) => n + (e.localName.startsWith('sip-') ? Object.keys(e.calls ?? {}).length : 0), 0)"

// running is how much of the program in the page runs, and how many of its functions
// JavaScript has.
type running struct{ Goroutines, Functions float64 }

// leftNothing is the end of a test: it ends all calls, and then no device is in use, no
// connection open, no more of the program running than before the first of them, and not
// one more of its functions given to JavaScript.
func (p *phone) leftNothing(before running) {
	if p.t.Failed() || p.Closed() {
		return
	}
	p.t.Helper()
	p.Evaluate(`(async () => {
		if (!window.Arbiter || !window.e2e) return; // the test has gone to another page
		const before = { goroutines: `+fmt.Sprint(before.Goroutines)+`, functions: `+fmt.Sprint(before.Functions+madeOnce)+` };
		const snapshot = () => `+snapshot+`;
		for (const { id } of (await snapshot())?.calls ?? []) Arbiter.publish('jsc/call/hangup', { id });
		await e2e.released(45000);
		let last;
		await e2e.until(async () => {
			last = await snapshot();
			if (last) last.functions -= `+ofParts+`;
			return !last || last.calls.length === 0 && last.goroutines <= before.goroutines && last.functions <= before.functions;
		}, 45000, () => 'left behind: ' + last.calls.length + ' calls, ' + last.goroutines + ' goroutines and ' + last.functions +
			' functions; at most: ' + JSON.stringify(before));
	})()`, nil)
}

// startUp says what the time before the registration went into.
func (p *phone) startUp() string {
	p.t.Helper()
	var at struct{ Loaded, Compiled float64 }
	p.Evaluate(`({
		loaded: performance.getEntriesByType('resource').find((e) => e.name.endsWith('/app.wasm'))?.responseEnd ?? 0,
		compiled: performance.getEntriesByName('phone-compiled')[0]?.startTime ?? 0,
	})`, &at)
	connecting := p.Topic("jsc/link/state", "d.state === 'connecting'", 0).Time
	up := p.Topic("jsc/link/state", "d.state === 'up'", 0).Time
	return fmt.Sprintf(": program loaded %v, compiled %v, connecting %v, connected to the server %v",
		browser.Since(0, at.Loaded), browser.Since(0, at.Compiled), browser.Since(0, connecting), browser.Since(0, up))
}

// logIn fills in the form.
func logIn(password string) func(*phone) {
	return func(p *phone) {
		p.Fill("sip-address", p.address)
		p.Fill("password", password)
		p.Action("login")
	}
}

func (p *phone) Address() string { return p.address }

func (p *phone) Dial(address string, video bool) {
	p.t.Helper()
	p.Fill("address", address)
	action := "dial-audio"
	if video {
		action = "dial-video"
	}
	p.since = p.Now()
	p.Action(action)
}

func (p *phone) Answer(video bool) {
	p.t.Helper()
	p.Rung()
	if video {
		p.Action("answer-video")
		return
	}
	p.Action("answer")
}

// Reject refuses a call by the button, whatever the code.
func (p *phone) Reject(int) {
	p.t.Helper()
	p.Rung()
	p.Action("reject")
}

func (p *phone) Hangup() {
	p.t.Helper()
	p.Action("hangup")
}

// state waits until the present call is in the state.
func (p *phone) state(states ...string) call {
	p.t.Helper()
	record := p.Topic("jsc/call/state", fmt.Sprintf("%s.includes(d.state)", strings.ReplaceAll(fmt.Sprintf("%q", states), " ", ",")), p.since)
	return readCall(p.t, record)
}

func readCall(t *testing.T, record browser.Record) call {
	t.Helper()
	c := call{at: record.Time}
	if err := json.Unmarshal(record.Data, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// call is what jsc/call/state tells.
type call struct {
	State     string `json:"state"`
	Direction string `json:"direction"`
	Peer      struct {
		URI string `json:"uri"`
	} `json:"peer"`
	Cause *struct {
		Code   int    `json:"code"`
		Reason string `json:"reason"`
	} `json:"cause"`
	at float64 // ms since the page was opened
}

func (c call) code() int {
	if c.Cause == nil {
		return 0
	}
	return c.Cause.Code
}

func (p *phone) Rings() { p.t.Helper(); p.state("ringing", "early") }
func (p *phone) Rung()  { p.t.Helper(); p.state("incoming") }
func (p *phone) Idle()  { p.t.Helper(); p.state("ended", "failed") }

func (p *phone) Talks() {
	p.t.Helper()
	p.state("active")
}

// withFiles is a page with files of its own beside ours.
type withFiles struct {
	fs.FS
	more fstest.MapFS
}

func (w withFiles) Open(name string) (fs.File, error) {
	if w.more[name] != nil {
		return w.more.Open(name)
	}
	return w.FS.Open(name)
}

// startServer starts the embedded server with the built page.
func startServer(t *testing.T) *devserver.Server {
	t.Helper()
	return startSite(t, nil)
}

// startSite starts it with a page that has more files, or some in place of ours.
func startSite(t *testing.T, files map[string]string) *devserver.Server {
	t.Helper()
	need.File(t, "build/site/app.wasm", "make build")
	page := withFiles{FS: os.DirFS(need.File(t, "build/site", "make build")), more: fstest.MapFS{}}
	for name, text := range files {
		page.more[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return startFiles(t, page)
}

// startFiles starts it with whatever page.
func startFiles(t *testing.T, page fs.FS) *devserver.Server {
	t.Helper()
	server, err := devserver.New(devserver.Config{
		Page: page,
		Log:  slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("embedded server: %v", err)
		}
	})
	return server
}

// openDemo opens the page of the embedded server as one of its demo accounts.
func openDemo(t *testing.T, server *devserver.Server, page *browser.Page, name string) *phone {
	t.Helper()
	return openPhone(t, page, server.URL()+"?account="+name, "sip:"+name+"@localhost", nil)
}

// serveSite serves the built page as any static host does, with settings of its own.
func serveSite(t *testing.T, settings map[string]any) (url string) {
	t.Helper()
	config, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	return serveConfig(t, http.StatusOK, string(config))
}

// serveConfig serves the built page with a config.json that need not be one.
func serveConfig(t *testing.T, status int, config string) (url string) {
	t.Helper()
	need.File(t, "build/site/app.wasm", "make build")
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(need.File(t, "build/site", "make build"))))
	mux.HandleFunc("/config.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, config)
	})
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	return site.URL + "/"
}

// within fails the test when what took longer than the limit.
func within(t *testing.T, limit time.Duration, what string, step func()) {
	t.Helper()
	begin := time.Now()
	step()
	if took := time.Since(begin); took > limit {
		t.Errorf("%s took %v, more than %v", what, took, limit)
	}
}
