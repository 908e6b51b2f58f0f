//go:build linux

package server

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	"gocommunicator/app/e2e/need"
)

// TURN is a running TURN server with its one account, and its addresses by transport.
type TURN struct {
	UDP, TCP, TLS        string
	Username, Credential string
}

// StartCoturn starts coturn until the end of the test.
func StartCoturn(t testing.TB) *TURN {
	t.Helper()
	program := need.Program(t, "turnserver", "/usr/bin/turnserver")
	dir, ports := t.TempDir(), FreePorts(t, 2)
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	writeCertificate(t, cert, key)
	turn := &TURN{
		UDP: "turn:" + HostPort(ports[0]) + "?transport=udp", TCP: "turn:" + HostPort(ports[0]) + "?transport=tcp",
		TLS: "turns:" + HostPort(ports[1]) + "?transport=tcp", Username: "turn", Credential: "turn-secret",
	}
	Run(t, ports[0], exec.Command(program,
		"-n", "--listening-ip="+Host, "--relay-ip="+Host, fmt.Sprintf("--listening-port=%d", ports[0]),
		fmt.Sprintf("--tls-listening-port=%d", ports[1]), "--cert="+cert, "--pkey="+key,
		"--no-dtls", "--no-cli", "--fingerprint", "--no-multicast-peers", "--allow-loopback-peers",
		"--lt-cred-mech", "--realm="+Domain, "--user="+turn.Username+":"+turn.Credential,
		"--pidfile="+filepath.Join(dir, "turnserver.pid"), "--log-file=stdout"))
	return turn
}
