//go:build !js

package proxy

import (
	"errors"
	"strings"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/transact"
)

// fork is the response context of a request that was sent on (RFC 3261 §16.7).
type fork struct {
	from     *conn
	tx       *transact.Server
	req      *sip.Request
	branches []*branch
	tried    []sip.Uri // all that the call was sent to by redirections, what it began with first
	answered bool      // a final response has been sent back
	canceled bool      // the caller or a final response ended the search
}

// branch is one place the request was sent to.
type branch struct {
	fork     *fork
	client   *transact.Client
	timerC   *sipcore.Timer
	rangOut  bool // Timer C has ended it
	final    *sip.Response
	finished bool
}

// relay sends a request on to wherever it has to go.
func (c *conn) relay(tx *transact.Server, w way) {
	targets, refused := c.proxy.targets(w)
	if refused != nil {
		c.log.Info("not relayed", "method", tx.Request().Method, "code", refused.code, "reason", refused.reason)
		c.respond(tx, *refused)
		return
	}
	f := &fork{from: c, tx: tx, req: tx.Request(), tried: []sip.Uri{w.uri}}
	if f.invite() {
		c.send(tx, transact.NewResponse(f.req, sip.StatusTrying, "Trying"))
		tx.OnCancel(func(cancel *sip.Request) { f.cancel(nil, cancel.GetHeaders("reason")...) })
	}
	tx.OnEnd(func(err error) {
		if err != nil {
			f.answered = true
			f.cancel(nil) // nobody is there any more to hear the answer
		}
	})
	f.send(targets, nil)
}

// send sends the request to targets, because of a redirection unless that is nil.
func (f *fork) send(targets []target, because *sip.Response) {
	// All branches exist before the first response can come: it must not be taken
	// for the last.
	begun := len(f.branches)
	for range targets {
		f.branches = append(f.branches, &branch{fork: f})
	}
	for i, t := range targets {
		req := f.from.copyFor(f.req, t)
		if because != nil {
			sipcore.Divert(req, because, f.tried[len(f.tried)-1])
		}
		f.branches[begun+i].send(req, t.conn)
	}
}

func (f *fork) invite() bool { return f.req.Method == sip.INVITE }

func (b *branch) send(req *sip.Request, to *conn) {
	if limit := to.proxy.cfg.Limits.Transactions; to.layer.Pending() >= limit {
		to.log.Warn("request not sent: too many transactions", "limit", limit)
		b.finish(transact.NewResponse(b.fork.req, sip.StatusTemporarilyUnavailable, "Too Many Transactions"))
		return
	}
	if b.fork.invite() {
		b.restartTimerC()
	}
	b.client = to.layer.Request(req, b.response)
}

// restartTimerC gives the branch its time to ring anew (RFC 3261 §16.7 step 2).
func (b *branch) restartTimerC() {
	b.timerC.Stop()
	f := b.fork
	b.timerC = f.from.proxy.loop.After(f.from.proxy.cfg.TimerC, func() {
		f.from.log.Info("branch given up: it rang too long")
		b.rangOut = true
		b.client.Cancel()
	})
}

// response takes what a branch answers (RFC 3261 §16.7).
func (b *branch) response(res *sip.Response, err error) {
	f := b.fork
	switch {
	case err != nil:
		b.failed(err)
	case res.StatusCode == sip.StatusTrying:
		// It concerns this hop only.
	case res.IsProvisional():
		if f.invite() && !b.finished {
			b.restartTimerC()
		}
		if !f.answered {
			f.from.send(f.tx, upstream(res))
		}
	case res.IsSuccess():
		b.success(res)
	case b.follows(res):
	default:
		b.finish(upstream(res))
	}
}

// success passes a 2xx at once and gives up the other branches. To an INVITE every
// 2xx is passed, also repeated ones and those of further branches.
func (b *branch) success(res *sip.Response) {
	f := b.fork
	b.finished = true
	b.timerC.Stop()
	switch {
	case !f.answered:
		f.answered = true
		f.from.send(f.tx, upstream(res))
		f.cancel(b, completedElsewhere())
	case f.invite() && !f.from.ended:
		if err := f.from.layer.Send(upstream(res)); err != nil {
			f.from.log.Debug("2xx not passed", "err", err)
		}
	}
}

