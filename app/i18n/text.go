package i18n

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// text is a text cut at its placeholders.
type text []part

// part is a piece of text, or the name of a value that stands there.
type part struct {
	literal string
	value   string
}

// compile cuts a text at its placeholders. Of what text/template knows only the name
// of a value is allowed: `{{.Name}}`.
func compile(source string) (text, error) {
	var t text
	for {
		literal, rest, found := strings.Cut(source, "{{")
		if literal != "" || !found && t == nil {
			t = append(t, part{literal: literal})
		}
		if !found {
			return t, nil
		}
		inside, after, closed := strings.Cut(rest, "}}")
		name, dotted := strings.CutPrefix(strings.TrimSpace(inside), ".")
		if !closed || !dotted || !isName(name) {
			return nil, fmt.Errorf("only placeholders like {{.Name}} can be used: %q", source)
		}
		t = append(t, part{value: name})
		source = after
	}
}

func isName(s string) bool {
	for i, r := range s {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsDigit(r)) {
			return false
		}
	}
	return s != ""
}

// fill puts the values in. It returns the name of a value that was not given, for
// which nothing stands.
func (t text) fill(values map[string]string) (filled, missing string) {
	if len(t) == 1 && t[0].value == "" {
		return t[0].literal, ""
	}
	var b strings.Builder
	for _, p := range t {
		if p.value == "" {
			b.WriteString(p.literal)
			continue
		}
		value, given := values[p.value]
		if !given {
			missing = p.value
		}
		b.WriteString(value)
	}
	return b.String(), missing
}

// valuesOf brings the params of T and N into one form: every name begins with a capital,
// as names do in the texts, and a value that reads another way than the text, or might,
// is kept from mixing with it (UAX #9 §2.4).
func valuesOf(params []any, rightToLeft bool) map[string]string {
	values := make(map[string]string)
	put := func(name string, value any) {
		text := fmt.Sprint(value)
		if text != "" && (rightToLeft || strings.ContainsFunc(text, isRightToLeft)) {
			text = "\u2068" + text + "\u2069"
		}
		first, size := utf8.DecodeRuneInString(name)
		values[string(unicode.ToUpper(first))+name[size:]] = text
	}
	if len(params) == 1 {
		switch named := params[0].(type) {
		case map[string]string:
			for name, value := range named {
				put(name, value)
			}
		case map[string]any:
			for name, value := range named {
				put(name, value)
			}
		}
		return values
	}
	for pair := range slices.Chunk(params, 2) {
		if len(pair) == 2 {
			put(fmt.Sprint(pair[0]), pair[1])
		}
	}
	return values
}

// isRightToLeft tells the letters of Hebrew, Arabic and the scripts like them by the
// blocks that Unicode has set aside for these.
func isRightToLeft(r rune) bool {
	return r >= 0x0590 && r <= 0x08ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff ||
		r >= 0x10800 && r <= 0x10fff || r >= 0x1e800 && r <= 0x1efff
}
