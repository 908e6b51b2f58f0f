//go:build linux

// Command wasmtest runs a test binary that was built for js/wasm in Chromium:
//
//	GOOS=js GOARCH=wasm go test -exec=path/to/wasmtest ./...
//
// It serves the binary from the loopback, hands on the arguments, the test's output
// as it comes and its exit code, and what the page's console says. On the page's own
// host there are WebSocket servers for tests of the link, see endpoints.go. The page
// has a fake camera and a fake microphone and may use both.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/chromedp/chromedp"

	"gocommunicator/app/e2e/browser"
)

// grace is how long beyond its own time-out a test may take to say that it timed out.
const grace = 10 * time.Second

// Exit codes beside those of the test.
const (
	exitUsage = 2
	exitFault = 3
)

func main() {
	if len(os.Args) < 2 {
		complain("usage: wasmtest test-binary [arguments]")
		os.Exit(exitUsage)
	}
	code, err := run(os.Args[1], os.Args[2:])
	if err != nil {
		complain("%v", err)
	}
	os.Exit(code)
}

func run(binary string, args []string) (code int, err error) {
	if browser.ChromiumPath() == "" {
		return exitFault, errors.New("chromium is not installed: `make deps` installs it")
	}
	ctx := context.Background()
	if limit := timeout(args); limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit+grace)
		defer cancel()
	}

	page, err := newPage(binary, args, os.Stdout, os.Stderr)
	if err != nil {
		return exitFault, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return exitFault, err
	}
	srv := &http.Server{Handler: page.handler(), ReadHeaderTimeout: grace}
	go func() { _ = srv.Serve(listener) }() // ends with ErrServerClosed below
	defer srv.Close()

	allocator, release := chromedp.NewExecAllocator(ctx, browser.ChromiumOptions()...)
	defer release()
	tab, closeTab := chromedp.NewContext(allocator)
	defer closeTab()
	if err := chromedp.Do(tab); err != nil {
		return exitFault, fmt.Errorf("chromium not started: %w", err)
	}
	messages := chromedp.Console(tab)
	go echo(messages, os.Stderr)
	if err := chromedp.Do(tab, chromedp.Navigate("http://"+listener.Addr().String()+"/")); err != nil {
		return exitFault, fmt.Errorf("page not opened: %w", err)
	}
	select {
	case code := <-page.exited:
		return code, nil
	case <-tab.Done():
		return exitFault, fmt.Errorf("the page ended before the test: %w", tab.Err())
	}
}

// echo copies what the page's console says.
func echo(messages iter.Seq2[chromedp.ConsoleMessage, error], to io.Writer) {
	for m, err := range messages {
		if err != nil {
			return
		}
		_, _ = fmt.Fprintln(to, "console:", m)
	}
}

// timeout reads -test.timeout out of the arguments; 0 means none.
func timeout(args []string) time.Duration {
	for _, a := range args {
		if value, ok := strings.CutPrefix(a, "-test.timeout="); ok {
			d, err := time.ParseDuration(value)
			if err == nil {
				return d
			}
		}
	}
	return 0
}

func complain(format string, args ...any) {
	_, _ = fmt.Fprintf(os.Stderr, "wasmtest: "+format+"\n", args...)
}
