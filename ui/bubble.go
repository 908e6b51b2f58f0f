package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
)

// longMessage is from how many bytes a message is shown only in part at first, and
// longLines from how many lines.
const (
	longMessage = 1200
	longLines   = 25
)

// bubble is a message.
type bubble struct {
	app.Compo
	Screen  *Screen
	T       texts
	Message phone.Message

	whole bool // a long one is shown to its end
}

// CompoID keeps messages apart.
func (b *bubble) CompoID() string { return b.Message.ID }

// Render draws what was said, when, and how far it has come.
func (b *bubble) Render() app.UI {
	m := b.Message
	said := readable(m.Text)
	shown := shortened(said)
	if b.whole {
		shown = said
	}
	status := ""
	if key, ok := messageStates[m.Status]; ok && m.Direction == phone.Out {
		status = b.T.T(key)
	} else if m.Direction == phone.Out {
		status = b.T.hint(failure(m))
	}
	body := []app.UI{
		tag("div", "class=message-text|dir=auto", b.pieces(shown)...),
		tag("p", "class=message-about quiet",
			text("time", "class=figures", m.Time.Local().Format("15:04")),
			text("span", "class=message-status", status),
		),
	}
	if len(shown) < len(said) {
		body = append(body, control("show-whole", "link", "", b.T.T("action_show_whole"), true, b.show))
	}
	if m.Direction == phone.Out && m.Status == phone.MessageFailed {
		body = append(body, control("retry-message", "link", "rotate-cw", b.T.T("action_message_retry"), true, b.retry))
	}
	return tag("li", "class=message message-"+string(m.Direction)+"|data-status="+string(m.Status), body...).Attr("data-id", m.ID)
}

// messageStates are the words for how far a message has come.
var messageStates = map[phone.MessageStatus]string{
	phone.MessageSending:   "state_message_sending",
	phone.MessageSent:      "state_message_sent",
	phone.MessageDelivered: "state_message_delivered",
	phone.MessageDisplayed: "state_message_displayed",
}

// pieces are the text with its links as elements: nothing of it is ever HTML. A page is
// opened, an address is put into the address field, where a key calls.
func (b *bubble) pieces(said string) (all []app.UI) {
	for _, p := range pieces(said) {
		switch {
		case p.href != "":
			all = append(all, tag("a", "target=_blank|rel=noopener noreferrer nofollow", text("bdi", "", p.text)).Attr("href", p.href))
		case p.dial != "":
			all = append(all, tag("button", "type=button|class=message-dial|data-action=dial-link", text("bdi", "", p.text)).OnClick(b.dial))
		default:
			all = append(all, app.Text(p.text))
		}
	}
	return all
}

func (b *bubble) retry(app.Context, app.Event) { b.Screen.deps.Phone.RetryMessage(b.Message.ID) }
func (b *bubble) show(app.Context, app.Event)  { b.whole = true }

func (b *bubble) dial(ctx app.Context, _ app.Event) {
	to := ctx.JSSrc().Get("textContent").String()
	b.Screen.change(func(v *View) { v.foldDestination(phone.Destination{To: to, Asked: true}) })
}

// shortened is as much of a text as is shown at first.
func shortened(text string) string {
	end := len(text)
	if end > longMessage {
		end = longMessage * 3 / 4
	}
	lines := 0
	for i, r := range text[:end] {
		if r == '\n' {
			if lines++; lines == longLines {
				end = i
				break
			}
		}
	}
	return strings.ToValidUTF8(text[:end], "")
}
