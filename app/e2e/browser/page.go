//go:build linux

// Package browser opens pages in Chromium and Firefox, uses them as a person would,
// and measures what their WebRTC connections really carry, without asking the page.
package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"gocommunicator/app/e2e/need"
)

// patience is how long a page is waited for, whatever it has to do.
const patience = 45 * time.Second

// probe is what runs in every page before its own scripts.
//
//go:embed probe.js
var probe string

// crash is what a Go program in the page says on its console when it dies.
var crash = regexp.MustCompile(`(?m)^(panic: |fatal error: |exit code: [1-9])|Go program has already exited|WebAssembly.*(RuntimeError|CompileError)`)

// tab is a tab of one browser or another. Its methods report the page's own
// exceptions as errors.
type tab interface {
	// preload has a script run in every document before its own.
	preload(ctx context.Context, script string) error
	navigate(ctx context.Context, url string) error
	// evaluate awaits the expression's value and decodes it from JSON.
	evaluate(ctx context.Context, expression string, into any) error
	click(ctx context.Context, x, y float64) error
	insert(ctx context.Context, text string) error
	enter(ctx context.Context) error
	screenshot(ctx context.Context) ([]byte, error)
	close() error
}

// Page is a page in a tab of its own, sharing nothing with other pages. Whatever goes
// wrong ends the test, with a screenshot in build/e2e.
type Page struct {
	t    testing.TB
	name string
	tab  tab

	mu     sync.Mutex
	closed bool
	said   []string // on the console, oldest first
	dead   []string // uncaught exceptions and crashes
}

// newPage prepares a page whose tab open opens. say takes what the page's console
// says.
func newPage(t testing.TB, name string, open func(say func(text string, exception bool)) (tab, error)) *Page {
	t.Helper()
	p := &Page{t: t, name: name}
	opened, err := open(p.say)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	p.tab = opened
	t.Cleanup(p.finish)
	return p
}

func (p *Page) say(text string, exception bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = append(p.said, text)
	if exception || crash.MatchString(text) {
		p.dead = append(p.dead, text)
	}
}

// finish is the end of the test: a page that died has failed it.
func (p *Page) finish() {
	if p.t.Failed() {
		p.Screenshot("failed")
	}
	p.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, text := range p.dead {
		p.t.Errorf("%s: the page died of: %s", p.name, text)
	}
	if p.t.Failed() {
		p.t.Logf("%s: the console said:\n%s", p.name, strings.Join(p.said, "\n"))
	}
}

// Close closes the tab, as a person does in the middle of whatever it is.
func (p *Page) Close() {
	p.mu.Lock()
	was := p.closed
	p.closed = true
	p.mu.Unlock()
	if was {
		return
	}
	if err := p.tab.close(); err != nil {
		p.t.Errorf("%s: closing the tab: %v", p.name, err)
	}
}

// Screenshot writes a picture of the page to build/e2e, named after the test, the
// page and name, and logs where it is.
func (p *Page) Screenshot(name string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		return
	}
	png, err := p.tab.screenshot(ctx)
	if err != nil {
		p.t.Logf("%s: no screenshot: %v", p.name, err)
		return
	}
	dir := filepath.Join(need.Root(p.t), "build", "e2e")
	file := filepath.Join(dir, strings.NewReplacer("/", "-", " ", "-").Replace(p.t.Name()+"-"+p.name+"-"+name)+".png")
	if err = os.MkdirAll(dir, 0o750); err == nil {
		err = os.WriteFile(file, png, 0o600)
	}
	if err != nil {
		p.t.Logf("%s: no screenshot: %v", p.name, err)
		return
	}
	p.t.Logf("%s: screenshot in %s", p.name, file)
}

// Before has a script run in every document before its own scripts.
func (p *Page) Before(script string) {
	p.t.Helper()
	p.do("preload", func(ctx context.Context) error { return p.tab.preload(ctx, script) })
}

