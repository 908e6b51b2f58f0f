//go:build linux

package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"gocommunicator/app/e2e/sandbox"
)

// Chromium is a running headless Chromium with a fake camera and a microphone into
// which a tone beeps.
type Chromium struct {
	Hertz int             // of the tone
	ctx   context.Context //nolint:containedctx // chromedp's handle of a browser is a context
	stop  func() error
}

// ChromiumPath returns where Chromium is installed, empty when it is not.
func ChromiumPath() string {
	for _, path := range []string{"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// ChromiumOptions are the flags every Chromium of the project is started with.
func ChromiumOptions() []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(ChromiumPath()),
		chromedp.DisableGPU,
		chromedp.Flag("no-sandbox", os.Geteuid() == 0),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("use-fake-device-for-media-stream", "device-count=3"), // cameras, of which calls cannot have the second: it measures depth
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
		chromedp.Flag("ignore-certificate-errors", true),
		// With loopback alone Chromium otherwise gathers no candidate at all.
		chromedp.Flag("allow-loopback-in-peer-connection", !sandbox.HasInterface()),
		chromedp.WindowSize(1280, 800),
	)
}

// StartChromium starts a browser into whose microphone a tone beeps, with flags beside
// those of ChromiumOptions or in place of them. Stop ends it.
func StartChromium(hertz int, flags map[string]string) (*Chromium, error) {
	if ChromiumPath() == "" {
		return nil, errors.New("chromium is not installed")
	}
	dir, err := os.MkdirTemp("", "chromium-tone-")
	if err != nil {
		return nil, err
	}
	sound := filepath.Join(dir, "tone.wav")
	if err := os.WriteFile(sound, tone(hertz), 0o600); err != nil {
		return nil, err
	}
	options := append(ChromiumOptions(), chromedp.Flag("use-file-for-fake-audio-capture", sound))
	for name, value := range flags {
		options = append(options, chromedp.Flag(name, value))
	}
	c, err := start(options, func() error { return os.RemoveAll(dir) })
	if err != nil {
		return nil, err
	}
	c.Hertz = hertz
	return c, nil
}

// StartChromiumWithDevices starts a browser that has the devices of the machine, as the
// environment says which those are, until the end of the test.
func StartChromiumWithDevices(t testing.TB, env ...string) *Chromium {
	t.Helper()
	options := append(ChromiumOptions(), chromedp.Flag("use-fake-device-for-media-stream", false), chromedp.Env(env...),
		chromedp.Flag("mute-audio", false))
	c, err := start(options, func() error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func start(options []chromedp.ExecAllocatorOption, clear func() error) (*Chromium, error) {
	allocator, release := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, _ := chromedp.NewContext(allocator)
	stop := func() error {
		err := chromedp.Cancel(ctx)
		release()
		return errors.Join(err, clear())
	}
	if err := chromedp.Do(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("chromium: %w", err), stop())
	}
	return &Chromium{ctx: ctx, stop: stop}, nil
}

// Stop ends the browser with all its pages.
func (c *Chromium) Stop() error { return c.stop() }

// NewPage opens an empty page that shares nothing with the others: no storage, no
// cache. It is closed with the test.
func (c *Chromium) NewPage(t testing.TB, name string) *Page {
	t.Helper()
	return newPage(t, name, c.open)
}

func (c *Chromium) open(say func(string, bool)) (tab, error) {
	ctx, _ := chromedp.NewContext(c.ctx, chromedp.WithNewBrowserContext())
	messages := chromedp.Console(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for m, err := range messages {
			if err != nil {
				return
			}
			say(m.String(), m.IsException())
		}
	}()
	t := &chromiumTab{ctx: ctx, ended: ended}
	// The first step opens the tab, whose life must not be bounded by that step's.
	if err := errors.Join(chromedp.Do(ctx), t.leave(ctx), t.preload(ctx, probe)); err != nil {
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

type chromiumTab struct {
	ctx   context.Context //nolint:containedctx // chromedp's handle of a tab is a context
	ended <-chan struct{} // the console says no more
}

// do runs a step in the tab, bounded by ctx.
func (t *chromiumTab) do(ctx context.Context, step chromedp.Action[chromedp.Void]) error {
	bounded, cancel := context.WithCancel(t.ctx)
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	err := chromedp.Do(bounded, step)
	if err != nil && ctx.Err() != nil {
		return errors.Join(ctx.Err(), err)
	}
	return err
}

func (t *chromiumTab) preload(ctx context.Context, script string) error {
	return t.do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, cdppage.AddScriptToEvaluateOnNewDocument,
			cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	}))
}

func (t *chromiumTab) navigate(ctx context.Context, url string) error {
	return t.do(ctx, chromedp.Navigate(url))
}

func (t *chromiumTab) evaluate(ctx context.Context, expression string, into any) error {
	return t.do(ctx, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		value, err := chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise, chromedp.EvalAsValue)(ctx, target)
		if err == nil && into != nil {
			err = json.Unmarshal(value, into)
		}
		return chromedp.Void{}, err
	})
}

func (t *chromiumTab) click(ctx context.Context, x, y float64) error {
	return t.do(ctx, chromedp.MouseClickXY(x, y))
}

func (t *chromiumTab) insert(ctx context.Context, text string) error {
	return t.do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

func (t *chromiumTab) enter(ctx context.Context) error { return t.do(ctx, chromedp.KeyEvent("\r")) }

func (t *chromiumTab) screenshot(ctx context.Context) (png []byte, err error) {
	err = t.do(ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		png, err = chromedp.CaptureScreenshot()(ctx, target)
		return err
	}))
	return png, err
}

func (t *chromiumTab) close() error {
	err := chromedp.Cancel(t.ctx)
	<-t.ended
	return err
}
