package ui

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// fakeOwn is what somebody has set.
type fakeOwn map[string]string

func (o fakeOwn) Text(path string) string                 { return o[path] }
func (o fakeOwn) Changed() bool                           { return len(o) > 0 }
func (o fakeOwn) Set(map[string]string) map[string]string { return nil }
func (o fakeOwn) Reset()                                  {}

func TestPersonFindsTheirSettingsWhereTheSiteLetsThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := newScreen(t)
		if html := app.HTMLString(&shell{Screen: s}); strings.Contains(html, `"configuration"`) {
			t.Error("there is a form for nothing")
		}
		s.deps.Own = fakeOwn{"user.display_name": "Bobby", "media.relay_only": "true"}
		html := app.HTMLString(&shell{Screen: s})
		for _, want := range []string{`"settings-save"`, `"settings-reset"`, `value="Bobby"`} {
			if !strings.Contains(html, want) {
				t.Errorf("there is no %s", want)
			}
		}
		for _, box := range ownBoxes {
			if !strings.Contains(html, `"help-`+box.name+`"`) {
				t.Errorf("there is no help for %s", box.name)
			}
			for _, f := range box.fields {
				if !strings.Contains(html, `data-input="`+f[0]+`"`) {
					t.Errorf("there is no field for %s", f[0])
				}
			}
		}
		if strings.Contains(html, `type="password" id="own`) || strings.Contains(html, "sip_auth_password") {
			t.Error("a password can be set to stay")
		}
		s.deps.Bus.Close()
	})
}
