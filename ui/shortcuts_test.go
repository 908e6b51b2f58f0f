package ui

import (
	"maps"
	"strings"
	"testing"
	"testing/synctest"

	"gocommunicator/app/phone"
)

func TestEveryShortcutHasAKeyOfItsOwn(t *testing.T) {
	had := map[string]string{}
	for _, s := range shortcuts {
		if s.key == "" || had[s.key] != "" {
			t.Errorf("%q is the key of %s and of %s", s.key, s.actions, had[s.key])
		}
		had[s.key] = s.actions
	}
}

func TestKeysAreChangedOneByOneAndNoneStandsForTwo(t *testing.T) {
	mine := map[string]string{"mute": "z"}
	for _, tt := range []struct {
		name, key string
		want      map[string]string
		taken     string
	}{
		{"hold", "b", map[string]string{"mute": "z", "hold": "b"}, ""},
		{"mute", "b", map[string]string{"mute": "b"}, ""},
		{"mute", "m", map[string]string{}, ""},
		{"hold", "m", map[string]string{"mute": "z", "hold": "m"}, ""}, // free since
		{"hold", "z", nil, "label_shortcut_mute"},
		{"hold", "Control+Alt+m", map[string]string{"mute": "z", "hold": "Control+Alt+m"}, ""},
		{"hold", "", map[string]string{"mute": "z", "hold": ""}, ""},
		{"mute", "z", map[string]string{"mute": "z"}, ""},
		{"hold", "Enter", nil, "error_shortcut_kept"},
		{"hold", "Escape", nil, "error_shortcut_kept"},
		{"nothing like it", "b", mine, ""},
	} {
		got, taken := changedKey(mine, tt.name, tt.key)
		if tt.want == nil {
			tt.want = mine
		}
		if !maps.Equal(got, tt.want) || taken != tt.taken {
			t.Errorf("%s by %q: %v %q, want %v %q", tt.name, tt.key, got, taken, tt.want, tt.taken)
		}
	}
	if keys := shortcutKeys(map[string]string{"mute": "", "gone since": "q"}); keys[5] != "" || keys[0] != "a" {
		t.Errorf("%v", keys)
	}
}

// What is not a control of the page does its own thing; the keypad of a call comes first.
func TestShortcutsGoWhereTheySay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l, _ := newScreen(t)
		s.change(func(v *View) {
			v.foldAccount(phone.Account{LoggedIn: true})
			v.foldCall(in("a", phone.Active))
			v.foldCall(in("b", phone.Held))
		})
		s.key("n")
		if s.view.Current != "a" {
			t.Errorf("after next: %s", s.view.Current)
		}
		s.key("n")
		if s.view.Current != "b" {
			t.Errorf("after next once more: %s", s.view.Current)
		}
		s.key("/")
		if s.view.Tab != TabHistory {
			t.Errorf("search is on %s", s.view.Tab)
		}
		s.key("?")
		if s.view.Page != PageHelp {
			t.Error("no help")
		}
		s.key("d")
		if s.view.Tab != TabPhone {
			t.Errorf("the address field is on %s", s.view.Tab)
		}
		s.useShortcuts(map[string]string{shortcutHelp: "F1"})
		s.change(func(v *View) { v.Page = PageNone })
		s.key("?")
		if s.view.Page != PageNone {
			t.Error("the old key still opens the help")
		}
		s.key("F1")
		if s.view.Page != PageHelp {
			t.Error("the new key does not open the help")
		}
		s.showPad("b", true)
		l.done = nil
		s.key("d")
		s.key("Shift+a")
		s.key("7")
		if got := strings.Join(l.done, ","); got != "dtmf b d,dtmf b a,dtmf b 7" {
			t.Errorf("done: %q", got)
		}
		s.deps.Bus.Close()
	})
}
