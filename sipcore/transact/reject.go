package transact

import (
	"errors"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// reject answers a malformed request, or drops what cannot be answered: responses,
// ACKs, and requests in which there is no Via or CSeq to give back. The header
// fields are given back as they came, since they could perhaps not be parsed.
func (l *Layer) reject(text string, cause error) {
	problem := bad("Malformed message")
	errors.As(cause, &problem)
	log := l.log.With("reason", problem.reason, "message", summary([]byte(text)))
	answer, ok := rejection(text, problem)
	if !ok {
		log.Warn("malformed message dropped")
		return
	}
	log.Warn("malformed request answered", "code", problem.code)
	if err := l.writeRaw([]byte(answer)); err != nil {
		log.Info("response not sent", "err", err)
	}
}

// rejection builds the answer to a malformed request from its lines.
func rejection(text string, problem *malformed) (string, bool) {
	head, _, _ := strings.Cut(text, "\r\n\r\n")
	lines := unfold(head)
	if strings.HasPrefix(strings.ToUpper(lines[0]), "SIP/") || !strings.Contains(strings.ToUpper(lines[0]), " SIP/") {
		return "", false
	}
	method, _, _ := strings.Cut(lines[0], " ")
	if strings.EqualFold(method, string(sip.ACK)) {
		return "", false
	}

	var b strings.Builder
	b.WriteString("SIP/2.0 " + strconv.Itoa(problem.code) + " " + problem.reason + "\r\n")
	seen := make(map[string]bool)
	for _, line := range lines[1:] {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		name, value = echoed(strings.TrimSpace(name)), strings.TrimSpace(value)
		switch {
		case name == "" || value == "" || seen[name] && name != "Via":
			continue
		case name == "CSeq" && strings.HasSuffix(strings.ToUpper(value), "ACK"):
			return "", false
		case name == "To" && !strings.Contains(strings.ToLower(value), "tag"):
			value += ";tag=" + sip.GenerateTagN(10)
		}
		seen[name] = true
		b.WriteString(name + ": " + value + "\r\n")
	}
	if !seen["Via"] || !seen["CSeq"] {
		return "", false
	}
	b.WriteString("Content-Length: 0\r\n\r\n")
	return b.String(), true
}

// echoed returns the full name of a header field which every response gives back
// (RFC 3261 §8.2.6.2), "" for any other.
func echoed(name string) string {
	switch strings.ToLower(name) {
	case "via", "v":
		return "Via"
	case "from", "f":
		return "From"
	case "to", "t":
		return "To"
	case "call-id", "i":
		return "Call-ID"
	case "cseq":
		return "CSeq"
	default:
		return ""
	}
}

// unfold splits a header section into lines, joining those that go on in the next
// one (RFC 3261 §7.3.1). No carriage return or line feed is left in any of them.
func unfold(head string) []string {
	var lines []string
	for line := range strings.FieldsFuncSeq(head, func(r rune) bool { return r == '\r' || r == '\n' }) {
		if len(lines) > 0 && (line[0] == ' ' || line[0] == '\t') {
			lines[len(lines)-1] += " " + strings.TrimSpace(line)
			continue
		}
		lines = append(lines, line)
	}
	return lines
}
