//go:build linux

package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"gocommunicator/app/e2e/need"
)

// What stands in the login form.
const (
	typedName    = `document.querySelector('[data-input=display-name]')?.value`
	typedAddress = `document.querySelector('[data-input=sip-address]')?.value`
)

// Address over JSCommSettings over config.json over the defaults.
func TestEachLayerOfSettingsCoversTheOneBelow(t *testing.T) {
	const file = `{"user": {"uri": "sip:file@a.test", "display_name": "File"}, "i18n": {"default_lang": "de"}}`
	for _, test := range []struct {
		name, file, page, query  string
		address, display, button string
	}{
		{"defaults", `{}`, ``, ``, ``, ``, `Log in`},
		{"config.json", file, ``, ``, `file@a.test`, `File`, `Anmelden`},
		{"JSCommSettings", file, `{ user: { display_name: 'Page' } }`, ``, `file@a.test`, `Page`, `Anmelden`},
		{"JSCommSettings takes back", file, `{ user: { display_name: null }, i18n: null }`, ``, `file@a.test`, ``, `Log in`},
		{"address", file, `{ user: { display_name: 'Page' } }`, `?displayname=Address&username=me&lang=en`, `me@a.test`, `Address`, `Log in`},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := newPage(t, low, "alice")
			if test.page != "" {
				page.Before(`window.JSCommSettings = ` + test.page)
			}
			page.Open(serveConfig(t, http.StatusOK, test.file) + test.query)
			page.Until(typedAddress + ` === ` + quote(test.address))
			page.Until(typedName + ` === ` + quote(test.display))
			page.Until(`document.querySelector('[data-action=login]').innerText === ` + quote(test.button))
		})
	}
}

func TestPasswordThatIsNullAsksAndOneThatIsEmptyDoesNot(t *testing.T) {
	s := startServer(t)
	for password, becomes := range map[string]string{`null`: "", `""`: "registering", `"alice"`: "registered"} {
		t.Run(password, func(t *testing.T) {
			page := newPage(t, low, "alice")
			page.Before(`window.JSCommSettings = { user: { uri: 'sip:alice@localhost', sip_auth_password: ` + password + ` } }`)
			page.Open(s.URL())
			if becomes != "" {
				page.Topic("jsc/registration/state", "d.aor === 'sip:alice@localhost' && d.state === "+quote(becomes), 0)
				return
			}
			page.Until(`document.querySelector('[data-region=login]')?.checkVisibility()`)
			page.Until(typedAddress + ` === 'alice@localhost'`)
			for _, r := range page.Topics() {
				if strings.Contains(string(r.Data), "registering") {
					t.Errorf("logged in without being asked: %s", r.Data)
				}
			}
		})
	}
}

func TestLanguageSettings(t *testing.T) {
	const menu = `document.querySelector('[data-action=language]')`
	t.Run("translate false", func(t *testing.T) {
		alice := openSet(t, startServer(t), `{ i18n: { translate: false, default_lang: 'de' } }`, "")
		alice.Until(dialAudio + `.innerText === 'Call' && !` + menu + `?.checkVisibility()`)
	})
	t.Run("show_menu false", func(t *testing.T) {
		alice := openSet(t, startServer(t), `{ i18n: { show_menu: false, default_lang: 'de' } }`, "")
		alice.Until(dialAudio + `.innerText === 'Anrufen'`)
		alice.Action("tab-settings")
		alice.Until(`document.querySelector('[data-region=settings]').checkVisibility() && !` + menu + `?.checkVisibility()`)
	})
	t.Run("show_menu true", func(t *testing.T) {
		alice := openSet(t, startServer(t), `{}`, "")
		alice.Action("tab-settings")
		alice.Until(menu + `.checkVisibility()`)
	})
	t.Run("url_prefix", func(t *testing.T) {
		alice := openSet(t, startServer(t), `{ webserver: { url_prefix: '/elsewhere' }, i18n: { default_lang: 'de' } }`, "")
		alice.Until(`performance.getEntriesByType('resource').some((e) => e.name.endsWith('/elsewhere/locales/de.json'))`)
		alice.Until(dialAudio + `.innerText === 'Call'`) // they are not there: English
	})
}

