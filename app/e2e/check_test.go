//go:build linux

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gocommunicator/app/devserver"
	"gocommunicator/app/e2e/browser"
	"gocommunicator/app/e2e/server"
)

// checked runs the test of the connection and gives its result, as it is copied.
func (p *phone) checked() string {
	p.t.Helper()
	p.Action("check-start")
	p.Action("check-copy")
	p.Until(`window.copied !== undefined`)
	var result string
	p.Evaluate(`copied`, &result)
	return result
}

const copies = `Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } });`

// openCheck opens the test page, which takes no login, with settings as JavaScript.
func openCheck(t *testing.T, url, settings, before string) *phone {
	t.Helper()
	return openCheckIn(t, newPage(t, low, "check"), url, before+`window.JSCommSettings = `+settings)
}

func openCheckIn(t *testing.T, page *browser.Page, url, before string) *phone {
	t.Helper()
	page.Before(copies + before)
	page.Open(url)
	p := &phone{Page: page, t: t}
	p.Until(`!!document.querySelector('[data-action=open-check]')`)
	p.Evaluate(`void document.querySelector('[data-action=open-check]').click()`, nil) // the settings grow when devices are found
	p.Until(`!!document.querySelector('[data-action=check-start]')`)
	return p
}

// With the embedded server everything works, and the result has no password in it.
func TestEquipmentIsFoundToWork(t *testing.T) {
	alice := openCheck(t, startServer(t).URL(), `{}`, ``)
	result := alice.checked()
	if strings.Count(result, "\nOK ") != 7 || strings.Contains(result, "BAD ") || strings.Contains(result, "WARN ") {
		t.Errorf("the result is\n%s", result) // page, microphone, camera, server, two relays, call
	}
	var secrets []string
	alice.Evaluate(`fetch('config.json').then((r) => r.json()).then((c) => c.turn_servers.flatMap((s) => [s.username, s.password]))`, &secrets)
	for _, secret := range secrets {
		if len(secret) < 4 || strings.Contains(result, secret) {
			t.Errorf("%q is a secret, the result is\n%s", secret, result)
		}
	}
	t.Log(result)
	alice.Screenshot("connection")
	alice.Action("check-record")
	alice.Until(`document.querySelector('sip-check meter').value > 0.3`)
	alice.Screenshot("recording")
	alice.Until(`document.querySelector('.check-box [role=status]').innerText === 'This is how others hear you…'`)
	alice.Until(`document.querySelector('.check-box [role=status]').innerText === 'Works'`)
	alice.Action("check-camera")
	alice.Until(`document.querySelector('sip-check video').videoWidth > 0`)
	alice.Screenshot("camera")
	alice.Action("check-tone")
	alice.Until(`document.querySelector('.part-check').innerText.includes('Did you hear it?')`)
	alice.Action("back")
	alice.Released()
}

// Each way to a relay is tested by itself.
func TestRelayIsFoundOnEachWay(t *testing.T) {
	turn := server.StartCoturn(t)
	var relays []string
	for _, address := range []string{turn.UDP, turn.TCP, turn.TLS} {
		relays = append(relays, fmt.Sprintf("{ server: %q, username: %q, password: %q }", address, turn.Username, turn.Credential))
	}
	result := openCheck(t, startServer(t).URL(), `{ turn_servers: [`+strings.Join(relays, ", ")+`] }`, ``).checked()
	for _, address := range []string{turn.UDP, turn.TCP, turn.TLS} {
		if !strings.Contains(result, "OK Relay "+address) {
			t.Errorf("not OK: %s", address)
		}
	}
	t.Log(result)
}

// What fails is said in a sentence that tells it from the others.
func TestCheckSaysWhatIsWrong(t *testing.T) {
	s := startServer(t)
	relay := relayOf(t, s)
	for name, test := range map[string]struct{ settings, before, want string }{
		"wrong password": {`{ turn_servers: [{ server: relay, username: 'x', password: 'y' }] }`, ``, "refuses the name or password"},
		"no relay there": {`{ turn_servers: [{ server: 'turn:127.0.0.1:1?transport=tcp', username: 'x', password: 'y' }] }`, ``, "gives no relay"},
		"no relay":       {`{ turn_servers: [] }`, ``, "There is no relay to test"},
		"no server":      {`{ websocket: { servers: 'ws://127.0.0.1:1/?token=secret' } }`, ``, "BAD Telephone server ws://127.0.0.1:1/: ws://127.0.0.1:1/ does not answer"},
		"no SIP server":  {`{ websocket: { servers: '/elsewhere' } }`, answering, "answers, but not as a telephone server"},
		"before a login": {`{ turn_servers: [{ server: 'turn:127.0.0.1:1' }] }`, ``, "WARN Relay turn:127.0.0.1:1: Log in first"},
		"no STUN":        {`{ stun_servers: ['stun:127.0.0.1:1'] }`, ``, "BAD Address from outside"},
		"no camera":      {`{}`, `navigator.mediaDevices.enumerateDevices = async () => [{ kind: 'audioinput' }];`, "BAD Camera : There is no camera"},
		"not secure":     {`{}`, `Object.defineProperty(window, 'isSecureContext', { value: false });`, "open the phone with https"},
	} {
		t.Run(name, func(t *testing.T) {
			p := openCheck(t, s.URL(), test.settings, `const relay = '`+relay+`';`+test.before)
			result := p.checked()
			if !strings.Contains(result, test.want) || strings.Contains(result, "secret") {
				t.Errorf("the result is\n%s\nwant %s", result, test.want)
			}
		})
	}
}

func TestBlockedMicrophoneIsSaid(t *testing.T) {
	// The browser of the tests gives devices to whoever asks; what it says of permissions is true.
	page := newPage(t, low, "check")
	page.Permission("microphone", "denied")
	p := openCheckIn(t, page, startServer(t).URL(), `navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };`)
	if result := p.checked(); !strings.Contains(result, "BAD Microphone : The microphone is blocked") {
		t.Errorf("the result is\n%s", result)
	}
	p.Action("check-record")
	p.Until(`document.querySelector('.check-box [role=status]').innerText.startsWith('The microphone is blocked')`)
}

// relayOf is the embedded server's TURN server.
func relayOf(t *testing.T, s *devserver.Server) string {
	t.Helper()
	response, err := http.Get(s.URL() + "config.json")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var config struct {
		TURN []struct{ Server string } `json:"turn_servers"`
	}
	if err := json.NewDecoder(response.Body).Decode(&config); err != nil || len(config.TURN) == 0 {
		t.Fatal(err)
	}
	return config.TURN[0].Server
}

// answering is a server that takes a WebSocket for anything but SIP.
const answering = `
	const Socket = WebSocket;
	window.WebSocket = class extends EventTarget {
		constructor(url, protocols) {
			super();
			setTimeout(() => (protocols?.length ? this.onerror?.() : this.onopen?.()));
		}
		close() {}
	};`
