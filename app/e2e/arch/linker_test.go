//go:build !js

package arch

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// What the linker says of the page's program: which symbols it keeps because of which.
//
// A function that looks methods up by a name which the compiler does not know makes it
// keep every exported method of every type that is reachable, which doubles the page.
// The linker marks such functions. And a method of a network stack or a template that
// is kept means that one is used, which a page cannot or must not.
func TestPageKeepsNeitherMethodsByNameNorANetworkStack(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags=-s -w -dumpdep",
		"-o", filepath.Join(t.TempDir(), "app.wasm"), "./app")
	cmd.Dir = "../../.."
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	output, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kept, last := 0, ""
	told := map[string]bool{}
	scanner := bufio.NewScanner(output)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		symbol, because, ok := strings.Cut(scanner.Text(), " -> ")
		if !ok {
			last = scanner.Text()
			continue
		}
		kept++
		if fault := faultOf(symbol); fault != "" && !told[symbol] {
			told[symbol] = true
			t.Errorf("%s: %s, which leads to %s", fault, symbol, because)
		}
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %v: %s", cmd, err, last)
	}
	if kept < 1000 {
		t.Fatalf("the linker told only %d dependencies", kept)
	}
}

func faultOf(symbol string) string {
	if strings.Contains(symbol, "<ReflectMethod>") {
		return "methods are looked up by name"
	}
	for _, pkg := range notInPage {
		if strings.HasPrefix(symbol, pkg+".(") {
			return pkg + " is used"
		}
	}
	return ""
}
