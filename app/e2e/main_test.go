//go:build linux

package e2e

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/need"
	"gocommunicator/app/e2e/sandbox"
)

func TestMain(m *testing.M) { os.Exit(sandbox.Run(m, stopBrowsers)) }

// Two browsers, so that each side of a call hears another tone than its own: who
// hears its own hears an echo.
const (
	lowTone  = 440
	highTone = 660
)

var (
	low  = &lazyBrowser{hertz: lowTone}
	high = &lazyBrowser{hertz: highTone}
	// strict lets no sound through before the page is touched, as browsers do.
	strict = &lazyBrowser{hertz: highTone, flags: map[string]string{"autoplay-policy": "document-user-activation-required"}}
)

// lazyBrowser is started when a test first asks for it and lives as long as the tests.
type lazyBrowser struct {
	hertz    int
	flags    map[string]string
	once     sync.Once
	chromium *browser.Chromium
	err      error
}

func (b *lazyBrowser) start() (*browser.Chromium, error) {
	b.once.Do(func() { b.chromium, b.err = browser.StartChromium(b.hertz, b.flags) })
	return b.chromium, b.err
}

func stopBrowsers() {
	for _, b := range []*lazyBrowser{low, high, strict} {
		if b.chromium == nil {
			continue
		}
		if err := b.chromium.Stop(); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, "chromium:", err)
		}
	}
}

func newPage(t *testing.T, in *lazyBrowser, name string) *browser.Page {
	t.Helper()
	if browser.ChromiumPath() == "" {
		need.Missing(t, "Chromium is not installed: `make deps` installs it")
	}
	chromium, err := in.start()
	if err != nil {
		t.Fatal(err)
	}
	return chromium.NewPage(t, fmt.Sprintf("%s (%d Hz)", name, chromium.Hertz))
}

func newFirefoxPage(t *testing.T, name string) *browser.Page {
	t.Helper()
	program := need.Program(t, "firefox-esr", "firefox")
	if !sandbox.HasInterface() {
		need.Missing(t, "Firefox gathers no candidates where loopback is the only network interface: run the test as root")
	}
	return browser.StartFirefox(t, program).NewPage(t, name+" (Firefox)")
}
