package sipcore

import (
	"strconv"
	"strings"
)

// Location is where somebody is, as a point or a circle around it (RFC 5491 §5.2).
type Location struct {
	Latitude, Longitude float64 // degrees, WGS 84
	Radius              float64 // metres; 0 for a point
}

// ParseLocation finds the point or the middle of the circle that a presence document
// tells; ok is false for one that tells a street and no coordinates.
func ParseLocation(pidf []byte) (l Location, ok bool) {
	pos := strings.Fields(element(string(pidf), "pos")) // a third is the height
	if len(pos) < 2 {
		return l, false
	}
	var err [2]error
	l.Latitude, err[0] = strconv.ParseFloat(pos[0], 64)
	l.Longitude, err[1] = strconv.ParseFloat(pos[1], 64)
	l.Radius, _ = strconv.ParseFloat(strings.TrimSpace(element(string(pidf), "radius")), 64)
	ok = err[0] == nil && err[1] == nil && -90 <= l.Latitude && l.Latitude <= 90 && -180 <= l.Longitude && l.Longitude <= 180
	if l.Radius < 0 || l.Radius > 1e8 || l.Radius != l.Radius {
		l.Radius = 0
	}
	return l, ok
}

// element is the text of the first element of that local name.
func element(xml, name string) string {
	for rest := xml; ; {
		var found bool
		if _, rest, found = strings.Cut(rest, name); !found {
			return ""
		}
		before := xml[:len(xml)-len(rest)-len(name)]
		if (strings.HasSuffix(before, "<") || strings.HasSuffix(before, ":")) && rest != "" && strings.IndexByte("> \r\n\t", rest[0]) >= 0 {
			_, text, _ := strings.Cut(rest, ">")
			text, _, _ = strings.Cut(text, "<")
			return text
		}
	}
}