// failed puts the end of a branch without a response into the terms of SIP (RFC
// 3261 §16.9).
func (b *branch) failed(err error) {
	code, reason := sip.StatusInternalServerError, "Server Internal Error"
	switch {
	case b.rangOut:
		code, reason = sip.StatusRequestTimeout, "Request Timeout"
	case errors.Is(err, sipcore.ErrTimeout) && b.fork.invite():
		code, reason = sip.StatusRequestTimeout, "Request Timeout"
	case errors.Is(err, sipcore.ErrTimeout), errors.Is(err, sipcore.ErrLinkDown), errors.Is(err, sipcore.ErrClosed):
		// 408 must not be sent to other methods (RFC 4320 §4.2). A phone whose
		// connection broke is a phone that is not there.
		code, reason = sip.StatusTemporarilyUnavailable, "Temporarily Unavailable"
	case errors.Is(err, sipcore.ErrCanceled):
		code, reason = sip.StatusRequestTerminated, "Request Terminated"
	}
	b.finish(transact.NewResponse(b.fork.req, code, reason))
}

// finish takes the final response of a branch other than 2xx.
func (b *branch) finish(res *sip.Response) {
	if b.finished {
		return
	}
	f := b.fork
	b.finished = true
	b.timerC.Stop()
	if b.rangOut && res.StatusCode == sip.StatusRequestTerminated {
		res = transact.NewResponse(f.req, sip.StatusRequestTimeout, "Request Timeout")
	}
	b.final = res
	if res.IsGlobalError() {
		f.cancel(b)
	}
	for _, o := range f.branches {
		if !o.finished {
			return
		}
	}
	if !f.answered {
		f.answered = true
		f.from.send(f.tx, f.best())
	}
}

// cancel gives up all branches but one that are still without a final response.
// The header fields, Reason, go with the CANCEL.
func (f *fork) cancel(except *branch, headers ...sip.Header) {
	if !f.invite() || f.canceled {
		return
	}
	f.canceled = true
	for _, b := range f.branches {
		if b != except && !b.finished && b.client != nil {
			b.client.Cancel(headers...)
		}
	}
}

// completedElsewhere tells phones why they stop ringing, so that a call which was
// answered is not shown as missed (RFC 3326 §3.1).
func completedElsewhere() sip.Header {
	return sip.NewHeader("Reason", `SIP;cause=200;text="Call completed elsewhere"`)
}

// best chooses among the final responses of all branches (RFC 3261 §16.7 step 6).
func (f *fork) best() *sip.Response {
	best := f.branches[0].final
	for _, b := range f.branches[1:] {
		if rank(b.final) < rank(best) {
			best = b.final
		}
	}
	switch best.StatusCode {
	case sip.StatusServiceUnavailable:
		// 503 would say that this proxy is out of order.
		return transact.NewResponse(f.req, sip.StatusInternalServerError, "Server Internal Error")
	case sip.StatusUnauthorized, sip.StatusProxyAuthRequired:
		f.gatherChallenges(best)
	}
	return best
}

// rank orders final responses: 6xx first, then the lowest class, in it first those
// that tell the caller what to change, last those that say nothing of the callee.
func rank(res *sip.Response) int {
	class := res.StatusCode / 100
	if class == 6 {
		return 0
	}
	switch res.StatusCode {
	case 401, 407, 415, 420, 484:
		return class * 10
	case 408, 480, 487:
		return class*10 + 2
	case 503:
		return class*10 + 3
	default:
		return class*10 + 1
	}
}

// gatherChallenges adds the other branches' challenges to a 401 or 407 (RFC 3261
// §16.7 step 7).
func (f *fork) gatherChallenges(best *sip.Response) {
	for _, b := range f.branches {
		code := b.final.StatusCode
		if b.final == best || code != sip.StatusUnauthorized && code != sip.StatusProxyAuthRequired {
			continue
		}
		for _, h := range b.final.Headers() {
			switch strings.ToLower(h.Name()) {
			case "www-authenticate", "proxy-authenticate":
				best.AppendHeader(sip.HeaderClone(h))
			}
		}
	}
}

// upstream is a response without our Via.
func upstream(res *sip.Response) *sip.Response {
	out := res.Clone()
	out.RemoveHeader("Via")
	return out
}

// ack sends the ACK to a 2xx on its way (RFC 3261 §16.11: without a transaction).
func (c *conn) ack(req *sip.Request) {
	w, refused := c.proxy.preprocess(req)
	if refused == nil {
		refused = c.proxy.validate(req, w)
	}
	if refused != nil || !w.inDialog {
		c.log.Warn("ACK dropped: its Route is not from here")
		return
	}
	targets, refused := c.proxy.targets(w)
	if refused != nil {
		c.log.Info("ACK dropped", "reason", refused.reason)
		return
	}
	if err := targets[0].conn.layer.Send(c.copyFor(req, targets[0])); err != nil {
		c.log.Info("ACK not passed", "err", err)
	}
}