// Open goes to the URL and waits until the document has loaded.
func (p *Page) Open(url string) {
	p.t.Helper()
	p.do("open "+url, func(ctx context.Context) error { return p.tab.navigate(ctx, url) })
}

// Evaluate awaits the value of a JavaScript expression and decodes it; into may be
// nil.
func (p *Page) Evaluate(expression string, into any) {
	p.t.Helper()
	p.do(expression, func(ctx context.Context) error { return p.tab.evaluate(ctx, expression, into) })
}

// Call calls a function of the page and awaits it.
func (p *Page) Call(function string, args ...any) {
	p.t.Helper()
	p.Evaluate("void "+invocation(function, args), nil)
}

// Until waits until the JavaScript expression, evaluated again and again, is true.
func (p *Page) Until(expression string) {
	p.t.Helper()
	p.Evaluate(call("until", raw("() => ("+expression+")"), ms(), raw("() => "+quote("never true: "+expression))), nil)
}

// Lands is Until for a page that is left for another one meanwhile: the expression is
// evaluated in whichever is there.
func (p *Page) Lands(expression string) {
	p.t.Helper()
	step := call("until", raw("() => ("+expression+")"), ms(), raw("() => "+quote("never true: "+expression)))
	p.do("land where "+expression, func(ctx context.Context) error {
		for {
			if err := p.tab.evaluate(ctx, step, nil); err == nil || ctx.Err() != nil || !left.MatchString(err.Error()) {
				return err
			}
		}
	})
}

// left is what Chromium says of an expression whose page is left before it has a value.
var left = regexp.MustCompile(`navigated or closed|context was destroyed|Cannot find context|Not attached to an active page`)

// Action clicks the control with the data-action as soon as it can be clicked.
func (p *Page) Action(name string) {
	p.t.Helper()
	p.Click(`[data-action="` + name + `"]`)
}

// Click clicks the first element that the CSS selector finds, as soon as one is
// visible, enabled and not covered.
func (p *Page) Click(selector string) {
	p.t.Helper()
	var at struct{ X, Y float64 }
	p.Evaluate(call("place", selector, ms()), &at)
	p.do("click "+selector, func(ctx context.Context) error { return p.tab.click(ctx, at.X, at.Y) })
}

// Fill replaces what is in the input with the data-input by typing.
func (p *Page) Fill(name, text string) {
	p.t.Helper()
	selector := `[data-input="` + name + `"]`
	p.Click(selector)
	p.Evaluate("document.querySelector("+quote(selector)+").select()", nil)
	p.do("fill "+name, func(ctx context.Context) error { return p.tab.insert(ctx, text) })
}

// Enter presses that key, wherever the keyboard is.
func (p *Page) Enter() {
	p.t.Helper()
	p.do("press Enter", p.tab.enter)
}

// Closed tells whether the tab has been closed.
func (p *Page) Closed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

// do bounds a step and ends the test when it fails. It may be taken in a test's cleanup,
// when the test's context is over.
func (p *Page) do(what string, step func(context.Context) error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.t.Context()), patience+5*time.Second)
	defer cancel()
	if err := step(ctx); err != nil {
		if len(what) > 200 {
			what = what[:200] + "…"
		}
		p.t.Fatalf("%s: %s: %v", p.name, what, err)
	}
}

// raw is JavaScript as it stands.
type raw string

// call is the expression that calls a function of the probe.
func call(function string, args ...any) string { return invocation("e2e."+function, args) }

func invocation(function string, args []any) string {
	words := make([]string, len(args))
	for i, a := range args {
		if r, ok := a.(raw); ok {
			words[i] = string(r)
			continue
		}
		words[i] = quote(a)
	}
	return fmt.Sprintf("%s(%s)", function, strings.Join(words, ", "))
}

// quote is a value as JavaScript.
func quote(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func ms() int64 { return patience.Milliseconds() }
