package transact

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"

	"github.com/emiago/sipgo/sip"
)

// NewResponse builds the response to a request (RFC 3261 §8.2.6): Via, From, To,
// Call-ID and CSeq copied, Record-Route where a dialog may come of it (§12.1.1),
// Timestamp in a 100. To gets a tag when it has none and code is above 100: the
// same one for every response to that request, and for the CANCEL of it.
func NewResponse(req *sip.Request, code int, reason string) *sip.Response {
	res := sip.NewResponse(code, reason)
	sip.CopyHeaders("Via", req, res)
	if code > 100 && code < 300 && makesDialog(req.Method) {
		sip.CopyHeaders("Record-Route", req, res)
	}
	if h := req.From(); h != nil {
		res.AppendHeader(sip.HeaderClone(h))
	}
	if h := req.To(); h != nil {
		res.AppendHeader(sip.HeaderClone(h))
		if to := res.To(); code > 100 && to.Params.GetOr("tag", "") == "" {
			to.Params.Add("tag", toTag(req))
		}
	}
	if h := req.CallID(); h != nil {
		res.AppendHeader(sip.HeaderClone(h))
	}
	if h := req.CSeq(); h != nil {
		res.AppendHeader(sip.HeaderClone(h))
	}
	if code == sip.StatusTrying {
		sip.CopyHeaders("Timestamp", req, res)
	}
	res.SetBody(nil)
	res.SetTransport(req.Transport())
	return res
}

// makesDialog lists the methods that create dialogs or refresh their targets.
func makesDialog(m sip.RequestMethod) bool {
	switch m {
	case sip.INVITE, sip.UPDATE, sip.SUBSCRIBE, sip.NOTIFY, sip.REFER:
		return true
	default:
		return false
	}
}

// tagSecret keeps tags from being foreseen (RFC 3261 §19.3).
var tagSecret = sync.OnceValue(rand.Text)

// toTag derives the tag of our responses from what names the request, so that it
// is stable without being kept (RFC 3261 §8.2.7). The method is left out: a CANCEL
// is answered with the tag of its INVITE (§9.2).
func toTag(req *sip.Request) string {
	parts := []string{tagSecret()}
	if via := req.Via(); via != nil {
		parts = append(parts, via.Host, strconv.Itoa(via.Port), via.Params.GetOr("branch", ""))
	}
	if from := req.From(); from != nil {
		parts = append(parts, from.Params.GetOr("tag", ""))
	}
	if id := req.CallID(); id != nil {
		parts = append(parts, id.Value())
	}
	if cseq := req.CSeq(); cseq != nil {
		parts = append(parts, strconv.FormatUint(uint64(cseq.SeqNo), 10))
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}
