//go:build !js

package proxy

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore/auth"
	"gocommunicator/sipcore/link"
)

// newProxy starts a proxy for the domain "home" whose passwords are "pw-" and the
// name. All tests run in a synctest bubble, in which no message is still under way
// after synctest.Wait.
func newProxy(t *testing.T, change func(*Config)) *Proxy {
	t.Helper()
	cfg := Config{
		Domain:  "home",
		Aliases: []string{"127.0.0.1"},
		Password: func(user string) (string, bool) {
			switch user {
			case "alice", "bob", "carol":
				return "pw-" + user, true
			}
			return "", false
		},
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	if change != nil {
		change(&cfg)
	}
	p, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.Close()
		synctest.Wait()
	})
	return p
}

// phone is a scripted SIP client: it sends what it is told and keeps what it gets.
type phone struct {
	t       *testing.T
	user    string
	contact sip.Uri
	auth    *auth.Client
	socket  link.Socket
	in      chan sip.Message
	pong    chan []byte
	closed  chan error
	branch  int
}

// connect makes a phone with a Contact of its own and no binding.
func connect(t *testing.T, p *Proxy, user string) *phone {
	t.Helper()
	ph := &phone{
		t:      t,
		user:   user,
		auth:   auth.NewClient(auth.Credentials{Username: user, Password: "pw-" + user}),
		in:     make(chan sip.Message, 1000),
		pong:   make(chan []byte, 10),
		closed: make(chan error, 1),
		contact: sip.Uri{
			Scheme: "sip", User: user, Host: sip.GenerateTagN(8) + ".invalid",
			UriParams: sip.HeaderParams{{K: "transport", V: "ws"}},
		},
	}
	socket, err := link.PipeDialer(p.Attach)(t.Context(), "", link.SocketEvents{
		Message: ph.take,
		Closed:  func(err error) { ph.closed <- err },
	})
	if err != nil {
		t.Fatal(err)
	}
	ph.socket = socket
	return ph
}

// registered is a phone with a binding.
func registered(t *testing.T, p *Proxy, user string) *phone {
	t.Helper()
	ph := connect(t, p, user)
	if res := ph.ask(ph.register("600")); res.StatusCode != 200 {
		t.Fatalf("%s: REGISTER got %d %s", user, res.StatusCode, res.Reason)
	}
	return ph
}

func (ph *phone) take(data []byte) {
	if strings.TrimSpace(string(data)) == "" {
		ph.pong <- data
		return
	}
	msg, err := sip.ParseMessage(data)
	if err != nil {
		ph.t.Errorf("%s: %v in %q", ph.user, err, data)
		return
	}
	ph.in <- msg
}

// request makes a request outside a dialog to a user or URI.
func (ph *phone) request(method sip.RequestMethod, to string) *sip.Request {
	ph.t.Helper()
	if !strings.Contains(to, ":") {
		to = "sip:" + to + "@home"
	}
	var uri sip.Uri
	if err := sip.ParseUri(to, &uri); err != nil {
		ph.t.Fatal(err)
	}
	req := sip.NewRequest(method, uri)
	req.AppendHeader(ph.via())
	from := &sip.FromHeader{Address: sip.Uri{Scheme: "sip", User: ph.user, Host: "home"}}
	from.Params.Add("tag", sip.GenerateTagN(8))
	callID := sip.CallIDHeader(sip.GenerateTagN(12))
	hops := sip.MaxForwardsHeader(70)
	req.AppendHeader(from)
	req.AppendHeader(&sip.ToHeader{Address: uri})
	req.AppendHeader(&callID)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: 1, MethodName: method})
	req.AppendHeader(&hops)
	if method != sip.MESSAGE && method != sip.REGISTER {
		req.AppendHeader(&sip.ContactHeader{Address: ph.contact})
	}
	req.SetBody(nil)
	return req
}

