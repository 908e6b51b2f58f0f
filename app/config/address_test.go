package config_test

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"gocommunicator/app/config"
)

func load(t *testing.T, page, text string) (config.Config, string) {
	t.Helper()
	u, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	layer, err := config.ParseLayer("test", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	c, errs := config.Load(u, layer)
	return c, problems(t, errs)
}

func TestServersBelongToThePage(t *testing.T) {
	const insecure = "cannot be used: a page opened with https may only connect to wss:"
	for _, tt := range []struct{ page, server, url, problem string }{
		{"http://127.0.0.1:8080/", "/sip", "ws://127.0.0.1:8080/sip", ""},
		{"https://example.org/phone/?x#y", "/sip", "wss://example.org/sip", ""},
		{"https://example.org/", "//sip.example.org/ws", "wss://sip.example.org/ws", ""},
		{"https://example.org/", "wss://a/;WSSessionInfo=1?b=c", "wss://a/;WSSessionInfo=1?b=c", ""},
		{"http://example.org/", "ws://a:80", "ws://a:80", ""},
		{"https://example.org/", "ws://a", "", "websocket.servers: ws://a " + insecure},
		{"file:///home/bob/phone.html", "/sip", "", "websocket.servers: /sip needs a page that comes from a web server, or an address with wss:"},
		{"file:///home/bob/phone.html", "wss://a", "wss://a", ""},
	} {
		c, problem := load(t, tt.page, `{"websocket": {"servers": "`+tt.server+`"}}`)
		got := ""
		if len(c.WebSocket.Servers) == 1 {
			got = c.WebSocket.Servers[0].URL
		}
		if got != tt.url || problem != tt.problem {
			t.Errorf("%s on %s: %q %s", tt.server, tt.page, got, problem)
		}
	}
}

func TestAddressSaysWhomToCallAndInWhichLanguage(t *testing.T) {
	const settings = `{"dialing": {"auto_dial": {"default_destination": "alice", "use_video": true}}, "i18n": {"default_lang": "en"}}`
	configured := config.AutoDial{DefaultDestination: "alice", UseVideo: true}
	asked := func(to string, video bool) config.AutoDial {
		return config.AutoDial{DefaultDestination: to, UseVideo: video, FromAddress: true}
	}
	for _, tt := range []struct {
		query   string
		want    config.AutoDial
		lang    string
		problem string
	}{
		{"", configured, "en", ""},
		{"utm_source=x&password=y&websocket.servers=z", configured, "en", ""},
		{"dial=sip:bob@example.org&lang=pt_BR", asked("sip:bob@example.org", true), "pt-BR", ""},
		{"dial=bob&video=false", asked("bob", false), "en", ""},
		{"dial=bob&video=maybe", asked("bob", true), "en", "address: video: must be true or false"},
		{"dial=bob&on_startup=true", asked("bob", true), "en", ""},
		{"dial=a%0d%0ab", configured, "en", "address: dial: has a character in it that cannot be shown"},
		{"dial=" + strings.Repeat("a", 10_000), configured, "en", "address: dial: is too long"},
		{"target_value=bob@example.org", asked("bob@example.org", true), "en", ""},
		{"target_scheme=sip&target_value=bob@example.org&has_video=false", asked("sip:bob@example.org", false), "en", ""},
		{"target_scheme=SIP&target_value=sip:bob@example.org", asked("sip:bob@example.org", true), "en", ""},
		{"target_scheme=tel&target_value=%2B12125551234", asked("tel:+12125551234", true), "en", ""},
		{"target_scheme=urn&target_value=service:sos", asked("urn:service:sos", true), "en", ""},
		{"target_scheme=javascript&target_value=alert(1)", configured, "en", "address: target_scheme: must be sip, sips, tel or urn"},
		{"target_scheme=tel", configured, "en", ""},
		{"dial=bob&target_value=carol&has_video=true&video=false", asked("bob", false), "en", ""},
		{"dial=bob&has_video=yes", asked("bob", true), "en", "address: has_video: must be true or false"},
		{"register_interval=10&websocket_path=/x&webrtc_servers=stun://x&has_location=true&transport=udp", configured, "en", ""},
		{"lang=%3Cscript%3E", configured, "en", "address: lang: must be a language like en or pt-BR"},
	} {
		c, problem := load(t, "http://localhost/?"+tt.query, settings)
		if got := c.Dialing.AutoDial; got != tt.want || c.I18N.DefaultLang != tt.lang || problem != tt.problem {
			t.Errorf("%.60s: %+v %s %s", tt.query, got, c.I18N.DefaultLang, problem)
		}
	}
}

func TestAddressSaysWhoItIs(t *testing.T) {
	secret := func(s string) *config.Secret { return new(config.Secret(s)) }
	const bob = `{"user": {"display_name": "Bob", "uri": "sip:bob@example.org", "sip_auth_user": "b", "sip_auth_password": "pw"}}`
	for _, tt := range []struct {
		settings, query string
		want            config.User
		problem         string
	}{
		{
			bob, "displayname=Robert",
			config.User{DisplayName: "Robert", URI: "sip:bob@example.org", SIPAuthUser: "b", SIPAuthPassword: secret("pw")},
			"",
		},
		{
			bob, "username=bob&domain=example.org&authname=b",
			config.User{DisplayName: "Bob", URI: "sip:bob@example.org", SIPAuthUser: "b", SIPAuthPassword: secret("pw")},
			"",
		},
		// The password is not for anybody else.
		{bob, "username=carol", config.User{DisplayName: "Bob", URI: "sip:carol@example.org"}, ""},
		{bob, "domain=evil.example", config.User{DisplayName: "Bob", URI: "sip:bob@evil.example"}, ""},
		{bob, "authname=c", config.User{DisplayName: "Bob", URI: "sip:bob@example.org", SIPAuthUser: "c"}, ""},
		{`{}`, "username=carol&domain=example.org", config.User{URI: "sip:carol@example.org"}, ""},
		{`{}`, "username=carol", config.User{}, "address: username, domain: must be an address like sip:bob@example.org"},
		{`{}`, "username=a%20b&domain=c", config.User{}, "address: username, domain: must be an address like sip:bob@example.org"},
	} {
		c, problem := load(t, "http://localhost/?"+tt.query, tt.settings)
		if !reflect.DeepEqual(c.User, tt.want) || problem != tt.problem {
			t.Errorf("%s: %+v %s", tt.query, c.User, problem)
		}
	}
}

func TestDemoAccountNeedsNoPassword(t *testing.T) {
	const demo = `{"demo": {"domain": "localhost", "accounts": ["alice", "bob"]}}`
	const refused = "address: account: is no account for trying out on this server"
	for _, tt := range []struct{ settings, account, uri, problem string }{
		{demo, "alice", "sip:alice@localhost", ""},
		{demo, "mallory", "", refused},
		{`{}`, "alice", "", refused},
		{`{"demo": {"accounts": "alice"}}`, "alice", "", refused},
	} {
		c, problem := load(t, "http://localhost/?account="+tt.account, tt.settings)
		if c.User.URI != tt.uri || problem != tt.problem {
			t.Errorf("%s: %+v %s", tt.account, c.User, problem)
		}
		if p := c.User.SIPAuthPassword; tt.uri != "" && (p == nil || string(*p) != tt.account) {
			t.Errorf("%s: the password is %v", tt.account, p)
		}
	}
}

func TestPasswordIsTakenOutOfAnAddressAndTheRestKept(t *testing.T) {
	for query, want := range map[string]string{
		"password=x":                       "",
		"username=a&password=x&dial=b%20c": "username=a&dial=b%20c",
		"PassWord=x&&a":                    "&a",
		"%70assword=x&password&b=password": "b=password",
		"passwords=1&a=b":                  "passwords=1&a=b",
		"":                                 "",
		"%zz=1;password=2":                 "%zz=1;password=2",
	} {
		got, found := config.WithoutPassword(query)
		if got != want || found != (query != want) {
			t.Errorf("%s: %q, %v", query, got, found)
		}
	}
}
