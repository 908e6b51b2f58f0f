package ui

import (
	"context"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// What the person does in conversations. All are for the UI goroutine.

// openChat shows a conversation from its end, or the list of them when peer is empty.
func (s *Screen) openChat(peer string) {
	s.change(func(v *View) {
		v.offered = ""
		v.open(peer)
	})
	if peer != "" {
		s.ctx.Defer(func(app.Context) { dom.FocusText(conversationID, chatTextID) })
	}
}

// newChat begins a conversation with whoever was typed.
func (s *Screen) newChat() {
	to := strings.TrimSpace(dom.Value(chatAddressID))
	if to == "" {
		dom.Focus(chatAddressID)
		return
	}
	peer, err := s.deps.Phone.OpenChat(to)
	if err != nil {
		s.told(err)
		return
	}
	dom.SetValue(chatAddressID, "")
	s.openChat(peer)
}

// closeChat puts a conversation away.
func (s *Screen) closeChat(peer string) {
	s.deps.Phone.CloseChat(peer)
	if s.view.Open == peer {
		s.openChat("")
	}
}

// askDelete asks whether the messages with a peer, or "*" for all, are to be deleted.
func (s *Screen) askDelete(what string) { s.change(func(v *View) { v.Deleting = what }) }

func (s *Screen) keepChat(app.Context, app.Event) { s.askDelete("") }

// deleteChat forgets a conversation, or all of them.
func (s *Screen) deleteChat(app.Context, app.Event) {
	if what := s.view.Deleting; what == "*" {
		s.deps.Phone.DeleteChats()
	} else {
		s.deps.Phone.DeleteChat(what)
	}
	s.change(func(v *View) {
		v.Drafts = nil
		v.open("")
	})
}

// typed is called at each change of what is typed.
func (s *Screen) typed() {
	text := dom.Value(chatTextID)
	s.view.draft(s.view.Open, text) // nothing to be drawn
	s.deps.Phone.SetDraft(s.view.Open, text)
}

// sendTyped sends what is typed.
func (s *Screen) sendTyped() {
	peer, text := s.view.Open, dom.Value(chatTextID)
	if strings.TrimSpace(text) == "" {
		return
	}
	if _, err := s.deps.Phone.SendMessage(peer, text); err != nil {
		s.told(err)
		return
	}
	dom.SetValue(chatTextID, "")
	s.change(func(v *View) {
		v.draft(peer, "")
		if v.Thread.later {
			v.open(peer) // what was said stands at the end
		}
	})
}

// search shows the messages in which a text stands, when nothing more is typed for a
// moment.
func (s *Screen) search(text string) {
	text = strings.TrimSpace(text)
	s.stopSearch()
	s.change(func(v *View) {
		if v.Search = text; text == "" {
			v.Found = nil
		}
	})
	if text == "" {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stopSearch = stop
	go func() {
		select {
		case <-time.After(searchDelay):
		case <-ctx.Done():
			return
		}
		found := s.deps.Phone.SearchMessages(ctx, text, pageSize)
		s.post(func(v *View) {
			if ctx.Err() == nil {
				v.Found = found
			}
		})
	}()
}

// searchDelay is how long the person may think between two letters.
const searchDelay = 150 * time.Millisecond

// showMessage shows a conversation at a message that was found.
func (s *Screen) showMessage(id string) {
	s.change(func(v *View) {
		for _, m := range v.Found {
			if m.ID == id {
				v.open(m.Peer.URI)
				v.Thread = thread{messages: []phone.Message{m}, later: true, earlier: true}
				return
			}
		}
	})
}

// readEarlier reads the messages before those that are there.
func (s *Screen) readEarlier() {
	if t := s.view.Thread; t.read && t.earlier && len(t.messages) > 0 {
		s.read(t.messages[0])
	}
}

// read reads a page of the open conversation.
func (s *Screen) read(before phone.Message) {
	peer := s.view.Open
	if s.reading {
		return
	}
	s.reading = true
	go func() {
		page := s.deps.Phone.Messages(context.Background(), peer, before, pageSize)
		s.post(func(v *View) {
			s.reading = false
			if v.Open == peer && v.reads(before) {
				v.Thread = v.Thread.took(page)
			}
		})
	}()
}

// reads tells whether a page before a message is still wanted.
func (v *View) reads(before phone.Message) bool {
	return before.ID == "" && !v.Thread.read || len(v.Thread.messages) > 0 && v.Thread.messages[0].ID == before.ID
}

// attend does what follows from a change of the conversations: the box takes the draft,
// messages are read, and what is seen is said to have been.
func (s *Screen) attend(before *View) {
	v := &s.view
	if v.Open != before.Open {
		dom.SetValue(chatTextID, v.drafted(v.Open))
	}
	if v.Open == "" {
		return
	}
	// What is remembered may come after the conversation was opened.
	if _, typed := v.Drafts[v.Open]; !typed && v.drafted(v.Open) != "" && dom.Value(chatTextID) == "" {
		dom.SetValue(chatTextID, v.drafted(v.Open))
	}
	if !v.Thread.read {
		var at phone.Message
		if len(v.Thread.messages) > 0 && v.Thread.later {
			at = v.Thread.messages[0]
		}
		s.read(at)
	}
	if v.AtEnd && v.Thread.read && !v.Thread.later && v.chatOf(v.Open).Unread > 0 && dom.Visible() {
		s.deps.Phone.Seen(v.Open)
	}
}
