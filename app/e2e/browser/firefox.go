//go:build linux

package browser

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// FirefoxHertz is the tone into the microphone of every Firefox. It is steady.
const FirefoxHertz = 880

// preferences give it a fake camera and microphone without asking, sound without a
// click, and its real address in candidates.
var preferences = fmt.Sprintf(`
user_pref("media.navigator.streams.fake", true);
user_pref("media.navigator.audio.fake_frequency", %d);
user_pref("media.navigator.permission.disabled", true);
user_pref("media.autoplay.default", 0);
user_pref("media.peerconnection.ice.obfuscate_host_addresses", false);
user_pref("media.gmp-manager.updateEnabled", false);
user_pref("app.update.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
`, FirefoxHertz)

// Firefox is a running headless Firefox.
type Firefox struct {
	bidi *bidi

	mu    sync.Mutex
	pages map[string]func(text string, exception bool) // by browsing context
}

// StartFirefox starts a browser until the end of the test.
func StartFirefox(t testing.TB, program string) *Firefox {
	t.Helper()
	profile := t.TempDir()
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(preferences), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank")
	cmd.Env = append(os.Environ(), "HOME="+profile, "MOZ_CRASHREPORTER_DISABLE=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	address := make(chan string, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		findAddress(said, address)
		_ = cmd.Wait() // it is killed below
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
		select {
		case <-ended:
		case <-time.After(patience):
			_ = cmd.Process.Kill()
			<-ended
		}
	})

	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	f := &Firefox{pages: make(map[string]func(string, bool))}
	select {
	case url := <-address:
		if f.bidi, err = dialBidi(ctx, url+"/session", f.event); err != nil {
			t.Fatalf("firefox: %v", err)
		}
	case <-ended:
		t.Fatal("firefox ended at once")
	case <-ctx.Done():
		t.Fatal("firefox does not listen")
	}
	t.Cleanup(f.bidi.close)
	err = errors.Join(
		f.bidi.call(ctx, "session.new", map[string]any{
			"capabilities": map[string]any{"alwaysMatch": map[string]any{"acceptInsecureCerts": true}},
		}, nil),
		f.bidi.call(ctx, "session.subscribe", map[string]any{"events": []string{"log.entryAdded"}}, nil),
	)
	if err != nil {
		t.Fatalf("firefox: %v", err)
	}
	return f
}

// findAddress reads what Firefox says until the end, and in it where it listens.
func findAddress(said io.Reader, address chan<- string) {
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if _, url, ok := strings.Cut(lines.Text(), "WebDriver BiDi listening on "); ok {
			address <- url
		}
	}
}

// NewPage opens an empty page that shares nothing with the others. It is closed with
// the test.
func (f *Firefox) NewPage(t testing.TB, name string) *Page {
	t.Helper()
	return newPage(t, name, f.open)
}

func (f *Firefox) open(say func(string, bool)) (tab, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var user struct{ UserContext string }
	if err := f.bidi.call(ctx, "browser.createUserContext", map[string]any{}, &user); err != nil {
		return nil, err
	}
	var created struct{ Context string }
	err := f.bidi.call(ctx, "browsingContext.create", map[string]any{"type": "tab", "userContext": user.UserContext}, &created)
	if err != nil {
		return nil, err
	}
	t := &firefoxTab{bidi: f.bidi, context: created.Context}
	f.mu.Lock()
	f.pages[t.context] = say
	f.mu.Unlock()
	return t, t.preload(ctx, probe)
}

// event gives what a page logs to the page's console.
func (f *Firefox) event(method string, params json.RawMessage) {
	var entry struct {
		Type, Level, Text string
		Source            struct{ Context string }
	}
	if method != "log.entryAdded" || json.Unmarshal(params, &entry) != nil {
		return
	}
	f.mu.Lock()
	say := f.pages[entry.Source.Context]
	f.mu.Unlock()
	if say != nil {
		say(entry.Level+": "+entry.Text, entry.Type == "javascript" && entry.Level == "error")
	}
}

type firefoxTab struct {
	bidi    *bidi
	context string // its name for the browser
}

// call calls a command of this tab.
func (t *firefoxTab) call(ctx context.Context, method string, params map[string]any, into any) error {
	params["context"] = t.context
	return t.bidi.call(ctx, method, params, into)
}

func (t *firefoxTab) preload(ctx context.Context, script string) error {
	return t.bidi.call(ctx, "script.addPreloadScript", map[string]any{
		"functionDeclaration": "() => {" + script + "}", "contexts": []string{t.context},
	}, nil)
}

func (t *firefoxTab) navigate(ctx context.Context, url string) error {
	return t.call(ctx, "browsingContext.navigate", map[string]any{"url": url, "wait": "complete"}, nil)
}

func (t *firefoxTab) evaluate(ctx context.Context, expression string, into any) error {
	var answer struct {
		Result           struct{ Value string }
		ExceptionDetails *struct{ Text string }
	}
	err := t.bidi.call(ctx, "script.evaluate", map[string]any{
		"expression": "(async () => JSON.stringify(await (" + expression + ")) ?? 'null')()",
		"target":     map[string]any{"context": t.context}, "awaitPromise": true,
	}, &answer)
	switch {
	case err != nil:
		return err
	case answer.ExceptionDetails != nil:
		return errors.New(answer.ExceptionDetails.Text)
	case into == nil:
		return nil
	}
	return json.Unmarshal([]byte(answer.Result.Value), into)
}

func (t *firefoxTab) click(ctx context.Context, x, y float64) error {
	return t.perform(ctx, "pointer",
		map[string]any{"type": "pointerMove", "x": int(x), "y": int(y)},
		map[string]any{"type": "pointerDown", "button": 0},
		map[string]any{"type": "pointerUp", "button": 0})
}

func (t *firefoxTab) insert(ctx context.Context, text string) error {
	var strokes []map[string]any
	for _, r := range text {
		strokes = append(strokes,
			map[string]any{"type": "keyDown", "value": string(r)},
			map[string]any{"type": "keyUp", "value": string(r)})
	}
	return t.perform(ctx, "key", strokes...)
}

// enter presses the key that WebDriver writes as U+E007.
func (t *firefoxTab) enter(ctx context.Context) error { return t.insert(ctx, "\uE007") }

// perform does actions with a device.
func (t *firefoxTab) perform(ctx context.Context, device string, actions ...map[string]any) error {
	return t.call(ctx, "input.performActions", map[string]any{
		"actions": []any{map[string]any{"type": device, "id": device, "actions": actions}},
	}, nil)
}

func (t *firefoxTab) screenshot(ctx context.Context) ([]byte, error) {
	var picture struct{ Data string }
	if err := t.call(ctx, "browsingContext.captureScreenshot", map[string]any{}, &picture); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(picture.Data)
}

func (t *firefoxTab) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return t.call(ctx, "browsingContext.close", map[string]any{}, nil)
}
