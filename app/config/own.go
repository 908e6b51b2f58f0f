package config

import (
	"errors"
	"maps"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// own are the keys that a person may set, if the site lets them; true for those that a
// password in the site's settings goes with, and is not sent elsewhere.
var own = map[string]bool{
	"user.display_name":       false,
	"user.uri":                true,
	"user.sip_auth_user":      true,
	"websocket.servers":       true,
	"registration.server":     true,
	"registration.on_startup": false,
	"registration.expiry":     false,
	"media.relay_only":        false,
	"dialing.prefer_video":    false,

	"dialing.anonymous":           false,
	"session.call_waiting":        false,
	"session.forward_always":      false,
	"session.forward_busy":        false,
	"session.forward_no_answer":   false,
	"session.forward_after":       false,
	"session.reject_anonymous":    false,
	"session.auto_answer":         false,
	"session.auto_answer_delay":   false,
	"session.auto_answer_video":   false,
	"session.auto_answer_in_call": false,
	"session.trusted_callers":     false,
}

// LoadOwn is Load with what the person has set between the site's layers and the
// address. set has paths for keys; what is not for a person to set is left out, and all
// of it where the site forbids it.
func LoadOwn(page *url.URL, set Layer, site ...Layer) (Config, []error) {
	c, errs := Load(page, site...)
	if !c.UserSettings || len(set) == 0 {
		return c, errs
	}
	tree := make(Layer)
	put := func(path string, value any) {
		into := tree
		group, key, _ := strings.Cut(path, ".")
		if into[group] == nil {
			into[group] = map[string]any{}
		}
		into[group].(map[string]any)[key] = value
	}
	if set["user.uri"] != nil {
		put("user.sip_auth_user", nil) // that of the site's is another's
	}
	for path, bound := range own {
		if value, there := set[path]; there {
			put(path, value)
			if bound {
				put("user.sip_auth_password", nil)
			}
		}
	}
	return Load(page, append(site[:len(site):len(site)], tree)...)
}

// SetOwn changes what the person has set to the texts given by path, of which those that
// are in force already stay as they are and those of the site are not set any more. It
// returns that with the settings that it makes, or, and no change, a *ConfigError for
// each text that cannot be used.
func SetOwn(page *url.URL, set Layer, texts map[string]string, site ...Layer) (Layer, Config, []error) {
	now, _ := LoadOwn(page, set, site...)
	bare := page
	if page != nil {
		without := *page
		without.RawQuery = ""
		bare = &without
	}
	usual, _ := Load(bare, site...)
	changed := maps.Clone(set)
	if changed == nil {
		changed = make(Layer)
	}
	for path := range own {
		text, there := texts[path]
		text = strings.TrimSpace(text)
		switch {
		case !there || text == now.Text(path):
		case text == usual.Text(path):
			delete(changed, path)
		default:
			if value := usual.field(path).read(text); value != nil {
				changed[path] = value
			} else {
				delete(changed, path)
			}
		}
	}
	c, errs := LoadOwn(page, changed, site...)
	var wrong []error
	for _, err := range errs {
		var mistake *ConfigError
		if !errors.As(err, &mistake) {
			continue
		}
		path, _, _ := strings.Cut(mistake.Path, "[")
		if _, there := changed[path]; there {
			wrong = append(wrong, &ConfigError{Path: path, Problem: mistake.Problem})
		}
	}
	if len(wrong) > 0 {
		return set, now, wrong
	}
	return changed, c, nil
}

// Text is the value of a key that a person may set, as a text.
func (c Config) Text(path string) string { return c.field(path).text() }

// field is a key of a group.
type field struct {
	value reflect.Value
	tag   reflect.StructTag
}

func (c Config) field(path string) field {
	group, key, _ := strings.Cut(path, ".")
	outer, _ := fieldOf(reflect.TypeFor[Config](), group)
	inner, _ := fieldOf(outer.Type, key)
	return field{reflect.ValueOf(c).FieldByIndex(outer.Index).FieldByIndex(inner.Index), inner.Tag}
}

func (f field) text() string {
	switch v := f.value.Interface().(type) {
	case bool:
		return strconv.FormatBool(v)
	case time.Duration:
		return strconv.FormatFloat(float64(v)/float64(units[f.tag.Get("unit")].of), 'f', -1, 64)
	case []Server:
		var urls []string
		for _, s := range v {
			urls = append(urls, s.URL)
		}
		return strings.Join(urls, " ")
	case []string:
		return strings.Join(v, " ")
	}
	return f.value.String()
}

// read makes the value of a text, as JSON has it; nil for none. What is no number stays
// a text, which Load says.
func (f field) read(text string) any {
	switch f.value.Interface().(type) {
	case bool:
		return text == "true"
	case time.Duration:
		if number, err := strconv.ParseFloat(text, 64); err == nil {
			return number
		}
	case []Server, []string:
		var list []any
		for url := range strings.FieldsSeq(text) {
			list = append(list, url)
		}
		if list == nil {
			return nil
		}
		return list
	case string:
		return text
	}
	if text == "" {
		return nil
	}
	return text
}
