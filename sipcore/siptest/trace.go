package siptest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// updateGolden is the environment variable that has CompareTrace write its files.
const updateGolden = "UPDATE_GOLDEN"

// random finds what is different in each run: branches, tags, Call-IDs, the host of
// RFC 7118 §5, instance ids, nonces and what is computed from them, SDP session ids,
// ICE and DTLS parameters.
var random = []struct {
	name string
	expr *regexp.Regexp // the first group is replaced
}{
	{"branch", regexp.MustCompile(`(?i)branch=([^;,\s]+)`)},
	{"tag", regexp.MustCompile(`(?i);tag=([^;,\s]+)`)},
	{"call-id", regexp.MustCompile(`(?im)^(?:Call-ID|i):\s*(\S+)`)},
	{"host", regexp.MustCompile(`([A-Za-z0-9-]+)\.invalid`)},
	{"uuid", regexp.MustCompile(`urn:uuid:([0-9a-fA-F-]+)`)},
	{"nonce", regexp.MustCompile(`[^c]nonce="([^"]+)"`)},
	{"cnonce", regexp.MustCompile(`cnonce="([^"]+)"`)},
	{"response", regexp.MustCompile(`response="([^"]+)"`)},
	{"session", regexp.MustCompile(`(?m)^o=\S+ (\d+) `)},
	{"ufrag", regexp.MustCompile(`(?m)^a=ice-ufrag:(\S+)`)},
	{"pwd", regexp.MustCompile(`(?m)^a=ice-pwd:(\S+)`)},
	{"fingerprint", regexp.MustCompile(`(?m)^a=fingerprint:\S+ (\S+)`)},
}

// Trace is the conversation so far, in both directions, with everything random
// replaced by names that count up: `branch-1`, `tag-2`. Content-Length goes with it.
func (p *Peer) Trace() string {
	p.mu.Lock()
	text := strings.ReplaceAll(strings.Join(p.trace, "\r\n"), "\r\n", "\n")
	p.mu.Unlock()
	for _, r := range random {
		text = rename(text, r.name, r.expr)
	}
	return regexp.MustCompile(`(?im)^(Content-Length|l): *[1-9]\d*$`).ReplaceAllString(text, "$1: n")
}

// shortest is how long a value is at least that is random, and not a test's own.
const shortest = 6

// rename replaces each value that expr finds, wherever it stands, by name and number.
func rename(text, name string, expr *regexp.Regexp) string {
	seen := make(map[string]bool)
	for _, m := range expr.FindAllStringSubmatch(text, -1) {
		value := m[1]
		if seen[value] || len(value) < shortest {
			continue
		}
		seen[value] = true
		text = strings.ReplaceAll(text, value, fmt.Sprintf("%s-%d", name, len(seen)))
	}
	return text
}

// CompareTrace compares the conversation with testdata/<name>.sip. With the
// environment variable UPDATE_GOLDEN set, it writes that file instead.
func (p *Peer) CompareTrace(name string) {
	p.t.Helper()
	file := filepath.Join("testdata", name+".sip")
	got := p.Trace()
	if os.Getenv(updateGolden) != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			p.t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			p.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		p.t.Fatal(err)
	}
	if got != string(want) {
		p.t.Errorf("the conversation is not that of %s (%s=1 writes it)\n%s", file, updateGolden, firstDifference(got, string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		switch {
		case i >= len(g):
			return fmt.Sprintf("line %d is missing: %q", i+1, w[i])
		case i >= len(w):
			return fmt.Sprintf("line %d is new: %q", i+1, g[i])
		case g[i] != w[i]:
			return fmt.Sprintf("line %d: got %q, want %q", i+1, g[i], w[i])
		}
	}
	return "no difference"
}
