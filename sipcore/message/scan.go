package message

import "strings"

// Limits of the XML that is read.
const (
	maxXML      = 8 << 10
	maxElements = 100
	maxDepth    = 16
)

// element is a start tag: its name without prefix, and the text up to the next tag.
type element struct{ name, text string }

// scan reads a small XML document into its elements, in order; there is at least one. It
// knows no document types, so there are no entities but XML's own, and does not look at
// attributes.
func scan(body []byte) ([]element, error) {
	if len(body) > maxXML {
		return nil, errBody
	}
	rest := strings.ToValidUTF8(string(body), "\uFFFD")
	var found []element
	var open []string
	for {
		_, after, more := strings.Cut(rest, "<")
		if !more {
			break
		}
		tag, after, closed := cutTag(after)
		if !closed {
			return nil, errBody
		}
		rest = after
		name, kind := tagName(tag)
		switch {
		case kind == tagSkip:
			continue
		case name == "", kind == tagEnd && (len(open) == 0 || open[len(open)-1] != name),
			kind != tagEnd && len(found) > 0 && len(open) == 0:
			return nil, errBody
		case kind == tagEnd:
			open = open[:len(open)-1]
			continue
		}
		text, _, _ := strings.Cut(rest, "<")
		_, local, prefixed := strings.Cut(name, ":")
		if !prefixed {
			local = name
		}
		found = append(found, element{local, strings.TrimSpace(entities.Replace(text))})
		if kind == tagStart {
			open = append(open, name)
		}
		if len(found) > maxElements || len(open) > maxDepth {
			return nil, errBody
		}
	}
	if len(found) == 0 || len(open) > 0 {
		return nil, errBody
	}
	return found, nil
}

// cutTag cuts a tag, whose `<` is gone, at its `>`, which in quotes is none.
func cutTag(s string) (tag, rest string, ok bool) {
	if inner, found := strings.CutPrefix(s, "!--"); found {
		_, rest, ok = strings.Cut(inner, "-->")
		return "!", rest, ok
	}
	quote := byte(0)
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return s[:i], s[i+1:], true
		}
	}
	return "", "", false
}

type tagKind int

const (
	tagStart tagKind = iota
	tagEnd
	tagEmpty
	tagSkip // declarations and comments
)

func tagName(tag string) (string, tagKind) {
	kind := tagStart
	switch {
	case strings.HasPrefix(tag, "?"), tag == "!":
		return "", tagSkip
	case strings.HasPrefix(tag, "!"):
		return "", tagStart // a document type or CDATA: neither belongs here
	case strings.HasPrefix(tag, "/"):
		tag, kind = tag[1:], tagEnd
	case strings.HasSuffix(tag, "/"):
		tag, kind = tag[:len(tag)-1], tagEmpty
	}
	if i := strings.IndexAny(tag, " \t\r\n"); i >= 0 {
		tag = tag[:i]
	}
	return tag, kind
}

// entities are those that XML has by itself (XML 1.0 §4.6).
var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&amp;", "&")
