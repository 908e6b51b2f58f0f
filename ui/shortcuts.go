package ui

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/ui/dom"
)

// shortcutsKey is where the page remembers the keys that the person has changed.
const shortcutsKey = "gocommunicator.shortcuts"

// shortcuts are the keys beside Escape and those of a telephone. Each presses the control
// of one of its actions: what the person cannot press, no key does. The first names it.
var shortcuts = [...]struct{ actions, key, label string }{
	{"answer", "a", "action_answer"},
	{"answer-video", "v", "action_answer_video"},
	{"answer-hangup", "x", "action_answer_hangup"},
	{"reject", "r", "action_reject"},
	{"hangup", "e", "action_hangup"},
	{"mute unmute", "m", "label_shortcut_mute"},
	{"camera-off camera-on", "c", "label_shortcut_camera"},
	{"hold resume", "h", "label_shortcut_hold"},
	{"dtmf-pad", "k", "action_dtmf_pad"},
	{"transfer", "t", "action_transfer"},
	{"join", "j", "action_join"},
	{shortcutNext, "n", "label_shortcut_next"},
	{shortcutDial, "d", "label_shortcut_dial"},
	{shortcutSearch, "/", "label_shortcut_search"},
	{"tab-phone", "p", "label_application"},
	{"tab-chats", "w", "label_chats"},
	{"tab-history", "y", "label_history"},
	{"tab-settings", "s", "label_settings"},
	{shortcutHelp, "?", "label_help"},
}

// Those that press nothing.
const (
	shortcutNext   = "next-call"
	shortcutDial   = "dial-field"
	shortcutSearch = "search"
	shortcutHelp   = "open-help"
)

// shortcutKeys are the keys of the shortcuts in their order, where changed names some of them
// by shortcut; an empty one is none.
func shortcutKeys(changed map[string]string) (keys [len(shortcuts)]string) {
	for i, s := range shortcuts {
		keys[i] = s.key
		if key, there := changed[nameOf(s.actions)]; there {
			keys[i] = key
		}
	}
	return keys
}

func nameOf(actions string) string {
	name, _, _ := strings.Cut(actions, " ")
	return name
}

// keptKeys are what the page and its controls are worked with.
var keptKeys = []string{"Escape", "Enter", "Space", "Tab", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"}

// changedKey is changed with another key for a shortcut, which has to be free: otherwise
// taken is the label of what it stands for, or the text that says so.
func changedKey(changed map[string]string, name, key string) (now map[string]string, taken string) {
	if slices.Contains(keptKeys, key) {
		return changed, "error_shortcut_kept"
	}
	now = map[string]string{}
	for i, other := range shortcutKeys(changed) {
		s := shortcuts[i]
		switch this := nameOf(s.actions) == name; {
		case !this && key != "" && other == key:
			return changed, s.label
		case this:
			other = key
		}
		if other != s.key {
			now[nameOf(s.actions)] = other
		}
	}
	return now, ""
}

// openShortcuts has the keys be those of the last visit.
func (s *Screen) openShortcuts() {
	changed := map[string]string{}
	_ = json.Unmarshal([]byte(dom.Recall(shortcutsKey)), &changed) // nothing, or ours
	s.useShortcuts(changed)
}

func (s *Screen) useShortcuts(changed map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changedKeys = changed
}

// shortcut is the one that a key stands for, or -1. It may be called from any goroutine.
func (s *Screen) shortcut(key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := shortcutKeys(s.changedKeys)
	return slices.Index(keys[:], key)
}

// press does what a shortcut is for.
func (s *Screen) press(actions string) {
	switch actions {
	case shortcutNext:
		running := s.view.Running()
		for i, c := range running {
			if c.ID == s.view.Current {
				s.switchTo(running[(i+1)%len(running)].ID)
				return
			}
		}
	case shortcutDial:
		s.showTab(TabPhone)
		s.focusAddress()
	case shortcutSearch:
		id := historySearchID
		switch {
		case s.view.Tab == TabChats && s.view.Open == "":
			id = chatSearchID
		case !s.deps.has(panelHistory):
			return
		default:
			s.showTab(TabHistory)
		}
		s.ctx.Defer(func(app.Context) { dom.Focus(id) })
	case shortcutHelp:
		s.openPage(PageHelp)
	default:
		dom.Press(actions)
	}
}

// shortcutCalls is what web/parts/shortcuts.js lists the keys and changes them by.
func (s *Screen) shortcutCalls(calls map[string]func(args []any) any) {
	calls["shortcuts"] = func([]any) any {
		var list []any
		keys := shortcutKeys(s.changedKeys)
		for i, c := range shortcuts {
			if !s.deps.offers(nameOf(c.actions)) {
				continue
			}
			list = append(list, []any{nameOf(c.actions), c.actions, s.deps.Texts.T(c.label), keys[i]})
		}
		return list
	}
	calls["key"] = func(args []any) any {
		key, _ := args[0].(string)
		code, _ := args[1].(string)
		with := func(i int) bool { return args[i] == true }
		return dom.KeyName(key, code, with(2), with(3), with(4), with(5))
	}
	calls["change"] = func(args []any) any {
		changed := map[string]string{} // all of them, without a name
		if name, _ := args[0].(string); name != "" {
			key, _ := args[1].(string)
			var taken string
			if changed, taken = changedKey(s.changedKeys, name, key); taken != "" {
				return s.deps.Texts.T(taken)
			}
		}
		s.useShortcuts(changed)
		text := ""
		if len(changed) > 0 {
			list, _ := json.Marshal(changed)
			text = string(list)
		}
		dom.Remember(shortcutsKey, text)
		return ""
	}
}
