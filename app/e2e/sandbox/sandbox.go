//go:build linux

// Package sandbox gives a test program a network and a process space of its own.
//
// The network has a loopback and one other interface with a default route, which
// browsers want before they gather candidates. The process space makes sure that
// nothing started by the tests outlives them, however they end. Only root may have
// it; anybody else runs in the network and process space that is there.
package sandbox

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// marker is set in the environment of a program that runs inside.
const marker = "GOCOMMUNICATOR_SANDBOX"

// Address is that of the interface beside loopback, from the range for
// documentation (RFC 5737), so that it never is somebody's.
const Address = "198.51.100.7"

// Run runs the tests of m inside the sandbox where it may be made, else as they are,
// and then, in the same place, cleanup. It returns the exit code. It is for TestMain.
func Run(m *testing.M, cleanup func()) int {
	tests := func() int {
		defer cleanup()
		return m.Run()
	}
	if os.Getenv(marker) != "" {
		if err := furnish(); err != nil {
			complain("cannot set up: %v", err)
			return 1
		}
		return tests()
	}
	if os.Geteuid() != 0 {
		return tests()
	}
	code, err := again()
	if err != nil {
		complain("none, the tests run without: %v", err)
		return tests()
	}
	return code
}

// HasInterface reports whether there is a network interface beside loopback that is
// up: without one Firefox gathers no candidates, and Chromium only when told to.
func HasInterface() bool {
	interfaces, err := net.Interfaces()
	if err != nil {
		return false
	}
	for _, i := range interfaces {
		if i.Flags&net.FlagLoopback != 0 || i.Flags&net.FlagUp == 0 {
			continue
		}
		addresses, err := i.Addrs()
		if err != nil {
			continue
		}
		for _, a := range addresses {
			if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() != nil {
				return true
			}
		}
	}
	return false
}

// again runs this program once more in new namespaces. An error means that it did
// not start.
func again() (code int, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(self, os.Args[1:]...)
	cmd.Env = append(os.Environ(), marker+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWNS,
		Pdeathsig:  syscall.SIGKILL,
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	err = cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), nil
	}
	if err != nil {
		return 1, nil //nolint:nilerr // it did start, and its output is told already
	}
	return 0, nil
}

// furnish mounts the /proc of the new process space and brings the network up.
func furnish() error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("mounts made private: %w", err)
	}
	if err := syscall.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("/proc: %w", err)
	}
	// An address of IPv6 that an interface gives itself a second later is another network to
	// a browser, which then gives up what it is just loading.
	const off = "/proc/sys/net/ipv6/conf/default/disable_ipv6" // of those made from now on
	if err := os.WriteFile(off, []byte("1"), 0o600); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("IPv6 turned off: %w", err)
	}
	for _, line := range []string{
		"link set lo up",
		"link add veth0 type veth peer name veth1",
		"addr add " + Address + "/24 dev veth0",
		"link set veth0 up",
		"link set veth1 up",
		"route add default dev veth0",
	} {
		if out, err := exec.Command("ip", strings.Fields(line)...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", line, err, out)
		}
	}
	return nil
}

func complain(format string, args ...any) {
	_, _ = io.WriteString(os.Stderr, "sandbox: "+fmt.Sprintf(format, args...)+"\n")
}
