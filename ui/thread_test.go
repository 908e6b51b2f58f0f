package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gocommunicator/app/phone"
)

const (
	bobPeer   = "sip:bob@example.test"
	carolPeer = "sip:carol@example.test"
)

// note is the n-th message with bob.
func note(n int) phone.Message {
	return phone.Message{
		ID: fmt.Sprint("m", n), Direction: phone.In, Peer: phone.Peer{URI: bobPeer, Name: "Bob"},
		Text: fmt.Sprint("text ", n), Time: began.Add(time.Duration(n) * time.Second), Status: phone.MessageDelivered,
	}
}

// page is a page as it is read: newest first, from message to to before from.
func page(from, to int) (p []phone.Message) {
	for n := from - 1; n >= to; n-- {
		p = append(p, note(n))
	}
	return p
}

func (t thread) String() string {
	var ids []string
	for _, m := range t.messages {
		ids = append(ids, m.ID)
	}
	return strings.Join(ids, " ")
}

func TestThreadIsInTheOrderOfTimeWhateverComesFirst(t *testing.T) {
	var th thread
	for _, n := range []int{5, 7} { // come in while the first page is being read
		th = th.with(note(n))
	}
	th = th.took(page(8, 3))
	if got := th.String(); got != "m3 m4 m5 m6 m7" || th.earlier || th.later || !th.read {
		t.Errorf("%s %+v", got, th)
	}
	late := note(4)
	late.Status = phone.MessageDisplayed
	before := th
	th = th.with(late)
	if th.String() != before.String() || th.messages[1].Status != phone.MessageDisplayed || before.messages[1].Status != phone.MessageDelivered {
		t.Errorf("%+v", th)
	}
	// A message that a server had kept stands where its time is.
	if got := before.with(note(1)).String(); got != "m1 m3 m4 m5 m6 m7" {
		t.Errorf("kept: %s", got)
	}
}

func TestThreadInThePageIsBounded(t *testing.T) {
	th := thread{}.took(page(1000, 1000-pageSize))
	for n := 1000 - pageSize; n > 600; n -= pageSize {
		if !th.earlier {
			t.Fatal("there are earlier messages")
		}
		th = th.took(page(n, n-pageSize))
	}
	if len(th.messages) > maxThread || !th.later || th.messages[0].ID != "m600" {
		t.Errorf("%d messages from %s, later %v", len(th.messages), th.messages[0].ID, th.later)
	}
	if again := th.with(note(1001)); len(again.messages) != len(th.messages) {
		t.Error("a new message stands behind a gap")
	}
	th = thread{}.took(page(1000, 1000-pageSize))
	for n := 1000; n < 1400; n++ {
		th = th.with(note(n))
	}
	if len(th.messages) > maxThread || th.messages[len(th.messages)-1].ID != "m1399" || !th.earlier || th.later {
		t.Errorf("%d messages to %s", len(th.messages), th.messages[len(th.messages)-1].ID)
	}
}

func TestListHasWhoeverIsInTheCallAndNobodyPutAway(t *testing.T) {
	v := &View{Tab: TabPhone}
	v.foldChats(phone.Chats{List: []phone.Chat{
		{Peer: phone.Peer{URI: bobPeer, Name: "Bob"}, Unread: 2},
		{Peer: phone.Peer{URI: carolPeer}, Unread: 1, Closed: true},
	}})
	rows := func() string {
		var peers []string
		for _, c := range v.chatRows() {
			peers = append(peers, c.Peer.URI)
		}
		return strings.Join(peers, " ")
	}
	if got := rows(); got != bobPeer || v.unread() != 3 {
		t.Errorf("%s, %d unread", got, v.unread())
	}
	c := out("a", phone.Active)
	c.Peer.URI = "sip:dave@example.test"
	v.foldCall(c)
	v.offerCallPeer("")
	if got := rows(); got != "sip:dave@example.test "+bobPeer || v.Open != c.Peer.URI {
		t.Errorf("in a call: %s, open %q", got, v.Open)
	}
	c.State = phone.Ended
	v.foldCall(c)
	v.offerCallPeer("a")
	if v.Open != "" || rows() != bobPeer {
		t.Errorf("after it: %s, open %q", rows(), v.Open)
	}
	v.open(carolPeer)
	if got := rows(); got != bobPeer+" "+carolPeer {
		t.Errorf("opened again: %s", got)
	}
	c = out("b", phone.Active)
	v.foldCall(c)
	v.offerCallPeer("")
	if v.Open != carolPeer {
		t.Errorf("the call took the place of a conversation: %q", v.Open)
	}
}

func TestOnlyTheOpenConversationTakesMessages(t *testing.T) {
	v := &View{}
	v.open(bobPeer)
	v.foldMessage(note(1))
	other := note(2)
	other.Peer.URI = "sip:bob@evil.test" // calls itself Bob too
	v.foldMessage(other)
	if got := v.Thread.String(); got != "m1" || v.Tells != 2 || v.Told.Tail != "text 2" {
		t.Errorf("%s, told %+v", got, v.Told)
	}
	sent := note(3)
	sent.Direction, sent.Status = phone.Out, phone.MessageSending
	v.foldMessage(sent)
	if v.Tells != 2 {
		t.Error("the person is told what she wrote")
	}
	sent.Status, sent.Cause = phone.MessageFailed, &phone.Cause{Code: 480}
	v.foldMessage(sent)
	if v.Tells != 3 || v.Told.Key != "cause_unavailable" {
		t.Errorf("told %+v", v.Told)
	}
	v.foldAccount(phone.Account{})
	if v.Open != "" || len(v.Thread.messages) > 0 || v.Drafts != nil {
		t.Error("something is left after logging out")
	}
}

func TestCauseOfAFailedMessageIsSaidInWords(t *testing.T) {
	for code, want := range map[int]string{
		0: "error_message_failed", 403: "error_message_failed", 404: "cause_not_found", 405: "error_message_refused",
		408: "cause_not_reachable", 480: "cause_unavailable", 503: "cause_not_reachable", 513: "error_message_size",
	} {
		m := note(1)
		m.Cause = &phone.Cause{Code: code}
		if got := failure(m).Key; got != want {
			t.Errorf("%d: %s, want %s", code, got, want)
		}
	}
}

func TestDraftsAreThoseTypedElseThoseRemembered(t *testing.T) {
	v := &View{Chats: []phone.Chat{{Peer: phone.Peer{URI: bobPeer}, Draft: "old"}}}
	if got := v.drafted(bobPeer) + v.drafted(carolPeer); got != "old" {
		t.Errorf("%q", got)
	}
	before := v.Drafts
	v.draft(bobPeer, "")
	if v.drafted(bobPeer) != "" || before != nil {
		t.Errorf("%q", v.drafted(bobPeer))
	}
}

func TestLongMessagesAreShortenedNotCut(t *testing.T) {
	for text, shorter := range map[string]bool{
		"short":                           false,
		strings.Repeat("é", longMessage):  true,
		strings.Repeat("\n", longLines+5): true,
		strings.Repeat("x\n", 10):         false,
	} {
		if got := len(shortened(text)) < len(text); got != shorter {
			t.Errorf("%.10q…: shortened %v", text, got)
		}
	}
}
