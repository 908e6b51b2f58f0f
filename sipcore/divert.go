package sipcore

import "github.com/emiago/sipgo/sip"

// The header fields that tell by whom a call was sent elsewhere: RFC 5806 and RFC 7044.
const (
	Diversion   = "Diversion"
	HistoryInfo = "History-Info"
)

// Divert has a request that goes to another address because of a 3xx tell so: what the
// response says of the way takes the place of what the request said, and the new address is
// added to its history (RFC 7044 §10.3). Who answers 3xx without a history has none.
func Divert(req *sip.Request, res *sip.Response, to sip.Uri) {
	for _, name := range []string{Diversion, HistoryInfo} {
		headers := res.GetHeaders(name)
		if len(headers) == 0 {
			continue
		}
		for req.RemoveHeader(name) {
		}
		for _, h := range headers {
			req.AppendHeader(sip.HeaderClone(h))
		}
	}
	if history := NamedIn(res, HistoryInfo); len(history) > 0 {
		last, _ := history[len(history)-1].Params.Get("index")
		req.AppendHeader(sip.NewHeader(HistoryInfo, "<"+to.String()+">;index="+last+".1;mp="+last))
	}
}
