//go:build linux

package e2e

import "testing"

// Keys do what the controls do, say so in the tooltip, keep still while somebody types, and
// are the person's to change.
func TestShortcutsWorkTheCallAndCanBeChanged(t *testing.T) {
	s := startServer(t)
	alice := openDemo(t, s, newPage(t, low, "alice"), "alice")
	bob := openDemo(t, s, newPage(t, high, "bob"), "bob")
	said := func(condition string) { t.Helper(); alice.Topic("jsc/call/state", condition, alice.since) }

	alice.since = alice.Now()
	bob.Dial("alice", true)
	alice.Rung()
	alice.Until(`document.querySelector('[data-action=answer]').getAttribute('aria-keyshortcuts') === 'A' && document.querySelector('[data-action=answer-video]').title === 'Answer with video (V)'`)
	alice.Evaluate(`void document.querySelector('[data-input=address]').focus()`, nil)
	alice.key("a")
	alice.key("v")
	alice.Evaluate(`void document.activeElement.blur()`, nil)
	alice.key("v")
	alice.Talks()
	alice.Until(`document.querySelector('[data-action=mute]').title === 'Mute (M)'`)
	alice.key("m")
	said("d.muted")
	alice.Until(`document.querySelector('[data-action=unmute]').title === 'Unmute (M)'`)
	alice.key("c")
	said("d.video_muted && d.muted")
	alice.key("h")
	said("d.local_hold")
	alice.key("k")
	alice.Until(`document.querySelector('.pad').checkVisibility()`)
	alice.key("Escape")

	alice.key("?")
	alice.Until(`document.querySelector('[data-region=help] [data-id=mute] kbd')?.innerText === 'M'`)
	alice.Screenshot("help")
	alice.Action("back")
	alice.Action("open-shortcuts")
	alice.Click(`[data-id=hangup] [data-action=shortcut-change]`)
	alice.key("m")
	alice.Until(`document.querySelector('.part-shortcuts [role=alert]').innerText === 'M is taken: Microphone on or off'`)
	alice.Screenshot("taken")
	alice.Click(`[data-id=hangup] [data-action=shortcut-change]`)
	alice.Evaluate(`void document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Ж', code: 'Semicolon', ctrlKey: true, bubbles: true }))`, nil)
	alice.Until(`document.querySelector('[data-id=hangup] kbd').innerText === 'Ctrl + Ж' || document.querySelector('[data-id=hangup] kbd').innerText === 'Ctrl + ж'`)
	alice.Click(`[data-id=hangup] [data-action=shortcut-change]`)
	alice.key("F9")
	alice.Until(`document.querySelector('[data-action=hangup]').getAttribute('aria-keyshortcuts') === 'F9' && document.activeElement.dataset.action === 'shortcut-change'`)
	alice.key("e")
	alice.key("F9")
	bob.Idle()
	alice.Idle()
	alice.reload()
	alice.Until(`document.querySelector('[data-input=history-search]')?.checkVisibility()`)
	alice.Evaluate(`void document.activeElement.blur()`, nil)
	alice.key("/")
	alice.Until(`document.activeElement.dataset.input === 'history-search'`)
	alice.Until(`JSON.parse(localStorage.getItem('gocommunicator.shortcuts')).hangup === 'F9'`)
	alice.Evaluate(`void document.activeElement.blur()`, nil)
	alice.key("s")
	alice.Action("open-shortcuts")
	alice.Until(`document.querySelector('[data-id=hangup] kbd')?.innerText === 'F9'`)
	alice.Action("shortcuts-reset")
	alice.Until(`document.querySelector('[data-id=hangup] kbd').innerText === 'E' && !localStorage.getItem('gocommunicator.shortcuts')`)
}
