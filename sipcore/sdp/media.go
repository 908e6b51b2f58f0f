package sdp

import (
	"slices"
	"strconv"
	"strings"

	pion "github.com/pion/sdp/v3"
)

// Media is one m= line with what belongs to it. It stays part of its Description.
type Media struct {
	raw     *pion.MediaDescription
	session *pion.SessionDescription
}

// Codec is an entry of a media line. Name is in lower case.
type Codec struct {
	PayloadType uint8
	Name        string // "opus", "pcmu", "telephone-event", …
	ClockRate   int    // Hz
}

// static are the payload types that need no rtpmap (RFC 3551 §6).
var static = map[string]Codec{
	"0": {PayloadType: 0, Name: "pcmu", ClockRate: 8000},
	"8": {PayloadType: 8, Name: "pcma", ClockRate: 8000},
	"9": {PayloadType: 9, Name: "g722", ClockRate: 8000},
}

// Kind is "audio", "video", "application", …
func (m *Media) Kind() string { return m.raw.MediaName.Media }

// Mid is the line's identification (RFC 5888), "" when it has none.
func (m *Media) Mid() string {
	v, _ := m.raw.Attribute("mid")
	return v
}

// SetMid replaces the line's identification; "" takes it away.
func (m *Media) SetMid(mid string) {
	m.drop("mid")
	if mid != "" {
		m.raw.WithValueAttribute("mid", mid)
	}
}

// Profile is the transport, e.g. "UDP/TLS/RTP/SAVPF".
func (m *Media) Profile() string { return strings.Join(m.raw.MediaName.Protos, "/") }

// Rejected tells whether the line is refused or removed: port 0 (RFC 3264 §6, §8.2).
// A line that merely shares another one's transport is not (RFC 8843 §6).
func (m *Media) Rejected() bool {
	_, bundleOnly := m.raw.Attribute("bundle-only")
	return m.raw.MediaName.Port.Value == 0 && !bundleOnly
}

// Reject refuses or removes the line.
func (m *Media) Reject() {
	m.raw.MediaName.Port.Value = 0
	m.drop("bundle-only")
}

// Revive gives a rejected line the placeholder port of RFC 8840 §4.1.1.
func (m *Media) Revive() { m.raw.MediaName.Port.Value = 9 }

// Direction is the line's own, else the session's, else sendrecv (RFC 8866 §6.7).
// With the older hold, c=0.0.0.0, the author does not receive (RFC 3264 §8.4); where
// ICE is spoken that address means nothing (RFC 8840 §4.1.1).
func (m *Media) Direction() Direction {
	dir := SendRecv
	if d, ok := findDirection(m.raw.Attributes); ok {
		dir = d
	} else if d, ok := findDirection(m.session.Attributes); ok {
		dir = d
	}
	if m.nowhere() && !m.hasICE() {
		dir = dir.Intersect(SendOnly)
	}
	return dir
}

// SetDirection replaces the line's direction.
func (m *Media) SetDirection(d Direction) {
	for _, old := range directionNames {
		m.drop(old)
	}
	m.raw.WithPropertyAttribute(d.String())
}

// Codecs are the line's formats that are known by a number or an rtpmap, in order of
// preference.
func (m *Media) Codecs() []Codec {
	mapped := map[string]Codec{}
	for _, a := range m.raw.Attributes {
		if a.Key != "rtpmap" {
			continue
		}
		number, rest, _ := strings.Cut(a.Value, " ")
		pt, err := strconv.ParseUint(number, 10, 7)
		if err != nil {
			continue
		}
		name, rate, _ := strings.Cut(strings.TrimSpace(rest), "/")
		rate, _, _ = strings.Cut(rate, "/")
		hz, err := strconv.Atoi(rate)
		if err != nil {
			continue
		}
		mapped[number] = Codec{PayloadType: uint8(pt), Name: strings.ToLower(name), ClockRate: hz}
	}
	var codecs []Codec
	for _, format := range m.raw.MediaName.Formats {
		if c, ok := mapped[format]; ok {
			codecs = append(codecs, c)
		} else if c, ok := static[format]; ok {
			codecs = append(codecs, c)
		}
	}
	return codecs
}

// Prefer moves the formats with this codec name to the front.
func (m *Media) Prefer(name string) {
	wanted := map[string]bool{}
	for _, c := range m.Codecs() {
		if c.Name == strings.ToLower(name) {
			wanted[strconv.Itoa(int(c.PayloadType))] = true
		}
	}
	slices.SortStableFunc(m.raw.MediaName.Formats, func(a, b string) int {
		switch {
		case wanted[a] == wanted[b]:
			return 0
		case wanted[a]:
			return -1
		default:
			return 1
		}
	})
}

// nowhere tells whether the connection address is 0.0.0.0.
func (m *Media) nowhere() bool {
	c := m.raw.ConnectionInformation
	if c == nil {
		c = m.session.ConnectionInformation
	}
	return c != nil && c.Address != nil && c.Address.Address == "0.0.0.0"
}

func (m *Media) hasICE() bool {
	return m.attribute("ice-ufrag") != "" && m.attribute("ice-pwd") != ""
}

// attribute looks at the line, then at the session.
func (m *Media) attribute(key string) string {
	if v, ok := m.raw.Attribute(key); ok {
		return v
	}
	v, _ := m.session.Attribute(key)
	return v
}

func (m *Media) drop(key string) {
	m.raw.Attributes = slices.DeleteFunc(m.raw.Attributes, func(a pion.Attribute) bool { return a.Key == key })
}
