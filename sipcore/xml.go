package sipcore

import "strings"

// maxDepth is how deep elements may stand in one another.
const maxDepth = 16

// Element is a start tag.
type Element struct {
	Name  string // without prefix
	Text  string // up to the next tag
	Depth int    // 0 for the outermost

	attributes string
}

// ScanXML reads an XML document into its elements, in order; there is at least one, and
// at most as many as said. It knows no document types, so there are no entities but XML's
// own. The error is ErrBody.
func ScanXML(body []byte, maxElements int) ([]Element, error) {
	rest := strings.ToValidUTF8(string(body), "\uFFFD")
	var found []Element
	var open []string
	for {
		_, after, more := strings.Cut(rest, "<")
		if !more {
			break
		}
		tag, after, closed := cutTag(after)
		if !closed {
			return nil, ErrBody
		}
		rest = after
		name, attributes, kind := tagName(tag)
		switch {
		case kind == tagSkip:
			continue
		case name == "", kind == tagEnd && (len(open) == 0 || open[len(open)-1] != name),
			kind != tagEnd && len(found) > 0 && len(open) == 0:
			return nil, ErrBody
		case kind == tagEnd:
			open = open[:len(open)-1]
			continue
		}
		text, _, _ := strings.Cut(rest, "<")
		_, local, prefixed := strings.Cut(name, ":")
		if !prefixed {
			local = name
		}
		found = append(found, Element{local, strings.TrimSpace(entities.Replace(text)), len(open), attributes})
		if kind == tagStart {
			open = append(open, name)
		}
		if len(found) > maxElements || len(open) > maxDepth {
			return nil, ErrBody
		}
	}
	if len(found) == 0 || len(open) > 0 {
		return nil, ErrBody
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

func tagName(tag string) (name, attributes string, kind tagKind) {
	switch {
	case strings.HasPrefix(tag, "?"), tag == "!":
		return "", "", tagSkip
	case strings.HasPrefix(tag, "!"):
		return "", "", tagStart // a document type or CDATA: neither belongs here
	case strings.HasPrefix(tag, "/"):
		tag, kind = tag[1:], tagEnd
	case strings.HasSuffix(tag, "/"):
		tag, kind = tag[:len(tag)-1], tagEmpty
	}
	if i := strings.IndexAny(tag, blanks); i >= 0 {
		tag, attributes = tag[:i], tag[i:]
	}
	return tag, attributes, kind
}

const blanks = " \t\r\n"

// Attribute is the value of an attribute without prefix, empty when it is not there.
func (e Element) Attribute(name string) string {
	for rest := e.attributes; ; {
		key, quoted, found := strings.Cut(rest, "=")
		quoted = strings.TrimLeft(quoted, blanks)
		if !found || quoted == "" {
			return ""
		}
		value, after, closed := strings.Cut(quoted[1:], quoted[:1])
		switch {
		case !closed:
			return ""
		case strings.Trim(key, blanks) == name:
			return entities.Replace(value)
		}
		rest = after
	}
}

// entities are those that XML has by itself (XML 1.0 §4.6).
var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&amp;", "&")
