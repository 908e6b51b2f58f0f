//go:build !js

package config_test

import (
	"encoding/json"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"gocommunicator/app/config"
)

func sample(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("../../config-sample.json")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSampleIsRead(t *testing.T) {
	c, errs := config.Parse(sample(t))
	if got := problems(t, errs); got != "" {
		t.Fatal(got)
	}
	want := config.Default()
	want.STUNServers = []config.STUNServer{{Server: "stun:stun.example.org:3478"}}
	want.TURNServers = []config.TURNServer{
		{Server: "turn:turn1.example.org?transport=udp", Username: "bob", Password: "bob"},
		{Server: "turns:turn1.example.org:5349?transport=tcp"},
	}
	want.WebSocket.Servers = []config.Server{{URL: "wss://ws1.example.org", Weight: 1}, {URL: "wss://ws2.example.org/sip", Weight: 2}}
	want.User = config.User{
		DisplayName: "Bob", URI: "sip:bob@example.org", SIPAuthUser: "bob", SIPAuthPassword: new(config.Secret("bob")),
	}
	want.Dialing.AutoDial = config.AutoDial{DefaultDestination: "alice", UseVideo: true}
	want.Session.DTMFDuration = 160 * time.Millisecond
	want.I18N.DefaultLang = "en"
	want.ExtraHeaders = []string{"X-WS-Session-Extra: some_token=value"}
	want.Demo.Accounts = []string{}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
}

// Every key of the schema is in the sample, with a word about it.
func TestSampleExplainsEveryKey(t *testing.T) {
	var tree map[string]any
	if err := json.Unmarshal(sample(t), &tree); err != nil {
		t.Fatal(err)
	}
	var walk func(path string, schema reflect.Type, tree map[string]any)
	walk = func(path string, schema reflect.Type, tree map[string]any) {
		for field := range schema.Fields() {
			key := field.Tag.Get("json")
			if key == "-" {
				continue
			}
			value, there := tree[key]
			if !there {
				t.Errorf("%s%s is not in the sample", path, key)
			}
			if field.Type.Kind() == reflect.Struct {
				below, _ := value.(map[string]any)
				walk(path+key+".", field.Type, below)
			} else if tree["// "+key] == nil {
				t.Errorf("%s%s is not explained in the sample", path, key)
			}
		}
	}
	walk("", reflect.TypeFor[config.Config](), tree)
}

func FuzzParse(f *testing.F) {
	f.Add(sample(f))
	f.Add([]byte(`{"turn_servers": {"server": "turn:[::1]:1?transport=tcp"}, "websocket": {"servers": [{"url": "/sip"}]}}`))
	f.Add([]byte(`{"stun_servers": [null, 1, [], {}], "user": {"uri": "sips:a@b"}, "log": {"level": {}}}`))
	page, err := url.Parse("https://example.org/phone/?username=a&video=x&dial=%0d")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, errs := config.Parse(data)
		problems(t, errs)
		for _, s := range append(c.ExtraHeaders, c.User.URI, c.User.DisplayName, c.Registration.Server) {
			if strings.ContainsAny(s, "\r\n") {
				t.Errorf("a line break goes into messages: %q", s)
			}
		}
		layer, _ := config.ParseLayer("x", data)
		c, errs = config.Load(page, layer)
		problems(t, errs)
		for _, s := range c.WebSocket.Servers {
			if !strings.HasPrefix(s.URL, "wss://") || s.Weight < 1 {
				t.Errorf("an unusable server: %+v", s)
			}
		}
	})
}