// One entry by itself, and entries without credentials, which get those of the account.
func TestServersForMediaReachTheBrowser(t *testing.T) {
	page := newPage(t, low, "alice")
	page.Before(`window.JSCommSettings = {
			stun_servers: { server: 'stun://127.0.0.1:1' },
			turn_servers: { server: 'turn:127.0.0.1:2?transport=udp' },
			session: { require_relay_candidate: false },
		};
		window.asked = [];
		const Connection = RTCPeerConnection;
		window.RTCPeerConnection = class extends Connection {
			constructor(c) { asked.push(c.iceServers); super(c); }
		};`)
	alice := openDemo(t, startServer(t), page, "alice")
	alice.Dial("echo", false)
	alice.Talks()
	var asked [][]map[string]any
	alice.Evaluate(`asked`, &asked)
	got, err := json.Marshal(asked[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"stun:127.0.0.1:1"`, `"turn:127.0.0.1:2?transport=udp"`, `"username":"alice"`, `"credential":"alice"`} {
		if !strings.Contains(string(got), want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
}

func TestKeysAreHeardWhenTheSettingsSaySo(t *testing.T) {
	for _, heard := range []string{"true", "false"} {
		t.Run(heard, func(t *testing.T) {
			page := newPage(t, low, "alice")
			page.Before(`window.JSCommSettings = { session: { dialpad_tone: ` + heard + ` } };
				window.sounds = 0;
				const start = AudioScheduledSourceNode.prototype.start;
				AudioScheduledSourceNode.prototype.start = function (...a) { sounds++; return start.apply(this, a); };`)
			alice := openDemo(t, startServer(t), page, "alice")
			alice.Dial("echo", false)
			alice.Talks()
			alice.Evaluate(`void (sounds = 0)`, nil)
			alice.Action("dtmf-pad")
			alice.Click(`.pad [data-action=key-1]`)
			alice.Topic("jsc/call/dtmf", "d === '1'", alice.since) // said back by the service
			alice.Until(`(sounds > 0) === ` + heard)
		})
	}
}

func TestLogLevelIsHeeded(t *testing.T) {
	for _, level := range []string{"debug", "error"} {
		t.Run(level, func(t *testing.T) {
			page := newPage(t, low, "alice")
			page.Before(`window.JSCommSettings = { log: { level: '` + level + `' } };
				window.lines = { debug: 0, info: 0 };
				for (const f of ['debug', 'info']) console[f] = () => { lines[f]++; };`)
			alice := openDemo(t, startServer(t), page, "alice")
			alice.Until(`(lines.debug > 0 && lines.info > 0) === ` + map[string]string{"debug": "true", "error": "false"}[level])
		})
	}
}

// Accounts for trying out are those of the settings, whoever's server it is.
func TestDemoAccountsAreThoseOfTheSettings(t *testing.T) {
	need.File(t, "build/site/app.wasm", "make build")
	page := newPage(t, low, "alice")
	page.Open(serveConfig(t, http.StatusOK, `{"demo": {"domain": "a.test", "accounts": ["erin", "frank"]}}`))
	page.Until(`[...document.querySelectorAll('[data-action=login-demo]')].map((e) => e.innerText).join() === 'erin,frank'`)
}

// What the settings say of the sounds is what the person finds set, and sets otherwise.
func TestSoundsBeginAsTheSettingsSay(t *testing.T) {
	alice := openSet(t, startServer(t), `{ sounds: { ring: false, ring_volume: 55, tones: false, tones_volume: 30 } }`, "")
	alice.Action("tab-settings")
	alice.Until(`['ring', 'tones'].map((s) => [document.querySelector('[data-input=' + s + '-on]').checked,
		document.querySelector('[data-input=' + s + '-volume]').value]).join() === 'false,55,false,30'`)
}
