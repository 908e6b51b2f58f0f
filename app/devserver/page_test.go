//go:build !js

package devserver

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
	"time"
)

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func testPage() fstest.MapFS {
	now, old := time.Unix(2000, 0), time.Unix(1000, 0)
	return fstest.MapFS{
		"index.html":       {Data: []byte("<!doctype html>"), ModTime: now},
		"app.wasm":         {Data: []byte("\x00asm plain"), ModTime: now},
		"app.wasm.br":      {Data: []byte("brotli"), ModTime: now},
		"app.wasm.gz":      {Data: []byte("gzip"), ModTime: now},
		"stale.js":         {Data: []byte("new"), ModTime: now},
		"stale.js.br":      {Data: []byte("of an older build"), ModTime: old},
		"sounds/ring.ogg":  {Data: []byte("0123456789"), ModTime: now},
		"docs/index.html":  {Data: []byte("docs"), ModTime: now},
		"unknown.strange7": {Data: []byte("?"), ModTime: now},
	}
}

func TestPage(t *testing.T) {
	p := newPage(testPage(), quiet())
	for _, tc := range []struct {
		name, method, path string
		accept, ranges     string
		code               int
		kind, encoding     string
		body               string
	}{
		{"root", "GET", "/", "br", "", 200, "text/html; charset=utf-8", "", "<!doctype html>"},
		{"program in brotli", "GET", "/app.wasm", "gzip, deflate, br", "", 200, "application/wasm", "br", "brotli"},
		{"program in gzip", "GET", "/app.wasm", "gzip", "", 200, "application/wasm", "gzip", "gzip"},
		{"brotli refused", "GET", "/app.wasm", "br;q=0, gzip;q=0.5", "", 200, "application/wasm", "gzip", "gzip"},
		{"anything accepted", "GET", "/app.wasm", "*", "", 200, "application/wasm", "br", "brotli"},
		{"nothing accepted", "GET", "/app.wasm", "", "", 200, "application/wasm", "", "\x00asm plain"},
		{"twin of an older build", "GET", "/stale.js", "br", "", 200, "text/javascript; charset=utf-8", "", "new"},
		{"part of a sound", "GET", "/sounds/ring.ogg", "br", "bytes=2-4", 206, "audio/ogg", "", "234"},
		{"head", "HEAD", "/app.wasm", "br", "", 200, "application/wasm", "br", ""},
		{"index of a folder", "GET", "/docs/", "", "", 200, "text/html; charset=utf-8", "", "docs"},
		{"folder without slash", "GET", "/docs", "", "", 404, "text/plain; charset=utf-8", "", "404 page not found\n"},
		{"folder is not listed", "GET", "/sounds/", "", "", 404, "text/plain; charset=utf-8", "", "404 page not found\n"},
		{"upwards", "GET", "/../../etc/passwd", "", "", 404, "text/plain; charset=utf-8", "", "404 page not found\n"},
		{"unknown kind", "GET", "/unknown.strange7", "", "", 200, "application/octet-stream", "", "?"},
		{"no such method", "POST", "/", "", "", 405, "text/plain; charset=utf-8", "", "method not allowed\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := httptest.NewRequest(tc.method, "http://localhost"+tc.path, nil)
			r.Header.Set("Accept-Encoding", tc.accept)
			if tc.ranges != "" {
				r.Header.Set("Range", tc.ranges)
			}
			w := httptest.NewRecorder()
			p.ServeHTTP(w, r)
			if w.Code != tc.code || w.Body.String() != tc.body {
				t.Errorf("got %d %q, want %d %q", w.Code, w.Body, tc.code, tc.body)
			}
			if got := w.Header().Get("Content-Type"); got != tc.kind {
				t.Errorf("Content-Type %q, want %q", got, tc.kind)
			}
			if got := w.Header().Get("Content-Encoding"); got != tc.encoding {
				t.Errorf("Content-Encoding %q, want %q", got, tc.encoding)
			}
			if tc.code == 200 && w.Header().Get("Cache-Control") != "no-cache" {
				t.Error("it need not be revalidated")
			}
		})
	}
}

// A browser asks for the symbols again with each that it draws: without a network those of
// a call would be missing.
func TestSymbolsAreThereWithoutANetwork(t *testing.T) {
	p := newPage(fstest.MapFS{"icons.svg": {Data: []byte("<svg/>")}}, quiet())
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/icons.svg", nil))
	if got := w.Header().Get("Cache-Control"); w.Code != 200 || got != "max-age=0, stale-while-revalidate=86400" {
		t.Errorf("got %d, Cache-Control %q", w.Code, got)
	}
}

func TestPageIsTransferredAgainOnlyWhenItHasChanged(t *testing.T) {
	files := testPage()
	p := newPage(files, quiet())
	get := func(encoding, etag string) *http.Response {
		r := httptest.NewRequest("GET", "http://localhost/app.wasm", nil)
		r.Header.Set("Accept-Encoding", encoding)
		r.Header.Set("If-None-Match", etag)
		w := httptest.NewRecorder()
		p.ServeHTTP(w, r)
		return w.Result()
	}
	tags := make(map[string]string)
	for _, encoding := range []string{"br", "gzip", ""} {
		tag := get(encoding, "").Header.Get("ETag")
		if other := tags[tag]; tag == "" || other != "" {
			t.Errorf("%q has ETag %q, as has %q", encoding, tag, other)
		}
		tags[tag] = encoding + "."
		if got := get(encoding, `"other", W/`+tag).StatusCode; got != 304 {
			t.Errorf("%q unchanged: got %d, want 304", encoding, got)
		}
	}
	old := get("br", "").Header.Get("ETag")
	files["app.wasm.br"] = &fstest.MapFile{Data: []byte("bRotli"), ModTime: time.Unix(3000, 0)}
	if got := get("br", old).StatusCode; got != 200 {
		t.Errorf("changed: got %d, want 200", got)
	}
}
