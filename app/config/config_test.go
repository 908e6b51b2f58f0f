package config_test

import (
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"gocommunicator/app/config"
)

// problems puts errors into one text, a line each.
func problems(t *testing.T, errs []error) string {
	t.Helper()
	var lines []string
	for _, err := range errs {
		if problem := (*config.ConfigError)(nil); !errors.As(err, &problem) || problem.Path == "" || problem.Problem == "" {
			t.Errorf("%#v is no *ConfigError with path and problem", err)
		}
		lines = append(lines, err.Error())
	}
	return strings.Join(lines, "\n")
}

func TestNothingGivesTheDefaults(t *testing.T) {
	for _, text := range []string{
		`{}`, "\uFEFF{}", `{"user": null, "stun_servers": null, "dialing": {"auto_dial": null, "no_answer_timeout": null}}`,
		`{"//": 1, "$schema": "x", "log": {"// level": []}}`,
	} {
		c, errs := config.Parse([]byte(text))
		if got := problems(t, errs); got != "" || !reflect.DeepEqual(c, config.Default()) {
			t.Errorf("%s: %s\n%+v", text, got, c)
		}
	}
}

func TestBadKeysAreNamedAndTheRestStands(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{`{"registraton": {}}`, "registraton: is unknown; did you mean registration?"},
		{`{"colour": 1}`, "colour: is unknown"},
		{`{"": {}}`, `[""]: is unknown`},
		{`{"log": {"<b>\r": {}}}`, `log["<b>\r"]: is unknown`},
		{`{"user": {"displayName": "x"}}`, "user.displayName: is unknown; did you mean display_name?"},
		{`{"user": "bob"}`, "user: must be a group in {}, not a text"},
		{`{"registration": {"on_startup": "yes"}}`, "registration.on_startup: must be true or false, not a text"},
		{`{"registration": {"expiry": "3600"}}`, "registration.expiry: must be a number of seconds, not a text"},
		{`{"registration": {"expiry": -1}}`, "registration.expiry: must be from 10 to 31536000 seconds, not -1"},
		{`{"registration": {"server": "a b"}}`, "registration.server: must be a server like sip:example.org"},
		{`{"session": {"dtmf_duration": 1e300}}`, "session.dtmf_duration: must be from 40 to 6000 milliseconds, not 1e+300"},
		{`{"user": {"sip_auth_password": 12}}`, "user.sip_auth_password: must be a text, not a number"},
		{`{"user": {"uri": "bob"}}`, "user.uri: must be an address like sip:bob@example.org"},
		{`{"user": {"uri": "tel:+49"}}`, "user.uri: must be an address like sip:bob@example.org"},
		{`{"user": {"display_name": "a\r\nb"}}`, "user.display_name: has a character in it that cannot be shown"},
		{`{"i18n": {"default_lang": "English, please"}}`, "i18n.default_lang: must be a language like en or pt-BR"},
		{`{"log": {"level": "loud"}}`, "log.level: must be debug, info, warn or error"},
		{`{"log": {"level": [{}]}}`, "log.level: must be debug, info, warn or error"},
		{`{"webserver": {"url_prefix": "javascript:x"}}`, "webserver.url_prefix: must be the address of a folder like /phone/"},
		{`{"extra_headers": ["X-A: 1", "X-B"]}`, `extra_headers[1]: must have the form "Name: value"`},
		{`{"extra_headers": "Via: SIP/2.0/WS x"}`, "extra_headers: Via is written by the phone itself"},
		{`{"extra_headers": ["X-A: 1\r\nX-B: 2"]}`, "extra_headers[0]: has a character in it that cannot be shown"},
		{`{"stun_servers": ["stun:a", "stun:b:99999"]}`, "stun_servers[1]: must be a STUN server like stun:example.org:3478"},
		{`{"stun_servers": {"server": "a.org"}}`, "stun_servers.server: must be a STUN server like stun:example.org:3478"},
		{`{"turn_servers": [{"server": "turn:"}]}`, "turn_servers[0].server: must be a TURN server like turn:example.org:3478?transport=udp"},
		{
			`{"turn_servers": [{"server": "turn:a?transport=sctp"}]}`,
			"turn_servers[0].server: must end in ?transport=udp or ?transport=tcp, or have no ? at all",
		},
		{
			`{"turn_servers": {"server": "turn:a", "username": "u"}}`,
			"turn_servers: has a username and no password; without either the SIP account is used",
		},
		{`{"turn_servers": {"server": "turn:a", "user": "u"}}`, "turn_servers.user: is unknown"},
		{`{"turn_servers": [[]]}`, "turn_servers[0]: must be a group in {}, not a list in []"},
		{`{"websocket": {"servers": 1}}`, "websocket.servers: must be a group in {}, not a number"},
		{`{"websocket": {"servers": "https://a/"}}`, "websocket.servers: must begin with wss: (or ws:), not https:"},
		{`{"websocket": {"servers": ["example.org"]}}`, "websocket.servers[0]: is no address of a server like wss://example.org/sip"},
		{`{"websocket": {"servers": "wss://a:0/"}}`, "websocket.servers: has a port that is not from 1 to 65535"},
		{`{"websocket": {"servers": "wss://a/#b"}}`, "websocket.servers: must not have a # in it"},
		{`{"websocket": {"servers": {"url": "wss://a", "weight": 0}}}`, "websocket.servers.weight: must be from 1 to 65535, not 0"},
		{
			`{"websocket": {"connection_recovery_min_interval": 31}}`,
			"websocket.connection_recovery_min_interval: is more than connection_recovery_max_interval",
		},
	} {
		c, errs := config.Parse([]byte(strings.TrimSuffix(tt.text, "}") + `, "demo": {"domain": "stands"}}`))
		if got := problems(t, errs); got != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.text, got, tt.want)
		}
		if c.Demo.Domain != "stands" || c.Registration != config.Default().Registration || c.WebSocket.RecoveryMinInterval != 2*time.Second {
			t.Errorf("%s: the rest does not stand: %+v", tt.text, c)
		}
	}
}

