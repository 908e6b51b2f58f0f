//go:build !js

package fetch_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"gocommunicator/app/fetch"
)

// Whatever a server answers, it costs no more than a moment and a little memory.
func TestOnlySmallJSONFromASecureServerIsTaken(t *testing.T) {
	mux := http.NewServeMux()
	answer := func(path, kind, body string, status int) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body+r.Method)
		})
	}
	answer("/good", "application/json; charset=utf-8", "{} ", 200)
	answer("/jrd", "application/jrd+json", "{} ", 201)
	answer("/html", "text/html", "<!doctype html>", 200)
	answer("/none", "", "{}", 200)
	answer("/missing", "application/json", "{}", 404)
	answer("/large", "application/json", strings.Repeat(" ", 10<<20), 200)
	mux.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for {
			if _, err := io.WriteString(w, strings.Repeat("[", 1<<10)); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/hang", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/open", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://192.0.2.1/good", http.StatusFound)
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/good", http.StatusTemporaryRedirect)
	})
	server := httptest.NewServer(mux)
	defer server.Close()

	for _, tt := range []struct {
		method, path, want string
		err                error
	}{
		{"GET", "/good", "{} GET", nil},
		{"POST", "/good", "{} POST", nil},
		{"POST", "/moved", "{} POST", nil},
		{"GET", "/jrd", "{} GET", nil},
		{"GET", "/html", "", fetch.ErrNotJSON},
		{"GET", "/none", "", fetch.ErrNotJSON},
		{"GET", "/missing", "", fetch.StatusError(404)},
		{"GET", "/large", "", fetch.ErrTooLarge},
		{"GET", "/endless", "", fetch.ErrTooLarge},
		{"GET", "/open", "", fetch.ErrInsecure},
		{"GET", "http://192.0.2.1/good", "", fetch.ErrInsecure},
		{"GET", "/hang", "", context.DeadlineExceeded},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		address := server.URL + tt.path
		if strings.Contains(tt.path, "://") {
			address = tt.path
		}
		data, err := fetch.JSON(ctx, tt.method, address)
		cancel()
		if string(data) != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%s %s: %q, %v", tt.method, tt.path, data, err)
		}
	}
}