// register makes a REGISTER of the phone's own Contact; expires is the value of
// the header field.
func (ph *phone) register(expires string) *sip.Request {
	req := ph.request(sip.REGISTER, "sip:home")
	req.ReplaceHeader(&sip.ToHeader{Address: sip.Uri{Scheme: "sip", User: ph.user, Host: "home"}})
	req.AppendHeader(&sip.ContactHeader{Address: ph.contact})
	req.AppendHeader(sip.NewHeader("Expires", expires))
	return req
}

func (ph *phone) via() *sip.ViaHeader {
	ph.branch++
	return &sip.ViaHeader{
		ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: "WS", Host: ph.contact.Host,
		Params: sip.HeaderParams{{K: "branch", V: fmt.Sprintf("z9hG4bK%s%d", ph.user, ph.branch)}},
	}
}

func (ph *phone) send(msg sip.Message) {
	ph.t.Helper()
	if err := ph.socket.Send([]byte(msg.String())); err != nil {
		ph.t.Fatalf("%s: %v", ph.user, err)
	}
}

func (ph *phone) sendText(lines ...string) {
	ph.t.Helper()
	if err := ph.socket.Send([]byte(strings.Join(lines, "\r\n") + "\r\n\r\n")); err != nil {
		ph.t.Fatal(err)
	}
}

// next waits for a message, for a day if need be: the bubble's clock jumps there.
func (ph *phone) next() sip.Message {
	ph.t.Helper()
	select {
	case msg := <-ph.in:
		return msg
	case <-time.After(24 * time.Hour):
		ph.t.Fatalf("%s: nothing came", ph.user)
		return nil
	}
}

func (ph *phone) nextRequest(method sip.RequestMethod) *sip.Request {
	ph.t.Helper()
	req, ok := ph.next().(*sip.Request)
	if !ok || req.Method != method {
		ph.t.Fatalf("%s: want %s, got %v", ph.user, method, req)
	}
	return req
}

// nextResponse waits for a response with a code; 100 is passed over.
func (ph *phone) nextResponse(code int) *sip.Response {
	ph.t.Helper()
	res := ph.nextAny()
	if res.StatusCode != code {
		ph.t.Fatalf("%s: want %d, got\n%s", ph.user, code, res)
	}
	return res
}

func (ph *phone) nextAny() *sip.Response {
	ph.t.Helper()
	for {
		msg := ph.next()
		res, ok := msg.(*sip.Response)
		if !ok {
			ph.t.Fatalf("%s: want a response, got\n%s", ph.user, msg)
		}
		if res.StatusCode != 100 {
			return res
		}
	}
}

// quiet fails when anything is there that no test step has taken.
func (ph *phone) quiet() {
	ph.t.Helper()
	synctest.Wait()
	select {
	case msg := <-ph.in:
		ph.t.Fatalf("%s: unexpected\n%s", ph.user, msg)
	default:
	}
}

// ask sends a request, answers a challenge once and returns what comes then: a
// provisional response too.
func (ph *phone) ask(req *sip.Request) *sip.Response {
	ph.t.Helper()
	ph.start(req)
	return ph.nextAny()
}

// start sends a request and repeats it with credentials when it is challenged. It
// returns the one that counts.
func (ph *phone) start(req *sip.Request) *sip.Request {
	ph.t.Helper()
	ph.send(req)
	res := ph.nextAny()
	if res.StatusCode != 401 && res.StatusCode != 407 {
		ph.in <- res // not a challenge: the test's next step wants it
		return req
	}
	if req.Method == sip.INVITE {
		ph.send(ph.ackTo(req, res))
	}
	again := req.Clone()
	again.ReplaceHeader(ph.via())
	again.ReplaceHeader(&sip.CSeqHeader{SeqNo: req.CSeq().SeqNo + 1, MethodName: req.Method})
	if err := ph.auth.Authorize(again, res); err != nil {
		ph.t.Fatalf("%s: %v", ph.user, err)
	}
	ph.send(again)
	return again
}

