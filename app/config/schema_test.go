//go:build !js

package config_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"gocommunicator/app/config"
)

const schemaFile = "../../web/config-schema.json"

// tree is a JSON object in the order of its file.
type tree struct {
	keys []string
	of   map[string]any
}

func (t *tree) text(key string) string {
	s, _ := t.of[key].(string)
	return s
}

func (t *tree) below(key string) *tree {
	b, _ := t.of[key].(*tree)
	if b == nil {
		b = &tree{}
	}
	return b
}

// group tells a group of keys from a key.
func (t *tree) group() bool { return t.of["properties"] != nil }

func readTree(t *testing.T, path string) *tree {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	var value func() any
	value = func() any {
		token, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		switch token {
		case json.Delim('{'):
			object := &tree{of: map[string]any{}}
			for d.More() {
				key := value().(string)
				if slices.Contains(object.keys, key) {
					t.Errorf("%s: %s stands there twice", path, key)
				}
				object.keys = append(object.keys, key)
				object.of[key] = value()
			}
			_, _ = d.Token()
			return object
		case json.Delim('['):
			list := []any{}
			for d.More() {
				list = append(list, value())
			}
			_, _ = d.Token()
			return list
		}
		return token
	}
	root := value().(*tree)
	if _, err := d.Token(); err != io.EOF {
		t.Errorf("%s: more than one value", path)
	}
	return root
}

// What the schema says of each key is what the phone goes by, and of each key it says
// something.
func TestSchemaIsWhatThePageGoesBy(t *testing.T) {
	root := readTree(t, schemaFile)
	var group func(path string, schema *tree, values reflect.Value)
	group = func(path string, schema *tree, values reflect.Value) {
		properties := schema.below("properties")
		var known []string
		for i := range values.NumField() {
			field, value := values.Type().Field(i), values.Field(i)
			key := field.Tag.Get("json")
			if key == "-" {
				continue
			}
			known = append(known, key)
			at := strings.TrimPrefix(path+"."+key, ".")
			s := properties.below(key)
			if s.text("title") == "" || s.text("description") == "" {
				t.Errorf("%s has no title or description", at)
			}
			if value.Kind() == reflect.Struct {
				group(at, s, value)
				continue
			}
			if got, want := s.of["default"], standard(field, value); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: the default is %#v in the schema and %#v in the phone", at, got, want)
			}
			agree(t, at, root, s, field)
			unit := map[string]string{"s": "econds", "ms": "illiseconds"}[field.Tag.Get("unit")]
			if !strings.Contains(s.text("description"), unit) {
				t.Errorf("%s: the unit is not told", at)
			}
		}
		for _, key := range properties.keys {
			if key != "$schema" && !slices.Contains(known, key) {
				t.Errorf("%s.%s is in the schema, and the phone does not know it", path, key)
			}
		}
	}
	group("", root, reflect.ValueOf(config.Default()))
}

// standard is a default as it is written in JSON.
func standard(field reflect.StructField, value reflect.Value) any {
	switch v := value.Interface().(type) {
	case time.Duration:
		unit := map[string]time.Duration{"s": time.Second, "ms": time.Millisecond}[field.Tag.Get("unit")]
		return v.Seconds() / unit.Seconds()
	case int:
		return float64(v)
	case slog.Level:
		return strings.ToLower(v.String())
	case string:
		if v == "" {
			return nil
		}
	case *config.Secret:
		return nil
	}
	if value.Kind() == reflect.Slice {
		list := []any{}
		for i := range value.Len() {
			list = append(list, value.Index(i).Interface())
		}
		return list
	}
	return value.Interface()
}

