//go:build linux

package server

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	"gocommunicator/app/e2e/need"
)

// TURN is a running TURN server with its one account.
type TURN struct {
	URL, Username, Credential string
}

// StartCoturn starts coturn until the end of the test.
func StartCoturn(t testing.TB) *TURN {
	t.Helper()
	program := need.Program(t, "turnserver", "/usr/bin/turnserver")
	port := FreePorts(t, 1)[0]
	turn := &TURN{URL: fmt.Sprintf("turn:%s?transport=udp", HostPort(port)), Username: "turn", Credential: "turn-secret"}
	Run(t, port, exec.Command(program,
		"-n", "--listening-ip="+Host, "--relay-ip="+Host, fmt.Sprintf("--listening-port=%d", port),
		"--no-tls", "--no-dtls", "--no-cli", "--fingerprint", "--no-multicast-peers", "--allow-loopback-peers",
		"--lt-cred-mech", "--realm="+Domain, "--user="+turn.Username+":"+turn.Credential,
		"--pidfile="+filepath.Join(t.TempDir(), "turnserver.pid"), "--log-file=stdout"))
	return turn
}
