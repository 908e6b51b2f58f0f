package transact

import (
	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// Cancel gives up an INVITE as [sipcore.ClientTransaction] says (RFC 3261 §9.1).
// When no response at all comes, there is nothing to send a CANCEL after, and the
// transaction ends with ErrTimeout as if it had not been cancelled.
func (c *Client) Cancel(headers ...sip.Header) {
	if c.canceling || !c.req.IsInvite() {
		return
	}
	c.canceling = true
	c.cancelExtra = headers
	c.sendCancel()
}

// sendCancel sends the CANCEL when it is wanted and its moment has come: a
// provisional response is there and no final one.
func (c *Client) sendCancel() {
	if !c.canceling || c.cancelSent || c.over || c.state != proceeding {
		return
	}
	c.cancelSent = true
	c.cancelExpiry = c.l.loop.After(sip.Timer_B, func() { c.end(sipcore.ErrCanceled) })
	c.l.Request(newCancel(c.req, c.cancelExtra), func(res *sip.Response, err error) {
		switch {
		case err != nil:
			c.l.log.Info("CANCEL not answered", "err", err)
		case res.StatusCode >= 300:
			c.l.log.Info("CANCEL refused", "code", res.StatusCode)
		}
	})
}

// newCancel builds the CANCEL for a request (RFC 3261 §9.1): its top Via, Route,
// To, From, Call-ID and CSeq number, and nothing that would ask for credentials.
func newCancel(req *sip.Request, extra []sip.Header) *sip.Request {
	cancel := sip.NewRequest(sip.CANCEL, *req.Recipient.Clone())
	cancel.AppendHeader(req.Via().Clone())
	sip.CopyHeaders("Route", req, cancel)
	forwards := sip.MaxForwardsHeader(70)
	cancel.AppendHeader(&forwards)
	cancel.AppendHeader(sip.HeaderClone(req.From()))
	cancel.AppendHeader(sip.HeaderClone(req.To()))
	cancel.AppendHeader(sip.HeaderClone(req.CallID()))
	cancel.AppendHeader(&sip.CSeqHeader{SeqNo: req.CSeq().SeqNo, MethodName: sip.CANCEL})
	for _, h := range extra {
		cancel.AppendHeader(h)
	}
	return cancel
}

// receiveCancel answers a CANCEL and passes it on to the INVITE that it is for
// (RFC 3261 §9.2). The state machine is left out: it would answer the INVITE itself.
func (l *Layer) receiveCancel(cancel *sip.Request) {
	s := l.servers[inviteKey(cancel)]
	if s == nil {
		l.respond(cancel, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
		return
	}
	l.respond(cancel, sip.StatusOK, "OK")
	if s.code != 0 || s.canceled != nil {
		return
	}
	s.canceled = cancel
	if s.onCancel != nil {
		s.onCancel(cancel)
	}
}

// inviteKey is the key of the INVITE that a CANCEL is for: the same but for the
// method.
func inviteKey(cancel *sip.Request) string {
	invite := sip.NewRequest(sip.INVITE, cancel.Recipient)
	for _, h := range cancel.Headers() {
		if cseq, ok := h.(*sip.CSeqHeader); ok {
			h = &sip.CSeqHeader{SeqNo: cseq.SeqNo, MethodName: sip.INVITE}
		}
		invite.AppendHeader(h)
	}
	return serverKey(invite)
}

// respond answers a request statelessly.
func (l *Layer) respond(req *sip.Request, code int, reason string) {
	if err := l.write(NewResponse(req, code, reason)); err != nil {
		l.log.Info("response not sent", "code", code, "err", err)
	}
}
