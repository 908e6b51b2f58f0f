//go:build !js

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// build makes the program in testdata and returns where it is.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program.wasm")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, "./testdata/program")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

func TestStrippedProgramRunsAndNamesItsFunctions(t *testing.T) {
	if !strings.HasPrefix(runtime.Version(), "go1.26") {
		t.Skip("the Makefile strips what Go 1.26 links, and nothing else")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node")
	}
	path := build(t)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := run(path); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(after) != len(before) {
		t.Errorf("%d bytes, were %d", len(after), len(before))
	}
	if zeros := bytes.Count(after, []byte{0}) - bytes.Count(before, []byte{0}); zeros < len(before)/50 {
		t.Errorf("only %d bytes of %d cleared", zeros, len(before))
	}
	out, err := exec.Command(node, filepath.Join(runtime.GOROOT(), "lib/wasm/wasm_exec_node.js"), path).CombinedOutput() //nolint:staticcheck // where go is that runs the test
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"deep 64", "recovered runtime error: invalid memory address", "main.fails(", "?:0"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if strings.Contains(string(out), "main.go") {
		t.Errorf("lines are left in\n%s", out)
	}
}

func TestWhatIsNoProgramIsLeftAlone(t *testing.T) {
	program, err := os.ReadFile(build(t))
	if err != nil {
		t.Fatal(err)
	}
	foreign := bytes.Replace(program, header, []byte{0xf0, 0xff, 0xff, 0xff, 0, 0, 1, 8}, 1)
	for name, data := range map[string][]byte{
		"empty": {}, "text": []byte("hello"), "head": program[:8], "half": program[:len(program)/2], "other version": foreign,
	} {
		t.Run(name, func(t *testing.T) {
			same := bytes.Clone(data)
			if err := strip(data); err == nil {
				t.Error("no error")
			}
			if !bytes.Equal(same, data) {
				t.Error("changed")
			}
		})
	}
}
