//go:build !js

package i18n_test

import (
	"log/slog"
	"strings"
	"testing"

	"gocommunicator/app/i18n"
)

func FuzzLoad(f *testing.F) {
	f.Add([]byte(`{"a": "{{.Name}} calls", "n": {"one": "{{.Count}}", "other": "{{ .Count }}"}}`))
	f.Add([]byte(`{"a": "{{", "b": "}}", "c": "{{.}}", "d": {"id": "e", "other": null}}`))
	f.Add([]byte(`[{"id": "a", "translation": {"one": "1", "other": "2"}}]`))
	b, err := i18n.New(slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<12 {
			t.Skip("longer ones show nothing new and nest deeply")
		}
		_ = b.Load("de", data)
		de := b.Localizer("de")
		for _, id := range []string{"a", "n"} {
			if got := de.T(id, "Name", "Bob") + de.N(id, 2); strings.Contains(got, "{{.Name}}") {
				t.Errorf("a placeholder is left: %q", got)
			}
		}
	})
}
