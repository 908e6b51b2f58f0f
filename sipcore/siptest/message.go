package siptest

import (
	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/transact"
)

// peerHost is where the peer says it is.
const peerHost = "peer.example.test"

// Mod changes a message before it is sent.
type Mod func(sip.Message)

// Header adds a header field.
func Header(name, value string) Mod {
	return func(m sip.Message) { m.AppendHeader(sip.NewHeader(name, value)) }
}

// Body sets the body with its Content-Type.
func Body(contentType, body string) Mod {
	return func(m sip.Message) {
		h := sip.ContentTypeHeader(contentType)
		m.AppendHeader(&h)
		m.SetBody([]byte(body))
	}
}

// Contact adds a Contact, as a URI.
func Contact(uri string) Mod {
	return func(m sip.Message) { m.AppendHeader(&sip.ContactHeader{Address: URI(uri)}) }
}

// ToTag sets the tag of To, e.g. for responses of several forks.
func ToTag(tag string) Mod {
	return func(m sip.Message) { m.To().Params.Add("tag", tag) }
}

// FromTag sets the tag of From.
func FromTag(tag string) Mod {
	return func(m sip.Message) { m.From().Params.Add("tag", tag) }
}

// Reason sets the reason phrase of a response.
func Reason(text string) Mod {
	return func(m sip.Message) {
		if res, ok := m.(*sip.Response); ok {
			res.Reason = text
		}
	}
}

// URI reads a URI that the test has written; a malformed one panics.
func URI(s string) sip.Uri {
	var u sip.Uri
	if err := sip.ParseUri(s, &u); err != nil {
		panic("siptest: " + s + ": " + err.Error())
	}
	return u
}

// Reply answers a request of the phone. A response that may make a dialog gets the
// peer's Contact unless mods give one.
func (p *Peer) Reply(req *sip.Request, code int, mods ...Mod) *sip.Response {
	p.t.Helper()
	res := transact.NewResponse(req, code, "")
	for _, mod := range mods {
		mod(res)
	}
	if res.Contact() == nil && req.IsInvite() && code > 100 && code < 300 {
		Contact("sip:" + peerHost + ";transport=ws")(res)
	}
	p.Send(res)
	return res
}

// NewRequest makes a request of the peer outside a dialog, from `sip:bob@example.test`
// to the phone, without sending it.
func (p *Peer) NewRequest(method sip.RequestMethod, to string, mods ...Mod) *sip.Request {
	uri := URI(to)
	req := sip.NewRequest(method, uri)
	req.AppendHeader(newVia())
	forwards := sip.MaxForwardsHeader(70)
	req.AppendHeader(&forwards)
	from := &sip.FromHeader{DisplayName: "Bob", Address: URI("sip:bob@example.test"), Params: sip.NewParams()}
	from.Params.Add("tag", sip.GenerateTagN(8))
	req.AppendHeader(from)
	req.AppendHeader(&sip.ToHeader{Address: uri, Params: sip.NewParams()})
	id := sip.CallIDHeader(sip.GenerateTagN(16) + "@" + peerHost)
	req.AppendHeader(&id)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: 1, MethodName: method})
	for _, mod := range mods {
		mod(req)
	}
	if method == sip.INVITE && req.Contact() == nil {
		Contact("sip:bob@" + peerHost + ";transport=ws")(req)
	}
	return req
}

// Request makes a request as NewRequest does and sends it.
func (p *Peer) Request(method sip.RequestMethod, to string, mods ...Mod) *sip.Request {
	p.t.Helper()
	req := p.NewRequest(method, to, mods...)
	p.Send(req)
	return req
}

// Ack acknowledges the final response to an INVITE of the peer: in its transaction,
// or outside one when it is a 2xx (RFC 3261 §17.1.1.3 and §13.2.2.4).
func (p *Peer) Ack(invite *sip.Request, res *sip.Response) {
	p.t.Helper()
	target := invite.Recipient
	if res.IsSuccess() && res.Contact() != nil {
		target = res.Contact().Address
	}
	p.Send(follow(sip.ACK, target, invite, res))
}

// Cancel cancels an INVITE of the peer (RFC 3261 §9.1).
func (p *Peer) Cancel(invite *sip.Request, mods ...Mod) *sip.Request {
	p.t.Helper()
	cancel := follow(sip.CANCEL, invite.Recipient, invite, nil)
	for _, mod := range mods {
		mod(cancel)
	}
	p.Send(cancel)
	return cancel
}

// follow makes the ACK or CANCEL that belongs to an INVITE.
func follow(method sip.RequestMethod, target sip.Uri, invite *sip.Request, res *sip.Response) *sip.Request {
	req := sip.NewRequest(method, target)
	if res != nil && res.IsSuccess() {
		req.AppendHeader(newVia())
	} else {
		req.AppendHeader(invite.Via().Clone())
	}
	sip.CopyHeaders("Route", invite, req)
	forwards := sip.MaxForwardsHeader(70)
	req.AppendHeader(&forwards)
	req.AppendHeader(sip.HeaderClone(invite.From()))
	if res != nil {
		req.AppendHeader(sip.HeaderClone(res.To()))
	} else {
		req.AppendHeader(sip.HeaderClone(invite.To()))
	}
	req.AppendHeader(sip.HeaderClone(invite.CallID()))
	req.AppendHeader(&sip.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: method})
	return req
}

func newVia() *sip.ViaHeader {
	via := &sip.ViaHeader{
		ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: "WS",
		Host: peerHost, Params: sip.NewParams(),
	}
	via.Params.Add("branch", sip.GenerateBranch())
	return via
}
