package ui

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// piece is a part of a message: text, or a link as it stands there.
type piece struct {
	text string
	href string // of a page, http or https
	dial string // an address to be called: sip, sips or tel
}

// maxLinks is how many links of one message can be clicked.
const maxLinks = 100

// linked are the schemes of which links are made. No other ever is: some run programs.
var linked = []string{"https://", "http://", "sips:", "sip:", "tel:"}

// pieces cuts a message at its links.
func pieces(text string) []piece {
	var cut []piece
	begin := 0
	for i := 0; i < len(text) && len(cut) < 2*maxLinks; {
		p, ok := linkAt(text, i)
		if !ok {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		if i > begin {
			cut = append(cut, piece{text: text[begin:i]})
		}
		cut = append(cut, p)
		i += len(p.text)
		begin = i
	}
	if begin < len(text) {
		cut = append(cut, piece{text: text[begin:]})
	}
	return cut
}

// linkAt is the link that begins at a place, if one does.
func linkAt(text string, at int) (piece, bool) {
	if before, _ := utf8.DecodeLastRuneInString(text[:at]); unicode.IsLetter(before) || unicode.IsDigit(before) {
		return piece{}, false
	}
	for _, scheme := range linked {
		if len(text)-at <= len(scheme) || !strings.EqualFold(text[at:at+len(scheme)], scheme) {
			continue
		}
		link := text[at:]
		if end := strings.IndexFunc(link, endsLink); end >= 0 {
			link = link[:end]
		}
		link = withoutPunctuation(link)
		rest := link[min(len(scheme), len(link)):]
		if rest == "" || len(link) > 2000 {
			return piece{}, false
		}
		if !strings.HasPrefix(scheme, "http") {
			return piece{text: link, dial: link}, rest[0] == '+' || unicode.IsLetter(rune(rest[0])) || unicode.IsDigit(rune(rest[0]))
		}
		u, err := url.Parse(link)
		// A user before the host is there to look like a host.
		if err != nil || u.Hostname() == "" || u.User != nil {
			return piece{}, false
		}
		return piece{text: link, href: link}, true
	}
	return piece{}, false
}

// endsLink tells what cannot stand in a link; that includes what is not seen.
func endsLink(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("<>\"`\uFFFD", r)
}

// withoutPunctuation takes off what ends the sentence, not the link. A bracket stays when
// it was opened in the link.
func withoutPunctuation(link string) string {
	for {
		last, size := utf8.DecodeLastRuneInString(link)
		closing := last == ')' && strings.Count(link, "(") >= strings.Count(link, ")")
		if size == 0 || closing || !strings.ContainsRune(".,;:!?'…)]}»“”’*_", last) {
			return link
		}
		link = link[:len(link)-size]
	}
}

// readable drops from a message what has no place in a text: control characters other
// than line breaks.
func readable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
}
