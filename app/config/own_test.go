package config_test

import (
	"maps"
	"net/url"
	"reflect"
	"testing"

	"gocommunicator/app/config"
)

// site is what the owner of a page has set, with a password that is nobody else's.
const site = `{"websocket": {"servers": [{"url": "/sip", "weight": 3}]}, "registration": {"expiry": 600},
	"user": {"uri": "sip:bob@example.org", "display_name": "Bob", "sip_auth_user": "b", "sip_auth_password": "secret"}}`

func ownPage(t *testing.T, query, text string) (*url.URL, config.Layer) {
	t.Helper()
	page, err := url.Parse("https://example.org/phone/" + query)
	if err != nil {
		t.Fatal(err)
	}
	layer, err := config.ParseLayer("test", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return page, layer
}

// texts are what stands in the fields, with changes.
func texts(c config.Config, changed map[string]string) map[string]string {
	all := map[string]string{}
	for _, path := range []string{
		"user.display_name", "user.uri", "user.sip_auth_user", "websocket.servers", "registration.server",
		"registration.on_startup", "registration.expiry", "media.relay_only", "dialing.prefer_video",
	} {
		all[path] = c.Text(path)
	}
	maps.Copy(all, changed)
	return all
}

func TestPersonChangesWhatTheSiteHasSet(t *testing.T) {
	page, layer := ownPage(t, "?lang=de", site)
	before, _ := config.LoadOwn(page, nil, layer)
	for _, test := range []struct {
		changed  map[string]string
		want     func(c *config.Config)
		password bool
	}{
		{nil, func(*config.Config) {}, true},
		{map[string]string{"user.display_name": "Bobby"}, func(c *config.Config) { c.User.DisplayName = "Bobby" }, true},
		{map[string]string{"user.display_name": ""}, func(c *config.Config) { c.User.DisplayName = "" }, true},
		{map[string]string{"registration.expiry": "120", "registration.on_startup": "false", "media.relay_only": "true"}, func(c *config.Config) {
			c.Registration.Expiry, c.Registration.OnStartup, c.Media.RelayOnly = 120e9, false, true
		}, true},
		{map[string]string{"dialing.prefer_video": "true", "registration.expiry": ""}, func(c *config.Config) { c.Dialing.PreferVideo = true }, true},
		{map[string]string{"user.uri": "carol@example.org"}, func(c *config.Config) {
			c.User.URI, c.User.SIPAuthUser = "sip:carol@example.org", ""
		}, false},
		{map[string]string{"user.uri": "carol@example.org", "user.sip_auth_user": "c"}, func(c *config.Config) {
			c.User.URI, c.User.SIPAuthUser = "sip:carol@example.org", "c"
		}, false},
		{map[string]string{"user.sip_auth_user": "c"}, func(c *config.Config) { c.User.SIPAuthUser = "c" }, false},
		{map[string]string{"websocket.servers": " wss://a.test  wss://b.test/x "}, func(c *config.Config) {
			c.WebSocket.Servers = []config.Server{{URL: "wss://a.test", Weight: 1}, {URL: "wss://b.test/x", Weight: 1}}
		}, false},
		{map[string]string{"websocket.servers": ""}, func(*config.Config) {}, true},
		{map[string]string{"registration.server": "registrar.test"}, func(c *config.Config) { c.Registration.Server = "sip:registrar.test" }, false},
	} {
		set, got, wrong := config.SetOwn(page, nil, texts(before, test.changed), layer)
		if len(wrong) > 0 {
			t.Errorf("%v: %s", test.changed, problems(t, wrong))
			continue
		}
		want, _ := config.Load(page, layer)
		test.want(&want)
		if !test.password {
			want.User.SIPAuthPassword = nil // it is the site's for its server and address
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%v\ngot  %+v\nwant %+v", test.changed, got, want)
		}
		if again, _ := config.LoadOwn(page, set, layer); !reflect.DeepEqual(again, got) {
			t.Errorf("%v: at the next visit %+v", test.changed, again)
		}
		back, c, _ := config.SetOwn(page, set, texts(before, nil), layer)
		if len(back) > 0 || !reflect.DeepEqual(c, before) {
			t.Errorf("%v: taken back, %v is left", test.changed, back)
		}
	}
}

func TestWhatCannotBeUsedChangesNothing(t *testing.T) {
	page, layer := ownPage(t, "", site)
	before := config.Layer{"user.display_name": "B"}
	now, _ := config.LoadOwn(page, before, layer)
	for path, test := range map[string]struct{ text, want string }{
		"websocket.servers":   {"wss://a.test ws://b.test", "websocket.servers: ws://b.test cannot be used: a page opened with https may only connect to wss:"},
		"registration.expiry": {"an hour", "registration.expiry: must be a number of seconds, not a text"},
		"user.uri":            {"bob", "user.uri: must be an address like sip:bob@example.org"},
		"registration.server": {"a b", "registration.server: must be a server like sip:example.org"},
	} {
		set, c, wrong := config.SetOwn(page, before, texts(now, map[string]string{path: test.text, "user.display_name": "C"}), layer)
		if got := problems(t, wrong); got != test.want {
			t.Errorf("%s: %s", path, got)
		}
		if !reflect.DeepEqual(set, before) || !reflect.DeepEqual(c, now) {
			t.Errorf("%s: %v", path, set)
		}
	}
}

// What stands in the browser is not believed more than an address of the page.
func TestOwnSettingsAreHeldToWhatAPersonMaySet(t *testing.T) {
	page, layer := ownPage(t, "", site)
	want, _ := config.Load(page, layer)
	for name, test := range map[string]struct {
		set   config.Layer
		extra string
	}{
		"other keys":      {set: config.Layer{"user.sip_auth_password": "x", "turn_servers": "turn:a", "demo": map[string]any{"domain": "x"}, "user": map[string]any{"uri": "x"}}},
		"forbidden":       {set: config.Layer{"user.display_name": "X"}, extra: `{"user_settings": false}`},
		"the address":     {set: config.Layer{"user.display_name": "X"}, extra: ``},
		"nothing is null": {set: config.Layer{"user.display_name": nil}},
	} {
		t.Run(name, func(t *testing.T) {
			layers, want, at := []config.Layer{layer}, want, *page
			if test.extra != "" {
				extra, err := config.ParseLayer("test", []byte(test.extra))
				if err != nil {
					t.Fatal(err)
				}
				layers = append(layers, extra)
				want.UserSettings = false
			}
			switch name {
			case "the address":
				at.RawQuery = "displayname=Address"
				want.User.DisplayName = "Address"
			case "nothing is null":
				want.User.DisplayName = ""
			}
			if got, errs := config.LoadOwn(&at, test.set, layers...); len(errs) > 0 || !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v\n%v", got, want, errs)
			}
		})
	}
}

func TestAddressIsNotTakenForTheSitesSetting(t *testing.T) {
	page, layer := ownPage(t, "?username=carol&displayname=Carol", site)
	now, _ := config.LoadOwn(page, nil, layer)
	set, _, _ := config.SetOwn(page, nil, texts(now, nil), layer)
	if len(set) > 0 {
		t.Errorf("saved without a change: %v", set)
	}
	set, _, _ = config.SetOwn(page, config.Layer{"user.display_name": "X"}, texts(now, map[string]string{"user.display_name": "Bob"}), layer)
	if len(set) > 0 {
		t.Errorf("back at the site's: %v", set)
	}
}
