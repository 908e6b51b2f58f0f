//go:build !js

package phone_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/phone"
	"gocommunicator/app/store"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/siptest"
)

// The proxy of a call may be of a realm that the password was never used for.
func TestCallThatAsksForThePasswordIsExplained(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	kept := store.Open(store.Config{Log: log})
	t.Cleanup(kept.Close)
	cfg, _ := config.Load(nil, config.Layer{"websocket": map[string]any{"servers": "ws://example.test/sip"}})
	for _, password := range []string{"secret", ""} {
		u := &user{t: t, name: "alice", bus: bus.New(log), events: make(chan any, 1000)}
		peer := siptest.NewPeer(t)
		u.Phone = phone.New(phone.Deps{
			Bus: u.bus, Config: cfg, Log: log, Store: kept, Dial: peer.Dialer(),
			InstanceID: "urn:uuid:00000000-0000-4000-8000-000000000000",
			Platform: media.Platform{Loopback: true, Codecs: []string{"pcmu"}, Capture: func(context.Context, media.Kind) (media.Source, error) {
				return media.Tone(440), nil
			}},
		})
		watch[phone.Notice](u)
		watch[phone.Registration](u)
		watch[phone.Account](u)
		if password != "" {
			u.must(u.Login(phone.Login{URI: "alice@example.test", Password: password, Remember: true}))
		} else if !u.LoginRemembered() {
			t.Fatal("nobody is remembered")
		}
		peer.ExpectDial()
		peer.Reply(peer.Expect(sip.REGISTER), 401, siptest.Header("WWW-Authenticate", challengeMD5))
		register := peer.Expect(sip.REGISTER)
		peer.Reply(register, 200, siptest.Header("Contact", register.Contact().Value()+";expires=600"))
		await(u, func(r phone.Registration) bool { return r.State == phone.Registered })
		if password == "" {
			_, err := u.Dial(phone.Dial{To: "bob"})
			u.must(err)
			peer.Reply(peer.Expect(sip.INVITE), 407, siptest.Header("Proxy-Authenticate", `Digest realm="other", nonce="n"`))
			await(u, func(n phone.Notice) bool { return n.Code == "error_call_password" && n.CallID != "" })
		}
		u.Leave()
		await(u, func(a phone.Account) bool { return !a.LoggedIn })
		u.Close()
		peer.Cut()
		<-u.Done()
		u.bus.Close()
		<-u.bus.Done()
	}
}
