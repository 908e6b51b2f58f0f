package session

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/transact"
)

// noReferSub is the option tag of transfers without news (RFC 4488).
const noReferSub = "norefersub"

// Referred is the wish of the other side that this one calls somebody (RFC 3515 §2.4.2).
// Its methods are for the loop only; one of Accept and Refuse is to be called, once.
type Referred struct {
	To sipcore.Address // whom
	By string          // the Referred-By header as it stands there; foreign text, may be empty

	s        *Session
	replaces string // the dialog whose place the call takes; "" for none
	event    string
	silent   bool // no news are wanted (RFC 4488), or nobody listens any more
	last     int  // code of the last NOTIFY
}

// receiveRefer takes a REFER. What can never come to good is refused at once, and so is
// everything when nobody is there to decide.
func (s *Session) receiveRefer(tx sipcore.ServerTransaction) {
	req := tx.Request()
	r, code, reason := s.readRefer(req)
	if code == 0 && (s.cfg.OnRefer == nil || !s.cfg.OnRefer(s, r)) {
		code, reason = sip.StatusGlobalDecline, "Decline"
	}
	if code != 0 {
		s.reply(tx, code, reason)
		return
	}
	res := transact.NewResponse(req, sip.StatusAccepted, "Accepted")
	res.AppendHeader(&sip.ContactHeader{Address: s.cfg.Agent.Contact()})
	if r.silent {
		res.AppendHeader(sip.NewHeader("Refer-Sub", "false"))
	}
	s.respond(tx, res)
	r.tell(sip.StatusTrying, "Trying")
}

// readRefer reads and checks a REFER. code is what refuses it, 0 for none.
func (s *Session) readRefer(req *sip.Request) (r *Referred, code int, reason string) {
	switch {
	case !s.acked:
		return nil, sip.StatusForbidden, "Not Yet"
	case len(s.referrals) > 0: // each side would wait for what the other one has been asked to do
		return nil, sip.StatusRequestPending, "Transfer Under Way"
	}
	headers := req.GetHeaders("Refer-To")
	if len(headers) != 1 {
		return nil, sip.StatusBadRequest, "One Refer-To Wanted"
	}
	r = &Referred{s: s, event: fmt.Sprintf("refer;id=%d", req.CSeq().SeqNo), silent: hasToken(req, "Refer-Sub", "false")}
	if h := req.GetHeader("Referred-By"); h != nil {
		r.By = h.Value()
	}
	to, fields, ok := nameAddr(headers[0].Value())
	if r.To = to; !ok {
		return nil, sip.StatusBadRequest, "Refer-To That Cannot Be Called"
	}
	if method, ok := r.To.URI.UriParams.Get("method"); ok && !strings.EqualFold(method, "INVITE") {
		return nil, sip.StatusForbidden, "Only INVITE"
	}
	r.To.URI.UriParams.Remove("method")
	for field := range strings.SplitSeq(fields, "&") { // those that are none of its business are left out
		if name, value, _ := strings.Cut(field, "="); strings.EqualFold(name, "Replaces") {
			v, err := url.PathUnescape(value)
			if _, _, ok := replacement(v); !ok || err != nil || strings.ContainsAny(v, "\r\n") {
				return nil, sip.StatusBadRequest, "Malformed Replaces"
			}
			r.replaces = v
		}
	}
	if s.loops(r) {
		return nil, sip.StatusLoopDetected, "Loop Detected"
	}
	return r, 0, ""
}

// nameAddr reads a URI that can be called, with a name or without, and the headers in it.
func nameAddr(value string) (a sipcore.Address, headers string, ok bool) {
	uri := value
	if name, rest, ok := strings.Cut(uri, "<"); ok {
		a.Name = sipcore.UnquoteName(strings.TrimSpace(name))
		uri, _, _ = strings.Cut(rest, ">")
	}
	uri, headers, _ = strings.Cut(strings.TrimSpace(uri), "?")
	return a, headers, sip.ParseUri(uri, &a.URI) == nil && callable(a.URI)
}

// loops tells whether a call would come back: to ourselves, to who asks for it, or into
// one of our own dialogs.
func (s *Session) loops(r *Referred) bool {
	same := func(u sip.Uri) bool {
		return u.User == r.To.URI.User && strings.EqualFold(u.Host, r.To.URI.Host)
	}
	self := s.cfg.Agent.AOR()
	if same(self.URI) || same(s.cfg.Agent.Contact()) {
		return true
	}
	if r.replaces == "" {
		return same(s.dialog.Remote().URI)
	}
	// Named as the other side of that dialog sees it.
	id, _, _ := replacement(r.replaces)
	id.LocalTag, id.RemoteTag = id.RemoteTag, id.LocalTag
	return s.set.dialogs[id] != nil
}

// Accept makes the call, as i has it but for whom and in whose place, and tells the other
// side how it goes. The session that it was asked in goes on until either side ends it.
func (r *Referred) Accept(i Invite) *Session {
	i.To, i.progress, i.referredBy = r.To, r.tell, r.s.info.Remote
	if r.By != "" {
		i.Headers = append(i.Headers, "Referred-By: "+r.By)
	}
	if r.replaces != "" {
		i.Headers = append(i.Headers, "Replaces: "+r.replaces, "Require: "+replacesTag)
	}
	return r.s.set.Invite(i)
}

// Refuse makes no call and says so.
func (r *Referred) Refuse() { r.tell(sip.StatusGlobalDecline, "Decline") }

// tell sends a NOTIFY of how the call goes (RFC 3515 §2.4.4), each step once and nothing
// after the last. It goes in the dialog also when the session in that is over.
func (r *Referred) tell(code int, reason string) {
	if r.silent || code <= r.last {
		return
	}
	r.last = code
	if code >= 200 {
		r.last = 1000
	}
	req := r.s.dialog.NewRequest(sip.NOTIFY)
	req.AppendHeader(sip.NewHeader("Event", r.event))
	state := "active;expires=" + seconds(maxReferral)
	if code >= 200 {
		state = "terminated;reason=noresource"
	}
	req.AppendHeader(sip.NewHeader("Subscription-State", state))
	ct := sip.ContentTypeHeader("message/sipfrag;version=2.0")
	req.AppendHeader(&ct)
	req.SetBody([]byte(fmt.Sprintf("SIP/2.0 %d %s\r\n", code, reason)))
	r.s.cfg.Agent.Request(sipcore.Outgoing{
		Request: req, NextCSeq: r.s.dialog.NextCSeq,
		On: func(res *sip.Response, err error) {
			if err != nil || res.StatusCode >= 300 { // nobody listens
				r.silent = true
			}
		},
	})
}
