package message

import (
	"bytes"
	"strings"
	"time"
)

// Limits of what is read in the headers of CPIM.
const (
	maxHeaders = 64
	maxHeader  = 2 << 10 // bytes of a line
)

// imdnNamespace is that of the headers of RFC 5438 §6.
const imdnNamespace = "urn:ietf:params:imdn"

// Wrap is the body of a text that asks to be told when it has been delivered and when it
// has been displayed. from and to are URIs.
func Wrap(from, to, id, text string, at time.Time) (contentType string, body []byte) {
	return wrap(from, to, at, "NS: imdn <"+imdnNamespace+">\r\n"+
		"imdn.Message-ID: "+id+"\r\n"+
		"imdn.Disposition-Notification: positive-delivery, display\r\n"+
		"\r\nContent-type: "+typePlain+"; charset=utf-8\r\n\r\n"+text)
}

// wrap puts the headers of every CPIM message before the rest. Its own are not encoded:
// URIs have nothing to be escaped (RFC 3862 §2.3.1).
func wrap(from, to string, at time.Time, rest string) (contentType string, body []byte) {
	return typeCPIM, []byte("From: <" + from + ">\r\nTo: <" + to + ">\r\n" +
		"DateTime: " + at.UTC().Format(time.RFC3339) + "\r\n" + rest)
}

// parseCPIM reads a wrapped message (RFC 3862 §2). Lines may end with LF alone, names
// be of any case: senders are not strict about it.
func parseCPIM(body []byte) (Content, error) {
	headers, rest, ok := cpimHeaders(body)
	if !ok {
		return Content{}, errBody
	}
	mime, inner, ok := cpimHeaders(rest)
	if !ok {
		return Content{}, errBody
	}
	prefix := "imdn"
	for _, h := range headers {
		if h.name == "ns" && strings.HasSuffix(h.value, "<"+imdnNamespace+">") {
			prefix = strings.ToLower(strings.TrimSpace(strings.TrimSuffix(h.value, "<"+imdnNamespace+">")))
		}
	}
	kind := typePlain // RFC 2045 §5.2
	for _, h := range mime {
		switch {
		case h.name == "content-type":
			kind = h.value
		case h.name == "content-transfer-encoding" && !strings.EqualFold(h.value, "binary") &&
			!strings.EqualFold(h.value, "8bit") && !strings.EqualFold(h.value, "7bit"):
			return Content{}, errType
		}
	}
	c, err := parseBare(kind, inner)
	if err != nil {
		return Content{}, err
	}
	c.Wrapped = true
	for _, h := range headers {
		switch h.name {
		case prefix + ".message-id":
			c.ID = h.value
		case prefix + ".disposition-notification":
			for want := range strings.SplitSeq(strings.ToLower(h.value), ",") {
				want, _, _ = strings.Cut(want, ";")
				c.WantDelivered = c.WantDelivered || strings.TrimSpace(want) == "positive-delivery"
				c.WantDisplayed = c.WantDisplayed || strings.TrimSpace(want) == "display"
			}
		}
	}
	if !isID(c.ID) || c.Composing != nil || c.Notification != nil {
		c.ID, c.WantDelivered, c.WantDisplayed = "", false, false
	}
	return c, nil
}

type cpimHeader struct{ name, value string }

// cpimHeaders reads headers up to the empty line that ends them.
func cpimHeaders(data []byte) (headers []cpimHeader, rest []byte, ok bool) {
	for len(headers) < maxHeaders {
		line, after, found := bytes.Cut(data, []byte("\n"))
		if !found || len(line) > maxHeader {
			return nil, nil, false
		}
		data = after
		text := strings.TrimSpace(strings.ToValidUTF8(string(line), "\uFFFD"))
		if text == "" {
			return headers, data, true
		}
		name, value, colon := strings.Cut(text, ":")
		if !colon {
			return nil, nil, false
		}
		headers = append(headers, cpimHeader{strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)})
	}
	return nil, nil, false
}

// isID reports whether something can name a message: one that could not be said back
// unchanged in XML and a header does not.
func isID(s string) bool {
	if s == "" || len(s) > 200 {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '&' })
}
