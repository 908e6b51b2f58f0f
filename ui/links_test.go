package ui

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// marked shows which pieces are links.
func marked(text string) string {
	var b strings.Builder
	for _, p := range pieces(text) {
		switch {
		case p.href != "":
			b.WriteString("[" + p.href + "]")
		case p.dial != "":
			b.WriteString("(" + p.dial + ")")
		default:
			b.WriteString(p.text)
		}
	}
	return b.String()
}

func TestLinksEndWhereTheSentenceGoesOn(t *testing.T) {
	for text, want := range map[string]string{
		"":                                                 "",
		"no link: at all.":                                 "no link: at all.",
		"see https://example.org.":                         "see [https://example.org].",
		"(http://example.org/a_(b)?c=d#e)!":                "([http://example.org/a_(b)?c=d#e])!",
		"HTTPS://EXAMPLE.ORG/x":                            "[HTTPS://EXAMPLE.ORG/x]",
		"https://müller.example/ü ok":                      "[https://müller.example/ü] ok",
		`"https://a.example"<b>`:                           `"[https://a.example]"<b>`,
		"https://a.example\u202egnp":                       "[https://a.example]\u202egnp",
		"https://a.example\x00b":                           "[https://a.example]\x00b",
		"xhttps://a.example":                               "xhttps://a.example",
		"https:// https://. http:///x":                     "https:// https://. http:///x",
		"https://bank.example@evil.example":                "https://bank.example@evil.example",
		"https://[::1]:8443/":                              "[https://[::1]:8443/]",
		"https://%zz/":                                     "https://%zz/",
		"javascript:alert(1) data:text/html,x file:///etc": "javascript:alert(1) data:text/html,x file:///etc",
		"call sip:bob@example.org, or tel:+49-30-123.":     "call (sip:bob@example.org), or (tel:+49-30-123).",
		"sips:a@b sip: tel: sip:<x> gossip:x":              "(sips:a@b) sip: tel: sip:<x> gossip:x",
		"https://a.example,https://b.example":              "[https://a.example,https://b.example]",
		"https://a.example\nhttps://b.example":             "[https://a.example]\n[https://b.example]",
		"👋https://a.example👋 x":                            "👋[https://a.example👋] x",
	} {
		if got := marked(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if n := len(pieces(strings.Repeat("http://a ", 1000))); n > 2*maxLinks+2 {
		t.Errorf("%d pieces of one message", n)
	}
}

func FuzzPieces(f *testing.F) {
	f.Add("see https://example.org/a_(b). tel:+1 sip:x@y javascript:alert(1)")
	f.Add("http://\xff\x00 https://a@b\u202e")
	f.Fuzz(func(t *testing.T, text string) {
		text = readable(strings.ToValidUTF8(text, "\uFFFD"))
		var all strings.Builder
		for _, p := range pieces(text) {
			all.WriteString(p.text)
			if !utf8.ValidString(p.text) {
				t.Errorf("%q is cut to %q", text, p.text)
			}
			if p.href == "" {
				continue
			}
			if u, err := url.Parse(p.href); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
				t.Errorf("%q leads to %q", text, p.href)
			}
		}
		if all.String() != text {
			t.Errorf("%q became %q", text, all.String())
		}
		if short := shortened(text); !strings.HasPrefix(text, short) {
			t.Errorf("%q is shortened to %q", text, short)
		}
	})
}
