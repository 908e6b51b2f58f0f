package register

import (
	"context"
	"log/slog"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

const instance = "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"

func uri(s string) sip.Uri {
	var u sip.Uri
	if err := sip.ParseUri(s, &u); err != nil {
		panic(err)
	}
	return u
}

// agent records what is requested and leaves the answer to the test.
type agent struct {
	loop  *sipcore.Loop
	asked []sipcore.Outgoing
	calls int // Call-IDs made
}

func (a *agent) Loop() *sipcore.Loop    { return a.loop }
func (a *agent) Log() *slog.Logger      { return slog.New(slog.DiscardHandler) }
func (a *agent) AOR() sipcore.Address   { return sipcore.Address{URI: uri("sip:alice@example.org")} }
func (a *agent) Contact() sip.Uri       { return uri("sip:tok@tok.invalid;transport=ws") }
func (a *agent) InstanceID() string     { return instance }
func (a *agent) Allow() string          { return "INVITE" }
func (a *agent) Send(sip.Message) error { return nil }

func (a *agent) NewRequest(method sip.RequestMethod, to sip.Uri) *sip.Request {
	a.calls++
	req := sip.NewRequest(method, to)
	callID := sip.CallIDHeader("call-" + strconv.Itoa(a.calls))
	req.AppendHeader(&sip.ToHeader{Address: to})
	req.AppendHeader(&callID)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: 1, MethodName: method})
	return req
}

func (a *agent) Request(o sipcore.Outgoing) sipcore.ClientTransaction {
	a.asked = append(a.asked, o)
	return nil
}

// phone is a registration on a loop, with a scripted agent.
type phone struct {
	t *testing.T
	*agent
	reg      *Registration
	statuses []Status
}

// run runs f in a bubble of synctest, with a phone whose link is up.
func run(t *testing.T, cfg Config, f func(p *phone)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := newPhone(t, cfg)
		p.do(p.reg.LinkUp)
		f(p)
		p.end()
	})
}

func newPhone(t *testing.T, cfg Config) *phone {
	t.Helper()
	p := &phone{t: t, agent: &agent{loop: sipcore.NewLoop(slog.New(slog.DiscardHandler))}}
	cfg.Agent, cfg.Registrar = p.agent, uri("sip:example.org")
	cfg.OnState = func(s Status) { p.statuses = append(p.statuses, s) }
	reg, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	p.reg = reg
	return p
}

func (p *phone) end() {
	p.do(p.reg.Close)
	p.loop.Close()
	<-p.loop.Done()
}

// do runs f on the loop and lets everything settle.
func (p *phone) do(f func()) {
	p.t.Helper()
	if err := p.loop.Do(context.Background(), f); err != nil {
		p.t.Fatal(err)
	}
	synctest.Wait()
}

func (p *phone) sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// last returns what was requested last.
func (p *phone) last() (o sipcore.Outgoing) {
	p.t.Helper()
	p.do(func() {
		if len(p.asked) > 0 {
			o = p.asked[len(p.asked)-1]
		}
	})
	if o.Request == nil {
		p.t.Fatal("nothing was requested")
	}
	return o
}

// answer answers the last request. Headers are pairs of name and value.
func (p *phone) answer(code int, headers ...string) {
	p.t.Helper()
	o := p.last()
	p.do(func() { o.On(response(o.Request, code, headers...), nil) })
}

// fail ends the last request without an answer.
func (p *phone) fail(err error) {
	p.t.Helper()
	o := p.last()
	p.do(func() { o.On(nil, err) })
}

func response(req *sip.Request, code int, headers ...string) *sip.Response {
	res := sip.NewResponse(code, "Said so")
	cseq := *req.CSeq()
	res.AppendHeader(&cseq)
	for i := 0; i < len(headers); i += 2 {
		if headers[i] != "Contact" {
			res.AppendHeader(sip.NewHeader(headers[i], headers[i+1]))
			continue
		}
		c := &sip.ContactHeader{}
		name, err := sip.ParseAddressValue(headers[i+1], &c.Address, &c.Params)
		if err != nil {
			panic(err)
		}
		c.DisplayName = name
		res.AppendHeader(c)
	}
	return res
}

// granted is our contact as a registrar lists it.
func granted(seconds int) string {
	return `<sip:tok@tok.invalid;transport=ws>;+sip.instance="<` + instance + `>";expires=` + strconv.Itoa(seconds)
}

// wants fails the test unless the state is as given and so many requests went out so
// far.
func (p *phone) wants(state State, requests int) Status {
	p.t.Helper()
	var s Status
	n := 0
	p.do(func() { s, n = p.reg.Status(), len(p.asked) })
	if s.State != state || n != requests {
		p.t.Fatalf("%v with %d requests sent, want %v with %d (cause %v)", s.State, n, state, requests, s.Cause)
	}
	return s
}
