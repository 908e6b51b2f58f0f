//go:build !js

package proxy

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
	"go.uber.org/goleak"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/link"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMalformedMessagesDoNotEndTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ph := connect(t, newProxy(t, nil), "alice")
		ph.sendText("rubbish")
		ph.sendText("INVITE sip:bob@home SIP/2.0", "Via: nonsense")
		ph.sendText("SIP/2.0 200 OK")
		ph.sendText("SIP/2.0 200 OK", "Via: SIP/2.0/WS home;branch=z9hG4bKnone", "From: <sip:a@home>;tag=1",
			"To: <sip:b@home>;tag=2", "Call-ID: x", "CSeq: 1 INVITE", "Content-Length: 0")
		ph.sendText("OPTIONS sip:home SIP/2.0", "Via: SIP/2.0/WS x.invalid;branch=z9hG4bKa", "From: <sip:a@home>;tag=1",
			"To: <sip:home>", "Call-ID: y", "CSeq: 1 INVITE", "Content-Length: 0")
		if res := ph.nextAny(); res.StatusCode != 400 {
			t.Errorf("CSeq of another method got %d, want 400", res.StatusCode)
		}
		if res := ph.ask(ph.register("600")); res.StatusCode != 200 {
			t.Errorf("afterwards REGISTER got %d, want 200", res.StatusCode)
		}
	})
}

func TestKeepAliveIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ph := connect(t, newProxy(t, nil), "alice")
		if err := ph.socket.Send([]byte("\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		if got := string(<-ph.pong); got != "\r\n" {
			t.Errorf("got %q, want one CRLF", got)
		}
	})
}

func TestMessageBeyondTheLimitIsDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ph := connect(t, newProxy(t, func(c *Config) { c.Limits.MessageBytes = 2000 }), "alice")
		big := ph.register("600")
		big.AppendHeader(sip.NewHeader("X-Long", strings.Repeat("x", 2000)))
		ph.send(big)
		ph.quiet()
		if res := ph.ask(ph.register("600")); res.StatusCode != 200 {
			t.Errorf("got %d, want 200", res.StatusCode)
		}
	})
}

func TestConnectionsBeyondTheLimitAreClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, func(c *Config) { c.Limits.Connections = 1 })
		first := registered(t, p, "alice")
		if !p.Full() {
			t.Error("not full")
		}
		second := connect(t, p, "bob")
		var frame *link.CloseError
		if err := <-second.closed; !errors.As(err, &frame) || frame.Code != closeBusy {
			t.Errorf("closed with %v, want code %d", err, closeBusy)
		}
		first.hangUp()
		registered(t, p, "bob")
	})
}

func TestTransactionsBeyondTheLimitAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, func(c *Config) { c.Limits.Transactions = 4 })
		alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
		alice.start(alice.request(sip.MESSAGE, "bob"))
		bob.answer(bob.nextRequest(sip.MESSAGE), 200)
		alice.nextResponse(200)
		for range 7 {
			req := alice.request(sip.MESSAGE, "bob")
			alice.auth.Preload(req)
			alice.send(req)
			synctest.Wait()
		}
		for range 3 {
			if res := alice.nextResponse(503); res.GetHeader("retry-after") == nil {
				t.Error("503 without Retry-After")
			}
		}
		for range 4 {
			bob.answer(bob.nextRequest(sip.MESSAGE), 200)
			alice.nextResponse(200)
		}
	})
}

func TestFloodClosesTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, func(c *Config) { c.Limits.Backlog = 5 })
		ph := connect(t, p, "alice")
		synctest.Wait()
		// The loop is held up, so that what comes has to wait.
		hold := make(chan struct{})
		p.loop.Post(func() { <-hold })
		for range 20 {
			if err := ph.socket.Send([]byte("\r\n\r\n")); err != nil {
				break
			}
		}
		if err := <-ph.closed; err == nil {
			t.Error("closed without an error")
		}
		close(hold)
	})
}

func TestCloseEndsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProxy(t, nil)
		alice, bob := registered(t, p, "alice"), registered(t, p, "bob")
		alice.start(alice.request(sip.INVITE, "bob"))
		bob.nextRequest(sip.INVITE)
		p.Close()
		p.Close()
		for _, ph := range []*phone{alice, bob} {
			<-ph.closed
		}
		if _, err := p.Stats(context.Background()); !errors.Is(err, sipcore.ErrClosed) {
			t.Errorf("Stats after Close: %v, want ErrClosed", err)
		}
	})
}

func TestConfigRefusals(t *testing.T) {
	password := func(string) (string, bool) { return "", false }
	for name, cfg := range map[string]Config{
		"no accounts":     {Domain: "home"},
		"no domain":       {Password: password},
		"domain with @":   {Domain: "a@b c", Password: password},
		"expires reverse": {Domain: "home", Password: password, MinExpires: time.Hour, MaxExpires: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := New(cfg); err == nil {
				t.Error("accepted")
			}
		})
	}
}

// FuzzReceive sends any bytes to a proxy with a phone on it; whatever they are, the
// proxy must go on serving.
func FuzzReceive(f *testing.F) {
	for _, seed := range []string{
		"", "\r\n\r\n", "rubbish",
		"OPTIONS sip:home SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bKa\r\nFrom: <sip:a@home>;tag=1\r\nTo: <sip:home>\r\nCall-ID: y\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
		"REGISTER sip:home SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bKb\r\nFrom: <sip:alice@home>;tag=1\r\nTo: <sip:alice@home>\r\nCall-ID: y\r\nCSeq: 1 REGISTER\r\nContact: *\r\nExpires: 0\r\nContent-Length: 0\r\n\r\n",
		"BYE sip:x@y.invalid SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bKc\r\nRoute: <sip:AAAA@home;lr>, <sip:home;lr>\r\nFrom: <sip:a@home>;tag=1\r\nTo: <sip:b@home>;tag=2\r\nCall-ID: y\r\nCSeq: 2 BYE\r\nContent-Length: 0\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		synctest.Test(t, func(t *testing.T) {
			p := newProxy(t, nil)
			deaf := link.SocketEvents{Message: func([]byte) {}, Closed: func(error) {}}
			socket, err := link.PipeDialer(p.Attach)(t.Context(), "", deaf)
			if err != nil {
				t.Fatal(err)
			}
			if err := socket.Send(data); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			registered(t, p, "bob")
		})
	})
}

// FuzzFlowToken shows that no token passes but one that was made.
func FuzzFlowToken(f *testing.F) {
	s := newSealer()
	f.Add(s.token(7, "call"), "call")
	f.Add("", "")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAA", "call")
	f.Fuzz(func(t *testing.T, token, callID string) {
		if id, ok := s.flow(token, callID); ok && s.token(id, callID) != token {
			t.Errorf("%q passed for %q", token, callID)
		}
	})
}
