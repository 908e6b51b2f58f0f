//go:build !js

package devserver

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"log/slog"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"time"
)

// contentTypes are those that must be right whatever the system's tables say. A
// program streamed as anything but application/wasm does not compile while loading.
var contentTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".ico":         "image/x-icon",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".mjs":         "text/javascript; charset=utf-8",
	".mp3":         "audio/mpeg",
	".ogg":         "audio/ogg",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".wav":         "audio/wav",
	".webmanifest": "application/manifest+json",
	".woff2":       "font/woff2",
}

// symbols is the file that is asked for again with each symbol that the page draws: in a call
// that lost its network too, where a button without one would say nothing.
const symbols = "icons.svg"

// encodings are looked for beside a file, best first.
var encodings = []struct{ name, suffix string }{
	{"br", ".br"},
	{"gzip", ".gz"},
}

// page serves the built page. Every answer has an ETag and is to be revalidated, so
// that a new build shows at the next load and an old one costs no transfer.
type page struct {
	files fs.FS
	log   *slog.Logger

	mu   sync.Mutex
	tags map[string]tag
}

// tag is the ETag of a file as it was at a time.
type tag struct {
	modified time.Time
	size     int64
	value    string
}

func newPage(files fs.FS, log *slog.Logger) *page {
	return &page{files: files, log: log, tags: make(map[string]tag)}
}

// ServeHTTP answers GET and HEAD. Folders are not listed.
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" || strings.HasSuffix(r.URL.Path, "/") {
		name = path.Join(name, "index.html")
	}
	info, err := stat(p.files, name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	contentType := contentTypes[path.Ext(name)]
	if contentType == "" {
		contentType = mime.TypeByExtension(path.Ext(name))
	}
	if contentType == "" {
		contentType = "application/octet-stream"
	}
	w.Header().Set("Content-Type", contentType)
	cache := "no-cache"
	if path.Base(name) == symbols {
		cache = "max-age=0, stale-while-revalidate=86400"
	}
	w.Header().Set("Cache-Control", cache)
	w.Header().Set("Vary", "Accept-Encoding")
	for _, e := range encodings {
		packed, err := stat(p.files, name+e.suffix)
		if err != nil || packed.ModTime().Before(info.ModTime()) || !accepts(r.Header.Get("Accept-Encoding"), e.name) {
			continue // a twin older than its file is of another build
		}
		w.Header().Set("Content-Encoding", e.name)
		p.serve(w, r, name+e.suffix, packed)
		return
	}
	p.serve(w, r, name, info)
}

func (p *page) serve(w http.ResponseWriter, r *http.Request, name string, info fs.FileInfo) {
	data, err := fs.ReadFile(p.files, name)
	if err != nil {
		p.log.Error("page file not read", "file", name, "err", err)
		http.Error(w, "not readable", http.StatusInternalServerError)
		return
	}
	w.Header().Set("ETag", p.tag(name, info, data))
	if w.Header().Get("Content-Encoding") == "" {
		// Ranges too, which players of sounds ask for.
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
		return
	}
	if matches(r.Header.Get("If-None-Match"), w.Header().Get("ETag")) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	if r.Method == http.MethodHead {
		return
	}
	if _, err := w.Write(data); err != nil { //nolint:gosec // the site's own file
		p.log.Debug("page file not sent", "file", name, "err", err)
	}
}

// tag is made of a file's content, and made again when the file has changed.
func (p *page) tag(name string, info fs.FileInfo, data []byte) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t, ok := p.tags[name]; ok && t.size == info.Size() && t.modified.Equal(info.ModTime()) {
		return t.value
	}
	sum := sha256.Sum256(data)
	t := tag{modified: info.ModTime(), size: info.Size(), value: `"` + hex.EncodeToString(sum[:12]) + `"`}
	p.tags[name] = t
	return t.value
}

// errFolder says that a name belongs to a folder.
var errFolder = errors.New("is a folder")

func stat(files fs.FS, name string) (fs.FileInfo, error) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errFolder
	}
	return info, nil
}

// accepts reads an Accept-Encoding header (RFC 9110 §12.5.3).
func accepts(header, encoding string) bool {
	others := false
	for item := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(item, ";")
		name = strings.TrimSpace(name)
		key, value, _ := strings.Cut(strings.ReplaceAll(params, " ", ""), "=")
		q := 1.0
		if strings.EqualFold(key, "q") {
			q, _ = strconv.ParseFloat(value, 64) // what is no number is 0: not accepted
		}
		switch {
		case strings.EqualFold(name, encoding):
			return q > 0
		case name == "*":
			others = q > 0
		}
	}
	return others
}

// matches reads an If-None-Match header (RFC 9110 §13.1.2), which compares weakly.
func matches(header, etag string) bool {
	for item := range strings.SplitSeq(header, ",") {
		item = strings.TrimPrefix(strings.TrimSpace(item), "W/")
		if item == "*" || item == etag {
			return true
		}
	}
	return false
}
