package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"unicode/utf8"
)

// ConfigError is one mistake in the settings.
type ConfigError struct {
	Path    string // of the key, e.g. `turn_servers[0].server`; a file or `address` as a whole
	Problem string // a sentence without its subject, e.g. "must be true or false, not a text"
	Unknown bool   // there is no such key: everything else is as it says
}

func (e *ConfigError) Error() string { return e.Path + ": " + e.Problem }

// IsUnknown tells of a mistake that it is a key which there is none of.
func IsUnknown(err error) bool {
	var mistake *ConfigError
	return errors.As(err, &mistake) && mistake.Unknown
}

// Layer is the settings of one source, as read and not yet checked.
type Layer map[string]any

// Parse reads a config.json by itself. The errors are all *ConfigError, in the order of
// the struct; what they do not name has been read, what they name has its default.
func Parse(data []byte) (Config, []error) {
	layer, err := ParseLayer("config.json", data)
	c, problems := Load(nil, layer)
	if err != nil {
		problems = append([]error{err}, problems...)
	}
	return c, problems
}

// ParseLayer reads one source of settings. The name is for the error, a *ConfigError
// with line and column of what cannot be read.
func ParseLayer(name string, data []byte) (Layer, error) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF")) // as some editors save it
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		problem := "cannot be read: " + err.Error()
		if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
			line, column := position(data, int(syntax.Offset))
			problem = fmt.Sprintf("cannot be read: line %d, column %d: %v", line, column, err)
		}
		return nil, &ConfigError{Path: name, Problem: problem}
	}
	layer, ok := tree.(map[string]any)
	if !ok {
		return nil, &ConfigError{Path: name, Problem: "must be a group in {}, not " + kindOf(tree)}
	}
	return layer, nil
}

// position tells where the byte stands that json counts from 1. Columns count characters.
func position(data []byte, offset int) (line, column int) {
	before := data[:max(0, min(offset-1, len(data)))]
	start := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[start:])
}

// Load merges layers, of which later ones win, and checks the result. Groups are merged
// key by key, everything else is replaced; a null takes back what an earlier layer says.
// page is the address of the page, nil outside a browser: its parameters are the last
// layer, and relative addresses of servers become whole by it. The errors are all
// *ConfigError.
func Load(page *url.URL, layers ...Layer) (Config, []error) {
	c := Default()
	merged := make(map[string]any)
	for _, layer := range layers {
		merge(merged, layer, reflect.TypeFor[Config]())
	}
	r := &reader{}
	r.group("", merged, reflect.ValueOf(&c).Elem())
	if ws, standard := &c.WebSocket, Default().WebSocket; ws.RecoveryMinInterval > ws.RecoveryMaxInterval {
		r.report("websocket.connection_recovery_min_interval", "is more than connection_recovery_max_interval")
		ws.RecoveryMinInterval, ws.RecoveryMaxInterval = standard.RecoveryMinInterval, standard.RecoveryMaxInterval
	}
	c.Button.Shown = c.Button.Only && c.Button.To != ""
	if page != nil {
		r.address(&c, page.Query())
		r.resolve(&c.WebSocket, page)
	}
	return c, r.errs
}

// merge puts a layer over a tree. Only groups are merged: two lists of servers in one
// would send the password of one server to the other.
func merge(into, from map[string]any, schema reflect.Type) {
	for key, value := range from {
		below, isTree := value.(map[string]any)
		field, known := fieldOf(schema, key)
		if !isTree || !known || field.Type.Kind() != reflect.Struct {
			into[key] = value
			continue
		}
		group, _ := into[key].(map[string]any)
		merged := make(map[string]any, len(group)+len(below))
		merge(merged, group, field.Type)
		merge(merged, below, field.Type)
		into[key] = merged
	}
}

// fieldOf finds the field for a key.
func fieldOf(schema reflect.Type, key string) (reflect.StructField, bool) {
	for field := range schema.Fields() {
		if field.Tag.Get("json") == key && key != "-" {
			return field, true
		}
	}
	return reflect.StructField{}, false
}

// isComment tells keys that are there for the reader only.
func isComment(path, key string) bool {
	return strings.HasPrefix(key, "//") || path == "" && key == "$schema"
}
