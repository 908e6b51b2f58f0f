//go:build !js

package phone_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/phone"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/siptest"
)

// wired is a phone with settings whose server is a scripted peer.
type wired struct {
	*phone.Phone
	t     *testing.T
	peer  *siptest.Peer
	cfg   config.Config
	pings atomic.Int32
	rings chan phone.Call // calls that ring, here or there, as soon as they are told of
}

// pinging counts the signs of life on a connection.
type pinging struct {
	link.Socket
	pings *atomic.Int32
}

func (p pinging) Send(msg []byte) error {
	if string(msg) == "\r\n\r\n" {
		p.pings.Add(1)
	}
	return p.Socket.Send(msg)
}

// newWired makes a phone that nobody is logged in to. dial nil means the peer's.
func newWired(t *testing.T, settings string, dial link.Dialer) *wired {
	t.Helper()
	w := &wired{t: t, peer: siptest.NewPeer(t), rings: make(chan phone.Call, 16)}
	layer, err := config.ParseLayer("test", []byte(settings))
	if err != nil {
		t.Fatal(err)
	}
	var problems []error
	w.cfg, problems = config.Load(nil, config.Layer{"websocket": map[string]any{"servers": "ws://a.test/sip"}}, layer)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if dial == nil {
		connect := w.peer.Dialer()
		dial = func(ctx context.Context, url string, ev link.SocketEvents) (link.Socket, error) {
			sock, err := connect(ctx, url, ev)
			return pinging{sock, &w.pings}, err
		}
	}
	log := slog.New(slog.DiscardHandler)
	events := bus.New(log)
	bus.Subscribe(events, func(c phone.Call) {
		if c.State != phone.Incoming && c.State != phone.Ringing {
			return
		}
		select {
		case w.rings <- c:
		default:
		}
	})
	w.Phone = phone.New(phone.Deps{
		Bus: events, Config: w.cfg, Log: log, Dial: dial, InstanceID: "urn:uuid:00000000-0000-4000-8000-000000000000",
		Platform: media.Platform{
			Loopback: true, Codecs: []string{"opus", "pcmu"},
			Capture: func(context.Context, media.Kind) (media.Source, error) { return media.Tone(440), nil },
		},
	})
	t.Cleanup(func() {
		w.Close()
		w.peer.Cut()
		<-w.Done()
		events.Close()
		<-events.Done()
	})
	return w
}

// login logs in the account of the settings.
func (w *wired) login() *wired {
	w.t.Helper()
	who := phone.Login{URI: w.cfg.User.URI, AuthUser: w.cfg.User.AuthUser(w.cfg.User.URI), DisplayName: w.cfg.User.DisplayName}
	if p := w.cfg.User.SIPAuthPassword; p != nil {
		who.Password = string(*p)
	}
	if err := w.Login(who); err != nil {
		w.t.Fatal(err)
	}
	return w
}

// registers lets the phone register.
func (w *wired) registers() {
	w.t.Helper()
	req := w.peer.Expect(sip.REGISTER)
	w.peer.Reply(req, 200, siptest.Header("Contact", req.Contact().Value()+";expires=600"))
}

const bob = `"user": {"uri": "sip:bob@example.test", "display_name": "Bob B.", "sip_auth_password": "pw"}`

