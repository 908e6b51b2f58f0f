package transact

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// compactNames are the short forms of header fields which sipgo's parser leaves as
// they are (RFC 3261 §7.3.3 and the RFCs of the fields).
var compactNames = map[string]string{
	"a": "Accept-Contact",
	"b": "Referred-By",
	"d": "Request-Disposition",
	"e": "Content-Encoding",
	"j": "Reject-Contact",
	"k": "Supported",
	"o": "Event",
	"r": "Refer-To",
	"s": "Subject",
	"u": "Allow-Events",
	"x": "Session-Expires",
	"y": "Identity",
}

// tidyVias takes out the blanks around the slashes of `SIP / 2.0 / WS`, which are
// allowed (RFC 3261 §25.1) and which sipgo's parser stumbles over.
func tidyVias(lines []string) {
	for i, line := range lines {
		name, value, ok := strings.Cut(line, ":")
		if !ok || echoed(strings.TrimSpace(name)) != "Via" {
			continue
		}
		parts := strings.Split(value, "/")
		for j, part := range parts {
			parts[j] = strings.TrimSpace(part)
		}
		lines[i] = name + ":" + strings.Join(parts, "/")
	}
}

// normalise evens out what sipgo's parser passes on as it was written and what its
// accessors then do not find: blanks around and capitals in parameter names, blanks
// behind an address, short names of header fields.
func normalise(msg sip.Message) {
	var headers []sip.Header
	switch m := msg.(type) {
	case *sip.Request:
		headers = m.Headers()
	case *sip.Response:
		headers = m.Headers()
	}
	for i, h := range headers {
		switch h := h.(type) {
		case *sip.ViaHeader:
			normaliseParams(h.Params)
		case *sip.FromHeader:
			h.Address.Host = strings.TrimSpace(h.Address.Host)
			normaliseParams(h.Params)
		case *sip.ToHeader:
			h.Address.Host = strings.TrimSpace(h.Address.Host)
			normaliseParams(h.Params)
		case *sip.ContactHeader:
			h.Address.Host = strings.TrimSpace(h.Address.Host)
			normaliseParams(h.Params)
		case *sip.CSeqHeader:
			h.MethodName = sip.RequestMethod(strings.TrimSpace(string(h.MethodName)))
		default:
			if full := compactNames[strings.ToLower(h.Name())]; full != "" {
				headers[i] = sip.NewHeader(full, h.Value())
			}
		}
	}
}

func normaliseParams(params sip.HeaderParams) {
	for i, p := range params {
		params[i] = sip.HeaderKV{K: strings.ToLower(strings.TrimSpace(p.K)), V: strings.TrimSpace(p.V)}
	}
}
