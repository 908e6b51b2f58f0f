//go:build linux

package native

import (
	"bufio"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gocommunicator/app/e2e/need"
	"gocommunicator/app/e2e/server"
)

// BaresipHertz is the tone that baresip sends.
const BaresipHertz = 880

// patience is how long a phone is waited for, whatever it has to do.
const patience = 45 * time.Second

//go:embed baresip.conf
var baresipConfig string

// Baresip is a running baresip, registered as a user of Kamailio.
type Baresip struct {
	t       testing.TB
	dir     string
	address string
	conn    net.Conn
	bridges int // between what is received and what is sent

	mu      sync.Mutex
	events  []event
	from    int // those before belong to calls that are over
	answers []answer
}

// event is what baresip tells of itself.
type event struct {
	Event bool   `json:"event"`
	Type  string `json:"type"`
	Peer  string `json:"peeruri"`
	ID    string `json:"id"`
	Param string `json:"param"`
	answer
}

// answer is what a command came to.
type answer struct {
	Response bool   `json:"response"`
	OK       bool   `json:"ok"`
	Data     string `json:"data"`
}

// StartBaresip starts baresip until the end of the test, as a user of Kamailio. codecs
// are those of sound, the best first, as baresip names them; "" means Opus and PCMU.
func StartBaresip(t testing.TB, kamailio *server.Kamailio, user, codecs string) *Baresip {
	t.Helper()
	program := need.Program(t, "baresip")
	modules, _ := filepath.Glob("/usr/lib/*/baresip/modules") // the pattern is a good one
	modules = append(modules, "/usr/lib/baresip/modules")
	ports := server.FreePorts(t, 2)
	b := &Baresip{t: t, dir: t.TempDir(), address: "sip:" + user + "@" + server.Domain}
	codecs = cmp.Or(codecs, "opus/48000/2,PCMU/8000/1")
	const rtp = 100 // ports
	config := strings.NewReplacer(
		"@DIR@", b.dir,
		"@SIP@", strconv.Itoa(ports[0]),
		"@CONTROL@", strconv.Itoa(ports[1]),
		"@RTP@", fmt.Sprintf("%d-%d", rtpFrom, rtpFrom+rtp),
		"@SOURCE@", toneSource,
		"@MODULES@", modules[0],
	).Replace(baresipConfig)
	account := fmt.Sprintf(`<%s;transport=udp>;auth_user=%s;auth_pass=%s;outbound="sip:%s;transport=udp"`+
		`;mediaenc=dtls_srtp;medianat=ice;rtcp_mux=yes;answermode=manual;audio_codecs=%s;regint=600`,
		b.address, user, server.Password(user), kamailio.UDP, codecs)
	for name, text := range map[string]string{"config": config, "accounts": account + "\n", "contacts": ""} {
		if err := os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	server.Run(t, ports[1], exec.Command(program, "-f", b.dir))
	conn, err := net.Dial("tcp", server.HostPort(ports[1]))
	if err != nil {
		t.Fatal(err)
	}
	b.conn = conn
	t.Cleanup(func() { _ = conn.Close() }) // whoever is gone has closed it
	go b.listen()
	b.until("baresip is not registered", func() bool {
		return strings.Contains(b.command("reginfo", ""), "OK")
	})
	return b
}

// rtpFrom is the first of the ports for sound.
const rtpFrom = 32000

// listen takes down what baresip says: netstrings of JSON.
func (b *Baresip) listen() {
	in := bufio.NewReader(b.conn)
	for {
		head, err := in.ReadString(':')
		if err != nil {
			return // the end of the test
		}
		n, err := strconv.Atoi(strings.TrimSuffix(head, ":"))
		if err != nil || n < 0 || n > 1<<20 {
			b.t.Errorf("baresip: no netstring: %q", head)
			return
		}
		text := make([]byte, n+1) // the comma is part of it
		if _, err = io.ReadFull(in, text); err != nil {
			return
		}
		var e event
		if err = json.Unmarshal(text[:n], &e); err != nil {
			b.t.Errorf("baresip: %v: %s", err, text)
			return
		}
		b.mu.Lock()
		if e.Event && e.ID != "" { // of a call
			b.events = append(b.events, e)
		} else {
			b.answers = append(b.answers, e.answer)
		}
		b.mu.Unlock()
	}
}

// until waits until probe is true.
func (b *Baresip) until(excuse string, probe func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); !probe(); {
		if time.Now().After(deadline) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.t.Fatalf("%s; it told: %+v", excuse, b.events)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// command has baresip do something and gives what it says to that.
func (b *Baresip) command(name, params string) string {
	b.t.Helper()
	text, err := json.Marshal(map[string]string{"command": name, "params": params})
	if err != nil {
		b.t.Fatal(err)
	}
	b.mu.Lock()
	b.answers = nil
	b.mu.Unlock()
	if _, err = fmt.Fprintf(b.conn, "%d:%s,", len(text), text); err != nil {
		b.t.Fatalf("baresip: %s: %v", name, err)
	}
	var got answer
	b.until("no answer to "+name, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		if len(b.answers) == 0 {
			return false
		}
		got = b.answers[0]
		return true
	})
	if !got.OK {
		b.t.Fatalf("baresip: %s %s: %s", name, params, got.Data)
	}
	return got.Data
}

// told waits for an event of the present call.
func (b *Baresip) told(types ...string) {
	b.t.Helper()
	b.until("baresip tells no "+strings.Join(types, " or "), func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return slices.ContainsFunc(b.events[b.from:], func(e event) bool { return slices.Contains(types, e.Type) })
	})
}

