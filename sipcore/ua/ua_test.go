package ua_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/auth"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/message"
	"gocommunicator/sipcore/register"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/siptest"
	"gocommunicator/sipcore/ua"
)

const alice = "sip:alice@example.test"

type agent struct {
	t        *testing.T
	peer     *siptest.Peer
	loop     *sipcore.Loop
	ua       *ua.UA
	messages []message.Message
	states   []register.State
	cause    *sipcore.Cause
}

func run(t *testing.T, test func(t *testing.T, a *agent)) {
	t.Helper()
	runWith(t, func(*ua.Config) {}, test)
}

// runWith runs a test with other settings.
func runWith(t *testing.T, set func(*ua.Config), test func(t *testing.T, a *agent)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log := slog.New(slog.DiscardHandler)
		a := &agent{t: t, peer: siptest.NewPeer(t), loop: sipcore.NewLoop(log)}
		cfg := ua.Config{
			Loop: a.loop, Log: log,
			Account:     sipcore.Address{Name: `Alice "A" \ B`, URI: siptest.URI(alice)},
			Credentials: auth.Credentials{Username: "alice", Password: "secret"},
			InstanceID:  "urn:uuid:00000000-0000-4000-8000-000000000001",
			UserAgent:   "test",
			Link:        link.Config{Servers: []link.Server{{URL: "ws://example.test"}}, Dial: a.peer.Dialer()},
			Open:        func(bool, func(session.MediaState)) session.Media { return silence{} },
			Events: ua.Events{
				Incoming: func(*session.Session) {},
				Message:  func(m message.Message) { a.messages = append(a.messages, m) },
				Registration: func(s register.Status) {
					a.states, a.cause = append(a.states, s.State), s.Cause
				},
			},
		}
		set(&cfg)
		var err error
		a.ua, err = ua.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		a.do(a.ua.Open)
		a.peer.ExpectDial()
		synctest.Wait()
		defer func() {
			a.loop.Post(func() { a.ua.Close(a.loop.Close) })
			a.peer.Cut()
			<-a.loop.Done()
		}()
		test(t, a)
	})
}

func (a *agent) do(f func()) {
	a.t.Helper()
	if err := a.loop.Do(a.t.Context(), f); err != nil {
		a.t.Fatal(err)
	}
	synctest.Wait()
}

// silence is media that refuses everything: no call of these tests is answered.
type silence struct{}

var errSilence = errors.New("no devices")

func (silence) Offer(context.Context) ([]byte, error)          { return nil, errSilence }
func (silence) Answer(context.Context, []byte) ([]byte, error) { return nil, errSilence }
func (silence) Accept(context.Context, []byte, bool) error     { return errSilence }
func (silence) Rollback(context.Context) error                 { return nil }
func (silence) SetMuted(bool, bool)                            {}
func (silence) SetHold(bool)                                   {}
func (silence) Close()                                         {}

func TestRequestsAreInspectedInTheOrderOfTheRFC(t *testing.T) {
	for name, c := range map[string]struct {
		method sip.RequestMethod
		to     string
		mods   []siptest.Mod
		code   int
		header string
	}{
		"what we can do":          {sip.OPTIONS, alice, nil, 200, "Allow"},
		"method not known":        {"PUBLISH", alice, nil, 405, "Allow"},
		"method not done":         {sip.SUBSCRIBE, alice, nil, 405, "Allow"},
		"scheme":                  {sip.OPTIONS, "mailto:alice@example.test", nil, 416, ""},
		"extension":               {sip.MESSAGE, alice, []siptest.Mod{siptest.Header("Require", "x")}, 420, "Unsupported"},
		"content of message":      {sip.MESSAGE, alice, []siptest.Mod{siptest.Body("text/html", "<b>")}, 415, "Accept"},
		"malformed message":       {sip.MESSAGE, alice, []siptest.Mod{siptest.Body("message/cpim", "x")}, 400, ""},
		"large message":           {sip.MESSAGE, alice, []siptest.Mod{siptest.Body("text/plain", strings.Repeat("x", 65<<10))}, 513, ""},
		"BYE outside a dialog":    {sip.BYE, alice, nil, 481, ""},
		"INFO outside a dialog":   {sip.INFO, alice, nil, 481, ""},
		"UPDATE outside a dialog": {sip.UPDATE, alice, nil, 481, ""},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, a *agent) {
				a.peer.Request(c.method, c.to, c.mods...)
				res := a.peer.ExpectResponse(c.method, c.code)
				if c.header != "" && res.GetHeader(c.header) == nil {
					t.Errorf("no %s in:\n%s", c.header, res)
				}
				a.peer.ExpectNone()
			})
		})
	}
}

