//go:build linux

package native

import (
	"crypto/md5"
	"embed"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"gocommunicator/app/e2e/need"
	"gocommunicator/app/e2e/server"
)

//go:embed sipp/*.xml
var scenarios embed.FS

// SIPp is a running SIPp, which goes through one call as a user of Kamailio. It says what a
// scenario has it say, to the letter, and takes nothing else; the sound is another's.
type SIPp struct {
	t        testing.TB
	address  string
	dir      string
	cmd      *exec.Cmd
	ended    <-chan struct{}
	scenario string
}

// Call is what SIPp is given to go through.
type Call struct {
	Scenario      string // of those in sipp/, without the ending
	To            string // whom it calls, `sip:user@domain`; empty when it is called
	Offer, Answer string // session descriptions, as far as the scenario sends them
}

// StartSIPp has SIPp go through a call, as a user of Kamailio.
func StartSIPp(t testing.TB, kamailio *server.Kamailio, user string, call Call) *SIPp {
	t.Helper()
	program := need.Program(t, "sipp")
	text, err := scenarios.ReadFile("sipp/" + call.Scenario + ".xml")
	if err != nil {
		t.Fatal(err)
	}
	s := &SIPp{t: t, address: "sip:" + user + "@" + server.Domain, dir: t.TempDir(), scenario: call.Scenario}
	port := server.FreePorts(t, 1)[0]
	asked := enquiry{kamailio: kamailio, user: user, local: server.HostPort(port)}
	authorization := ""
	if call.To == "" {
		asked.ask(t, "REGISTER", "sip:"+server.Domain)
	} else {
		authorization = asked.authorization(t, "INVITE", call.To)
	}
	body := func(d string) string { return strings.ReplaceAll(d, "\r\n", "\n") } // SIPp ends lines itself
	filled := strings.NewReplacer(
		"@USER@", user, "@FROM@", s.address, "@TO@", call.To, "@AUTHORIZATION@", authorization,
		"@OFFER@", body(call.Offer), "@ANSWER@", body(call.Answer),
	).Replace(string(text))
	file := filepath.Join(s.dir, "scenario.xml")
	if err := os.WriteFile(file, []byte(filled), 0o600); err != nil {
		t.Fatal(err)
	}
	s.cmd = exec.Command(program, "-sf", file, "-i", server.Host, "-p", strconv.Itoa(port), "-m", "1", "-nostdin",
		"-trace_msg", "-message_file", s.messages(), "-trace_err", "-error_file", filepath.Join(s.dir, "errors"),
		"-timeout", "60s", "-timeout_error", kamailio.UDP)
	s.cmd.Dir = s.dir
	s.ended = server.Start(t, s.cmd)
	return s
}

func (s *SIPp) messages() string { return filepath.Join(s.dir, "messages") }

// Address is its `sip:user@domain`.
func (s *SIPp) Address() string { return s.address }

// Content waits until the scenario has come to its end, and fails the test when the other
// side did not keep to it.
func (s *SIPp) Content() {
	s.t.Helper()
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.t.Errorf("SIPp (%s) is not at its end", s.scenario)
	}
	if s.cmd.ProcessState == nil || s.cmd.ProcessState.ExitCode() != 0 {
		for _, name := range []string{"errors", "messages"} {
			text, err := os.ReadFile(filepath.Join(s.dir, name))
			s.t.Logf("%s of SIPp (%v):\n%s", name, err, text)
		}
		s.t.Fatalf("SIPp (%s) is not content", s.scenario)
	}
}

// enquiry asks Kamailio for what SIPp, which knows no digest, has to say.
type enquiry struct {
	kamailio *server.Kamailio
	user     string
	local    string // `host:port` that SIPp will have: Kamailio calls where a registration came from
}

var challengeParts = regexp.MustCompile(`(?i)(realm|nonce)="([^"]*)"`)

// ask sends a request, with credentials where they are asked for, and gives the last
// response.
func (e enquiry) ask(t testing.TB, method, uri string) {
	t.Helper()
	if res := e.send(t, method, uri, "Authorization: "+e.authorization(t, method, uri)+"\r\n"); !strings.HasPrefix(res, "SIP/2.0 200") {
		t.Fatalf("%s: %s", method, res)
	}
}

// authorization answers the challenge of a request (RFC 8760, RFC 2617 §3.2.2, with qop).
func (e enquiry) authorization(t testing.TB, method, uri string) string {
	t.Helper()
	res := e.send(t, method, uri, "")
	parts := map[string]string{}
	for _, m := range challengeParts.FindAllStringSubmatch(res, -1) {
		parts[strings.ToLower(m[1])] = m[2]
	}
	if parts["nonce"] == "" {
		t.Fatalf("no challenge: %s", res)
	}
	hash := func(text string) string {
		sum := md5.Sum([]byte(text))
		return hex.EncodeToString(sum[:])
	}
	const rest = ":00000001:c0ffee:auth:"
	response := hash(hash(e.user+":"+parts["realm"]+":"+server.Password(e.user)) + ":" + parts["nonce"] + rest + hash(method+":"+uri))
	return fmt.Sprintf(`Digest username="%s", realm="%s", nonce="%s", uri="%s", response="%s", algorithm=MD5, qop=auth, nc=00000001, cnonce="c0ffee"`,
		e.user, parts["realm"], parts["nonce"], uri, response)
}

// send sends a request and gives the response.
func (e enquiry) send(t testing.TB, method, uri, more string) string {
	t.Helper()
	local, err := net.ResolveUDPAddr("udp", e.local)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := (&net.Dialer{LocalAddr: local}).DialContext(t.Context(), "udp", e.kamailio.UDP)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	address := "sip:" + e.user + "@" + server.Domain
	to := uri
	if method == "REGISTER" {
		to = address
	}
	id := fmt.Sprintf("%d", time.Now().UnixNano())
	_, err = fmt.Fprintf(conn, "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%s\r\nFrom: <%s>;tag=%s\r\nTo: <%s>\r\n"+
		"Call-ID: %s\r\nCSeq: 1 %s\r\nContact: <sip:%s@%s>\r\nMax-Forwards: 70\r\n%sContent-Length: 0\r\n\r\n",
		method, uri, e.local, id, address, id, to, id, method, e.user, e.local, more)
	if err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 4<<10)
	n, err := conn.Read(answer)
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	return string(answer[:n])
}
