package message

import (
	"errors"
	"strings"

	"gocommunicator/sipcore"
)

// Content is what the body of a message says: a text, or that somebody types, or a
// notification.
type Content struct {
	// Text is to be read: foreign text, valid UTF-8.
	Text string
	// ID names the message in notifications about it (imdn.Message-ID); empty when it
	// came without.
	ID string
	// WantDelivered and WantDisplayed say which notifications its sender asks for.
	WantDelivered, WantDisplayed bool
	// Wrapped says that it came in CPIM.
	Wrapped bool

	Composing    *Composing    // else nil
	Notification *Notification // else nil
}

var (
	// errType says that the content is of a type not taken.
	errType = errors.New("message: content type not taken")
	// errBody says that the content is not of its type.
	errBody = errors.New("message: malformed content")
)

// parse reads a body of a content type.
func parse(contentType string, body []byte) (Content, error) {
	if len(body) > maxBody {
		return Content{}, errBody
	}
	if sipcore.MediaType(contentType) == typeCPIM {
		return parseCPIM(body)
	}
	return parseBare(contentType, body)
}

// parseBare reads a body that is not wrapped.
func parseBare(contentType string, body []byte) (c Content, err error) {
	switch sipcore.MediaType(contentType) {
	case typePlain:
		c.Text, err = decode(charsetOf(contentType), body)
	case typeComposing:
		c.Composing, err = parseComposing(body)
	case typeNotification:
		c.Notification, err = parseNotification(body)
	default:
		err = errType
	}
	return c, err
}

// charsetOf is the charset that a Content-Type names, in lower case.
func charsetOf(contentType string) (charset string) {
	_, params, _ := strings.Cut(strings.ToLower(contentType), ";")
	for p := range strings.SplitSeq(params, ";") {
		if name, value, _ := strings.Cut(p, "="); strings.TrimSpace(name) == "charset" {
			charset = strings.Trim(value, " \t\"'")
		}
	}
	return charset
}

// decode makes UTF-8 of a text. Of other charsets only the ones that telephones still
// send are known.
func decode(charset string, body []byte) (string, error) {
	switch charset {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return strings.ToValidUTF8(string(body), "\uFFFD"), nil
	case "iso-8859-1", "latin1":
		runes := make([]rune, len(body))
		for i, b := range body {
			runes[i] = rune(b)
		}
		return string(runes), nil
	}
	return "", errType
}

// Limits of the XML that is read.
const (
	maxXML      = 8 << 10
	maxElements = 100
)

func scan(body []byte) ([]sipcore.Element, error) {
	if len(body) > maxXML {
		return nil, errBody
	}
	return sipcore.ScanXML(body, maxElements)
}
