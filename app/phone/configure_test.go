//go:build !js

package phone_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/app/config"
	"gocommunicator/app/phone"
	"gocommunicator/sipcore/siptest"
)

func TestSettingsOfThePersonHoldAtOnce(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*config.Config)
		stays  func(req *sip.Request) bool // logged in anew, as this says; nil: logged out
	}{
		{"display name", func(c *config.Config) { c.User.DisplayName = "Robert" }, func(r *sip.Request) bool { return r.From().DisplayName == "Robert" }},
		{"expiry", func(c *config.Config) { c.Registration.Expiry = 2 * time.Minute }, func(r *sip.Request) bool {
			return r.GetHeader("Expires").Value() == "120" && r.From().DisplayName == "Bob B."
		}},
		{"relay", func(c *config.Config) { c.Media.RelayOnly = true }, func(r *sip.Request) bool { return r.From().DisplayName == "Bob B." }},
		// The password was not for these.
		{"server", func(c *config.Config) { c.WebSocket.Servers = []config.Server{{URL: "ws://b.test", Weight: 1}} }, nil},
		{"registrar", func(c *config.Config) { c.Registration.Server = "sip:registrar.test" }, nil},
		{"address", func(c *config.Config) { c.User.URI = "sip:carol@example.test" }, nil},
		{"name for logging in", func(c *config.Config) { c.User.SIPAuthUser = "c" }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWired(t, `{`+bob+`}`, nil).login()
				w.registers()
				synctest.Wait()
				cfg := w.cfg
				test.change(&cfg)
				w.Configure(cfg)
				leaves := func(r *sip.Request) bool {
					return r.GetHeader("Contact").Value() == "*" || r.GetHeader("Expires").Value() == "0"
				}
				left, req := w.peer.Expect(sip.REGISTER), (*sip.Request)(nil)
				if test.stays != nil {
					if req = w.peer.Expect(sip.REGISTER); !leaves(left) { // each has a connection of its own
						left, req = req, left
					}
				}
				if !leaves(left) {
					t.Fatalf("still registered: %s", left)
				}
				if test.stays == nil {
					synctest.Wait()
					if s := w.Snapshot(); s.Account.LoggedIn {
						t.Error("still logged in")
					}
					w.peer.ExpectNone()
					return
				}
				if !test.stays(req) {
					t.Error(req)
				}
				w.peer.Reply(req, 401, siptest.Header("WWW-Authenticate", `Digest realm="x", nonce="1"`))
				if w.peer.Expect(sip.REGISTER).GetHeader("Authorization") == nil {
					t.Error("the password is gone")
				}
			})
		})
	}
}

func TestSettingsOfThePersonLeaveACallAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWired(t, `{`+bob+`}`, nil).login()
		w.registers()
		w.peer.Request(sip.INVITE, "sip:bob@example.test")
		w.peer.ExpectResponse(sip.INVITE, 180)
		cfg := w.cfg
		cfg.WebSocket.Servers = []config.Server{{URL: "ws://b.test", Weight: 1}}
		w.Configure(cfg)
		synctest.Wait()
		w.peer.ExpectNone()
		if s := w.Snapshot(); len(s.Calls) != 1 || s.Calls[0].State != phone.Incoming {
			t.Errorf("%+v", s)
		}
		w.Logout()
		synctest.Wait()
		if err := w.Login(phone.Login{URI: "bob@example.test"}); err != nil {
			t.Fatal(err)
		}
		w.peer.ExpectDial()
		if got := w.peer.ExpectDial(); got != "ws://b.test" {
			t.Errorf("the next login is at %s", got)
		}
	})
}
