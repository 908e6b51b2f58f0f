//go:build linux

// Package server starts the servers that the browser tests need, each on ports that
// were free, and ends them with the test.
package server

import (
	"bytes"
	"context"
	"io"
	"net"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Host is where the servers listen.
const Host = "127.0.0.1"

// patience is how long a server may take to start, and to end when it is asked to.
const patience = 30 * time.Second

// FreePorts returns n ports of the loopback on which nothing listens, neither with
// TCP nor with UDP.
func FreePorts(t testing.TB, n int) []int {
	t.Helper()
	var ports []int
	for len(ports) < n {
		tcp, err := net.Listen("tcp", Host+":0")
		if err != nil {
			t.Fatalf("no free port: %v", err)
		}
		// All stay open until the last is found, so that none comes twice.
		defer tcp.Close()
		port := tcp.Addr().(*net.TCPAddr).Port
		udp, err := net.ListenPacket("udp", HostPort(port))
		if err != nil {
			continue
		}
		defer udp.Close()
		ports = append(ports, port)
	}
	return ports
}

// HostPort is `127.0.0.1:port`.
func HostPort(port int) string { return net.JoinHostPort(Host, strconv.Itoa(port)) }

// Run starts a program and waits until it listens on the TCP port. It is ended with the
// test. The channel is closed when it has ended.
func Run(t testing.TB, port int, cmd *exec.Cmd) <-chan struct{} {
	t.Helper()
	ended := Start(t, cmd)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if !listens(ctx, port, ended) {
		t.Fatalf("%s does not listen on port %d", cmd.Path, port)
	}
	return ended
}

// Start starts a program, which is ended with the test; what it said is logged when the
// test has failed. The channel is closed when it has ended.
func Start(t testing.TB, cmd *exec.Cmd) <-chan struct{} {
	t.Helper()
	var said output
	if cmd.Stdout == nil {
		cmd.Stdout = &said
	} else {
		cmd.Stdout = io.MultiWriter(&said, cmd.Stdout)
	}
	cmd.Stderr = &said
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s: %v", cmd.Path, err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // its output says more than its exit code
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
		select {
		case <-ended:
		case <-time.After(patience):
			_ = cmd.Process.Kill()
			<-ended
		}
		if t.Failed() {
			t.Logf("%s said:\n%s", cmd.Path, said.tail())
		}
	})
	return ended
}

// listens waits until something accepts connections on the port; false when ended
// is closed before, or the context is over.
func listens(ctx context.Context, port int, ended <-chan struct{}) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var dialer net.Dialer
	for {
		if conn, err := dialer.DialContext(ctx, "tcp", HostPort(port)); err == nil {
			_ = conn.Close()
			return true
		}
		select {
		case <-tick.C:
		case <-ended:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// output keeps what a program says.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements io.Writer.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

// tail is the last of it, which mostly names the fault.
func (o *output) tail() string {
	const enough = 8 << 10
	o.mu.Lock()
	defer o.mu.Unlock()
	b := o.buf.Bytes()
	if len(b) > enough {
		b = b[len(b)-enough:]
	}
	return string(b)
}
