//go:build !js

package site

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
)

// page is one as it is built, small.
func page() fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"index.html": `<!doctype html>
<head>
  <title>GoCommunicator</title>
  <link rel="icon" href="icon.svg">
  <link rel="stylesheet" href="style/a.css">
  <link rel="stylesheet" href="style/b.css">
  <link rel="preload" href="app.wasm" as="fetch">
  <link rel="preload" href="config.json" as="fetch">
  <script src="wasm_exec/loader.js" type="module"></script>
</head><a href="https://example.org/app.wasm">x</a>`,
		"other.html":      `<head><link href="style/a.css"><script src="arbiter.js"></script>`,
		"app.wasm":        strings.Repeat("wasm", 1000),
		"style/a.css":     strings.Repeat("a{}", 100),
		"style/b.css":     "b{}",
		"arbiter.js":      "1",
		"embed.js":        "2",
		"embed/x.js":      "3",
		"icon.svg":        "<svg/>",
		"locales/de.json": "{}", "locales/br.json": "{}",
		"wasm_exec/loader.js":        "4",
		"wasm_exec/worker.js":        "5",
		"wasm_exec/notifications.js": "6",
		"samples/erp/index.html":     "7",
		"config.json":                `{"websocket": {"servers": "wss://builder.example"}}`,
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func write(t *testing.T, cfg Config) *Result {
	t.Helper()
	if cfg.Page == nil {
		cfg.Page = page()
	}
	cfg.Quality = 1
	result, err := Write(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func text(t *testing.T, elements ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(elements...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func there(elements ...string) bool {
	_, err := os.Stat(filepath.Join(elements...))
	return err == nil
}

func TestFilesHaveTheirVersionInTheAddressUnlessOthersKnowIt(t *testing.T) {
	dist := t.TempDir()
	version := write(t, Config{Dist: dist}).Version
	var names []string
	_ = fs.WalkDir(os.DirFS(dist), ".", func(name string, entry fs.DirEntry, _ error) error {
		if ext := filepath.Ext(name); !entry.IsDir() && ext != ".br" && ext != ".gz" {
			names = append(names, strings.ReplaceAll(name, version, "V"))
		}
		return nil
	})
	want := strings.Fields(`.htaccess LICENSES.txt _headers embed/x.js embed.js icon.svg index.html locales/br.json locales/de.json nginx.conf.sample other.html
		v/V/app.wasm v/V/arbiter.js v/V/files.json v/V/style/a.css v/V/style/all0.css v/V/style/b.css v/V/wasm_exec/loader.js
		wasm_exec/notifications.js worker.js`)
	slices.Sort(want)
	slices.Sort(names)
	if !slices.Equal(names, want) {
		t.Errorf("got  %v\nwant %v", names, want)
	}
	var listed []string
	if err := json.Unmarshal([]byte(text(t, dist, "v", version, "files.json")), &listed); err != nil {
		t.Fatal(err)
	}
	if want := strings.Fields("app.wasm arbiter.js style/all0.css wasm_exec/loader.js"); !slices.Equal(listed, want) {
		t.Errorf("the worker keeps %v, want %v", listed, want)
	}
}

func TestPageNamesTheFilesOfItsVersion(t *testing.T) {
	for _, test := range []struct{ base, head string }{{"", "<head>\n"}, {"/phone/", "<head>\n  <base href=\"/phone/\">\n"}} {
		dist := t.TempDir()
		folder := "v/" + write(t, Config{Dist: dist, Base: test.base}).Version
		want := `<!doctype html>
` + test.head + `  <title>GoCommunicator</title>
  <link rel="icon" href="icon.svg">
  <link rel="stylesheet" href="` + folder + `/style/all0.css">
  <link rel="preload" href="` + folder + `/app.wasm" as="fetch">
  <link rel="preload" href="config.json" as="fetch">
  <script src="` + folder + `/wasm_exec/loader.js" type="module"></script>
</head><a href="https://example.org/app.wasm">x</a>`
		if got := text(t, dist, "index.html"); got != want {
			t.Errorf("got:\n%s\nwant:\n%s", got, want)
		}
		if got := text(t, dist, "other.html"); !strings.Contains(got, folder+"/style/a.css") || !strings.Contains(got, folder+"/arbiter.js") {
			t.Errorf("got: %s", got)
		}
		if got := text(t, dist, folder, "style/all0.css"); got != strings.Repeat("a{}", 100)+"b{}" {
			t.Errorf("joined: %q", got)
		}
	}
}

func TestFilesAreCompressedWhereItHelps(t *testing.T) {
	dist := t.TempDir()
	version := write(t, Config{Dist: dist}).Version
	program := filepath.Join(dist, "v", version, "app.wasm")
	for suffix, open := range map[string]func(io.Reader) (io.Reader, error){
		".br": func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		".gz": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	} {
		r, err := open(strings.NewReader(text(t, program+suffix)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != text(t, program) {
			t.Errorf("%s: %d bytes, %v", suffix, len(got), err)
		}
		if there(dist, "embed.js"+suffix) || there(dist, "nginx.conf.sample"+suffix) {
			t.Errorf("%s of what does not get smaller, or is not for browsers", suffix)
		}
	}
}

func TestCompressedFilesAreRemembered(t *testing.T) {
	cache := t.TempDir()
	version := write(t, Config{Dist: t.TempDir(), Cache: cache}).Version
	entries, err := os.ReadDir(cache)
	if err != nil || len(entries) == 0 {
		t.Fatal(entries, err)
	}
	for _, entry := range entries { // what is found there is taken
		if err := os.WriteFile(filepath.Join(cache, entry.Name()), []byte("remembered"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	dist := t.TempDir()
	write(t, Config{Dist: dist, Cache: cache})
	if got := text(t, dist, "v", version, "app.wasm.br"); got != "remembered" {
		t.Errorf("got %q", got)
	}
}

func TestAnUpdateLeavesTheSiteItsOwnFilesAndTheLastVersions(t *testing.T) {
	dist := t.TempDir()
	own := map[string]string{
		"config.json": `{}`, "locales/eo.json": "{}", "theme.css": "x", "v/aaaaaaaaaaaa/mine": "x", ".htaccess": "Require all granted\n",
	}
	var versions []string
	for i := range 5 {
		files := page()
		files["app.wasm"] = &fstest.MapFile{Data: fmt.Appendf(nil, "program %d", i)}
		result := write(t, Config{Dist: dist, Page: files})
		versions = append(versions, result.Version)
		if i == 0 {
			for name, data := range own {
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dist, name)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dist, name), []byte(data), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			continue
		}
		if !slices.Equal(result.Notes, []string{".htaccess is the site's own and was left as it is"}) {
			t.Errorf("notes: %v", result.Notes)
		}
		if i >= kept && !slices.Equal(result.Removed, []string{versions[i-kept]}) {
			t.Errorf("removed %v of %v", result.Removed, versions)
		}
	}
	for name, data := range own {
		if got := text(t, dist, name); got != data {
			t.Errorf("%s: got %q", name, got)
		}
	}
	for i, version := range versions {
		if got, want := there(dist, "v", version), i >= len(versions)-kept; got != want {
			t.Errorf("version %d of %d: there %v, want %v", i, len(versions), got, want)
		}
	}
	if text(t, dist, "v", versions[4], "app.wasm") != "program 4" || !strings.Contains(text(t, dist, "index.html"), versions[4]) {
		t.Error("the page is not of the last version")
	}
}

func TestWhatMakesNoSenseIsRefusedInWords(t *testing.T) {
	foreign, built, file := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "file")
	for name, data := range map[string]string{filepath.Join(foreign, "index.html"): "<title>Shop</title>", filepath.Join(built, "app.wasm"): "", file: ""} {
		if err := os.WriteFile(name, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name string
		cfg  Config
		want string
	}{
		{"no folder", Config{}, "DIST says no folder"},
		{"a file", Config{Dist: file}, "is a file"},
		{"below a file", Config{Dist: filepath.Join(file, "x")}, "not a directory"},
		{"another page", Config{Dist: foreign}, "another page"},
		{"where it was built", Config{Dist: built}, "was built"},
		{"no slash", Config{Base: "phone"}, "BASE=phone is no path"},
		{"no slash behind", Config{Base: "/phone"}, "BASE=/phone is no path"},
		{"an address", Config{Base: "https://example.org/phone/"}, "is no path"},
		{"another host", Config{Base: "//example.org/"}, "is no path"},
		{"upwards", Config{Base: "/a/../b/"}, "is no path"},
		{"markup", Config{Base: `/"><script>/`}, "is no path"},
		{"no page", Config{Page: fstest.MapFS{}}, "make build"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := test.cfg
			if cfg.Dist == "" && test.name != "no folder" {
				cfg.Dist = t.TempDir()
			}
			if cfg.Page == nil {
				cfg.Page = page()
			}
			if _, err := Write(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// The licences of what is linked into the program want to be told where it goes.
func TestLicensesNameEverythingInTheProgram(t *testing.T) {
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if .Version}}{{.Path}}{{end}}{{end}}", "gocommunicator/app")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Fields(string(out))
	if len(modules) < 3 {
		t.Fatal("the program is made of", modules)
	}
	for _, module := range modules {
		if !strings.Contains(string(licenses), module) {
			t.Errorf("%s is not in app/site/copyright", module)
		}
	}
}

func TestServersAreSetUpForTheSettingsOfTheSite(t *testing.T) {
	dist := t.TempDir()
	settings := `{"embed": {"allowed_origins": ["https://erp.example.org"]}, "websocket": {"servers": ["ws://10.0.0.1:8080/sip", "wss://x"]}, "nonsense": 1}`
	if err := os.WriteFile(filepath.Join(dist, "config.json"), []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	result := write(t, Config{Dist: dist, Base: "/phone/"})
	if len(result.Notes) != 1 || !strings.Contains(result.Notes[0], "nonsense") {
		t.Errorf("notes: %v", result.Notes)
	}
	for name, want := range map[string][]string{
		".htaccess":         {"AddType application/wasm .wasm", "frame-ancestors 'self' https://erp.example.org", "wss: ws://10.0.0.1:8080;"},
		"nginx.conf.sample": {"location ^~ /phone/v/ {", `alias "` + dist + `/v/";`, "return 301 /phone/;", "application/wasm wasm;", "frame-ancestors 'self' https://erp.example.org"},
		"_headers":          {"/phone/v/*\n  Cache-Control: public, max-age=31536000, immutable", "/phone/*.wasm\n  Content-Type: application/wasm"},
	} {
		got := text(t, dist, name)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s lacks %q:\n%s", name, w, got)
			}
		}
	}
}
