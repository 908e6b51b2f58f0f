// Package fetch asks servers of the web for small JSON files: an account for a guest, the
// settings of a domain. Whoever answers may be anybody, so what comes is bounded in size and
// time, must say that it is JSON, and must have come on a way that nobody reads or changes.
//
// No cookie and no referrer goes along, and nothing is kept by the browser.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Bounds of an answer.
const (
	maxSize = 64 << 10 // bytes
	timeout = 8 * time.Second
)

var (
	// ErrTooLarge says that there is more than any such file has.
	ErrTooLarge = errors.New("the answer is too large")
	// ErrNotJSON says that the answer is something else, such as a page.
	ErrNotJSON = errors.New("the answer is no JSON")
	// ErrInsecure says that the address, or one that it led to, is neither https: nor of
	// this machine.
	ErrInsecure = errors.New("the way to the answer is not secure")
)

// StatusError is an answer without success.
type StatusError int

func (e StatusError) Error() string { return fmt.Sprintf("the server answered %d", int(e)) }

// JSON asks with GET or POST, the latter with an empty body, and gives what was answered. It
// waits for the network. The error is one of this package, or that of the browser or ctx.
func JSON(ctx context.Context, method, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	data, err := ask(ctx, method, address)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", address, err)
	}
	return data, nil
}

// judge says what is wrong with an answer before it is read: where it came from in the end,
// its status and its type.
func judge(from string, status int, contentType string) error {
	u, err := url.Parse(from)
	kind, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	kind = strings.TrimSpace(kind)
	switch {
	case err != nil || !secure(u):
		return ErrInsecure
	case status < 200 || status > 299:
		return StatusError(status)
	case kind != "application/json" && !strings.HasSuffix(kind, "+json"):
		return ErrNotJSON
	}
	return nil
}

func secure(u *url.URL) bool {
	host := u.Hostname()
	return u.Scheme == "https" || u.Scheme == "http" && (host == "localhost" || host == "127.0.0.1" || host == "::1")
}
