package session

import (
	"slices"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/transact"
)

// Diverted is why a call is sent elsewhere, in the words of Diversion (RFC 5806 §5).
type Diverted string

// The reasons.
const (
	Unconditional Diverted = "unconditional"
	UserBusy      Diverted = "user-busy"
	NoAnswer      Diverted = "no-answer"
)

// Redirect has an incoming call go to another address (RFC 3261 §13.3.1.2), and tells the
// way that it has come so far with the response (RFC 5806, RFC 7044 §9.3).
func (s *Session) Redirect(to sip.Uri, why Diverted) {
	if s.info.State != StateIncoming && s.info.State != StateAnswering {
		return
	}
	const code, reason = sip.StatusMovedTemporarily, "Moved Temporarily"
	req, self := s.in.Request(), s.cfg.Agent.AOR().URI
	res := transact.NewResponse(req, code, reason)
	contact := &sip.ContactHeader{Address: to}
	res.AppendHeader(contact)
	res.AppendHeader(sip.NewHeader(sipcore.Diversion, "<"+self.String()+">;reason="+string(why)+";counter=1"))
	sip.CopyHeaders(sipcore.Diversion, req, res) // older ones follow
	if hasToken(req, "Supported", "histinfo") {
		sip.CopyHeaders(sipcore.HistoryInfo, req, res)
		index := "1"
		if entries := sipcore.NamedIn(req, sipcore.HistoryInfo); len(entries) > 0 {
			index, _ = entries[len(entries)-1].Params.Get("index")
		} else {
			res.AppendHeader(sip.NewHeader(sipcore.HistoryInfo, "<"+self.String()+">;index=1"))
		}
		contact.Params.Add("mp", index)
	}
	s.respond(s.in, res)
	s.end(&sipcore.ResponseError{Method: string(sip.INVITE), Code: code, Reason: reason})
}

// maxTargets bounds how many addresses one call goes to.
const maxTargets = 10

// redirected takes the addresses of a 3xx that can be called and were not yet (RFC 3261
// §8.1.3.4), the best first. Never this side's own: that would call itself.
func (s *Session) redirected(res *sip.Response) {
	if res.StatusCode > sip.StatusMovedTemporarily || s.settled { // else a proxy, a service or no redirection at all
		return
	}
	if s.redirect = res; len(s.tried) == 0 {
		s.tried = append(s.tried, s.info.Remote)
	}
	contacts := sipcore.NamedIn(res, "Contact")
	slices.SortStableFunc(contacts, func(a, b sipcore.Named) int { return int(1000 * (quality(b) - quality(a))) })
	self := s.cfg.Agent.AOR()
	for _, c := range contacts {
		c.URI.Headers = nil // words in this side's mouth
		method, foreign := c.URI.UriParams.Get("method")
		if !callable(c.URI) || foreign && !strings.EqualFold(method, "INVITE") ||
			s.out.Request().Recipient.Scheme == "sips" && c.URI.Scheme != "sips" {
			continue
		}
		to, err := sipcore.ParseAddress(c.URI.String(), self.URI.Host) // which makes one of a telephone number
		known := func(a sipcore.Address) bool { return a.AOR() == to.AOR() }
		if err != nil || len(s.tried) >= maxTargets || known(self) || slices.ContainsFunc(s.tried, known) {
			continue
		}
		to.Name = c.Name
		s.tried, s.targets = append(s.tried, to), append(s.targets, to)
	}
}

// quality is what a Contact is worth beside others, 0 to 1 (RFC 3261 §20.10).
func quality(c sipcore.Named) float64 {
	q, _ := c.Params.Get("q")
	if f, err := strconv.ParseFloat(q, 64); err == nil {
		return f
	}
	return 1
}

// tryNext calls the next of the addresses that the call was sent to, if there is one.
func (s *Session) tryNext() bool {
	if len(s.targets) == 0 {
		return false
	}
	to := s.targets[0]
	s.targets = s.targets[1:]
	s.info.Forwarded = &to
	s.changed()
	s.inviteAgain(func(req *sip.Request) {
		req.Recipient = to.URI
		sipcore.Divert(req, s.redirect, to.URI)
	})
	return true
}

// forwarded notes where a proxy says that the call now goes (181, RFC 3261 §21.1.3).
func (s *Session) forwarded(res *sip.Response) {
	if history := sipcore.NamedIn(res, sipcore.HistoryInfo); res.StatusCode == sip.StatusCallIsForwarded && len(history) > 0 {
		s.info.Forwarded = &history[len(history)-1].Address
		s.changed()
	}
}
