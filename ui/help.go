package ui

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// helpTopics are the texts of the help, each a question and its answer.
var helpTopics = []struct{ label, text string }{
	{"label_help_login", "hint_help_login"},
	{"label_help_call", "hint_help_call"},
	{"label_help_chat", "hint_help_chat"},
	{"label_help_digits", "hint_help_digits"},
	{"label_help_microphone", "hint_help_microphone"},
	{"label_help_connection", "hint_help_connection"},
	{"label_help_sound", "hint_help_sound"},
}

// help is the page that gets somebody started.
type help struct {
	app.Compo
	Screen  *Screen
	T       texts
	Account phone.Account
	Echo    string // offered when not empty
}

// Render draws what to try out, and the topics.
func (h *help) Render() app.UI {
	var try []app.UI
	offer := func(action, symbol, label string, do app.EventHandler) {
		try = append(try, control(action, "wide secondary", symbol, h.T.T(label), true, do))
	}
	if h.Echo != "" {
		offer("dial-echo", "audio-lines", "action_call_echo", h.dialEcho)
	}
	if h.Account.LoggedIn && !h.Screen.deps.Dialing.none() {
		offer("self-call", "repeat", "action_call_self", h.selfCall)
	}
	if h.Screen.deps.has(string(PageCheck)) {
		offer("check", "stethoscope", "label_check", h.check)
	}
	if names := h.Screen.deps.Demo.Names; len(names) > 0 {
		try = append(try, text("p", "class=quiet", h.T.T("label_open_account")))
		for _, name := range names {
			try = append(try, text("a", "class=wide secondary|target=_blank|data-action=open-account", name).
				Attr("href", "?account="+name))
		}
	}
	return pageOf(h.Screen, h.T, PageHelp, "label_help", tag("div", "class=help",
		tag("div", "class=help-try", try...),
		app.Range(helpTopics).Slice(func(i int) app.UI {
			return tag("details", "",
				text("summary", "", h.T.T(helpTopics[i].label)),
				text("p", "", h.T.T(helpTopics[i].text)),
			)
		}),
		app.If(h.Screen.deps.has(string(PageShortcuts)), func() app.UI {
			return tag("details", "open=true",
				text("summary", "", h.T.T("label_help_keyboard")),
				text("p", "", h.T.T("hint_help_keyboard")),
				&part{Screen: h.Screen, T: h.T, Name: string(PageShortcuts)},
			)
		}),
	))
}

func (h *help) check(app.Context, app.Event) { h.Screen.openPage(PageCheck) }

func (h *help) dialEcho(app.Context, app.Event) { h.Screen.dial(h.Echo, false) }

// selfCall tries the own account out: the call goes to the server and comes back.
func (h *help) selfCall(app.Context, app.Event) { h.Screen.dial(h.Account.AOR, false) }
