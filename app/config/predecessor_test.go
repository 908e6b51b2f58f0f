package config_test

import (
	"reflect"
	"strings"
	"testing"

	"gocommunicator/app/config"
)

// A settings file as people have them for JSCommunicator, with the mistakes that they
// make: what is meant is done where it is plain, the rest gets a sentence with its key.
func TestSettingsOfJSCommunicatorWithTheirUsualMistakes(t *testing.T) {
	c, got := load(t, "https://phone.example.org/", `{
		"webserver": {"url_prefix": null},
		"stun_servers": [],
		"turn_servers": {"server": "turn://turn1.example.org?transport=udp"},
		"websocket": {"servers": "wss://ws1.example.org", "connection_recovery_min_interval": 2, "connection_recovery_max_interval": 30},
		"user": {"display_name": "Bob", "uri": "bob@example.org", "sip_auth_user": "", "sip_auth_password": "", "sip_auth_user_full_uri": true},
		"registration": {"on_startup": true, "expiry": 3600, "user_control": false, "server": null},
		"dialing": {"auto_dial": {"default_destination": "alice", "on_startup": false, "use_video": true},
			"edit_destination": true, "show_destination": true, "audio_dialing": true, "video_dialing": true,
			"prefer_video": false, "no_answer_timeout": 60, "clear_dialbox": false},
		"chat": {"enable": true},
		"session": {"show_dtmf_pad": true, "dtmf_duration": 160, "dialpad_tone": true, "message_tone": true, "require_relay_candidate": false},
		"i18n": {"translate": true, "show_menu": true, "default_lang": "pt_BR"},
		"extra_headers": null}`)
	if got != "" {
		t.Error(got)
	}
	if want := []config.TURNServer{{Server: "turn:turn1.example.org?transport=udp"}}; !reflect.DeepEqual(c.TURNServers, want) {
		t.Errorf("TURN: %+v", c.TURNServers)
	}
	if c.User.URI != "sip:bob@example.org" || c.User.AuthUser(c.User.URI) != "bob@example.org" || c.User.SIPAuthPassword == nil {
		t.Errorf("user: %+v", c.User)
	}
	if c.I18N.DefaultLang != "pt-BR" || len(c.STUNServers)+len(c.ExtraHeaders) != 0 {
		t.Errorf("%+v", c)
	}

	_, got = load(t, "https://phone.example.org/", `{
		"stun_servers": [{"server": "stun:stun.example.org/path"}, null],
		"turn_servers": [{"server": "turn:bob@turn1.example.org"}, {"server": "turn1.example.org"}, {"server": "turn:turn1.example.org?transport=tls"}],
		"websocket": {"servers": "ws://ws1.example.org"},
		"registration": {"on_startup": "true", "expiry": "60"}}`)
	want := strings.Join([]string{
		"stun_servers[0].server: must be a STUN server like stun:example.org:3478",
		"turn_servers[0].server: must be a TURN server like turn:example.org:3478?transport=udp",
		"turn_servers[1].server: must be a TURN server like turn:example.org:3478?transport=udp",
		"turn_servers[2].server: must end in ?transport=udp or ?transport=tcp, or have no ? at all",
		"registration.on_startup: must be true or false, not a text",
		"registration.expiry: must be a number of seconds, not a text",
		"websocket.servers: ws://ws1.example.org cannot be used: a page opened with https may only connect to wss:",
	}, "\n")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
