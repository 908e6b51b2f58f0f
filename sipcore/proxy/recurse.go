//go:build !js

package proxy

import (
	"slices"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/transact"
)

// maxTried bounds how many addresses one request is sent to by redirections.
const maxTried = 10

// follows sends the request on to where a branch redirects it, in place of that branch, if
// that is one address of this domain at which somebody is registered and to which it was
// not sent yet (RFC 3261 §16.7 step 4): a circle ends here. Anything else is for the caller
// to follow.
func (b *branch) follows(res *sip.Response) bool {
	f, p := b.fork, b.fork.from.proxy
	contacts := sipcore.NamedIn(res, "Contact")
	if b.finished || f.canceled || f.answered || len(contacts) != 1 || len(f.tried) >= maxTried ||
		res.StatusCode != sip.StatusMovedTemporarily && res.StatusCode != 301 {
		return false
	}
	to := contacts[0].URI
	to.Headers = nil
	if !p.ours(to.Host) {
		return false
	}
	if slices.ContainsFunc(f.tried, func(u sip.Uri) bool { return sipcore.AOR(u) == sipcore.AOR(to) }) {
		b.finish(transact.NewResponse(f.req, sip.StatusTemporarilyUnavailable, "Redirected In A Circle"))
		return true
	}
	targets, refused := p.targets(way{uri: to})
	if refused != nil {
		return false
	}
	f.from.log.Info("redirected", "to", sipcore.AOR(to))
	f.tried = append(f.tried, to)
	b.finished = true
	b.timerC.Stop()
	f.branches = slices.DeleteFunc(f.branches, func(o *branch) bool { return o == b })
	if f.invite() {
		told := transact.NewResponse(f.req, sip.StatusCallIsForwarded, "Call Is Being Forwarded")
		told.AppendHeader(sip.NewHeader(sipcore.HistoryInfo, "<"+f.tried[0].String()+">;index=1"))
		told.AppendHeader(sip.NewHeader(sipcore.HistoryInfo, "<"+to.String()+">;index=1.1;mp=1"))
		f.from.send(f.tx, told)
	}
	f.send(targets, res)
	return true
}