// agree holds a key's kind, limits and check to the tags of its field.
func agree(t *testing.T, at string, root, s *tree, field reflect.StructField) {
	t.Helper()
	kinds := func(s *tree) string { return fmt.Sprint(s.of["type"], s.of["enum"]) }
	ref := func(s *tree) string { return strings.TrimPrefix(s.text("$ref"), "#/$defs/") }
	check := field.Tag.Get("check")
	switch field.Type {
	case reflect.TypeFor[bool]():
		check = kinds(&tree{of: map[string]any{"type": []any{"boolean", "null"}}})
	case reflect.TypeFor[time.Duration]():
		check = kinds(&tree{of: map[string]any{"type": []any{"number", "null"}}})
	case reflect.TypeFor[int]():
		check = kinds(&tree{of: map[string]any{"type": []any{"integer", "null"}}})
	case reflect.TypeFor[config.Secret](), reflect.TypeFor[*config.Secret]():
		check = "secret"
	}
	got := ref(s)
	switch {
	case field.Type.Kind() == reflect.Slice:
		item := s.below("then").below("items")
		if got = ref(item); got != ref(s.below("else")) {
			t.Errorf("%s: one is not what each of a list is", at)
		}
		if element := field.Type.Elem(); element.Kind() == reflect.Struct {
			entry := root.below("$defs").below(got)
			if first := element.Field(0).Tag.Get("check"); ref(entry.below("then")) != first {
				t.Errorf("%s: a text is checked as %s, not %s", at, ref(entry.below("then")), first)
			}
			for f := range element.Fields() {
				agree(t, at+"[]."+f.Tag.Get("json"), root, entry.below("else").below("properties").below(f.Tag.Get("json")), f)
			}
			return
		}
	case field.Type.Name() == "Level":
		got, check = kinds(s), kinds(&tree{of: map[string]any{"enum": []any{"debug", "info", "warn", "error", nil}}})
	case got == "":
		got = kinds(s)
	}
	if got != check {
		t.Errorf("%s is %q in the schema, %q in the phone", at, got, check)
	}
	for tag, key := range map[string]string{"min": "minimum", "max": "maximum"} {
		limit := ""
		if n, ok := s.of[key].(float64); ok {
			limit = strconv.FormatFloat(n, 'f', -1, 64)
		}
		if limit != field.Tag.Get(tag) {
			t.Errorf("%s: %s is %s in the schema, %s in the phone", at, key, limit, field.Tag.Get(tag))
		}
	}
}

// bySchema gives the paths of the keys that a foreign validator finds fault with.
func bySchema(t *testing.T) func(settings []byte) []string {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	schema, err := compiler.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return func(settings []byte) []string {
		t.Helper()
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(settings))
		if err != nil {
			t.Fatalf("%s: %v", settings, err)
		}
		var paths []string
		var walk func(e *jsonschema.ValidationError)
		walk = func(e *jsonschema.ValidationError) {
			for _, cause := range e.Causes {
				walk(cause)
			}
			path := ""
			for _, part := range e.InstanceLocation {
				if _, err := strconv.Atoi(part); err == nil {
					path += "[" + part + "]"
				} else {
					path = strings.TrimPrefix(path+"."+part, ".")
				}
			}
			if unknown, ok := e.ErrorKind.(*kind.AdditionalProperties); ok {
				for _, key := range unknown.Properties {
					paths = append(paths, strings.TrimPrefix(path+"."+key, "."))
				}
			} else if len(e.Causes) == 0 {
				paths = append(paths, path)
			}
		}
		var invalid *jsonschema.ValidationError
		if err := schema.Validate(value); errors.As(err, &invalid) {
			walk(invalid)
		} else if err != nil {
			t.Fatal(err)
		}
		slices.Sort(paths)
		return slices.Compact(paths)
	}
}

