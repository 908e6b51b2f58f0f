//go:build linux

package server

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gocommunicator/app/e2e/need"
)

// Domain is the SIP domain of Kamailio in the tests.
const Domain = "example.test"

//go:embed kamailio.cfg
var kamailioConfig string

// Kamailio is a running SIP server: registrar and proxy for Domain over WebSocket and,
// for phones that are no page, over UDP, with the users alice, bob, carol and dave.
type Kamailio struct {
	WS, WSS string // URLs, the second with a certificate that nobody knows
	UDP     string // `host:port`
}

// Password is that of a user of Kamailio.
func Password(user string) string { return user + "-secret" }

// StartKamailio starts Kamailio until the end of the test.
func StartKamailio(t testing.TB) *Kamailio {
	t.Helper()
	program := need.Program(t, "kamailio", "/usr/sbin/kamailio")
	dir := t.TempDir()
	writeCertificate(t, filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))

	ports := FreePorts(t, 3)
	config := strings.NewReplacer(
		"@DIR@", dir,
		"@DOMAIN@", Domain,
		"@WS@", strconv.Itoa(ports[0]),
		"@WSS@", strconv.Itoa(ports[1]),
		"@UDP@", strconv.Itoa(ports[2]),
	).Replace(kamailioConfig)
	file := filepath.Join(dir, "kamailio.cfg")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	Run(t, ports[0], exec.Command(program,
		"-f", file, "-DD", "-E", "-m", "64", "-M", "8",
		"-Y", dir, "-P", filepath.Join(dir, "kamailio.pid")))
	return &Kamailio{
		WS:  fmt.Sprintf("ws://%s/", HostPort(ports[0])),
		WSS: fmt.Sprintf("wss://%s/", HostPort(ports[1])),
		UDP: HostPort(ports[2]),
	}
}
