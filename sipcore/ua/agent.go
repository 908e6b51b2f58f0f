package ua

import (
	"context"
	"errors"
	"log/slog"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/auth"
	"gocommunicator/sipcore/message"
	"gocommunicator/sipcore/session"
)

// maxAttempts bounds how often one request is repeated for new challenges, so that no
// server can keep the agent busy: two proxies and a registrar may each ask, and find
// a nonce stale once.
const maxAttempts = 6

// Loop implements sipcore.Agent.
func (u *UA) Loop() *sipcore.Loop { return u.cfg.Loop }

// Log implements sipcore.Agent.
func (u *UA) Log() *slog.Logger { return u.log }

// AOR implements sipcore.Agent.
func (u *UA) AOR() sipcore.Address { return u.cfg.Account }

// Contact implements sipcore.Agent.
func (u *UA) Contact() sip.Uri { return *u.contact.Clone() }

// InstanceID implements sipcore.Agent.
func (u *UA) InstanceID() string { return u.cfg.InstanceID }

// Allow implements sipcore.Agent.
func (u *UA) Allow() string {
	if u.refusesMessages() {
		return methods
	}
	return methods + ", MESSAGE"
}

// methods are those that every agent takes part in.
const methods = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY"

func (u *UA) refusesMessages() bool { return u.cfg.RefuseMessages || u.cfg.Events.Message == nil }

// accept is the value of the Accept header outside of dialogs.
func (u *UA) accept() string {
	if u.refusesMessages() {
		return "application/sdp"
	}
	return "application/sdp, " + message.Accepted
}

// NewRequest implements sipcore.Agent.
func (u *UA) NewRequest(method sip.RequestMethod, to sip.Uri) *sip.Request {
	account := u.cfg.Account
	req := sip.NewRequest(method, *to.Clone())
	// The To of a request is the Request-URI without what only concerns the way
	// (RFC 3261 §19.1.1, table 1).
	toURI := *to.Clone()
	toURI.UriParams, toURI.Headers = nil, nil
	from := &sip.FromHeader{DisplayName: sipcore.QuoteName(account.Name), Address: *account.URI.Clone(), Params: sip.NewParams()}
	from.Params.Add("tag", sip.GenerateTagN(16))
	maxForwards := sip.MaxForwardsHeader(70)
	callID := sip.CallIDHeader(sip.GenerateTagN(24))
	req.AppendHeader(&maxForwards)
	req.AppendHeader(from)
	req.AppendHeader(&sip.ToHeader{Address: toURI, Params: sip.NewParams()})
	req.AppendHeader(&callID)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: 1, MethodName: method})
	if u.cfg.UserAgent != "" {
		req.AppendHeader(sip.NewHeader("User-Agent", u.cfg.UserAgent))
	}
	switch method {
	case sip.INVITE, sip.OPTIONS:
		req.AppendHeader(&sip.ContactHeader{Address: u.Contact()})
		req.AppendHeader(sip.NewHeader("Allow", u.Allow()))
		req.AppendHeader(session.Supported())
		accept := "application/sdp" // in answers (RFC 3261 §20.1)
		if method == sip.OPTIONS {
			accept = u.accept()
		}
		req.AppendHeader(sip.NewHeader("Accept", accept))
	case sip.REGISTER:
		req.AppendHeader(sip.NewHeader("Allow", u.Allow()))
	}
	return req
}

// Request implements sipcore.Agent.
func (u *UA) Request(o sipcore.Outgoing) sipcore.ClientTransaction {
	e := &exchange{ua: u, o: o}
	u.unanswered++
	u.auth.Preload(o.Request)
	e.send(o.Request)
	return e
}

// Send implements sipcore.Agent.
func (u *UA) Send(msg sip.Message) error { return u.layer.Send(msg) }

// exchange is a request with all its repetitions for authentication.
type exchange struct {
	ua       *UA
	o        sipcore.Outgoing
	tx       sipcore.ClientTransaction
	attempts int
	canceled bool
	final    bool // a final response or an error was reported
}

func (e *exchange) Request() *sip.Request { return e.tx.Request() }

func (e *exchange) Cancel(headers ...sip.Header) {
	e.canceled = true
	e.tx.Cancel(headers...)
}

func (e *exchange) send(req *sip.Request) {
	e.attempts++
	e.tx = e.ua.layer.Request(req, e.response)
}

func (e *exchange) response(res *sip.Response, err error) {
	if res != nil && (res.StatusCode == sip.StatusUnauthorized || res.StatusCode == sip.StatusProxyAuthRequired) && e.again(res) {
		return
	}
	if res != nil && res.IsSuccess() {
		e.ua.auth.Learn(e.tx.Request(), res)
	}
	if !e.final && (res == nil || !res.IsProvisional()) {
		e.final = true
		e.ua.unanswered--
	}
	e.o.On(res, err)
}

// again repeats the request with credentials, if that has a chance
// (RFC 3261 §22.2, §22.3).
func (e *exchange) again(challenge *sip.Response) bool {
	if e.canceled || e.attempts >= maxAttempts {
		return false
	}
	req := e.tx.Request().Clone()
	for req.RemoveHeader("Via") {
	}
	if err := e.ua.auth.Authorize(req, challenge); err != nil {
		level := slog.LevelWarn
		if errors.Is(err, auth.ErrRejected) {
			level = slog.LevelInfo // a wrong password is told to the person
		}
		e.ua.log.Log(context.Background(), level, "challenge not answered", "method", req.Method, "err", err)
		return false
	}
	if e.o.NextCSeq != nil {
		req.CSeq().SeqNo = e.o.NextCSeq()
	} else {
		req.CSeq().SeqNo++
	}
	e.send(req)
	return true
}
