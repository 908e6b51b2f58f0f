//go:build linux

package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/coder/websocket"
)

//go:embed page.js
var script string

// page serves a test and takes what it says.
type page struct {
	binary         string
	wasmExec       string // path of the toolchain's wasm_exec.js
	args           []string
	stdout, stderr io.Writer
	exited         chan int // gets the exit code, once
}

func newPage(binary string, args []string, stdout, stderr io.Writer) (*page, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	return &page{
		binary:   binary,
		wasmExec: filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"),
		args:     args, stdout: stdout, stderr: stderr,
		exited: make(chan int, 1),
	}, nil
}

func (p *page) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<!doctype html><title>test</title><link rel=icon href=data:,><body>"+
			"<script type=module src=/page.js></script>")
	})
	mux.HandleFunc("GET /page.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = io.WriteString(w, script)
	})
	mux.HandleFunc("GET /wasm_exec.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, p.wasmExec)
	})
	mux.HandleFunc("GET /test.wasm", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		http.ServeFile(w, r, p.binary)
	})
	mux.HandleFunc("GET /start.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{ // the page notices when it is incomplete
			"args": append([]string{filepath.Base(p.binary)}, p.args...),
			"env":  environment(),
		})
	})
	mux.HandleFunc("GET /report", p.report)
	endpoints(mux)
	return mux
}

// environment is what a test may see of it: a wasm program takes 12 kB of arguments
// and environment at most.
func environment() map[string]string {
	env := map[string]string{}
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "E2E_") || name == "GODEBUG" || name == "GOTRACEBACK" {
			env[name] = value
		}
	}
	return env
}

// report takes the output and the exit code. A binary message is output, after a byte
// that is the file descriptor; a text message is the exit code.
func (p *page) report(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	conn.SetReadLimit(-1)
	for {
		kind, message, err := conn.Read(r.Context())
		switch {
		case err != nil:
			p.exit(exitFault)
			return
		case kind == websocket.MessageText:
			code, err := strconv.Atoi(string(message))
			if err != nil {
				code = exitFault
			}
			p.exit(code)
			return
		case len(message) > 0 && message[0] == 2:
			_, _ = p.stderr.Write(message[1:])
		case len(message) > 0:
			_, _ = p.stdout.Write(message[1:])
		}
	}
}

func (p *page) exit(code int) {
	select {
	case p.exited <- code:
	default: // it is told already
	}
}
