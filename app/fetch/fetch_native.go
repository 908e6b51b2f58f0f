//go:build !js

package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
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
// waits for the network. The error is one of this package, or that of the network or ctx.
func JSON(ctx context.Context, method, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	u, err := url.Parse(address)
	if err == nil && u.Scheme != "" && !secure(u) {
		err = ErrInsecure
	}
	var data []byte
	if err == nil {
		data, err = ask(ctx, method, address)
	}
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

// client goes where redirections lead, as browsers do, but not into the open.
var client = &http.Client{CheckRedirect: func(r *http.Request, via []*http.Request) error {
	if !secure(r.URL) || len(via) > 10 {
		return ErrInsecure
	}
	return nil
}}

func ask(ctx context.Context, method, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if err := judge(res.Request.URL.String(), res.StatusCode, res.Header.Get("Content-Type")); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxSize+1))
	if len(data) > maxSize {
		return nil, ErrTooLarge
	}
	return data, err
}
