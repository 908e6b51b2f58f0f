package session

import (
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// Claims is what an INVITE says of the call beside From. Anybody can write all of it: the
// worth of it is that of the server.
type Claims struct {
	// Asserted is who calls, as the server knows it (P-Asserted-Identity, RFC 3325); nil
	// when it does not say, or is asked not to.
	Asserted *sipcore.Address
	// Forwarder is who sent the call on to this side (Diversion, RFC 5806; History-Info,
	// RFC 7044), nil for nobody.
	Forwarder *sipcore.Address
	// Anonymous says that From hides the caller (RFC 3323).
	Anonymous bool
	// Urgent is a call of or about an emergency (Priority, RFC 3261 §20.26, RFC 7090).
	Urgent bool
	// AutoAnswer asks this side to answer by itself after a time (Call-Info answer-after,
	// Alert-Info, Answer-Mode of RFC 5373).
	AutoAnswer bool
	After      time.Duration
}

// anonymousHost is that of who hides (RFC 3323 §4.1.1.3).
const anonymousHost = "anonymous.invalid"

// IsAnonymous tells an address that hides whose it is.
func IsAnonymous(u sip.Uri) bool {
	return strings.EqualFold(u.Host, anonymousHost) || strings.EqualFold(u.User, "anonymous")
}

func claimsOf(req *sip.Request) Claims {
	c := Claims{Anonymous: IsAnonymous(req.From().Address), Forwarder: forwarder(req)}
	if asserted := sipcore.NamedIn(req, "P-Asserted-Identity"); len(asserted) > 0 && !hides(req) {
		c.Asserted = &asserted[0].Address
	}
	for _, h := range req.GetHeaders("Priority") {
		value := strings.ToLower(strings.TrimSpace(h.Value()))
		c.Urgent = value == "emergency" || value == "psap-callback"
	}
	c.After, c.AutoAnswer = autoAnswer(req)
	return c
}

// hides reports whether the caller wants no network to tell who that is (RFC 3325 §9.3).
func hides(req *sip.Request) bool {
	for _, h := range req.GetHeaders("Privacy") {
		for value := range strings.SplitSeq(h.Value(), ";") {
			if strings.EqualFold(strings.TrimSpace(value), "id") {
				return true
			}
		}
	}
	return false
}

// forwarder is who sent a call on last: the newest Diversion stands first; in a history the
// newest entry names by mp the one that it came of (RFC 7044 §5).
func forwarder(req *sip.Request) *sipcore.Address {
	if diverted := sipcore.NamedIn(req, sipcore.Diversion); len(diverted) > 0 {
		return &diverted[0].Address
	}
	history := sipcore.NamedIn(req, sipcore.HistoryInfo)
	for i := len(history) - 1; i >= 0; i-- {
		of, mapped := history[i].Params.Get("mp")
		for _, entry := range history[:i] {
			if index, _ := entry.Params.Get("index"); mapped && index == of {
				return &sipcore.Address{Name: entry.Name, URI: entry.URI}
			}
		}
	}
	return nil
}

// maxAfter bounds how long a call that is to be answered by itself may ask to wait.
const maxAfter = 60 // s

// autoAnswer reads whether a call is to be answered by itself, in the ways of the RFC and
// of those who were there before it.
func autoAnswer(req *sip.Request) (after time.Duration, asked bool) {
	for _, name := range []string{"Call-Info", "Alert-Info", "Answer-Mode", "Priv-Answer-Mode"} {
		for _, h := range req.GetHeaders(name) {
			value := strings.ToLower(h.Value())
			switch _, n, found := strings.Cut(value, "answer-after="); {
			case found:
				end := strings.IndexFunc(n, func(r rune) bool { return r < '0' || r > '9' })
				if end >= 0 {
					n = n[:end]
				}
				if seconds, err := strconv.Atoi(n); err == nil {
					return time.Duration(min(seconds, maxAfter)) * time.Second, true
				}
			case strings.Contains(value, "info=alert-autoanswer"), strings.Contains(value, "info=intercom"):
				return 0, true
			case strings.HasSuffix(name, "Answer-Mode") && strings.HasPrefix(strings.TrimSpace(value), "auto"):
				return 0, true
			}
		}
	}
	return 0, false
}