func TestRegistrationSettingsOnTheWire(t *testing.T) {
	for _, test := range []struct {
		name, settings string
		does           func(t *testing.T, w *wired)
	}{
		{"expiry", `{` + bob + `, "registration": {"expiry": 120}}`, func(t *testing.T, w *wired) {
			req := w.login().peer.Expect(sip.REGISTER)
			if !strings.Contains(req.String(), "120") || req.GetHeader("Expires").Value() != "120" {
				t.Error(req)
			}
		}},
		{"expiry by default", `{` + bob + `}`, func(t *testing.T, w *wired) {
			if req := w.login().peer.Expect(sip.REGISTER); req.GetHeader("Expires").Value() != "3600" {
				t.Error(req)
			}
		}},
		{"server", `{` + bob + `, "registration": {"server": "sip:registrar.test:5070"}}`, func(t *testing.T, w *wired) {
			req := w.login().peer.Expect(sip.REGISTER)
			if got := req.Recipient.String(); got != "sip:registrar.test:5070" || req.To().Address.String() != "sip:bob@example.test" {
				t.Error(req)
			}
		}},
		{"server by default", `{` + bob + `}`, func(t *testing.T, w *wired) {
			if got := w.login().peer.Expect(sip.REGISTER).Recipient.String(); got != "sip:example.test" {
				t.Error(got)
			}
		}},
		{"on_startup false", `{` + bob + `, "registration": {"on_startup": false}}`, func(t *testing.T, w *wired) {
			w.login().peer.ExpectDial()
			w.peer.ExpectNone()
			if err := w.Register(); err != nil { // when the person asks
				t.Fatal(err)
			}
			w.peer.Expect(sip.REGISTER)
		}},
		{"display_name", `{` + bob + `}`, func(t *testing.T, w *wired) {
			if from := w.login().peer.Expect(sip.REGISTER).From(); from.DisplayName != "Bob B." {
				t.Error(from)
			}
		}},
		{"sip_auth_user_full_uri", `{"user": {"uri": "sip:bob@example.test", "sip_auth_password": "pw", "sip_auth_user_full_uri": true}}`, func(t *testing.T, w *wired) {
			w.authenticates(t, `username="bob@example.test"`)
		}},
		{"sip_auth_user_full_uri false", `{` + bob + `}`, func(t *testing.T, w *wired) {
			w.authenticates(t, `username="bob"`)
		}},
		{"sip_auth_user", `{"user": {"uri": "sip:bob@example.test", "sip_auth_password": "pw", "sip_auth_user": "b-42", "sip_auth_user_full_uri": true}}`, func(t *testing.T, w *wired) {
			w.authenticates(t, `username="b-42"`)
		}},
		// A server that goes by certificates or cookies asks for none; one that asks is
		// given none.
		{"sip_auth_password empty", `{"user": {"uri": "sip:bob@example.test", "sip_auth_password": ""}}`, func(t *testing.T, w *wired) {
			w.challenge()
			synctest.Wait()
			w.peer.ExpectNone()
			if s := w.Snapshot(); s.Registration.State == phone.Registered {
				t.Errorf("%+v", s)
			}
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test.does(t, newWired(t, test.settings, nil)) })
		})
	}
}

// challenge answers the first REGISTER by asking for credentials.
func (w *wired) challenge() {
	w.t.Helper()
	w.peer.Reply(w.login().peer.Expect(sip.REGISTER), 401, siptest.Header("WWW-Authenticate", `Digest realm="x", nonce="1", qop="auth"`))
}

func (w *wired) authenticates(t *testing.T, want string) {
	t.Helper()
	w.challenge()
	if got := w.peer.Expect(sip.REGISTER).GetHeader("Authorization").Value(); !strings.Contains(got, want) {
		t.Error(got)
	}
}

func TestConnectionSettingsOnTheWire(t *testing.T) {
	run := func(name, settings string, dial link.Dialer, does func(t *testing.T, w *wired)) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { does(t, newWired(t, settings, dial)) })
		})
	}
	run("servers", `{`+bob+`, "websocket": {"servers": [{"url": "wss://spare.test"}, {"url": "wss://main.test", "weight": 65535}]}}`, nil, func(t *testing.T, w *wired) {
		w.peer.Refuse(true)
		w.login()
		tried := []string{w.peer.ExpectDial(), w.peer.ExpectDial()}
		slices.Sort(tried)
		if !slices.Equal(tried, []string{"wss://main.test", "wss://spare.test"}) {
			t.Errorf("tried %v", tried)
		}
	})
	// Waits are spread by chance, by up to a half, so that servers are not stormed.
	run("connection_recovery", `{`+bob+`, "websocket": {"connection_recovery_min_interval": 10, "connection_recovery_max_interval": 40}}`, nil, func(t *testing.T, w *wired) {
		w.peer.Refuse(true)
		w.peer.Wait = time.Minute
		w.login().peer.ExpectDial()
		var waits []time.Duration
		for range 6 {
			begin := time.Now()
			w.peer.ExpectDial()
			waits = append(waits, time.Since(begin))
		}
		if waits[0] < 10*time.Second || waits[0] > 20*time.Second || slices.Max(waits) > 40*time.Second || waits[5] < 20*time.Second {
			t.Errorf("waited %v", waits)
		}
	})
	var given time.Duration
	hangs := func(ctx context.Context, _ string, _ link.SocketEvents) (link.Socket, error) {
		begin := time.Now()
		<-ctx.Done()
		given = time.Since(begin)
		return nil, ctx.Err()
	}
	run("connect_timeout", `{`+bob+`, "websocket": {"connect_timeout": 3}}`, hangs, func(t *testing.T, w *wired) {
		w.login()
		time.Sleep(4 * time.Second)
		synctest.Wait()
		if given != 3*time.Second {
			t.Errorf("given %v", given)
		}
	})
	for settings, want := range map[string]int32{`{` + bob + `, "websocket": {"keep_alive": 7}}`: 3, `{` + bob + `, "websocket": {"keep_alive": 0}}`: 0} {
		run("keep_alive", settings, nil, func(t *testing.T, w *wired) {
			w.login().registers()
			time.Sleep(25 * time.Second)
			synctest.Wait()
			if got := w.pings.Load(); got != want {
				t.Errorf("%d signs of life in 25 s, want %d", got, want)
			}
		})
	}
}

