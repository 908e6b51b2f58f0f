package sdp

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// What Parse takes at most. Offers of browsers with everything in them are about
// 10 KiB with four media lines.
const (
	MaxSize  = 256 << 10 // bytes
	MaxMedia = 32        // m= lines
)

var (
	// ErrTooLarge says that a description is longer than MaxSize or has more than
	// MaxMedia m= lines.
	ErrTooLarge = errors.New("session description too large")
	// ErrMalformed says that a description cannot be read.
	ErrMalformed = errors.New("malformed session description")
)

// Description is a session description that was read.
type Description struct {
	section // of the session
	origin  Origin
	media   []*Media
}

// Parse reads a description. The error wraps ErrTooLarge or ErrMalformed. Lines may
// end in LF alone, and those of an unknown type are kept.
func Parse(text []byte) (*Description, error) {
	if len(text) > MaxSize {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(text))
	}
	d := &Description{}
	current := &d.section
	n, begun := 0, false
	for line := range strings.Lines(string(text)) {
		line, n = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), n+1
		switch {
		case line == "":
			continue
		case len(line) < 2 || line[1] != '=' || line[0] < 'a' || line[0] > 'z' || strings.ContainsAny(line, "\x00\r"),
			begun == (line == "v=0"):
			return nil, fmt.Errorf("%w: line %d", ErrMalformed, n)
		case line[0] == 'm':
			m, ok := parseMedia(line[2:])
			if !ok {
				return nil, fmt.Errorf("%w: line %d", ErrMalformed, n)
			}
			m.session = d
			d.media = append(d.media, m)
			current = &m.section
		default:
			*current = append(*current, line)
			begun = true
		}
	}
	if len(d.media) > MaxMedia {
		return nil, fmt.Errorf("%w: %d media lines", ErrTooLarge, len(d.media))
	}
	origin, _ := d.value('o')
	var ok bool
	if d.origin, ok = parseOrigin(origin); !ok {
		return nil, fmt.Errorf("%w: no origin", ErrMalformed)
	}
	return d, nil
}

// Bytes is the description as it goes over the wire, changes included.
func (d *Description) Bytes() []byte {
	lines := slices.Clone(d.section)
	for _, m := range d.media {
		lines = append(append(lines, m.line()), m.section...)
	}
	return []byte(strings.Join(lines, "\r\n") + "\r\n")
}

// Media returns the m= lines in their order.
func (d *Description) Media() []*Media { return d.media }

// First returns the first m= line of a kind that was not rejected, or nil. Slides beside a
// camera are not meant.
func (d *Description) First(kind string) *Media {
	for _, m := range d.media {
		if m.Kind() == kind && !m.Rejected() && !d.beside(m) {
			return m
		}
	}
	return nil
}

// HasAudio tells whether sound is to flow in some direction.
func (d *Description) HasAudio() bool { return d.has("audio") }

// HasVideo tells whether picture is to flow in some direction.
func (d *Description) HasVideo() bool { return d.has("video") }

// SendsVideo tells whether the author of the description sends, or offers to send,
// picture.
func (d *Description) SendsVideo() bool {
	m := d.First("video")
	return m != nil && m.Direction().Sends()
}

// TakesVideo tells whether the author of the description takes, or would take, picture.
func (d *Description) TakesVideo() bool {
	m := d.First("video")
	return m != nil && m.Direction().Receives()
}

func (d *Description) has(kind string) bool {
	m := d.First(kind)
	return m != nil && m.Direction() != Inactive
}

// Holds tells whether the author of the description puts the other side on hold: it
// will not hear the sound that is sent to it (RFC 3264 §8.4: sendonly, inactive, or
// the older c=0.0.0.0). A description without audio holds nobody.
func (d *Description) Holds() bool {
	m := d.First("audio")
	return m != nil && !m.Direction().Receives()
}

// Bundled tells whether the description groups media lines onto one transport
// (RFC 8843).
func (d *Description) Bundled() bool {
	return slices.ContainsFunc(d.section, func(line string) bool {
		name, value := attributeOf(line)
		return name == "group" && isBundle(value)
	})
}

// Bundle groups the media lines with these identifications onto one transport
// (RFC 8843 §7). It must not be called when the description is Bundled.
func (d *Description) Bundle(mids ...string) {
	d.add("group", strings.Join(append([]string{"BUNDLE"}, mids...), " "))
}

// Unbundle takes the groups out.
func (d *Description) Unbundle() { d.drop("group", isBundle) }

// group puts a media line into the group that shares a transport, if there is one, or takes
// it out (RFC 8843 §7.3.3).
func (d *Description) group(mid string, in bool) {
	for i, line := range d.section {
		if name, value := attributeOf(line); name == "group" && isBundle(value) {
			mids := slices.DeleteFunc(strings.Fields(value), func(m string) bool { return m == mid })
			if in {
				mids = append(mids, mid)
			}
			d.section[i] = "a=group:" + strings.Join(mids, " ")
			return
		}
	}
}

func isBundle(group string) bool { return strings.HasPrefix(group, "BUNDLE") }

// FillMids gives each media line without identification that of the line at the same
// place in reference, or its number when reference is nil or has none. Phones that do
// not know RFC 5888 leave it out, and pion insists on it.
func (d *Description) FillMids(reference *Description) {
	for i, m := range d.media {
		if m.Mid() != "" {
			continue
		}
		mid := ""
		if reference != nil && i < len(reference.media) {
			mid = reference.media[i].Mid()
		}
		if mid == "" {
			mid = strconv.Itoa(i)
		}
		m.SetMid(mid)
	}
}
