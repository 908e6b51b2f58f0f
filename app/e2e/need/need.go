//go:build linux

// Package need says what a test does when something it needs is not there: it is
// skipped with the reason, or fails when E2E_REQUIRED is set, as `make test` does.
package need

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Missing skips or fails the test.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("E2E_REQUIRED") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// Program returns the path of the first of the programs that is installed.
func Program(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Missing(t, "%s is not installed: `make deps` installs it", filepath.Base(names[0]))
	return ""
}

// File returns the path of a file of the project, given by its path from the
// project's root.
func File(t testing.TB, path, made string) string {
	t.Helper()
	path = filepath.Join(Root(t), filepath.FromSlash(path))
	if _, err := os.Stat(path); err != nil {
		Missing(t, "%s is not there: `%s` makes it", path, made)
	}
	return path
}

// Root is the project's root, where go.mod is.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}