func TestCallSettingsOnTheWire(t *testing.T) {
	w := newWired(t, `{`+bob+`, "dialing": {"no_answer_timeout": 1}, "extra_headers": ["X-WS-Session-Extra: some_token=value", "X-Two: 2"]}`, nil).login()
	w.registers()
	if _, err := w.Dial(phone.Dial{To: "carol", Headers: []string{"X-Call: c"}}); err != nil {
		t.Fatal(err)
	}
	invite := w.peer.Expect(sip.INVITE)
	for name, want := range map[string]string{"X-WS-Session-Extra": "some_token=value", "X-Two": "2", "X-Call": "c"} {
		if h := invite.GetHeader(name); h == nil || h.Value() != want {
			t.Errorf("%s: %v", name, h)
		}
	}
	w.peer.Reply(invite, 180)
	begin := time.Now()
	cancel := w.peer.Expect(sip.CANCEL)
	if took := time.Since(begin); took < 500*time.Millisecond || took > 5*time.Second {
		t.Errorf("given up after %v", took)
	}
	w.peer.Reply(cancel, 200)
	w.peer.Reply(invite, 487)
	w.peer.Expect(sip.ACK)
}

func TestWhatTheOtherSideIsAskedForIsWhatTheSettingsSay(t *testing.T) {
	for settings, want := range map[string][]string{
		`{}`: {"useinbandfec=1"},
		`{"opus_fec": false, "opus_dtx": true, "max_bitrate_audio": 24}`: {"minptime=10;usedtx=1", "b=TIAS:24000"},
	} {
		w := newWired(t, `{`+bob+`, "media": `+settings+`}`, nil)
		w.login().registers()
		if _, err := w.Dial(phone.Dial{To: "carol"}); err != nil {
			t.Fatal(err)
		}
		invite := w.peer.Expect(sip.INVITE)
		for _, part := range want {
			if !strings.Contains(string(invite.Body()), part) {
				t.Errorf("%s: no %s in\n%s", settings, part, invite.Body())
			}
		}
	}
}

func TestMessagesAreRefusedWithoutChat(t *testing.T) {
	for settings, want := range map[string]int{`{` + bob + `, "chat": {"enable": false}}`: 405, `{` + bob + `}`: 200} {
		synctest.Test(t, func(t *testing.T) {
			w := newWired(t, settings, nil)
			w.login().registers()
			w.peer.Request(sip.MESSAGE, "sip:bob@example.test", siptest.Body("text/plain", "hi"))
			w.peer.ExpectResponse(sip.MESSAGE, want)
		})
	}
}

func TestWithoutServersNobodyCanLogIn(t *testing.T) {
	w := newWired(t, `{"websocket": {"servers": null}, "discovery": {"enabled": false}}`, nil)
	if err := w.Login(phone.Login{URI: "bob@example.test"}); !errors.Is(err, phone.ErrNoServer) {
		t.Errorf("%v", err)
	}
}

func TestMessagesAreKeptForTheTraceUnlessTheSettingsForbidIt(t *testing.T) {
	for enable, kept := range map[string]bool{"true": true, "false": false} {
		synctest.Test(t, func(t *testing.T) {
			w := newWired(t, `{`+bob+`, "trace": {"enable": `+enable+`}}`, nil).login()
			w.registers()
			synctest.Wait()
			if got := len(w.Trace()) > 0; got != kept {
				t.Errorf("%s: kept %v", enable, got)
			}
		})
	}
}
