// Package dialog keeps what two user agents share while they talk: identifiers,
// sequence numbers, the route set and the remote target (RFC 3261 §12).
//
// A Dialog is plain data and can be written to JSON and read back, so that a call
// may outlive the page. It is owned by the loop of its user agent. Left out: what
// uses a dialog (package session) and how its requests travel (package transact).
package dialog

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

var (
	// ErrNotDialog says that a message cannot found a dialog: a tag or the Contact
	// is missing (RFC 3261 §12.1).
	ErrNotDialog = errors.New("the message does not establish a dialog")
	// ErrOutOfOrder says that a request is older than one already seen; it is
	// answered with 500 (RFC 3261 §12.2.2).
	ErrOutOfOrder = errors.New("request out of order")
)

// State is how far a dialog has come (RFC 3261 §12).
//
//	Early ──2xx──▶ Confirmed ──BYE──▶ Terminated
//	  └──────── final non-2xx ───────────▲
type State string

// The states of a dialog.
const (
	Early      State = "early"      // made by a provisional response
	Confirmed  State = "confirmed"  // made or confirmed by a 2xx
	Terminated State = "terminated" // over
)

// ID tells dialogs apart, seen from this side (RFC 3261 §12).
type ID struct {
	CallID, LocalTag, RemoteTag string
}

// Dialog is the state of one dialog. All its fields are of JSON's kinds.
type Dialog struct {
	State        State    `json:"state"`
	CallID       string   `json:"call_id"`
	LocalTag     string   `json:"local_tag"`
	RemoteTag    string   `json:"remote_tag"`
	LocalName    string   `json:"local_name"`            // display name as it stands in the header
	LocalURI     string   `json:"local_uri"`             // From of what this side sends
	RemoteName   string   `json:"remote_name"`           // display name as it stands in the header
	RemoteURI    string   `json:"remote_uri"`            // To of what this side sends
	LocalCSeq    uint32   `json:"local_cseq"`            // last used by this side
	RemoteCSeq   uint32   `json:"remote_cseq"`           // last seen of the other; 0 before any
	RemoteRSeq   uint32   `json:"remote_rseq,omitempty"` // of the last reliable provisional response; 0 before any
	RemoteTarget string   `json:"remote_target"`         // where requests go: the other's Contact
	RouteSet     []string `json:"route_set"`             // URIs, nearest proxy first
	Contact      string   `json:"contact"`               // URI at which this side is reached
}

// NewUAC makes the dialog of the side which sent req, from a 1xx or 2xx response to
// it (RFC 3261 §12.1.2). It returns ErrNotDialog, wrapped, if the response has no
// To tag or a 2xx no Contact.
func NewUAC(req *sip.Request, res *sip.Response) (*Dialog, error) {
	from, to := req.From(), res.To()
	if from == nil || to == nil || req.CallID() == nil || req.CSeq() == nil {
		return nil, fmt.Errorf("%w: a mandatory header is missing", ErrNotDialog)
	}
	d := &Dialog{
		State:     Early,
		CallID:    req.CallID().Value(),
		LocalTag:  tag(from.Params),
		RemoteTag: tag(to.Params),
		LocalName: from.DisplayName, LocalURI: from.Address.String(),
		RemoteName: to.DisplayName, RemoteURI: to.Address.String(),
		LocalCSeq: req.CSeq().SeqNo,
		Contact:   contact(req),
	}
	if d.RemoteTag == "" {
		return nil, fmt.Errorf("%w: no tag in To", ErrNotDialog)
	}
	d.RemoteTarget = contact(res)
	if d.RemoteTarget == "" && res.IsSuccess() {
		return nil, fmt.Errorf("%w: no Contact in a 2xx", ErrNotDialog)
	}
	d.RouteSet = routes(res, true)
	if res.IsSuccess() {
		d.State = Confirmed
	}
	return d, nil
}

