package register

import (
	"errors"
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// maxRaised is how often in a row a registrar may ask for a still longer lifetime.
const maxRaised = 3

// send sends a REGISTER unless one is on its way, since only one may be (RFC 3261
// §10.2), or the link is down. Both ends lead back here through the table.
func (r *Registration) send(removal bool) {
	if r.pending != nil || !r.link {
		return
	}
	lifetime := r.expires
	if removal {
		lifetime = 0
	}
	p := &exchange{removal: removal, held: r.held, first: r.cseq + 1}
	r.pending, r.held = p, true
	r.agent.Request(sipcore.Outgoing{
		Request:  r.newRequest(lifetime),
		NextCSeq: r.nextCSeq,
		On:       func(res *sip.Response, err error) { r.answered(p, res, err) },
	})
}

// newRequest makes a REGISTER (RFC 3261 §10.2) for our own contact.
func (r *Registration) newRequest(lifetime time.Duration) *sip.Request {
	req := r.agent.NewRequest(sip.REGISTER, r.agent.AOR().URI)
	req.Recipient = *r.registrar.Clone()
	if r.callID == "" {
		r.callID = req.CallID().Value()
	}
	callID := sip.CallIDHeader(r.callID)
	req.ReplaceHeader(&callID)
	req.ReplaceHeader(&sip.CSeqHeader{SeqNo: r.nextCSeq(), MethodName: sip.REGISTER})

	seconds := strconv.Itoa(int(lifetime / time.Second))
	contact := &sip.ContactHeader{Address: r.agent.Contact()}
	contact.Params.Add("+sip.instance", `"<`+r.agent.InstanceID()+`>"`)
	contact.Params.Add("expires", seconds)
	req.AppendHeader(contact)
	// Some registrars read only the header.
	req.AppendHeader(sip.NewHeader("Expires", seconds))
	// Without it a registrar refuses what a proxy with Path hands on (RFC 3327 §5.1).
	req.AppendHeader(sip.NewHeader("Supported", "path"))
	return req
}

func (r *Registration) nextCSeq() uint32 {
	r.cseq++
	return r.cseq
}

// answered takes the end of a request to the table. Of a request that was dropped
// nothing is heard.
func (r *Registration) answered(p *exchange, res *sip.Response, err error) {
	if r.closed || p != r.pending || res != nil && res.IsProvisional() {
		return
	}
	r.pending = nil
	r.handle(r.judge(p, res, err))
}

// judge keeps what an answer says and tells which input it is.
func (r *Registration) judge(p *exchange, res *sip.Response, err error) input {
	r.retryAfter = 0
	if err == nil && (res.CSeq() == nil || res.CSeq().SeqNo < p.first) {
		err = sipcore.ErrTimeout // an answer to something older is none
	}
	switch {
	case err != nil:
		r.setCause(sipcore.CauseOf(err))
		r.agent.Log().Warn("REGISTER failed", "err", err)
		if !p.removal && !temporary(err) {
			return inRefused
		}
	case res.IsSuccess():
		return r.accepted(p, res)
	default:
		r.setCause(&sipcore.Cause{Code: res.StatusCode, Reason: res.Reason})
		r.agent.Log().Warn("REGISTER refused", "code", res.StatusCode, "reason", res.Reason)
		r.retryAfter = sipcore.RetryAfter(res)
		if !p.removal && !r.tryLater(res) {
			r.held = p.held
			return r.refused(res)
		}
	}
	if p.removal {
		return inKept
	}
	return inUnavailable
}

// accepted reads a 2xx.
func (r *Registration) accepted(p *exchange, res *sip.Response) input {
	asked := r.expires
	if p.removal {
		asked = 0
	}
	var granted time.Duration
	r.contacts, granted = bindings(res, r.agent.Contact(), r.agent.InstanceID(), asked)
	r.changed = true
	r.setCause(nil)
	switch {
	case p.removal:
		r.held = false
		return inRemoved
	case granted <= 0:
		r.setCause(&sipcore.Cause{Code: 500, Reason: "The registrar keeps no binding"})
		return inUnavailable
	}
	r.failures, r.raised = 0, 0
	r.setGranted(granted)
	return inGranted
}

// refused tells a 423 with a lifetime that can be asked for (RFC 3261 §10.2.8) from the
// rest.
func (r *Registration) refused(res *sip.Response) input {
	const tooBrief = 423
	least, ok := sipcore.Seconds(res, "Min-Expires")
	if res.StatusCode != tooBrief || !ok || least <= r.expires || r.raised >= maxRaised {
		return inRefused
	}
	r.raised++
	r.expires = least
	r.setCause(nil) // it is settled at once
	return inTooBrief
}

// tryLater reports whether asking again without change may help. The credentials have
// been tried by the agent: what it could not answer stays refused.
func (r *Registration) tryLater(res *sip.Response) bool {
	switch code := res.StatusCode; code {
	case 401, 403, 407, 423:
		return false
	case 501, 505, 513: // not implemented, no such version, too large: it will not change
		return r.retryAfter > 0
	default:
		return code == 408 || code/100 == 5 || r.retryAfter > 0
	}
}

// temporary tells trouble on the way from what will be the same again.
func temporary(err error) bool {
	return errors.Is(err, sipcore.ErrTimeout) || errors.Is(err, sipcore.ErrLinkDown) ||
		errors.Is(err, sipcore.ErrCanceled) || errors.Is(err, sipcore.ErrClosed)
}