// ackTo is the ACK to a final response other than 2xx.
func (ph *phone) ackTo(invite *sip.Request, res *sip.Response) *sip.Request {
	ack := sip.NewRequest(sip.ACK, invite.Recipient)
	ack.AppendHeader(invite.Via().Clone())
	ack.AppendHeader(sip.HeaderClone(invite.From()))
	ack.AppendHeader(sip.HeaderClone(res.To()))
	ack.AppendHeader(sip.HeaderClone(invite.CallID()))
	ack.AppendHeader(&sip.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: sip.ACK})
	ack.SetBody(nil)
	return ack
}

// cancel is the CANCEL of an INVITE.
func (ph *phone) cancel(invite *sip.Request) *sip.Request {
	cancel := ph.ackTo(invite, sip.NewResponseFromRequest(invite, 100, "", nil))
	cancel.Method = sip.CANCEL
	cancel.ReplaceHeader(&sip.CSeqHeader{SeqNo: invite.CSeq().SeqNo, MethodName: sip.CANCEL})
	return cancel
}

// answer sends a response to a request that came in; its To tag is the user's name.
func (ph *phone) answer(req *sip.Request, code int, headers ...sip.Header) *sip.Response {
	ph.t.Helper()
	res := sip.NewResponseFromRequest(req, code, "Test "+strconv.Itoa(code), nil)
	if code > 100 && !req.To().Params.Has("tag") {
		res.To().Params.Add("tag", ph.user+ph.contact.Host)
	}
	if req.Method == sip.INVITE && code > 100 && code < 300 {
		res.AppendHeader(&sip.ContactHeader{Address: ph.contact})
	}
	for _, h := range headers {
		res.AppendHeader(h)
	}
	ph.send(res)
	return res
}

// inDialog makes a request of the caller in the dialog that res established
// (RFC 3261 §12.1.2).
func (ph *phone) inDialog(method sip.RequestMethod, invite *sip.Request, res *sip.Response) *sip.Request {
	req := sip.NewRequest(method, res.Contact().Address)
	req.AppendHeader(ph.via())
	records := res.GetHeaders("record-route")
	for i := len(records) - 1; i >= 0; i-- {
		req.AppendHeader(sip.NewHeader("Route", records[i].Value()))
	}
	ph.finish(req, invite.From().Address, invite.From().Params, res.To().Address, res.To().Params, invite)
	return req
}

// inDialogCallee makes a request of the callee in the dialog that res established
// (RFC 3261 §12.1.1).
func (ph *phone) inDialogCallee(method sip.RequestMethod, invite *sip.Request, res *sip.Response) *sip.Request {
	req := sip.NewRequest(method, invite.Contact().Address)
	req.AppendHeader(ph.via())
	for _, h := range invite.GetHeaders("record-route") {
		req.AppendHeader(sip.NewHeader("Route", h.Value()))
	}
	ph.finish(req, res.To().Address, res.To().Params, invite.From().Address, invite.From().Params, invite)
	return req
}

func (ph *phone) finish(req *sip.Request, from sip.Uri, fromParams sip.HeaderParams, to sip.Uri, toParams sip.HeaderParams, invite *sip.Request) {
	hops := sip.MaxForwardsHeader(70)
	seq := invite.CSeq().SeqNo
	if req.Method != sip.ACK {
		seq += 10
	}
	req.AppendHeader(&sip.FromHeader{Address: from, Params: fromParams})
	req.AppendHeader(&sip.ToHeader{Address: to, Params: toParams})
	req.AppendHeader(sip.HeaderClone(invite.CallID()))
	req.AppendHeader(&sip.CSeqHeader{SeqNo: seq, MethodName: req.Method})
	req.AppendHeader(&hops)
	req.AppendHeader(&sip.ContactHeader{Address: ph.contact})
	req.SetBody(nil)
}

// hangUp closes the phone's connection.
func (ph *phone) hangUp() {
	ph.socket.Close(1000, "")
	synctest.Wait()
}

// contacts lists the user parts of the Contacts in a response.
func contacts(res *sip.Response) []string {
	var out []string
	for _, h := range res.GetHeaders("contact") {
		if c, ok := h.(*sip.ContactHeader); ok {
			out = append(out, c.Address.Host)
		}
	}
	return out
}