// Address is its `sip:user@domain`.
func (b *Baresip) Address() string { return b.address }

// Dial calls an address.
func (b *Baresip) Dial(address string) { b.t.Helper(); b.command("dial", address) }

// Answer waits for a call and answers it.
func (b *Baresip) Answer() {
	b.t.Helper()
	b.told("CALL_INCOMING")
	b.command("accept", "")
}

// Hangup ends the call, gives up calling or rejects.
func (b *Baresip) Hangup() { b.t.Helper(); b.command("hangup", "") }

// Rings waits until it knows that the other side rings.
func (b *Baresip) Rings() { b.t.Helper(); b.told("CALL_RINGING", "CALL_PROGRESS") }

// Rung waits until it is called.
func (b *Baresip) Rung() { b.t.Helper(); b.told("CALL_INCOMING") }

// Talks waits until the call is established.
func (b *Baresip) Talks() { b.t.Helper(); b.told("CALL_ESTABLISHED") }

// Idle waits until all its calls are over.
func (b *Baresip) Idle() {
	b.t.Helper()
	b.until("baresip has a call still", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		open := map[string]bool{}
		for _, e := range b.events[b.from:] {
			open[e.ID] = e.Type != "CALL_CLOSED"
		}
		for _, is := range open {
			if is {
				return false
			}
		}
		if len(open) > 0 {
			b.from = len(b.events)
		}
		return len(open) > 0
	})
}

// Hold puts the other side on hold.
func (b *Baresip) Hold() { b.t.Helper(); b.command("hold", "") }

// Resume takes it off.
func (b *Baresip) Resume() { b.t.Helper(); b.command("resume", "") }

// Press presses a key in the call.
func (b *Baresip) Press(key string) { b.t.Helper(); b.command("sndcode", key) }

// Pressed waits until the keys have come from the other side.
func (b *Baresip) Pressed(keys string) {
	b.t.Helper()
	b.until("not all keys came", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		var got string
		for _, e := range b.events[b.from:] {
			if e.Type == "CALL_DTMF_START" {
				got += e.Param
			}
		}
		return got == keys
	})
}

// Transfer asks the other side to call somebody else.
func (b *Baresip) Transfer(address string) { b.t.Helper(); b.command("transfer", address) }

// toneSource is what baresip sends.
var toneSource = fmt.Sprintf("ausine,%d", BaresipHertz)

// listening has probe look at what arrives, until it is content. Meanwhile that is sent
// back, and so recorded: baresip's recording of what it receives ends with the first hold.
func (b *Baresip) listening(excuse string, probe func(received sound) bool) {
	b.t.Helper()
	recorded := func() sound {
		files, _ := filepath.Glob(filepath.Join(b.dir, "dump-*-enc.wav")) // the pattern is a good one
		if len(files) == 0 {
			return sound{}
		}
		return readWAV(files[len(files)-1]) // their names are times
	}
	b.told("CALL_RTPESTAB") // before, there is nothing to switch over
	b.bridges++             // one cannot be used again
	bridge := fmt.Sprintf("aubridge,received%d", b.bridges)
	b.command("auplay", bridge)
	b.command("ausrc", bridge)
	begin := len(recorded().samples)
	b.until(excuse, func() bool { return probe(recorded().from(begin)) })
	b.command("ausrc", toneSource)
}

// Hears waits until a tone arrives.
func (b *Baresip) Hears(hertz int) {
	b.t.Helper()
	b.listening(fmt.Sprintf("no tone of %d Hz", hertz), func(received sound) bool { return received.has(hertz) })
}

// Silence waits until nothing that arrives has been loud for a second.
func (b *Baresip) Silence() {
	b.t.Helper()
	loudest, since := 0, time.Now()
	b.listening("it is never silent", func(received sound) bool {
		if n := received.loud(); n > loudest {
			loudest, since = n, time.Now()
		}
		return time.Since(since) > time.Second
	})
}
