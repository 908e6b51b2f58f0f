//go:build linux

package server

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"gocommunicator/app/e2e/need"
)

// Nginx is a running web server.
type Nginx struct {
	URL   string // with a slash at its end
	log   string
	cmd   *exec.Cmd
	ended <-chan struct{}
}

// brotliStatic is where Debian has the module for files that are compressed by brotli.
const brotliStatic = "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"

// StartNginx starts nginx until the end of the test with a piece of its server's block,
// with what it does with compressed files or without any of that.
func StartNginx(t testing.TB, piece string, compressed bool) *Nginx {
	t.Helper()
	program := need.Program(t, "nginx", "/usr/sbin/nginx")
	text, err := os.ReadFile(filepath.Clean(piece))
	if err != nil {
		t.Fatal(err)
	}
	block, module := strings.ReplaceAll(string(text), "gzip_static on;", ""), ""
	if compressed {
		if _, err := os.Stat(brotliStatic); err != nil {
			need.Missing(t, "nginx has no module for brotli: `make deps` installs it")
		}
		block, module = strings.ReplaceAll(string(text), "# brotli_static on;", "brotli_static on;"), "load_module "+brotliStatic+";"
	}
	dir, port := t.TempDir(), FreePorts(t, 1)[0]
	file := filepath.Join(dir, "nginx.conf")
	config := fmt.Sprintf(`%s
daemon off; master_process off; user root;
pid %s/pid;
error_log stderr warn;
events {}
http {
	log_format sent '$bytes_sent';
	access_log %[2]s/log sent;
	client_body_temp_path %[2]s; proxy_temp_path %[2]s; fastcgi_temp_path %[2]s; uwsgi_temp_path %[2]s; scgi_temp_path %[2]s;
	server {
		listen %s;
		%s
	}
}
`, module, dir, HostPort(port), block)
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-e", "stderr", "-p", dir, "-c", file)
	n := &Nginx{URL: fmt.Sprintf("http://%s/", HostPort(port)), cmd: cmd, log: filepath.Join(dir, "log")}
	n.ended = Run(t, port, cmd)
	return n
}

// Sent tells how many bytes it has sent so far, with all headers, and in how many answers.
func (n *Nginx) Sent(t testing.TB) (bytes, answers int) {
	t.Helper()
	text, err := os.ReadFile(n.log)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		size, err := strconv.Atoi(strings.TrimSpace(line))
		if err != nil {
			t.Fatal(err)
		}
		bytes, answers = bytes+size, answers+1
	}
	return bytes, answers
}

// Stop ends it before the end of the test.
func (n *Nginx) Stop() {
	_ = n.cmd.Process.Signal(syscall.SIGTERM)
	<-n.ended
}
