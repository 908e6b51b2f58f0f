//go:build !js

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestMinifiedFileSaysTheSameInFewerWords(t *testing.T) {
	for _, test := range []struct {
		name, file, text string
		want             string
	}{
		{"comments and blanks go", "a.js", "// @ts-check\n/** Adds. */\n(() => {\n  'use strict';\n  window.sum = 1;\n})();\n", `(()=>{"use strict";window.sum=1})();` + "\n"},
		{"local names are short, those of all are kept", "a.js", "function shared(first, second) { return first + second * first; }", "function shared(n,e){return n+e*n}\n"},
		{"names of properties are kept", "a.js", "export const o = { long_name: 1 };", "export const o={long_name:1};\n"},
		{"what is young stays as it is", "a.js", "class C { #x = 1; get x() { return this?.#x ?? 2; } }", "class C{#s=1;get x(){return this?.#s??2}}\n"},
		{"letters stay letters", "a.js", "export const s = 'Größe';", "export const s=\"Größe\";\n"},
		{"somebody's copyright stays", "a.js", "// Copyright 2018 The Go Authors.\n// More.\nf();", "// Copyright 2018 The Go Authors.\nf();\n"},
		{"styles", "a.css", "/* c */\n.a {\n  inset-inline-start: 0;\n  & .b { color: #ff0000; }\n}\n", ".a{inset-inline-start:0;.b{color:red}}\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := minify(test.file, []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestMistakeIsToldWithItsPlace(t *testing.T) {
	_, err := minify("web/a.js", []byte("let a;\nlet let;\n"))
	if err == nil || !strings.Contains(err.Error(), "web/a.js:2:5: ") {
		t.Errorf("got %v", err)
	}
}

func TestFolderIsMinifiedButForSamplesAndOtherFiles(t *testing.T) {
	dir := t.TempDir()
	was := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	const text = "f ( ) ;\n"
	files := map[string]string{
		"a.js": "f();\n", "deep/er/b.js": "f();\n", // minified
		"samples/c.js": text, "d.json": text, "e.html": text, // as they were
	}
	for name := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, was, was); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		path := filepath.Join(dir, name)
		got, err := os.ReadFile(path)
		if err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
		if info, err := os.Stat(path); err != nil || !info.ModTime().Equal(was) {
			t.Errorf("%s: is of %v, %v", name, info.ModTime(), err)
		}
	}
}
