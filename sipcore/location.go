package sipcore

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Location is where somebody is, as a point or a circle around it (RFC 5491 §5.2).
type Location struct {
	Latitude, Longitude float64 // degrees, WGS 84
	Radius              float64 // metres; 0 for a point
}

// PIDF is the location of an entity, an AOR, as a presence document (RFC 4119) to be
// kept for a day at most and not passed on.
func (l Location) PIDF(entity string, now time.Time) []byte {
	shape := `<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>%[1]s</gml:pos></gml:Point>`
	if l.Radius > 0 {
		shape = `<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>%[1]s</gml:pos>` +
			`<gs:radius uom="urn:ogc:def:uom:EPSG::9001">%[2]s</gs:radius></gs:Circle>`
	}
	number := func(f float64, digits int) string { return strconv.FormatFloat(f, 'f', digits, 64) }
	shape = fmt.Sprintf(shape, number(l.Latitude, 6)+" "+number(l.Longitude, 6), number(l.Radius, 0))
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;").Replace
	return []byte(`<?xml version="1.0" encoding="UTF-8"?>` + "\r\n" +
		`<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"` +
		` xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" xmlns:gbp="urn:ietf:params:xml:ns:pidf:geopriv10:basicPolicy"` +
		` xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0" entity="pres:` +
		escape(strings.TrimPrefix(entity, "sip:")) + `"><dm:person id="caller"><gp:geopriv><gp:location-info>` + shape +
		`</gp:location-info><gp:usage-rules><gbp:retransmission-allowed>no</gbp:retransmission-allowed><gbp:retention-expiry>` +
		now.UTC().Add(24*time.Hour).Format(time.RFC3339) + `</gbp:retention-expiry></gp:usage-rules></gp:geopriv>` +
		`<dm:timestamp>` + now.UTC().Format(time.RFC3339) + "</dm:timestamp></dm:person></presence>\r\n")
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
