package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// deskPart is what goes on beside the page: notifications, the keys of the system, headsets.
const deskPart = "desk"

// shell holds everything. Its children stand at fixed places, so that nothing that
// comes or goes makes go-app rebuild a field in which somebody types.
type shell struct {
	app.Compo
	Screen *Screen

	release func()
}

// OnMount starts drawing what happens.
func (h *shell) OnMount(ctx app.Context) {
	s := h.Screen
	dom.TakeWindowBack()
	s.tellLanguage()
	dom.ThemeAtFirst(s.theme())
	keys := dom.OnKey(func(key string) bool {
		s.ctx.Dispatch(func(app.Context) { s.key(key) })
		return s.shortcut(key) >= 0
	})
	full := dom.OnFullScreenLeft(func() { s.post(func(v *View) { v.Picture.Full = false }) })
	s.mount(ctx)
	desk := s.newPart(deskPart)
	h.release = func() { keys(); full(); desk.Release() }
}

// OnDismount takes back what OnMount set up.
func (h *shell) OnDismount() {
	if h.release != nil {
		h.release()
	}
}

// Render draws the layout; which part of it shows is a matter of the style sheet.
func (h *shell) Render() app.UI {
	s, v, t := h.Screen, &h.Screen.view, h.Screen.texts()
	st := statusOf(v)
	return tag("div", "class=shell|data-tab="+string(v.Tab)+"|data-page="+string(v.Page)+
		"|data-account="+loggedIn(v.Account.LoggedIn)+"|data-call="+callKind(v)+"|data-chat="+onOff(s.deps.Chat)+
		"|data-panels="+s.deps.panels()+when(s.deps.isButton(), "|data-button=true"),
		app.If(!s.deps.isButton(), func() app.UI {
			return &bar{
				Screen: s, DND: v.DND,
				T: t, Account: v.Account, Registration: v.Registration.State, Link: v.Link.State,
				Server: v.Link.Server, Key: st.key, Tone: st.tone,
			}
		}).Else(func() app.UI { return text("h1", "class=unseen", t.T("label_application")) }),
		&calls{Screen: s, T: t, Calls: v.Calls, Wishes: v.Wishes, Current: v.Current, SoundBlocked: v.SoundBlocked},
		tag("aside", "class=side",
			app.If(s.deps.hasTab(TabHistory), func() app.UI {
				return &history{Screen: s, T: t, History: v.History, Echo: echoFor(v, s.deps.echo())}
			}),
			app.If(s.deps.hasTab(TabSettings), func() app.UI {
				return &settings{
					Screen: s, T: t, Account: v.Account, Registration: v.Registration, Link: v.Link.State,
					Sounds: v.Sounds, InCall: len(v.Calls) > 0, Configured: s.configured,
					Locating: v.Locating, DND: v.DND,
				}
			}),
			tag("div", "", app.If(v.Page == PageTrace, func() app.UI {
				return &trace{Screen: s, T: t}
			})),
			tag("div", "", app.If(v.Page == PageDevices, func() app.UI {
				return &devices{Screen: s, T: t}
			})),
			tag("div", "", app.If(v.Page == PageHelp, func() app.UI {
				return &help{Screen: s, T: t, Account: v.Account, Echo: echoFor(v, s.deps.echo())}
			})),
			tag("div", "", app.If(v.Page == PageDesktop || v.Page == PageShortcuts || v.Page == PageCheck || v.Page == PageShare, func() app.UI {
				return &partPage{Screen: s, T: t, Page: v.Page}
			})),
		),
		tag("main", "class=main",
			app.If(!s.deps.isButton(), func() app.UI {
				return &login{Screen: s, T: t, Demo: s.deps.Demo, Shown: !v.Account.LoggedIn, Remember: s.remember}
			}),
			h.dialpad(v, t, st),
			tag("div", "class=stage", tag("div", "class=joined", app.If(len(v.members(v.Current)) > 0, func() app.UI {
				return &conference{Screen: s, T: t, Members: v.members(v.Current)}
			})), app.Range(v.Running()).Slice(func(i int) app.UI {
				c := v.Running()[i]
				return &call{
					Screen: s, T: t, Call: c, Current: c.ID == v.Current && c.Conference == "", Joinable: joinable(v.Calls), Participants: v.Participants[c.ID],
					Digits: v.Digits[c.ID], Pad: v.Pad == c.ID, Keys: s.deps.Keys,
					Picture: v.Picture, Grade: v.Grades[c.ID], Chart: v.Chart == c.ID,
					About: v.about(c), Handing: v.Handing.Call == c.ID, Wrong: v.Handing.Wrong,
					Others: v.others(c),
					Talk:   v.Equipment.On[phone.PushToTalk],
				}
			})),
			h.notePlace(),
		).Attr("data-full", v.Picture.Full),
		tag("div", "class=chat-column", app.If(s.deps.Chat, func() app.UI {
			return &chats{
				Screen: s, T: t, Rows: v.chatRows(), Open: v.chatOf(v.Open), Thread: v.Thread,
				Deleting: v.Deleting, Search: v.Search, Found: v.Found, Drafts: v.Drafts,
			}
		})),
		&tabs{Screen: s, T: t, Tab: v.Tab, Unread: v.unread(), Missed: v.History.Missed},
		&notices{Screen: s, T: t, Notices: v.Notices, SoundBlocked: v.SoundBlocked && len(v.Incoming()) == 0},
		h.recorders(),
		tag("div", "id="+politeID+"|class=unseen|aria-live=polite"),
		tag("div", "id="+assertiveID+"|class=unseen|aria-live=assertive"),
	)
}

