//go:build !js

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckTellsEachMistakeWithItsKey(t *testing.T) {
	for _, test := range []struct {
		name, settings, page string
		want                 []string // lines, or what they begin with
		wrong                bool
	}{
		{name: "good", settings: `{"websocket": {"servers": "/sip"}}`, want: []string{"no mistakes"}},
		{
			name: "two mistakes", settings: `{"chat": {"enable": "yes"}, "colour": 1}`, wrong: true,
			want: []string{"chat.enable: must be true or false, not a text", "colour: is unknown"},
		},
		{
			name: "a server that the page cannot use", settings: `{"websocket": {"servers": "ws://a/"}}`, page: "https://example.org/", wrong: true,
			want: []string{"websocket.servers: ws://a/ cannot be used"},
		},
		{name: "unreadable", settings: `{`, wrong: true, want: []string{"FILE: cannot be read: line 1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "config.json")
			if err := os.WriteFile(file, []byte(test.settings), 0o600); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			err := run(context.Background(), []string{"check", "-page", test.page, file}, &out)
			if (err != nil) != test.wrong {
				t.Errorf("error %v", err)
			}
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if len(lines) != len(test.want) {
				t.Fatalf("said %q", lines)
			}
			for i, want := range test.want {
				if want = strings.Replace(want, "FILE", file, 1); !strings.HasPrefix(lines[i], want) {
					t.Errorf("said %q, want %q", lines[i], want)
				}
			}
		})
	}
}
