package sdp

import (
	"slices"
	"strconv"
	"strings"
)

// Media is one m= line with what belongs to it. It stays part of its Description.
type Media struct {
	section // without the m= line itself
	session *Description

	kind, profile string
	port          uint16
	ports         string // behind the port: how many there are, e.g. "/2"
	formats       []string
}

// parseMedia reads what stands behind m= (RFC 8866 §5.14).
func parseMedia(value string) (m *Media, ok bool) {
	fields := strings.Fields(value)
	if len(fields) < 3 {
		return nil, false
	}
	number, count, several := strings.Cut(fields[1], "/")
	port, err := strconv.ParseUint(number, 10, 16)
	if err != nil {
		return nil, false
	}
	m = &Media{kind: fields[0], port: uint16(port), profile: fields[2], formats: fields[3:]}
	if several {
		m.ports = "/" + count
	}
	return m, true
}

// line is the m= line.
func (m *Media) line() string {
	return strings.Join(append([]string{"m=" + m.kind, strconv.Itoa(int(m.port)) + m.ports, m.profile}, m.formats...), " ")
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
func (m *Media) Kind() string { return m.kind }

// Mid is the line's identification (RFC 5888), "" when it has none.
func (m *Media) Mid() string {
	v, _ := m.attribute("mid")
	return v
}

// SetMid replaces the line's identification; "" takes it away.
func (m *Media) SetMid(mid string) {
	m.drop("mid", nil)
	if mid != "" {
		m.add("mid", mid)
	}
}

// Profile is the transport, e.g. "UDP/TLS/RTP/SAVPF".
func (m *Media) Profile() string { return m.profile }

// Rejected tells whether the line is refused or removed: port 0 (RFC 3264 §6, §8.2).
// A line that merely shares another one's transport is not (RFC 8843 §6).
func (m *Media) Rejected() bool {
	_, bundleOnly := m.attribute("bundle-only")
	return m.port == 0 && !bundleOnly
}

// Reject refuses or removes the line.
func (m *Media) Reject() {
	m.port = 0
	m.drop("bundle-only", nil)
	if mid := m.Mid(); mid != "" {
		m.session.group(mid, false)
	}
}

// Revive gives a rejected line the placeholder port of RFC 8840 §4.1.1.
func (m *Media) Revive() {
	m.port = 9
	if mid := m.Mid(); mid != "" {
		m.session.group(mid, true)
	}
}

// Direction is the line's own, else the session's, else sendrecv (RFC 8866 §6.7).
// With the older hold, c=0.0.0.0, the author does not receive (RFC 3264 §8.4); where
// ICE is spoken that address may also be a placeholder: see placeholder.
func (m *Media) Direction() Direction {
	dir := SendRecv
	if d, ok := m.direction(); ok {
		dir = d
	} else if d, ok := m.session.direction(); ok {
		dir = d
	}
	if m.nowhere() && !m.placeholder() {
		dir = dir.Intersect(SendOnly)
	}
	return dir
}

// SetDirection replaces the line's direction.
func (m *Media) SetDirection(d Direction) {
	for _, old := range directionNames {
		m.drop(old, nil)
	}
	m.add(d.String(), "")
}

// Codecs are the line's formats that are known by a number or an rtpmap, in order of
// preference.
func (m *Media) Codecs() []Codec {
	mapped := map[string]Codec{}
	for _, line := range m.section {
		name, value := attributeOf(line)
		if name != "rtpmap" {
			continue
		}
		number, rest, _ := strings.Cut(value, " ")
		pt, err := strconv.ParseUint(number, 10, 7)
		if err != nil {
			continue
		}
		codec, rate, _ := strings.Cut(strings.TrimSpace(rest), "/")
		rate, _, _ = strings.Cut(rate, "/")
		hz, err := strconv.Atoi(rate)
		if err != nil {
			continue
		}
		mapped[number] = Codec{PayloadType: uint8(pt), Name: strings.ToLower(codec), ClockRate: hz}
	}
	var codecs []Codec
	for _, format := range m.formats {
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
	slices.SortStableFunc(m.formats, func(a, b string) int {
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

// SetBandwidth asks that no more than so many kbit/s be sent on the line (RFC 8866 §5.8,
// RFC 3890), in place of what it asked before.
func (m *Media) SetBandwidth(kbit int) {
	var before, behind section // title and connection stand before it
	for _, line := range m.section {
		switch line[0] {
		case 'b':
		case 'i', 'c':
			before = append(before, line)
		default:
			behind = append(behind, line)
		}
	}
	before = append(before, "b=AS:"+strconv.Itoa(kbit), "b=TIAS:"+strconv.Itoa(kbit*1000))
	m.section = append(before, behind...)
}

// SetParameter sets a parameter of the formats with this codec name (a=fmtp, RFC 8866
// §6.15); empty takes it away.
func (m *Media) SetParameter(codec, key, value string) {
	for _, c := range m.Codecs() {
		if c.Name != codec {
			continue
		}
		format := strconv.Itoa(int(c.PayloadType)) + " "
		parameters := []string{}
		for _, line := range m.section {
			if name, text := attributeOf(line); name == "fmtp" && strings.HasPrefix(text, format) {
				parameters = strings.Split(strings.TrimPrefix(text, format), ";")
			}
		}
		parameters = slices.DeleteFunc(parameters, func(p string) bool {
			name, _, _ := strings.Cut(strings.TrimSpace(p), "=")
			return name == "" || strings.EqualFold(name, key)
		})
		if value != "" {
			parameters = append(parameters, key+"="+value)
		}
		m.drop("fmtp", func(text string) bool { return strings.HasPrefix(text, format) })
		if len(parameters) > 0 {
			m.add("fmtp", format+strings.Join(parameters, ";"))
		}
	}
}

// Keep leaves only the formats of the codecs with these names, in their order, and behind
// them those of helpers, which are no codecs themselves. Where none would be left all stay.
func (m *Media) Keep(names, helpers []string) {
	var kept, behind []string
	codecs := m.Codecs()
	for _, name := range names {
		for _, c := range codecs {
			if c.Name == name {
				kept = append(kept, strconv.Itoa(int(c.PayloadType)))
			}
		}
	}
	if len(kept) == 0 {
		return
	}
	for _, c := range codecs {
		format := strconv.Itoa(int(c.PayloadType))
		if slices.Contains(helpers, c.Name) && m.repeats(format, kept) {
			behind = append(behind, format)
		}
	}
	m.formats = append(kept, behind...)
	m.section = slices.DeleteFunc(m.section, func(line string) bool {
		name, value := attributeOf(line)
		format, _, _ := strings.Cut(value, " ")
		return (name == "rtpmap" || name == "fmtp" || name == "rtcp-fb" && format != "*") && !slices.Contains(m.formats, format)
	})
}

// repeats tells whether a format that repeats another one repeats one of these; others do
// so too (RFC 4588 §8.1).
func (m *Media) repeats(format string, others []string) bool {
	for _, line := range m.section {
		name, value := attributeOf(line)
		if apt, found := strings.CutPrefix(value, format+" apt="); found && name == "fmtp" {
			apt, _, _ = strings.Cut(apt, ";")
			return slices.Contains(others, strings.TrimSpace(apt))
		}
	}
	return true
}

// nowhere tells whether the connection address is 0.0.0.0.
func (m *Media) nowhere() bool {
	c, ok := m.value('c')
	if !ok {
		c, _ = m.session.value('c')
	}
	fields := strings.Fields(c)
	return len(fields) > 2 && fields[2] == "0.0.0.0"
}

// placeholder tells whether 0.0.0.0 stands where no address is known yet or none is to
// be: with port 9 (RFC 8840 §4.1.1), with port 0 of a line that shares another one's
// transport (RFC 8843 §6), and beside candidates whose addresses are hidden by mDNS.
func (m *Media) placeholder() bool {
	return m.hasICE() && (m.port == 9 || m.port == 0 || slices.ContainsFunc(m.section, func(line string) bool {
		name, value := attributeOf(line)
		return name == "candidate" && strings.Contains(value, ".local ")
	}))
}

func (m *Media) hasICE() bool { return m.common("ice-ufrag") != "" && m.common("ice-pwd") != "" }

// common is an attribute of the line, or else of the session.
func (m *Media) common(name string) string {
	if v, ok := m.attribute(name); ok {
		return v
	}
	v, _ := m.session.attribute(name)
	return v
}