// dialpad is that, or what a site has in its place.
func (h *shell) dialpad(v *View, t texts, st status) app.UI {
	s := h.Screen
	if !s.deps.has(panelDialpad) {
		c := &caller{Screen: s, T: t, To: v.Fill.To, Hint: v.Hint, Status: st, Video: v.enterVideo(s.deps.Dialing), Shown: v.Account.LoggedIn}
		if b := s.deps.Button; b.To != "" {
			c.To, c.Label, c.Video, c.Shown = b.To, b.Label, b.Video, true
		}
		switch {
		case c.Label != "":
		case c.Video:
			c.Label = t.T("action_dial_video")
		default:
			c.Label = t.T("action_dial_audio")
		}
		return c
	}
	return &dialpad{
		Screen: s, T: t, Hint: v.says(s.deps.Dialing), Shown: v.Account.LoggedIn,
		Echo: echoOffer(v, s.deps.echo()), EnterVideo: v.enterVideo(s.deps.Dialing),
		Scheme: v.Scheme, Note: v.noteOffer(), Located: v.Place != nil, Anonymous: v.Anonymous,
	}
}

func loggedIn(yes bool) string {
	if yes {
		return "in"
	}
	return "out"
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// callKind tells the style sheet what stands on the stage.
func callKind(v *View) string {
	switch c, ok := v.Call(v.Current); {
	case !ok:
		return "none"
	case c.Conference == "" && (c.Video || c.RemoteVideo):
		return "video"
	}
	return "audio"
}

// echoOffer is the echo service's address as long as nobody has been called.
func echoOffer(v *View, echo string) string {
	if len(v.History.Calls) > 0 || v.Last.ID != "" {
		return ""
	}
	return echo
}

// echoFor is the echo service's address for whoever can call it.
func echoFor(v *View, echo string) string {
	if !v.Account.LoggedIn {
		return ""
	}
	return echo
}

// tabs chooses the panel in the compact layout.
type tabs struct {
	app.Compo
	Screen *Screen
	T      texts
	Tab    Tab
	Unread int // messages
	Missed int // calls
}

// Render draws the tabs.
func (b *tabs) Render() app.UI {
	var there []app.UI
	for _, t := range [...]*tab{
		{Tab: TabPhone, Label: "label_application", Icon: "phone"},
		{Tab: TabChats, Label: "label_chats", Icon: "message-circle", New: b.Unread, NewKey: "label_unread"},
		{Tab: TabHistory, Label: "label_history", Icon: "history", New: b.Missed, NewKey: "label_missed"},
		{Tab: TabSettings, Label: "label_settings", Icon: "settings"},
	} {
		if t.Screen, t.T, t.Chosen = b.Screen, b.T, b.Tab == t.Tab; b.Screen.deps.hasTab(t.Tab) {
			there = append(there, t)
		}
	}
	return tag("nav", "class=tabs", there...).Attr("aria-label", b.T.T("label_application")).Hidden(len(there) < 2)
}

type tab struct {
	app.Compo
	Screen *Screen
	T      texts
	Tab    Tab
	Label  string // key
	Icon   string
	Chosen bool
	New    int    // things the person has not looked at
	NewKey string // says how many they are
}

// Render draws one tab.
func (b *tab) Render() app.UI {
	name := "tab-" + string(b.Tab)
	return tag("button", "type=button|class=tab "+name+"|data-action="+name+when(b.Chosen, "|aria-current=page"),
		icon(b.Icon), text("span", "", b.T.T(b.Label)), unread(b.T, b.NewKey, b.New)).OnClick(b.choose)
}

func (b *tab) choose(app.Context, app.Event) { b.Screen.showTab(b.Tab) }
