//go:build !js

package site

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// licenses are those of what is in the page: they want to go with it. Debian's form.
//
//go:embed copyright
var licenses []byte

// Config says what is written, and where.
type Config struct {
	Page   fs.FS  // the built page
	Sample []byte // config-sample.json; nil for none
	Dist   string // folder; made if it is not there
	Base   string // path that the site will have, such as /phone/; empty when it may have any
	// Place is the folder as the web server will know it; empty when that is Dist.
	Place string
	// Quality is that of brotli, 0 to 11; 0 means 11, the smallest.
	Quality int
	// Cache is a folder where compressed files are remembered by what is in them; empty for none.
	Cache string
}

// Result is what has been written.
type Result struct {
	Version string
	Files   int
	Bytes   int64 // without what is compressed
	Removed []string
	Notes   []string // for whoever runs the site
}

// kept is how many versions stay, the new one among them: pages that are open load parts
// of the one they began with.
const kept = 3

// versions is the folder that the versions are in.
const versions = "v"

// list is the file that names those of a version, for the service worker.
const list = "files.json"

// stable are the files whose names others know; a slash at the end is a whole folder.
// Everything else is the page's own and gets the version into its address.
var stable = []string{
	"*.html", "embed*.js", "*.d.ts", "embed/", "manifest.webmanifest", "worker.js", "icon.svg", "icons/", "locales/",
	"wasm_exec/notifications.js", "config-sample.json", "config-schema.json",
}

// notServed stays where it is: what those who make pages look at, and settings, which are
// the site's.
var notServed = []string{"samples/", "config.json"}

// moved are files that have to be at the root: a service worker sees only what is below it.
var moved = map[string]string{"wasm_exec/worker.js": "worker.js"}

// Write writes the site. What is there of an earlier one is replaced, config.json and what
// else the site has of its own is left alone. The page comes last, so that whoever looks
// meanwhile gets the old version or the new one whole.
func Write(ctx context.Context, cfg Config) (*Result, error) {
	if err := checkBase(cfg.Base); err != nil {
		return nil, err
	}
	if err := checkDist(cfg.Dist); err != nil {
		return nil, err
	}
	all, err := read(cfg.Page)
	if err != nil {
		return nil, err
	}
	if all["index.html"] == nil || all["app.wasm"] == nil {
		return nil, errors.New("there is no page: build it first with `make build`")
	}
	if cfg.Sample != nil {
		all["config-sample.json"] = cfg.Sample
	}
	own, rest := divide(all)
	pages := joinStyles(own, rest)
	version := versionOf(own)
	names := listed(own)
	own[list] = names
	for name, text := range pages {
		rest[name] = address(text, own, path.Join(versions, version), cfg.Base)
	}
	rest["LICENSES.txt"] = licenses
	servers, notes := serverFiles(cfg)
	for name, text := range servers {
		rest[name] = text
	}
	w := &writer{ctx: ctx, cfg: cfg}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		w.write(path.Join(versions, version, name), own[name])
	}
	for _, name := range slices.SortedFunc(maps.Keys(rest), pagesLast) {
		w.write(name, rest[name])
	}
	if w.err != nil {
		return nil, w.err
	}
	removed, err := removeOld(filepath.Join(cfg.Dist, versions), version)
	if err != nil {
		return nil, err
	}
	return &Result{Version: version, Files: len(own) + len(rest), Bytes: w.bytes, Removed: removed, Notes: notes}, nil
}

// read takes every file of the page that is to be served.
func read(page fs.FS) (map[string][]byte, error) {
	all := map[string][]byte{}
	err := fs.WalkDir(page, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || isOneOf(name, notServed) || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		data, err := fs.ReadFile(page, name)
		if to, ok := moved[name]; ok {
			name = to
		}
		all[name] = data
		return err
	})
	return all, err
}

// divide tells the files that get the version into their address from the others.
func divide(all map[string][]byte) (own, rest map[string][]byte) {
	own, rest = map[string][]byte{}, map[string][]byte{}
	for name, data := range all {
		if isOneOf(name, stable) {
			rest[name] = data
		} else {
			own[name] = data
		}
	}
	return own, rest
}

func isOneOf(name string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		if strings.HasSuffix(pattern, "/") {
			return strings.HasPrefix(name, pattern)
		}
		matches, err := path.Match(pattern, name)
		return matches && err == nil
	})
}

// versionOf is made of the names and the contents.
func versionOf(files map[string][]byte) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		_, _ = fmt.Fprintf(sum, "%q %d\n", name, len(files[name])) // a hash takes everything
		_, _ = sum.Write(files[name])
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
}

// listed is the list of the files for the service worker, without the styles that are
// joined in others: no page asks for them.
func listed(own map[string][]byte) []byte {
	names := []string{}
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if !strings.HasPrefix(name, "style/") || strings.HasPrefix(name, joined) {
			names = append(names, name)
		}
	}
	text, _ := json.Marshal(names) // strings always can be
	return text
}

// pagesLast sorts names, pages behind everything else.
func pagesLast(a, b string) int {
	if pa, pb := path.Ext(a) == ".html", path.Ext(b) == ".html"; pa != pb {
		if pa {
			return 1
		}
		return -1
	}
	return strings.Compare(a, b)
}

// removeOld leaves the newest versions.
func removeOld(dir, version string) ([]string, error) {
	now := time.Now()
	if err := os.Chtimes(filepath.Join(dir, version), now, now); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var found []fs.FileInfo
	for _, entry := range entries {
		if _, err := os.Stat(filepath.Join(dir, entry.Name(), list)); err != nil || len(entry.Name()) != len(version) {
			continue // not ours
		}
		info, err := entry.Info()
		if err != nil {
			return nil, err
		}
		found = append(found, info)
	}
	slices.SortFunc(found, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	var removed []string
	for _, old := range found[min(kept, len(found)):] {
		if err := os.RemoveAll(filepath.Join(dir, old.Name())); err != nil {
			return removed, err
		}
		removed = append(removed, old.Name())
	}
	return removed, nil
}
