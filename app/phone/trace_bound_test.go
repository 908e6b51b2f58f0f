package phone

import (
	"strings"
	"testing"
)

func TestTraceIsBounded(t *testing.T) {
	for name, size := range map[string]int{"many": 10, "large": 200_000} {
		t.Run(name, func(t *testing.T) {
			var tr trace
			for range 1000 {
				tr.add(Traced{Text: strings.Repeat("x", size)})
			}
			tr.add(Traced{Text: "the last"})
			messages, bytes := tr.messages, 0
			for _, m := range messages {
				bytes += len(m.Text)
			}
			if len(messages) > 500 || bytes > 1<<20 || len(messages) < 5 {
				t.Errorf("%d messages of %d bytes", len(messages), bytes)
			}
			if messages[len(messages)-1].Text != "the last" {
				t.Error("the latest is not there")
			}
		})
	}
}
