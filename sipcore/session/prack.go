package session

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/dialog"
)

// reliable100 is the option tag of provisional responses that are acknowledged
// (RFC 3262).
const reliable100 = "100rel"

// rseqOf is the number of a provisional response that was sent reliably; ok is false
// for one that was not.
func rseqOf(res *sip.Response) (rseq uint32, ok bool) {
	h := res.GetHeader("RSeq")
	if h == nil || !hasToken(res, "Require", reliable100) {
		return 0, false
	}
	n, err := strconv.ParseUint(strings.TrimSpace(h.Value()), 10, 32)
	return uint32(n), err == nil && n > 0
}

func hasToken(msg sip.Message, header, token string) bool {
	return slices.ContainsFunc(sipcore.Tokens(msg, header), func(t string) bool { return strings.EqualFold(t, token) })
}

// acknowledge sends the PRACK to a reliable provisional response (RFC 3262 §4). It
// reports false for one that repeats itself or has overtaken another: nothing is to be
// done with it then.
func (s *Session) acknowledge(d *dialog.Dialog, res *sip.Response, rseq uint32) bool {
	if !d.ReceiveReliable(rseq) {
		return false
	}
	prack := d.NewRequest(sip.PRACK)
	prack.AppendHeader(sip.NewHeader("RAck", fmt.Sprintf("%d %d INVITE", rseq, res.CSeq().SeqNo)))
	s.cfg.Agent.Request(sipcore.Outgoing{
		Request: prack, NextCSeq: d.NextCSeq,
		On: func(res *sip.Response, err error) {
			if err != nil || res.StatusCode >= 300 { // the INVITE's own response tells what that means
				s.cfg.Agent.Log().Info("session: PRACK not taken", "id", s.id, "err", err)
			}
		},
	})
	return true
}

// ring tells the caller that it rings here: reliably when that is demanded
// (RFC 3262 §3). An INVITE without offer would have the offer in the first reliable
// response (§5), for which devices would have to be opened before the person has
// answered: its caller hears nothing until then.
func (s *Session) ring(ringing *sip.Response) {
	req := s.in.Request()
	if !hasToken(req, "Require", reliable100) {
		s.respond(s.in, ringing)
		return
	}
	if len(description(req)) == 0 {
		return
	}
	s.rseq, s.rseqDue = rand.Uint32N(1<<31-1)+1, true
	ringing.AppendHeader(sip.NewHeader("Require", reliable100))
	ringing.AppendHeader(sip.NewHeader("RSeq", strconv.FormatUint(uint64(s.rseq), 10)))
	s.respond(s.in, ringing)
	s.repeatRinging(ringing, t1)
	s.after(64*t1, func() {
		if s.ringsUnheard() {
			s.reply(s.in, sip.StatusGatewayTimeout, "No PRACK")
			s.end(fmt.Errorf("%w: no PRACK", ErrNoAck))
		}
	})
}

func (s *Session) repeatRinging(ringing *sip.Response, wait time.Duration) {
	s.after(wait, func() {
		if s.ringsUnheard() {
			s.respond(s.in, ringing)
			s.repeatRinging(ringing, 2*wait)
		}
	})
}

// ringsUnheard tells whether a reliable provisional response is still to be repeated:
// the final one ends that as well (RFC 3262 §3).
func (s *Session) ringsUnheard() bool {
	return s.rseqDue && (s.info.State == StateIncoming || s.info.State == StateAnswering)
}

// receivePrack takes the PRACK to a reliable provisional response of ours. What comes in
// one that acknowledges nothing, or a second time, is refused (RFC 3262 §3). The offer of
// the INVITE is not answered yet, so that it can hold no other.
func (s *Session) receivePrack(tx sipcore.ServerTransaction) {
	req := tx.Request()
	rack := ""
	if h := req.GetHeader("RAck"); h != nil {
		rack = strings.Join(strings.Fields(h.Value()), " ")
	}
	if !s.rseqDue || s.in == nil || rack != fmt.Sprintf("%d %d INVITE", s.rseq, s.in.Request().CSeq().SeqNo) {
		s.reply(tx, sip.StatusCallTransactionDoesNotExists, "Call/Transaction Does Not Exist")
		return
	}
	s.rseqDue = false
	if len(description(req)) > 0 {
		s.reply(tx, 488, "Not Acceptable Here")
		return
	}
	s.reply(tx, sip.StatusOK, "OK")
}
