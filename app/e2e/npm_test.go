//go:build linux

package e2e

import (
	"encoding/json"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"gocommunicator/app/devserver"
	"gocommunicator/app/e2e/need"
)

// installed is the sample of a React app with the phone installed from what npm packs of
// the site, and built by esbuild with nothing fetched. It is the folder to serve.
func installed(t *testing.T) string {
	t.Helper()
	npm := need.Program(t, "npm")
	modules := need.File(t, "build/peers/node_modules", "make peers")
	dir, site := t.TempDir(), t.TempDir()
	writeSite(t, site, "", nil, nil)
	app := filepath.Join(dir, "app")
	if err := os.CopyFS(app, os.DirFS(need.File(t, "web/samples/react", "git"))); err != nil {
		t.Fatal(err)
	}
	offline(t, filepath.Join(app, "package.json"))
	run := func(name string, args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Dir = app
		cmd.Env = append(os.Environ(), "NODE_PATH="+modules, "PATH="+filepath.Join(modules, ".bin")+":"+os.Getenv("PATH"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", cmd, err, out)
		}
	}
	run(need.File(t, "app/npm/pack.sh", "git"), site, "1.2.3", dir)
	run(npm, "install", "--offline", "--no-audit", "--no-fund", filepath.Join(dir, "gocommunicator-1.2.3.tgz"))
	run(npm, "run", "build")
	return filepath.Join(app, "dist")
}

// offline takes out of a package.json what would be fetched; React and esbuild are those
// of the tests.
func offline(t *testing.T, file string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var settings map[string]any
	if err := json.Unmarshal(data, &settings); err != nil {
		t.Fatal(err)
	}
	delete(settings, "dependencies")
	delete(settings, "devDependencies")
	if data, err = json.Marshal(settings); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// An app of a framework, with the phone from npm, built and served, calls.
func TestPackageOfNpmInAnAppOfReact(t *testing.T) {
	dist := installed(t)
	settings := `{"websocket": {"servers": "/sip"}, "demo": {"domain": "localhost", "accounts": ["alice", "bob"]}}`
	if err := os.WriteFile(filepath.Join(dist, "phone/config.json"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := devserver.New(devserver.Config{Page: os.DirFS(dist), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	bob := openPhone(t, newPage(t, high, "bob"), s.URL()+"phone/?account=bob", "sip:bob@localhost", nil)
	alice := openPhone(t, newPage(t, low, "app"), s.URL(), "sip:alice@localhost", nil)

	alice.Click("li:first-child button")
	bob.Answer(false)
	alice.Until("document.querySelector('[role=status]').innerText.endsWith(': active')")
	bob.Hears(lowTone)
	alice.Screenshot("call")
	alice.Click("p + button")
	bob.Idle()
	alice.Until("document.querySelector('[role=status]').innerText === 'No call'")
}

// The ten lines of a page with a phone.
func TestPlainPageWithAPhoneCalls(t *testing.T) {
	s := startServer(t)
	alice := openPhone(t, newPage(t, low, "plain"), s.URL()+"samples/plain.html", "sip:alice@localhost", nil)
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	alice.Click("a[href^='sip:bob']")
	bob.Answer(false)
	alice.Talks()
	bob.Hears(lowTone)
	alice.Screenshot("call")
	bob.Hangup()
	alice.Idle()
}