func TestGoodItemsOfAListStand(t *testing.T) {
	c, errs := config.Parse([]byte(`{
		"stun_servers": ["stun:a", "b", {"server": "stuns:[2001:db8::1]:5349"}],
		"turn_servers": [{"server": "turn:a", "username": "u", "password": 1}, {"server": "TURN:c", "pasword": "p"}],
		"websocket": {"servers": ["nonsense", {"url": "ws://b/", "weight": "heavy"}]},
		"extra_headers": ["X-A:1", 2]}`))
	if len(errs) != 6 {
		t.Errorf("%d problems:\n%s", len(errs), problems(t, errs))
	}
	want := fmt.Sprint([]string{"stun:a", "stuns:[2001:db8::1]:5349"}, "turn:c", "ws://b/", 1, "X-A: 1")
	got := fmt.Sprint([]string{c.STUNServers[0].Server, c.STUNServers[1].Server}, c.TURNServers[0].Server,
		c.WebSocket.Servers[0].URL, c.WebSocket.Servers[0].Weight, c.ExtraHeaders[0])
	if got != want || len(c.STUNServers)+len(c.TURNServers)+len(c.WebSocket.Servers)+len(c.ExtraHeaders) != 5 {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestUnreadableFileIsOneErrorWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "line 1, column 1",
		"{\n  \"ü\": 1,\n  äh\n}":    "line 3, column 3",
		"{\"a\": 1,}":                "line 1, column 9",
		"window.JSCommSettings = {}": "line 1, column 1",
		"{\"a\": 1}\n}":              "line 2, column 1",
		"[]":                         "must be a group in {}, not a list in []",
		"null":                       "must be a group in {}, not null",
	} {
		c, errs := config.Parse([]byte(text))
		if got := problems(t, errs); len(errs) != 1 || !strings.HasPrefix(got, "config.json: ") || !strings.Contains(got, want) {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
		if !reflect.DeepEqual(c, config.Default()) {
			t.Errorf("%q: not the defaults", text)
		}
	}
}

func TestLaterLayersWin(t *testing.T) {
	var layers []config.Layer
	for _, text := range []string{
		`{"user": {"uri": "sip:a@a", "sip_auth_password": "a"}, "dialing": {"auto_dial": {"use_video": true}, "prefer_video": true},
			"turn_servers": {"server": "turn:a", "username": "a", "password": "a"}}`,
		`{"user": {"uri": "sip:b@b", "display_name": "B"}, "dialing": {"auto_dial": {"default_destination": "b"}}, "chat": 1}`,
		`{"user": {"sip_auth_password": null}, "turn_servers": {"server": "turn:c"}, "chat": {"enable": false}, "log": null}`,
	} {
		layer, err := config.ParseLayer("test", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		layers = append(layers, layer)
	}
	c, errs := config.Load(nil, layers...)
	if got := problems(t, errs); got != "" {
		t.Error(got)
	}
	want := config.Default()
	want.User = config.User{URI: "sip:b@b", DisplayName: "B"}
	want.Dialing.AutoDial = config.AutoDial{DefaultDestination: "b", UseVideo: true}
	want.Dialing.PreferVideo = true
	want.TURNServers = []config.TURNServer{{Server: "turn:c"}} // a's password is not sent to c
	want.Chat.Enable = false
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
	again, _ := config.Load(nil, layers...)
	if !reflect.DeepEqual(again, c) {
		t.Error("loading changed the layers")
	}
}

func TestPasswordNullAndEmptyDiffer(t *testing.T) {
	for text, want := range map[string]*config.Secret{`null`: nil, `""`: new(config.Secret("")), `"x"`: new(config.Secret("x"))} {
		c, _ := config.Parse([]byte(`{"user": {"sip_auth_password": ` + text + `}}`))
		if got := c.User.SIPAuthPassword; !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %#v", text, got)
		}
	}
}

func TestAuthUserIsDerived(t *testing.T) {
	for _, tt := range []struct {
		user config.User
		want string
	}{
		{config.User{}, "bob"},
		{config.User{SIPAuthUserFullURI: true}, "bob@example.org"},
		{config.User{SIPAuthUser: "robert", SIPAuthUserFullURI: true}, "robert"},
	} {
		if got := tt.user.AuthUser("sip:bob@example.org"); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.user, got, tt.want)
		}
	}
}

func TestPasswordsAreNotPrinted(t *testing.T) {
	c, errs := config.Parse([]byte(`{"user": {"sip_auth_password": "hunter2"},
		"turn_servers": {"server": "turn:a", "username": "u", "password": "hunter2"}}`))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "config", c, "password", *c.User.SIPAuthPassword)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "config", c, "turn", c.TURNServers)
	fmt.Fprintf(&log, "%v %+v %#v", c, *c.User.SIPAuthPassword, c.TURNServers)
	if strings.Contains(log.String(), "hunter2") {
		t.Errorf("a password is printed: %s", &log)
	}
}
