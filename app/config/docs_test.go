//go:build !js

package config_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write config-sample.json and the README's table of settings (make docs)")

const readmeFile = "../../README.md"

// What people read of the settings is written once, in the schema.
func TestDocumentsAreWhatTheSchemaSays(t *testing.T) {
	schema := readTree(t, schemaFile)
	readme, err := os.ReadFile(readmeFile)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- settings: from web/config-schema.json by make docs -->\n", "<!-- /settings -->\n"
	before, rest, found := bytes.Cut(readme, []byte(begin))
	_, after, ended := bytes.Cut(rest, []byte(end))
	if !found || !ended {
		t.Fatal("README.md has no place for the settings")
	}
	var table strings.Builder
	table.WriteString("| key | | default |\n|---|---|---|\n")
	writeTable(&table, "", schema)
	var example strings.Builder
	writeSample(&example, "", schema)
	example.WriteString("\n")
	for path, want := range map[string]string{
		"../../config-sample.json": example.String(),
		readmeFile:                 string(before) + begin + table.String() + end + string(after),
	} {
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case string(got) == want:
		case !*update:
			t.Errorf("%s is not what the schema says: make docs", path)
		default:
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// writeTable writes a row for each key.
func writeTable(out *strings.Builder, path string, group *tree) {
	properties := group.below("properties")
	for _, key := range properties.keys {
		s := properties.below(key)
		switch at := path + key; {
		case key == "$schema":
		case s.group():
			writeTable(out, at+".", s)
		default:
			limits := ""
			if low, ok := s.of["minimum"].(float64); ok {
				limits = fmt.Sprintf(" (%s to %s)", number(low), number(s.of["maximum"].(float64)))
			}
			fmt.Fprintf(out, "| `%s` | %s | `%s`%s |\n", at, strings.NewReplacer("|", `\|`, "<", "&lt;").Replace(s.text("description")),
				inline(s.of["default"]), limits)
		}
	}
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// writeSample writes a group with every key, and a word about each. An example that is
// not the default comes with the default in that word.
func writeSample(out *strings.Builder, indent string, group *tree) {
	out.WriteString("{")
	inner, comma := indent+"  ", ""
	line := func(key, value string) {
		fmt.Fprintf(out, "%s\n%s%s: %s", comma, inner, inline(key), value)
		comma = ","
	}
	if indent == "" {
		line("$schema", inline("config-schema.json"))
	}
	line("//", inline(group.text("description")))
	properties := group.below("properties")
	for _, key := range properties.keys {
		s := properties.below(key)
		if key == "$schema" {
			continue
		}
		if indent == "" {
			comma += "\n"
		}
		if s.group() {
			var below strings.Builder
			writeSample(&below, inner, s)
			line(key, below.String())
			continue
		}
		value, word := s.of["default"], s.text("description")
		if examples, ok := s.of["examples"].([]any); ok {
			if _, isList := value.([]any); value != nil && !isList && !reflect.DeepEqual(value, examples[0]) {
				word += " Default " + inline(value) + "."
			}
			value = examples[0]
		}
		line("// "+key, inline(word))
		line(key, pretty(value, inner))
	}
	out.WriteString("\n" + indent + "}")
}

// pretty writes a list with a line for each item.
func pretty(value any, indent string) string {
	list, ok := value.([]any)
	if !ok || len(list) == 0 {
		return inline(value)
	}
	var lines []string
	for _, item := range list {
		lines = append(lines, "\n"+indent+"  "+inline(item))
	}
	return "[" + strings.Join(lines, ",") + "\n" + indent + "]"
}

// inline writes a value in one line.
func inline(value any) string {
	switch v := value.(type) {
	case *tree:
		var parts []string
		for _, key := range v.keys {
			parts = append(parts, inline(key)+": "+inline(v.of[key]))
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case float64:
		return number(v)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(value) // what was read from JSON can be written
	return strings.TrimSpace(out.String())
}