// NewUAS makes the dialog of the side which received req and answers it with
// localTag, reachable at local (RFC 3261 §12.1.1).
func NewUAS(req *sip.Request, localTag string, local sip.Uri) (*Dialog, error) {
	from, to := req.From(), req.To()
	if from == nil || to == nil || req.CallID() == nil || req.CSeq() == nil {
		return nil, fmt.Errorf("%w: a mandatory header is missing", ErrNotDialog)
	}
	d := &Dialog{
		State:     Early,
		CallID:    req.CallID().Value(),
		LocalTag:  localTag,
		RemoteTag: tag(from.Params),
		LocalName: to.DisplayName, LocalURI: to.Address.String(),
		RemoteName: from.DisplayName, RemoteURI: from.Address.String(),
		RemoteCSeq: req.CSeq().SeqNo,
		// Any number below 2**31 may be the first (RFC 3261 §8.1.1.5).
		LocalCSeq:    rand.Uint32N(1 << 16),
		RemoteTarget: contact(req),
		RouteSet:     routes(req, false),
		Contact:      local.String(),
	}
	if d.RemoteTarget == "" {
		return nil, fmt.Errorf("%w: no Contact in the request", ErrNotDialog)
	}
	return d, nil
}

// ID returns what tells this dialog from others.
func (d *Dialog) ID() ID {
	return ID{CallID: d.CallID, LocalTag: d.LocalTag, RemoteTag: d.RemoteTag}
}

// IDOf returns the dialog to which a received request belongs; ok is false when it
// is outside any dialog, having no To tag.
func IDOf(req *sip.Request) (id ID, ok bool) {
	from, to, call := req.From(), req.To(), req.CallID()
	if from == nil || to == nil || call == nil {
		return ID{}, false
	}
	id = ID{CallID: call.Value(), LocalTag: tag(to.Params), RemoteTag: tag(from.Params)}
	return id, id.LocalTag != ""
}

// Confirm makes an early dialog a confirmed one by a 2xx of the same tag. The route
// set is computed anew from it (RFC 3261 §13.2.2.4).
func (d *Dialog) Confirm(res *sip.Response) error {
	target := contact(res)
	if target == "" {
		return fmt.Errorf("%w: no Contact in a 2xx", ErrNotDialog)
	}
	d.State = Confirmed
	d.RemoteTarget = target
	d.RouteSet = routes(res, true)
	return nil
}

// NextCSeq counts this side's sequence number up and returns it.
func (d *Dialog) NextCSeq() uint32 {
	d.LocalCSeq++
	return d.LocalCSeq
}

// NewRequest makes a request inside the dialog (RFC 3261 §12.2.1.1), CSeq counted
// up. For ACK see Ack.
func (d *Dialog) NewRequest(method sip.RequestMethod) *sip.Request {
	return d.request(method, d.NextCSeq())
}

// Ack makes the ACK to a 2xx of invite, the request as last sent: it has the
// INVITE's sequence number and credentials (RFC 3261 §13.2.2.4).
func (d *Dialog) Ack(invite *sip.Request) *sip.Request {
	ack := d.request(sip.ACK, invite.CSeq().SeqNo)
	for _, name := range []string{"Authorization", "Proxy-Authorization"} {
		sip.CopyHeaders(name, invite, ack)
	}
	return ack
}

func (d *Dialog) request(method sip.RequestMethod, seq uint32) *sip.Request {
	target, routes := d.remoteTarget(), d.RouteSet
	var strict sip.Uri
	if len(routes) > 0 && parse(routes[0], &strict) && !strict.UriParams.Has("lr") {
		// A strict router, from before RFC 3261, wants itself in the Request-URI and
		// the target last (§12.2.1.1).
		routes = append(append([]string{}, routes[1:]...), target.String())
		target = strict
	}
	req := sip.NewRequest(method, target)
	for _, r := range routes {
		var u sip.Uri
		if parse(r, &u) {
			req.AppendHeader(&sip.RouteHeader{Address: u})
		}
	}
	maxForwards := sip.MaxForwardsHeader(70)
	callID := sip.CallIDHeader(d.CallID)
	var local, remote, at sip.Uri
	parse(d.LocalURI, &local)
	parse(d.RemoteURI, &remote)
	from := &sip.FromHeader{DisplayName: d.LocalName, Address: local, Params: sip.NewParams()}
	from.Params.Add("tag", d.LocalTag)
	to := &sip.ToHeader{DisplayName: d.RemoteName, Address: remote, Params: sip.NewParams()}
	if d.RemoteTag != "" {
		to.Params.Add("tag", d.RemoteTag)
	}
	req.AppendHeader(&maxForwards)
	req.AppendHeader(from)
	req.AppendHeader(to)
	req.AppendHeader(&callID)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: seq, MethodName: method})
	if targetRefresh(method) && parse(d.Contact, &at) {
		req.AppendHeader(&sip.ContactHeader{Address: at})
	}
	return req
}

