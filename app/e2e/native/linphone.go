//go:build linux

package native

import (
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gocommunicator/app/e2e/need"
	"gocommunicator/app/e2e/server"
)

// LinphoneHertz is the tone that Linphone sends.
const LinphoneHertz = 1100

//go:embed linphone.conf
var linphoneConfig string

// Linphone is a running linphonec, registered as a user of Kamailio.
type Linphone struct {
	t       testing.TB
	address string
	record  string // file of what is received
	keys    io.Writer

	mu   sync.Mutex
	said strings.Builder
	from int // what was said before belongs to calls that are over
}

// StartLinphone starts Linphone until the end of the test, as a user of Kamailio. more
// are settings of its section `sip`, one a line.
func StartLinphone(t testing.TB, kamailio *server.Kamailio, user, more string) *Linphone {
	t.Helper()
	program := need.Program(t, "linphonec")
	dir := t.TempDir()
	ports := server.FreePorts(t, 2)
	l := &Linphone{t: t, address: "sip:" + user + "@" + server.Domain, record: filepath.Join(dir, "received.wav")}
	config := strings.NewReplacer(
		"@SIP@", strconv.Itoa(ports[0]),
		"@RTP@", strconv.Itoa(ports[1]),
		"@USER@", user,
		"@PASSWORD@", server.Password(user),
		"@DOMAIN@", server.Domain,
		"@PROXY@", kamailio.UDP,
		"@MORE@", more,
	).Replace(linphoneConfig)
	// It does nothing at all when its database cannot be made.
	if err := os.MkdirAll(filepath.Join(dir, ".local", "share", "linphone"), 0o700); err != nil {
		t.Fatal(err)
	}
	tone := filepath.Join(dir, "tone.wav")
	file := filepath.Join(dir, "linphonerc")
	for name, b := range map[string][]byte{file: []byte(config), tone: toneWAV(LinphoneHertz)} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, "-c", file)
	cmd.Env = append(os.Environ(), "HOME="+dir, "TERM=dumb")
	cmd.Stdout = l
	keys, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	l.keys = keys
	server.Start(t, cmd)
	l.enter("soundcard use files")
	l.enter("play " + tone)
	l.enter("record " + l.record)
	l.until("linphonec is not registered", func() bool {
		l.enter("status register")
		time.Sleep(50 * time.Millisecond)
		l.mu.Lock()
		defer l.mu.Unlock()
		return strings.Contains(l.said.String(), "registered, identity")
	})
	return l
}

// Write takes what it says.
func (l *Linphone) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.said.Write(p)
}

// enter gives it a command.
func (l *Linphone) enter(command string) {
	l.t.Helper()
	if _, err := fmt.Fprintln(l.keys, command); err != nil {
		l.t.Fatalf("linphonec: %s: %v", command, err)
	}
}

func (l *Linphone) until(excuse string, probe func() bool) {
	l.t.Helper()
	for deadline := time.Now().Add(patience); !probe(); {
		if time.Now().After(deadline) {
			l.t.Fatal(excuse)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// told waits until it has said a line with all the words since the last call.
func (l *Linphone) told(words ...string) {
	l.t.Helper()
	l.until(fmt.Sprintf("linphonec does not say %q", words), func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
	lines:
		for line := range strings.Lines(l.said.String()[l.from:]) {
			for _, word := range words {
				if !strings.Contains(line, word) {
					continue lines
				}
			}
			return true
		}
		return false
	})
}

// Address is its `sip:user@domain`.
func (l *Linphone) Address() string { return l.address }

// Dial calls an address.
func (l *Linphone) Dial(address string) { l.t.Helper(); l.enter("call " + address) }

// Answer waits for a call and answers it.
func (l *Linphone) Answer() {
	l.t.Helper()
	l.Rung()
	l.enter("answer")
}

// AnswerSecond waits for a second call and answers that.
func (l *Linphone) AnswerSecond() {
	l.t.Helper()
	l.told("Receiving new incoming call", "assigned id 2")
	l.enter("answer 2")
}

// Hangup ends the call, gives up calling or rejects.
func (l *Linphone) Hangup() { l.t.Helper(); l.enter("terminate") }

// Rings waits until it knows that the other side rings.
func (l *Linphone) Rings() { l.t.Helper(); l.told("Call ", " ringing.") }

// Rung waits until it is called.
func (l *Linphone) Rung() { l.t.Helper(); l.told("Receiving new incoming call") }

// Talks waits until the call is established.
func (l *Linphone) Talks() { l.t.Helper(); l.told("Call ", " connected.") }

// Idle waits until the call is over.
func (l *Linphone) Idle() {
	l.t.Helper()
	l.told("Call ", " ended (")
	l.mu.Lock()
	defer l.mu.Unlock()
	l.from = l.said.Len()
}

// Hold puts the other side on hold.
func (l *Linphone) Hold() {
	l.t.Helper()
	l.enter("pause")
	l.told("is now paused.")
}

// Resume takes it off.
func (l *Linphone) Resume() { l.t.Helper(); l.enter("resume") }

// Press presses a key in the call.
func (l *Linphone) Press(key string) { l.t.Helper(); l.enter(key) }

// Hears waits until a tone arrives.
func (l *Linphone) Hears(hertz int) {
	l.t.Helper()
	begin := len(readWAV(l.record).samples)
	l.until(fmt.Sprintf("no tone of %d Hz", hertz), func() bool {
		return readWAV(l.record).from(begin).has(hertz)
	})
}

// Connect asks who is in its first call to take its place in the second: an attended
// transfer.
func (l *Linphone) Connect() { l.t.Helper(); l.enter("transfer 1 --to-call 2") }
