package ui

import (
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

var (
	desk       = phone.Device{Contact: "sip:alice@192.0.2.7", Name: "<b>Desk\u202e</b>", Until: began}
	registered = phone.Registration{State: phone.Registered, Others: []phone.Device{desk, {Contact: "sip:x@192.0.2.8", Until: began}}}
)

// disabled is how a button of go-app says that it is; its attributes come in any order.
var disabled = regexp.MustCompile(` disabled[ >]`)

func TestAccountBoxSaysHowTheRegistrationStands(t *testing.T) {
	failed := phone.Registration{State: phone.RegistrationFailed, Cause: &phone.Cause{Code: 403, Reason: "<i>No</i>"}}
	for name, tt := range map[string]struct {
		registration phone.Registration
		link         phone.LinkState
		there, not   []string
		disabled     bool
	}{
		"registered, with others": {
			registered, phone.LinkUp,
			[]string{`data-action="unregister"`, "2 other devices", "sip:alice@192.0.2.7", "&lt;b&gt;Desk&lt;/b&gt;", "until ", `data-id="sip:x@192.0.2.8"`},
			[]string{"<b>", "Details"},
			false,
		},
		"registered, alone": {
			phone.Registration{State: phone.Registered},
			phone.LinkUp,
			[]string{`data-action="unregister"`},
			[]string{`data-region="devices"`},
			false,
		},
		"under way":          {phone.Registration{State: phone.Registering}, phone.LinkUp, []string{"Registering…", `data-action="register"`}, nil, true},
		"waits for the link": {phone.Registration{State: phone.Registering}, phone.LinkDown, []string{"Registering…", `data-action="unregister"`}, nil, false},
		"not registered":     {phone.Registration{State: phone.Unregistered}, phone.LinkUp, []string{"Not registered", `data-action="register"`}, []string{"Details"}, false},
		"failed": {
			failed, phone.LinkUp,
			[]string{"does not allow this account", "<details", "403 &lt;i&gt;No&lt;/i&gt;", `data-action="register"`},
			[]string{"<i>"},
			false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, _, _ := newScreen(t)
				html := app.HTMLString(&account{
					Screen: s, T: s.texts(), Account: phone.Account{LoggedIn: true, AOR: "sip:alice@example.org"},
					Registration: tt.registration, Link: tt.link,
				})
				for _, w := range tt.there {
					if !strings.Contains(html, w) {
						t.Errorf("there is no %s in %s", w, html)
					}
				}
				if disabled.MatchString(html) != tt.disabled {
					t.Errorf("disabled is not %v in %s", tt.disabled, html)
				}
				for _, w := range tt.not {
					if strings.Contains(html, w) {
						t.Errorf("there is %s in %s", w, html)
					}
				}
				s.deps.Bus.Close()
			})
		})
	}
}

func TestOtherDevicesAreToldOnceForEachLogin(t *testing.T) {
	v := fold()
	v.foldRegistration(phone.Registration{State: phone.Registering})
	v.foldRegistration(registered)
	if v.Hint.Key != "state_devices" || v.Hint.Count != 2 {
		t.Fatalf("hint is %+v", v.Hint)
	}
	v.typed()
	v.foldRegistration(registered) // a refresh
	if v.Hint.Key != "" {
		t.Errorf("it is said again: %+v", v.Hint)
	}
	v.foldAccount(phone.Account{})
	if v.Hint.Key != "" {
		t.Errorf("after the logout stands %+v", v.Hint)
	}
	v.foldAccount(phone.Account{LoggedIn: true, AOR: "sip:alice@example.org"})
	v.foldRegistration(registered)
	if v.Hint.Key != "state_devices" {
		t.Error("it is not said at the next login")
	}

	t.Run("not in the way of something else", func(t *testing.T) {
		v := fold(out("a", phone.Ringing))
		v.foldRegistration(registered)
		if v.Hint.Key != "" {
			t.Errorf("hint in a call is %+v", v.Hint)
		}
		v = fold()
		v.foldDestination(phone.Destination{To: "bob", Asked: true})
		v.foldRegistration(registered)
		if v.says(Dialing{}).Key != "hint_dial_asked" {
			t.Errorf("a link's question gave way to %+v", v.Hint)
		}
		v.typed()
		v.foldRegistration(phone.Registration{State: phone.Registered, Others: []phone.Device{{Until: time.Now()}}})
		if v.Hint.Count != 1 {
			t.Error("it is not said later")
		}
	})
}
