package transact

import (
	"strings"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// malformed says what is wrong with a message, in words that may go into a reason
// phrase (RFC 3261 §21.4.1), and what a request like that is answered with.
type malformed struct {
	code   int
	reason string
}

func (e *malformed) Error() string { return e.reason }

func bad(reason string) *malformed {
	return &malformed{code: sip.StatusBadRequest, reason: reason}
}

// parse reads a message and checks what sipgo's parser lets pass. The error is a
// *malformed.
func (l *Layer) parse(text string) (sip.Message, error) {
	head, body, ok := strings.Cut(text, "\r\n\r\n")
	lineEnds := strings.Count(head, "\r\n")
	switch {
	case !ok:
		return nil, bad("Header section without end")
	case strings.Count(head, "\n") != lineEnds || strings.Count(head, "\r") != lineEnds:
		// It would come out as a header field of its own at whoever reads
		// line feeds as line ends.
		return nil, bad("Bare line feed or carriage return")
	}
	lines := unfold(head)
	tidyVias(lines[1:])
	msg, err := l.parser.ParseSIP([]byte(strings.Join(lines, "\r\n") + "\r\n\r\n" + body))
	if err != nil {
		l.log.Debug("not parsed", "err", sipcore.Blank([]byte(err.Error())))
		return nil, bad("Malformed message")
	}
	if req, ok := msg.(*sip.Request); ok {
		// sipgo's parser has made capitals of it; methods are case-sensitive
		// (RFC 3261 §7.1).
		method, _, _ := strings.Cut(lines[0], " ")
		req.Method = sip.RequestMethod(method)
	}
	normalise(msg)
	msg.SetTransport(l.cfg.Transport)
	if err := check(msg); err != nil {
		return nil, err
	}
	return msg, nil
}

func check(msg sip.Message) error {
	var err *malformed
	switch m := msg.(type) {
	case *sip.Request:
		err = checkRequest(m)
	case *sip.Response:
		err = checkResponse(m)
	}
	if err != nil {
		return err
	}
	return nil
}

func checkRequest(req *sip.Request) *malformed {
	if !strings.EqualFold(req.SipVersion, "SIP/2.0") {
		return &malformed{code: sip.StatusVersionNotSupported, reason: "Version Not Supported"}
	}
	if err := checkHeaders(req, req.Headers()); err != nil {
		return err
	}
	switch {
	case !isToken(string(req.Method)):
		return bad("Malformed method")
	case !goodURI(&req.Recipient):
		return bad("Malformed Request-URI")
	case len(req.Recipient.Headers) > 0:
		return bad("Request-URI with header fields") // RFC 3261 §19.1.1
	case req.CSeq().MethodName != req.Method:
		return bad("CSeq method does not match request method")
	}
	if h := req.MaxForwards(); h != nil && *h > 255 {
		return bad("Max-Forwards out of range")
	}
	return nil
}

func checkResponse(res *sip.Response) *malformed {
	switch {
	case !strings.EqualFold(res.SipVersion, "SIP/2.0"):
		return bad("Unknown SIP version")
	case res.StatusCode < 100 || res.StatusCode > 699:
		return bad("Status code out of range")
	}
	return checkHeaders(res, res.Headers())
}

// checkHeaders holds to RFC 3261 §8.1.1: what has to be there and what only once.
func checkHeaders(msg sip.Message, headers []sip.Header) *malformed {
	seen := make(map[string]bool)
	for _, h := range headers {
		name := sip.HeaderToLower(h.Name())
		switch name {
		case "from", "to", "call-id", "cseq", "max-forwards", "content-length":
			if seen[name] {
				return bad("More than one " + h.Name())
			}
		}
		seen[name] = true
		if via, ok := h.(*sip.ViaHeader); ok && !goodVia(via) {
			return bad("Malformed Via")
		}
	}
	switch {
	case msg.Via() == nil:
		return bad("Missing Via header field")
	case msg.From() == nil:
		return bad("Missing From header field")
	case msg.To() == nil:
		return bad("Missing To header field")
	case msg.CallID() == nil:
		return bad("Missing Call-ID header field")
	case msg.CSeq() == nil:
		return bad("Missing CSeq header field")
	case !goodURI(&msg.From().Address):
		return bad("Malformed From")
	case !goodURI(&msg.To().Address):
		return bad("Malformed To")
	}
	return nil
}

func goodVia(v *sip.ViaHeader) bool {
	return strings.EqualFold(v.ProtocolName, "SIP") && v.ProtocolVersion == "2.0" &&
		isToken(v.Transport) && v.Host != "" && !strings.ContainsAny(v.Host, " \t,<>\"") &&
		v.Port >= 0 && v.Port <= 65535
}

// goodURI looks at what the rest of the program relies on: a scheme that is one,
// and a host in a SIP URI. Whether a scheme is supported is not asked here (416).
func goodURI(u *sip.Uri) bool {
	if u.Wildcard || u.Scheme == "" || !isLetter(u.Scheme[0]) || strings.ContainsFunc(u.Scheme, func(r rune) bool {
		return r > 127 || !isLetter(byte(r)) && !isDigit(byte(r)) && !strings.ContainsRune("+-.", r)
	}) {
		return false
	}
	if u.Scheme != "sip" && u.Scheme != "sips" {
		return true
	}
	return u.Host != "" && !strings.ContainsAny(u.Host, " \t<>\"@,") && !strings.ContainsAny(u.User, " \t<>\"") &&
		u.Port >= 0 && u.Port <= 65535
}

// isToken is the token of RFC 3261 §25.1.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r > 127 || !isLetter(byte(r)) && !isDigit(byte(r)) && !strings.ContainsRune("-.!%*_+`'~", r)
	})
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
