package sipcore

import (
	"errors"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Part is one of the bodies that a message carries (RFC 5621).
type Part struct {
	Type string // media type without parameters, in lower case
	ID   string // Content-ID without its angle brackets; may be empty
	// Optional says that whoever does not understand the part can do without.
	Optional bool
	Body     []byte
}

// The bodies that a call knows.
const (
	TypeSDP  = "application/sdp"
	TypePIDF = "application/pidf+xml" // where the caller is (RFC 4119)

	typeMultipart = "multipart/"
)

// ErrBody says that a body cannot be read: it is in parts that are none, or coded.
var ErrBody = errors.New("unreadable body")

// maxParts is more than any message has.
const maxParts = 16

// Parts takes the body of a message apart: none, the one it is, or those of a
// multipart/mixed or its like (RFC 2046 §5.1). The error is ErrBody.
func Parts(msg sip.Message) ([]Part, error) {
	if len(msg.Body()) == 0 {
		return nil, nil
	}
	for _, coding := range Tokens(msg, "Content-Encoding") {
		if !strings.EqualFold(coding, "identity") {
			return nil, ErrBody
		}
	}
	contentType := ""
	if h := msg.GetHeaders("Content-Type"); len(h) > 0 {
		contentType = h[0].Value()
	}
	if kind := MediaType(contentType); !strings.HasPrefix(kind, typeMultipart) {
		return []Part{{Type: kind, Body: msg.Body()}}, nil
	}
	at := strings.Index(strings.ToLower(contentType), "boundary=")
	if at < 0 {
		return nil, ErrBody
	}
	boundary, _, _ := strings.Cut(contentType[at+len("boundary="):], ";")
	boundary = "\r\n--" + strings.Trim(strings.TrimSpace(boundary), `"`)
	pieces := strings.Split("\r\n"+string(msg.Body()), boundary)
	if len(boundary) == 4 || len(pieces) < 3 || len(pieces) > maxParts || !strings.HasPrefix(pieces[len(pieces)-1], "--") {
		return nil, ErrBody
	}
	var parts []Part
	for _, piece := range pieces[1 : len(pieces)-1] {
		// Behind the boundary comes a line end, then header fields, perhaps none.
		head, body, found := strings.Cut(piece, "\r\n\r\n")
		if !found {
			return nil, ErrBody
		}
		p := Part{Type: "text/plain", Body: []byte(body)}
		for line := range strings.SplitSeq(head, "\r\n") {
			name, value, _ := strings.Cut(line, ":")
			switch strings.ToLower(strings.TrimSpace(name)) {
			case "content-type":
				p.Type = MediaType(value)
			case "content-id":
				p.ID = strings.Trim(strings.TrimSpace(value), "<>")
			case "content-disposition":
				p.Optional = strings.Contains(strings.ToLower(value), "handling=optional")
			}
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// MediaType is the type in the value of a Content-Type or Accept, in lower case and without
// its parameters.
func MediaType(value string) string {
	kind, _, _ := strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// PartOf is the body of a type that a message carries, nil if none. One of which it is not
// said what it is may be it.
func PartOf(msg sip.Message, kind string) []byte {
	parts, _ := Parts(msg) // what cannot be read has been refused, or says nothing
	for _, p := range parts {
		if p.Type == kind || p.Type == "" {
			return p.Body
		}
	}
	return nil
}

// SetParts puts a description and another part into a message, as multipart/mixed, and the
// description alone when the other is none.
func SetParts(msg sip.Message, description []byte, other Part) {
	contentType, body := TypeSDP, description
	if other.Type != "" {
		boundary := sip.GenerateTagN(24) // is in none of the parts, but by a chance that never comes
		contentType = typeMultipart + "mixed;boundary=" + boundary
		body = []byte("--" + boundary + "\r\nContent-Type: " + TypeSDP + "\r\n\r\n" + string(description) +
			"\r\n--" + boundary + "\r\nContent-Type: " + other.Type + "\r\nContent-ID: <" + other.ID +
			">\r\nContent-Disposition: by-reference;handling=optional\r\n\r\n" + string(other.Body) + "\r\n--" + boundary + "--\r\n")
	}
	ct := sip.ContentTypeHeader(contentType)
	msg.AppendHeader(&ct)
	msg.SetBody(body)
}