func (d *Dialog) remoteTarget() sip.Uri {
	var u sip.Uri
	if !parse(d.RemoteTarget, &u) {
		parse(d.RemoteURI, &u)
	}
	return u
}

// Receive checks and counts a request received in the dialog: ErrOutOfOrder when it
// is older than the last one (RFC 3261 §12.2.2). ACK and CANCEL, which carry their
// INVITE's number, are not to be given to it.
func (d *Dialog) Receive(req *sip.Request) error {
	seq := req.CSeq().SeqNo
	if d.RemoteCSeq != 0 && seq < d.RemoteCSeq {
		return fmt.Errorf("%w: CSeq %d after %d", ErrOutOfOrder, seq, d.RemoteCSeq)
	}
	d.RemoteCSeq = seq
	return nil
}

// ReceiveReliable counts a reliable provisional response received. It reports false for
// one that was already counted, or that has overtaken another and will come again
// (RFC 3262 §4).
func (d *Dialog) ReceiveReliable(rseq uint32) bool {
	if d.RemoteRSeq != 0 && rseq != d.RemoteRSeq+1 {
		return false
	}
	d.RemoteRSeq = rseq
	return true
}

// Refresh takes over the Contact of a target refresh request accepted, or of the
// 2xx to one sent (RFC 3261 §12.2). A message without Contact changes nothing.
func (d *Dialog) Refresh(msg sip.Message) {
	if target := contact(msg); target != "" {
		d.RemoteTarget = target
	}
}

// targetRefresh tells which methods carry a Contact (RFC 3261 §12.2, RFC 3311 §5.1,
// RFC 3515 §2.2, RFC 6665 §4.4.1).
func targetRefresh(m sip.RequestMethod) bool {
	switch m {
	case sip.INVITE, sip.UPDATE, sip.SUBSCRIBE, sip.NOTIFY, sip.REFER:
		return true
	}
	return false
}

func tag(p sip.HeaderParams) string {
	t, _ := p.Get("tag")
	return t
}

// contact returns the URI of the first Contact, or nothing if there is none to
// which a request can be sent.
func contact(msg sip.Message) string {
	all := msg.GetHeaders("Contact")
	if len(all) == 0 {
		return ""
	}
	h, ok := all[0].(*sip.ContactHeader)
	if !ok || h.Address.Wildcard || h.Address.Host == "" {
		return ""
	}
	if s := strings.ToLower(h.Address.Scheme); s != "sip" && s != "sips" {
		return ""
	}
	return h.Address.String()
}

// routes reads the Record-Route fields: in the order they stand for a UAS, in
// reverse for a UAC (RFC 3261 §12.1.1, §12.1.2).
func routes(msg sip.Message, reverse bool) []string {
	var set []string
	for _, h := range msg.GetHeaders("Record-Route") {
		if rr, ok := h.(*sip.RecordRouteHeader); ok {
			set = append(set, rr.Address.String())
		}
	}
	if reverse {
		slices.Reverse(set)
	}
	return set
}

func parse(s string, u *sip.Uri) bool {
	return s != "" && sip.ParseUri(s, u) == nil
}

// Remote returns who is at the other end, for showing.
func (d *Dialog) Remote() sipcore.Address {
	a := sipcore.Address{Name: sipcore.UnquoteName(d.RemoteName)}
	parse(d.RemoteURI, &a.URI)
	return a
}