// byPhone gives the paths of the keys that the phone finds fault with.
func byPhone(t *testing.T, settings []byte) []string {
	t.Helper()
	_, errs := config.Parse(settings)
	var paths []string
	for _, err := range errs {
		var mistake *config.ConfigError
		if !errors.As(err, &mistake) {
			t.Fatalf("%#v", err)
		}
		paths = append(paths, mistake.Path)
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// An editor with the schema and the phone find fault with the same keys.
func TestSchemaAndPhoneFindTheSameMistakes(t *testing.T) {
	validate := bySchema(t)
	if paths := validate(sample(t)); len(paths) > 0 {
		t.Errorf("the sample: %v", paths)
	}
	for settings, want := range map[string]string{
		`{}`: "",
		`{"//": 1, "$schema": "x", "log": {"// level": []}, "user": {"//": null}}`:          "",
		`{"user": null, "stun_servers": null, "log": {"level": null}, "demo": null}`:        "",
		`{"stun_servers": [], "turn_servers": [], "extra_headers": [], "websocket": {}}`:    "",
		`{"stun_servers": [null, "stun:a"], "extra_headers": [null], "turn_servers": null}`: "",
		`{"websocket": {"servers": null}, "demo": {"accounts": [null]}}`:                    "",
		`{"registraton": {}, "colour": 1}`:                                                  "colour registraton",
		`{"user": "bob", "chat": [], "session": 1, "log": true}`:                            "chat log session user",
		`{"user": {"displayName": "x", "uri": 1}}`:                                          "user.displayName user.uri",
		`{"registration": {"on_startup": "true", "expiry": "60"}}`:                          "registration.expiry registration.on_startup",
		`{"registration": {"expiry": 9.9}, "session": {"dtmf_duration": 6001}}`:             "registration.expiry session.dtmf_duration",
		`{"registration": {"expiry": 10}, "session": {"dtmf_duration": 6000}}`:              "",
		`{"media": {"gather_timeout": 0.5}}`:                                                "",
		`{"dialing": {"auto_dial": {"use_video": null, "on_startup": 1}}}`:                  "dialing.auto_dial.on_startup",
		`{"dialing": {"auto_dial": null, "no_answer_timeout": 0}}`:                          "dialing.no_answer_timeout",
		`{"log": {"level": "loud"}}`:                                                        "log.level",
		`{"log": {"level": "DEBUG"}}`:                                                       "log.level",
		`{"user": {"display_name": "a\r\nb", "sip_auth_password": 12}}`:                     "user.display_name user.sip_auth_password",
		`{"user": {"display_name": "日本 <b>", "sip_auth_password": ""}}`:                     "",
		`{"turn_servers": {"server": "turn:a"}, "stun_servers": {"server": "stun:a"}}`:      "",
		`{"turn_servers": "turn:a", "stun_servers": "stuns:[2001:db8::1]:5349"}`:            "",
		`{"turn_servers": {"server": "turn:a", "username": "u"}}`:                           "turn_servers",
		`{"turn_servers": [{"server": "turn:a", "username": "u", "password": ""}]}`:         "turn_servers[0]",
		`{"turn_servers": [{"server": "turn:a", "username": " ", "password": null}]}`:       "",
		`{"turn_servers": [{"server": "turn:a", "username": "u", "password": "p"}]}`:        "",
		`{"turn_servers": {"server": "turn:a", "user": "u"}}`:                               "turn_servers.user",
		`{"turn_servers": [[], {"server": 1}, 1]}`:                                          "turn_servers[0] turn_servers[1].server turn_servers[2]",
		`{"stun_servers": ["stun:a", "stun:b:99999", {"server": "a.org"}]}`:                 "stun_servers[1] stun_servers[2].server",
		`{"websocket": {"servers": {"url": "wss://a", "weight": 0}}}`:                       "websocket.servers.weight",
		`{"websocket": {"servers": [{"url": "wss://a", "weight": 1.5}, "", "/sip"]}}`:       "websocket.servers[0].weight",
		`{"websocket": {"servers": [1, "https://a/", {"wieght": 1}]}}`:                      "websocket.servers[0] websocket.servers[1] websocket.servers[2].wieght",
		`{"websocket": {"servers": 1, "keep_alive": 0, "connect_timeout": 0}}`:              "websocket.connect_timeout websocket.servers",
		`{"extra_headers": ["X-A: 1", "X-B", "X C: 1", 1]}`:                                 "extra_headers[1] extra_headers[2] extra_headers[3]",
		`{"extra_headers": "X-A:", "demo": {"accounts": "alice", "domain": "a"}}`:           "",
	} {
		schema, phone := strings.Join(validate([]byte(settings)), " "), strings.Join(byPhone(t, []byte(settings)), " ")
		if schema != want || phone != want {
			t.Errorf("%s\nschema %s\nphone  %s\nwant   %s", settings, schema, phone, want)
		}
	}
}

// Texts of each check, good and bad: %s is where they stand.
func TestSchemaAndPhoneJudgeTextsAlike(t *testing.T) {
	validate := bySchema(t)
	for _, test := range []struct{ at, good, bad string }{
		{
			`{"stun_servers": [%s]}`,
			`stun:a|STUN:a.b-c_d:1|stuns:[::1]|stun:[2001:db8::1]:65535|stun://stun.l.google.com:19302| stun:a `,
			`|stun:|a.org|stun:a/path|stun:a:0|stun:a:65536|stun:a:|stun:a?transport=udp|turn:a|stun:[::1|stun:[1]|stun:u@a|stun:a b|stun:///a|http://a`,
		},
		{
			`{"turn_servers": [%s]}`,
			`turn:a|TURNS:a:5349?transport=tcp|turn:[::1]?transport=udp|turn://a:3478?transport=udp`,
			`|turn1.example.org|turn:|turn:u@a|turn:a?transport=sctp|turn:a?|turn:a?transport=udp&x|turn:a/b|stun:a|turn:a?TRANSPORT=udp`,
		},
		{
			`{"websocket": {"servers": [%s]}}`,
			`|/sip|//a/b|ws://a|WSS://a:443/b?c=d|wss://[::1]:1/|wss://a/;WSSessionInfo=1;x| wss://a `,
			`example.org|https://a|wss:a|wss://|wss://a:0|wss://a:70000|wss://a/#b|/a#b|sip:a|wss://a:b/|ftp://a`,
		},
		{
			`{"user": {"uri": %s}}`,
			`|bob@example.org|sip:bob@example.org|SIPS:b.c@[::1]:5061|bob@a:5060|sip:b:pw@a|sip:日本@a| sip:a@b |sip:a@b;transport=ws`,
			`bob|sip:bob|tel:+49|sip:@a|sip:a@|a b@c|"a"@b|<sip:a@b>|mailto:a@b|sip:a@b c|@`,
		},
		{
			`{"registration": {"server": %s}}`,
			`|example.org|sip:example.org|sips:a:5061|a:5060|sip:[::1]|sip:a;transport=ws`,
			`a b|sip:|sip:u@a|http://a|a/b|sip:a:0|sip:"a"|;x`,
		},
		{
			`{"i18n": {"default_lang": %s}}`,
			`|en|pt-BR|pt_BR|zh-Hant-TW| de |i18`,
			`e|English, please|en-|en--US|toolonglang|-en|en-*`,
		},
		{
			`{"webserver": {"url_prefix": %s}}`,
			`|/phone/|phone|https://a.org/b|//a.org/b|../x/|HTTP://a/|/a:b`,
			`javascript:x|ftp://a/|/a?b|/a#b`,
		},
		{
			`{"extra_headers": [%s]}`,
			`X-A: 1|x:|X-A :b|P-Asserted-Identity: <sip:a@b>|Subject: ü|Viable: 1|Totals: 1|Subject: Via: x`,
			`|X-A|: 1|X A: 1|Ä: 1|Via: x|v: x|VIA : x|call-id: 1|CONTENT-LENGTH: 0|Authorization: Basic x|t: a|To: b`,
		},
		{
			`{"appearance": {"css": %s}}`,
			`|/phone.css|phone.css|../a/b.css?v=1|https://a.org/b.css|https://[::1]/b| /a |HTTPS://a:8443/b|http://127.0.0.1:80/x|http://localhost/x|?x`,
			`http://a.org/b.css|//a.org/b.css|javascript:alert(1)|data:text/css,a|https://u:p@a.org/|https:///b|ftp://a/b|http://localhost.a.org/`,
		},
		{`{"appearance": {"theme": %s}}`, `system|light|dark|contrast`, `|blue|light dark`},
		{`{"demo": {"domain": %s}}`, `|a|<b>|ü` + "\u00a0", "a\tb|a\x00|a\u0085b"},
	} {
		for verdict, texts := range map[bool]string{true: test.good, false: test.bad} {
			for text := range strings.SplitSeq(texts, "|") {
				quoted, err := json.Marshal(text)
				if err != nil {
					t.Fatal(err)
				}
				settings := fmt.Appendf(nil, test.at, quoted)
				schema, phone := validate(settings), byPhone(t, settings)
				if (len(schema) == 0) != verdict || !slices.Equal(schema, phone) {
					t.Errorf("%s: good %v; schema %v, phone %v", settings, verdict, schema, phone)
				}
			}
		}
	}
}