func TestMergedRequestGets482(t *testing.T) {
	run(t, func(t *testing.T, a *agent) {
		offer := siptest.Body("application/sdp", strings.Join([]string{
			"v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "m=audio 9 UDP/TLS/RTP/SAVPF 0", "c=IN IP4 0.0.0.0",
			"a=rtcp-mux", "a=ice-ufrag:abcd", "a=ice-pwd:abcdefghijklmnopqrstuvwx", "a=fingerprint:sha-256 AA:BB", "",
		}, "\r\n"))
		invite := a.peer.Request(sip.INVITE, alice, offer)
		a.peer.ExpectResponse(sip.INVITE, 180)
		other := invite.Clone()
		other.Via().Params.Add("branch", sip.GenerateBranch())
		a.peer.Send(other)
		a.peer.ExpectResponse(sip.INVITE, 482)
	})
}

func TestMessageIsTakenAsText(t *testing.T) {
	run(t, func(t *testing.T, a *agent) {
		a.peer.Request(sip.MESSAGE, alice, siptest.Body("text/plain;charset=UTF-8", "<b>hé</b>"))
		a.peer.ExpectResponse(sip.MESSAGE, 200)
		synctest.Wait()
		if len(a.messages) != 1 || string(a.messages[0].Body) != "<b>hé</b>" || a.messages[0].Peer.AOR() != "sip:bob@example.test" {
			t.Errorf("messages %+v", a.messages)
		}
	})
}

func TestWhoRefusesMessagesSaysSo(t *testing.T) {
	runWith(t, func(c *ua.Config) { c.RefuseMessages = true }, func(t *testing.T, a *agent) {
		a.peer.Request(sip.MESSAGE, alice, siptest.Body("text/html", "<b>"), siptest.Header("Require", "x"))
		res := a.peer.ExpectResponse(sip.MESSAGE, 405)
		a.peer.Request(sip.OPTIONS, alice)
		options := a.peer.ExpectResponse(sip.OPTIONS, 200)
		for _, res := range []*sip.Response{res, options} {
			if h := res.GetHeader("Allow"); h == nil || strings.Contains(h.Value(), "MESSAGE") {
				t.Errorf("Allow: %v", h)
			}
		}
		if h := options.GetHeader("Accept"); h == nil || h.Value() != "application/sdp" {
			t.Errorf("Accept: %v", h)
		}
		if len(a.messages) != 0 {
			t.Errorf("messages %+v", a.messages)
		}
	})
}

func TestWhatSomebodyTakesIsAsked(t *testing.T) {
	bob := sipcore.Address{URI: siptest.URI("sip:bob@example.test")}
	run(t, func(t *testing.T, a *agent) {
		for code, want := range map[int]bool{200: true, 480: false} {
			var got message.Formats
			var known bool
			a.do(func() { a.ua.Formats(bob, func(f message.Formats, k bool) { got, known = f, k }) })
			req := a.peer.Expect(sip.OPTIONS)
			if h := req.GetHeader("Accept"); h == nil || !strings.Contains(h.Value(), "message/cpim") {
				t.Errorf("Accept: %v", h)
			}
			a.peer.Reply(req, code, siptest.Header("Accept", "application/sdp, message/cpim, message/imdn+xml"))
			synctest.Wait()
			if known != want || got != (message.Formats{CPIM: true}) {
				t.Errorf("%d: %+v, %v", code, got, known)
			}
		}
	})
}

func TestMessageIsSentAndItsResultTold(t *testing.T) {
	for _, code := range []int{200, 202, 404, 480, 488} {
		run(t, func(t *testing.T, a *agent) {
			var results []error
			a.do(func() {
				a.ua.Message(message.Message{
					Peer: sipcore.Address{URI: siptest.URI("sip:bob@example.test")}, ContentType: "text/plain", Body: []byte("hi"),
				}, func(err error) { results = append(results, err) })
			})
			req := a.peer.Expect(sip.MESSAGE)
			if string(req.Body()) != "hi" {
				t.Errorf("body %q", req.Body())
			}
			if got := sipcore.UnquoteName(req.From().DisplayName); got != `Alice "A" \ B` {
				t.Errorf("display name %q", got)
			}
			a.peer.Reply(req, code)
			synctest.Wait()
			var refused *sipcore.ResponseError
			switch {
			case len(results) != 1:
				t.Fatalf("results %v", results)
			case code < 300 && results[0] != nil:
				t.Errorf("%d: %v", code, results[0])
			case code >= 300 && (!errors.As(results[0], &refused) || refused.Code != code):
				t.Errorf("%d: %v", code, results[0])
			}
		})
	}
}

