package sdp

import (
	"slices"
	"strings"
)

// section is the lines of a session or of a media line, as they were read and without
// their ends: what nobody here knows stays as it is.
type section []string

// value is what stands in the first line of a type, e.g. 'c'.
func (s section) value(typ byte) (string, bool) {
	for _, line := range s {
		if line[0] == typ {
			return line[2:], true
		}
	}
	return "", false
}

// attribute is the value of the first attribute of a name, empty for one without.
func (s section) attribute(name string) (string, bool) {
	for _, line := range s {
		if key, value := attributeOf(line); key == name {
			return value, true
		}
	}
	return "", false
}

// drop takes away the attributes of a name; values tells which of them, nil all.
func (s *section) drop(name string, values func(string) bool) {
	*s = slices.DeleteFunc(*s, func(line string) bool {
		key, value := attributeOf(line)
		return key == name && (values == nil || values(value))
	})
}

// add appends an attribute, with a value unless that is empty. Attributes stand last.
func (s *section) add(name, value string) {
	if value != "" {
		name += ":" + value
	}
	*s = append(*s, "a="+name)
}

// attributeOf splits an a= line; of another the name is empty.
func attributeOf(line string) (name, value string) {
	if attribute, ok := strings.CutPrefix(line, "a="); ok {
		name, value, _ = strings.Cut(attribute, ":")
	}
	return name, value
}
