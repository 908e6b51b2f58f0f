package siptest

import (
	"slices"

	"github.com/emiago/sipgo/sip"
)

// Dialog is the peer's side of a dialog with the phone (RFC 3261 §12). Its fields
// may be changed to have it send what is wrong.
type Dialog struct {
	CallID         string
	Local, Remote  sip.Uri // of From and To in our requests
	LocalTag       string
	RemoteTag      string
	Target         sip.Uri   // the phone's Contact; without one, where it was called or who it says it is
	Routes         []sip.Uri // in the order in which they are sent
	Seq            uint32    // of the last request sent
	p              *Peer
	localDisplayed string
}

// Answered is the dialog that comes of an INVITE of the phone and the peer's response
// to it.
func (p *Peer) Answered(invite *sip.Request, res *sip.Response) *Dialog {
	d := &Dialog{
		p:         p,
		CallID:    invite.CallID().Value(),
		Local:     invite.To().Address,
		LocalTag:  res.To().Params.GetOr("tag", ""),
		Remote:    invite.From().Address,
		Target:    invite.From().Address,
		RemoteTag: invite.From().Params.GetOr("tag", ""),
		Seq:       100,
		Routes:    recordedRoutes(invite),
	}
	if c := invite.Contact(); c != nil {
		d.Target = c.Address
	}
	return d
}

// Called is the dialog that comes of an INVITE of the peer and the phone's response to
// it.
func (p *Peer) Called(invite *sip.Request, res *sip.Response) *Dialog {
	d := &Dialog{
		p:              p,
		CallID:         invite.CallID().Value(),
		Local:          invite.From().Address,
		LocalTag:       invite.From().Params.GetOr("tag", ""),
		Remote:         invite.To().Address,
		Target:         invite.Recipient,
		RemoteTag:      res.To().Params.GetOr("tag", ""),
		Seq:            invite.CSeq().SeqNo,
		Routes:         recordedRoutes(res),
		localDisplayed: invite.From().DisplayName,
	}
	slices.Reverse(d.Routes)
	if c := res.Contact(); c != nil {
		d.Target = c.Address
	}
	return d
}

// NewRequest makes a request within the dialog without sending it. An ACK keeps the
// sequence number of the request before.
func (d *Dialog) NewRequest(method sip.RequestMethod, mods ...Mod) *sip.Request {
	if method != sip.ACK {
		d.Seq++
	}
	req := sip.NewRequest(method, d.Target)
	req.AppendHeader(newVia())
	forwards := sip.MaxForwardsHeader(70)
	req.AppendHeader(&forwards)
	for _, r := range d.Routes {
		req.AppendHeader(&sip.RouteHeader{Address: r})
	}
	from := &sip.FromHeader{DisplayName: d.localDisplayed, Address: d.Local, Params: sip.NewParams()}
	from.Params.Add("tag", d.LocalTag)
	req.AppendHeader(from)
	to := &sip.ToHeader{Address: d.Remote, Params: sip.NewParams()}
	to.Params.Add("tag", d.RemoteTag)
	req.AppendHeader(to)
	id := sip.CallIDHeader(d.CallID)
	req.AppendHeader(&id)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: d.Seq, MethodName: method})
	for _, mod := range mods {
		mod(req)
	}
	if (method == sip.INVITE || method == sip.UPDATE) && req.Contact() == nil {
		Contact("sip:" + peerHost + ";transport=ws")(req)
	}
	return req
}

// Request makes a request as NewRequest does and sends it.
func (d *Dialog) Request(method sip.RequestMethod, mods ...Mod) *sip.Request {
	d.p.t.Helper()
	req := d.NewRequest(method, mods...)
	d.p.Send(req)
	return req
}

func recordedRoutes(msg sip.Message) []sip.Uri {
	var routes []sip.Uri
	for _, h := range msg.GetHeaders("Record-Route") {
		if r, ok := h.(*sip.RecordRouteHeader); ok {
			routes = append(routes, r.Address)
		}
	}
	return routes
}