func TestRegistersWithTheStrongestChallenge(t *testing.T) {
	run(t, func(t *testing.T, a *agent) {
		a.do(a.ua.Register)
		first := a.peer.Expect(sip.REGISTER)
		a.peer.Reply(first, 401,
			siptest.Header("WWW-Authenticate", `Digest realm="example.test", nonce="md5", qop="auth", algorithm=MD5`),
			siptest.Header("WWW-Authenticate", `Digest realm="example.test", nonce="sha", qop="auth", algorithm=SHA-256`))
		second := a.peer.Expect(sip.REGISTER)
		h := second.GetHeader("Authorization")
		if h == nil || !strings.Contains(h.Value(), "SHA-256") || len(second.GetHeaders("Authorization")) != 1 {
			t.Fatalf("credentials %v", second.GetHeaders("Authorization"))
		}
		if second.CSeq().SeqNo != first.CSeq().SeqNo+1 || second.CallID().Value() != first.CallID().Value() {
			t.Errorf("second REGISTER:\n%s", second)
		}
		if !strings.Contains(second.Contact().Value(), `+sip.instance="<urn:uuid:00000000-0000-4000-8000-000000000001>"`) {
			t.Errorf("Contact %s", second.Contact().Value())
		}
		a.peer.Reply(second, 200, siptest.Header("Contact", second.Contact().Value()+";expires=600"))
		synctest.Wait()
		if got := a.ua.Registration(); got.State != register.Registered || got.Expires != 10*time.Minute {
			t.Errorf("registration %+v", got)
		}
		if got := a.ua.Digests(); len(got) != 2 || got[0].Realm != "example.test" || got[0].Algorithm+got[1].Algorithm != "MD5SHA-256" {
			t.Errorf("learnt %+v", got)
		}
		a.do(func() { a.ua.Close(nil) })
		a.peer.Reply(a.peer.Expect(sip.REGISTER), 200)
		time.Sleep(time.Second)
		synctest.Wait()
		if got := a.ua.Digests(); len(got) != 0 {
			t.Errorf("%d digests are left after the logout", len(got))
		}
	})
}

func TestWrongPasswordIsOneClearFailureAndNoLoop(t *testing.T) {
	run(t, func(t *testing.T, a *agent) {
		a.do(a.ua.Register)
		for _, nonce := range []string{"a", "b"} { // a new nonce, not stale
			a.peer.Reply(a.peer.Expect(sip.REGISTER), 401,
				siptest.Header("WWW-Authenticate", `Digest realm="example.test", nonce="`+nonce+`", qop="auth", algorithm=MD5`))
		}
		a.peer.Quiet = time.Hour
		a.peer.ExpectNone()
		synctest.Wait()
		if last := a.states[len(a.states)-1]; last != register.Failed || a.cause == nil || a.cause.Code != 401 {
			t.Errorf("states %v, cause %v", a.states, a.cause)
		}
	})
}

func TestServerThatChallengesForEverIsGivenUp(t *testing.T) {
	run(t, func(t *testing.T, a *agent) {
		a.do(a.ua.Register)
		requests := 0
		a.peer.Wait = time.Second
		for range 20 {
			synctest.Wait()
			if a.ua.Pending() == 0 {
				break
			}
			requests++
			a.peer.Reply(a.peer.Expect(sip.REGISTER), 401, siptest.Header("WWW-Authenticate",
				`Digest realm="example.test", stale=true, nonce="`+sip.GenerateTagN(8)+`", qop="auth", algorithm=MD5`))
			synctest.Wait()
		}
		if requests > 6 {
			t.Errorf("%d requests", requests)
		}
	})
}

func TestLogoutEndsTheRegistrationAndTheLink(t *testing.T) {
	run(t, func(t *testing.T, a *agent) {
		a.do(a.ua.Register)
		first := a.peer.Expect(sip.REGISTER)
		a.peer.Reply(first, 200, siptest.Header("Contact", first.Contact().Value()+";expires=600"))
		synctest.Wait()
		closed := false
		a.do(func() { a.ua.Close(func() { closed = true }) })
		last := a.peer.Expect(sip.REGISTER)
		if e, _ := last.Contact().Params.Get("expires"); e != "0" {
			if h, ok := sipcore.Seconds(last, "Expires"); !ok || h != 0 {
				t.Errorf("REGISTER at logout:\n%s", last)
			}
		}
		a.peer.Reply(last, 200)
		time.Sleep(time.Second)
		synctest.Wait()
		if !closed || a.ua.Pending() != 0 {
			t.Errorf("closed %v, pending %d", closed, a.ua.Pending())
		}
	})
}
