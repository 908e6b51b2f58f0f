//go:build !js

package hostapi

import (
	"strings"
	"testing"
)

func FuzzCommand(f *testing.F) {
	for topic := range commands {
		f.Add(topic, `{"id": "1", "to": "bob", "headers": ["X: 1"], "code": 486, "audio": true}`)
		f.Add(topic, `"bob"`)
	}
	f.Fuzz(func(t *testing.T, topic, data string) {
		h, end := newHost(t)
		h.command(topic, []byte(data))
		end()
		for _, told := range h.phone.told {
			_, headers, isDial := strings.Cut(told, "Headers:[")
			if isDial && strings.HasPrefix(told, "dial") && strings.ContainsAny(headers, "\r\n") {
				t.Errorf("a line break in a header: %q", told)
			}
		}
	})
}
