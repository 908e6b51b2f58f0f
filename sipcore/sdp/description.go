package sdp

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	pion "github.com/pion/sdp/v3"
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
	raw   pion.SessionDescription
	media []*Media
}

// Parse reads a description. The error wraps ErrTooLarge or ErrMalformed. Lines may
// end in LF alone.
func Parse(text []byte) (*Description, error) {
	if len(text) > MaxSize {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(text))
	}
	if !bytes.HasPrefix(text, []byte("v=0")) { // pion takes an empty text for a description
		return nil, fmt.Errorf("%w: no version", ErrMalformed)
	}
	d := &Description{}
	if err := d.raw.Unmarshal(text); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if n := len(d.raw.MediaDescriptions); n > MaxMedia {
		return nil, fmt.Errorf("%w: %d media lines", ErrTooLarge, n)
	}
	for _, m := range d.raw.MediaDescriptions {
		d.media = append(d.media, &Media{raw: m, session: &d.raw})
	}
	return d, nil
}

// Bytes is the description as it goes over the wire, changes included.
func (d *Description) Bytes() []byte {
	text, err := d.raw.Marshal()
	if err != nil {
		return nil // pion's marshalling of a description that was read cannot fail
	}
	return text
}

// Media returns the m= lines in their order.
func (d *Description) Media() []*Media { return d.media }

// First returns the first m= line of a kind that was not rejected, or nil.
func (d *Description) First(kind string) *Media {
	for _, m := range d.media {
		if m.Kind() == kind && !m.Rejected() {
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
	for _, a := range d.raw.Attributes {
		if a.Key == "group" && strings.HasPrefix(a.Value, "BUNDLE") {
			return true
		}
	}
	return false
}

// Bundle groups the media lines with these identifications onto one transport
// (RFC 8843 §7). It must not be called when the description is Bundled.
func (d *Description) Bundle(mids ...string) {
	value := strings.Join(append([]string{"BUNDLE"}, mids...), " ")
	d.raw.Attributes = append(d.raw.Attributes, pion.Attribute{Key: "group", Value: value})
}

// Unbundle takes the groups out.
func (d *Description) Unbundle() {
	d.raw.Attributes = slices.DeleteFunc(d.raw.Attributes, func(a pion.Attribute) bool {
		return a.Key == "group" && strings.HasPrefix(a.Value, "BUNDLE")
	})
}

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
