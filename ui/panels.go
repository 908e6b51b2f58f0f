package ui

import (
	"slices"
	"strings"
)

// The panels that a site can leave out, beside the pages, which have the names of Page.
const (
	panelDialpad  = "dialpad"
	panelChat     = "chat"
	panelHistory  = "history"
	panelSettings = "settings"
)

// pages are those reached from the settings.
var pages = []Page{PageShare, PageCheck, PageDesktop, PageDevices, PageShortcuts, PageHelp, PageTrace}

// has tells whether a panel is there.
func (d Deps) has(panel string) bool {
	return (d.Panels == nil || slices.Contains(d.Panels, panel)) && (d.Trace || panel != string(PageTrace))
}

// isButton tells whether all there is is a button that calls somebody.
func (d Deps) isButton() bool { return d.Button.To != "" }

// hasTab tells whether there is anything behind a tab.
func (d Deps) hasTab(t Tab) bool {
	switch t {
	case TabChats:
		return d.Chat
	case TabHistory:
		return d.has(panelHistory)
	case TabSettings:
		return d.has(panelSettings) || slices.ContainsFunc(pages, func(p Page) bool { return d.has(string(p)) })
	case TabPhone:
	}
	return true
}

// panels are the tabs that there are, for the style sheet.
func (d Deps) panels() string {
	var names []string
	for _, t := range [...]Tab{TabChats, TabHistory, TabSettings} {
		if d.hasTab(t) {
			names = append(names, string(t))
		}
	}
	return strings.Join(names, " ")
}

// home is the tab that somebody finds who has logged in.
func (d Deps) home() Tab {
	for _, t := range [...]Tab{TabChats, TabHistory} {
		if !d.has(panelDialpad) && d.hasTab(t) {
			return t
		}
	}
	return TabPhone
}

// shortcutPanels are the panels of those shortcuts that are not of calls.
var shortcutPanels = map[string]Tab{"tab-chats": TabChats, "tab-history": TabHistory, shortcutSearch: TabHistory, "tab-settings": TabSettings}

// offers tells whether a shortcut is of something that is there.
func (d Deps) offers(shortcut string) bool {
	if shortcut == shortcutHelp {
		return d.has(string(PageHelp))
	}
	return d.hasTab(shortcutPanels[shortcut]) || shortcut == shortcutSearch && d.Chat
}
