package ui

import (
	"strconv"
	"sync"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/bus"
	"gocommunicator/app/i18n"
	"gocommunicator/ui/dom"
)

// Screen is the phone on the screen. One goroutine, go-app's, owns the view; New and
// Close may be called from any.
type Screen struct {
	deps   Deps
	cancel []func()

	// Owned by the UI goroutine.
	view    View
	ctx     app.Context // of the shell; zero until it is mounted
	edition int         // of the texts
	// configured counts the changes of what the person has set.
	configured int
	turned     time.Time  // when the person last did something in the address field
	unwatch    func()     // ends the search for the person's location; nil without one
	audio      *dom.Audio // nil until the shell is mounted
	reading    bool       // messages are being read

	stopSearch func() // the search for messages that was begun last

	leftover bool // there may be recordings of an earlier time

	remember bool // name and address are remembered

	mu sync.Mutex
	// changedKeys are those of the shortcuts that the person has changed, by shortcut.
	changedKeys map[string]string

	queue    []func(*View)
	dispatch func() // wakes the UI goroutine; nil until the shell is mounted
	pending  bool   // woken, and not come yet
}

// New makes the screen and subscribes it to the bus. Run shows it.
func New(deps Deps) *Screen {
	deps.Chat = deps.Chat && deps.has(panelChat)
	deps.Dialing.Hidden = deps.Dialing.Hidden || !deps.has(panelDialpad)
	s := &Screen{deps: deps, stopSearch: func() {}}
	s.view.clear = deps.Dialing.Clear && !deps.Dialing.locked() // what cannot be typed again stays
	s.view.Forwards, s.view.Anonymous = s.forwards(), s.hides()
	s.rememberedUser()
	s.cancel = []func(){
		follow(s, (*View).foldAccount),
		follow(s, (*View).foldLink),
		follow(s, (*View).foldRegistration),
		follow(s, (*View).foldCall),
		follow(s, (*View).foldDigit),
		follow(s, (*View).foldParticipants),
		follow(s, (*View).foldQuality),
		follow(s, (*View).foldWish),
		follow(s, (*View).foldHistory),
		follow(s, (*View).foldDND),
		follow(s, (*View).foldNoted),
		follow(s, (*View).foldNotice),
		follow(s, (*View).foldDestination),
		follow(s, (*View).foldEquipment),
		follow(s, (*View).foldChats),
		follow(s, (*View).foldMessage),
	}
	if deps.MessageTone {
		s.cancel = append(s.cancel, follow(s, (*View).chime))
	}
	return s
}

// Run shows the screen in place of the first element of the page's body. It does not
// return in a page; natively it does nothing.
func (s *Screen) Run() {
	app.RouteWithRegexp(".*", func() app.Composer { return &shell{Screen: s} })
	app.RunWhenOnBrowser()
}

// SetTexts draws everything with other words. It may be called from any goroutine,
// and with the same Localizer when texts have been loaded into it.
func (s *Screen) SetTexts(t *i18n.Localizer) {
	s.post(func(*View) {
		s.deps.Texts = t
		s.edition++
		s.tellLanguage()
		dom.Say(politeID, "") // it was said in the other language
	})
}

func (s *Screen) tellLanguage() {
	lang := s.deps.Texts.Lang()
	dom.Language(lang, i18n.RightToLeft(lang))
}

// Close ends the subscriptions and the sounds.
func (s *Screen) Close() {
	for _, cancel := range s.cancel {
		cancel()
	}
	s.post(func(*View) {
		if s.audio != nil {
			s.audio.Close()
			s.audio = nil
		}
	})
}

func follow[T any](s *Screen, fold func(*View, T)) (cancel func()) {
	return bus.Subscribe(s.deps.Bus, func(ev T) {
		s.post(func(v *View) { fold(v, ev) })
	})
}

// post queues a change of the view. It may be called from any goroutine.
func (s *Screen) post(change func(*View)) {
	s.mu.Lock()
	s.queue = append(s.queue, change)
	dispatch := s.dispatch
	if s.pending {
		dispatch = nil
	}
	s.pending = s.pending || dispatch != nil
	s.mu.Unlock()
	if dispatch != nil {
		dispatch()
	}
}

// mount begins drawing: what has been queued so far comes first.
func (s *Screen) mount(ctx app.Context) {
	s.ctx = ctx
	s.audio = dom.NewAudio(func(blocked bool) {
		s.post(func(v *View) { v.SoundBlocked = blocked })
	})
	s.view.Picture.Plain = dom.Recall(plainKey) == "true"
	s.leftover = dom.Recall(recordingsKey) != ""
	s.openSounds()
	s.openShortcuts()
	s.mu.Lock()
	s.dispatch = func() { ctx.Dispatch(func(app.Context) { s.apply() }) }
	s.mu.Unlock()
	s.apply()
}

// apply makes the queued changes. UI goroutine.
func (s *Screen) apply() {
	s.mu.Lock()
	queue := s.queue
	s.queue, s.pending = nil, false
	s.mu.Unlock()
	s.change(func(v *View) {
		for _, f := range queue {
			f(v)
		}
	})
}

// change changes the view and does what follows from it. UI goroutine.
func (s *Screen) change(f func(*View)) {
	before := s.view
	f(&s.view)
	s.unlocate()
	if s.view.Tab == "" {
		s.view.Tab = TabPhone
	}
	if s.view.Account.LoggedIn && !before.Account.LoggedIn && s.view.Tab == TabPhone && s.view.Fill.To == "" {
		s.view.Tab = s.deps.home()
	}
	if s.view.Account.AOR != before.Account.AOR {
		dom.SetValue(historySearchID, "")
	}
	if s.view.noteFills != before.noteFills {
		dom.SetValue(noteTextID, s.view.Notes[s.view.Noting])
	}
	if passwordDone(&before, &s.view) {
		dom.SetValue(passwordID, "")
	}
	if s.deps.Chat {
		s.view.offerCallPeer(before.Current)
		s.attend(&before)
	}
	s.guard(&before)
	e := react(&before, &s.view)
	s.view.sounds = 0
	if s.view.Equipment.Used != before.Equipment.Used && s.audio != nil {
		s.sound()
	}
	s.perform(e)
	if s.view.Picture.Full != before.Picture.Full {
		dom.FullScreen(s.view.Picture.Full)
	}
	s.ctx.Update()
}

// perform does the effects; those that need what is drawn now come after drawing.
func (s *Screen) perform(e effects) {
	t := s.texts()
	if s.audio != nil {
		s.audio.Loop(e.loops)
		s.audio.Once(e.sounds)
		if e.digit != "" && s.deps.KeyTones {
			s.audio.Digit(e.digit)
		}
	}
	title := t.hint(e.title)
	if e.missed > 0 && s.deps.has(panelHistory) {
		title = "(" + strconv.Itoa(e.missed) + ") " + title
	}
	dom.Title(title)
	if e.fill {
		dom.SetValue(addressID, s.view.Fill.To)
	}
	if e.polite.Key != "" {
		dom.Say(politeID, t.hint(e.polite))
	}
	dom.Say(assertiveID, t.hint(e.assertive))
	if e.focus != focusNone {
		s.ctx.Defer(func(app.Context) { s.moveFocus(e.focus) })
	}
}

func (s *Screen) moveFocus(to focus) {
	switch to {
	case focusLogin:
		dom.FocusField(loginID, s.loginField())
	case focusAddress:
		s.focusAddress()
	case focusCall:
		dom.Focus(s.panelID())
	case focusHistory:
		dom.FocusIfLost(historyID)
	case focusIncoming:
		dom.FocusUnlessTyping(incomingID(newestIncoming(&s.view)))
	case focusLost:
		switch {
		case len(s.view.Incoming()) > 0:
			dom.FocusIfLost(incomingID(newestIncoming(&s.view)))
		case s.view.Current != "":
			dom.FocusIfLost(s.panelID())
		default:
			dom.FocusIfLost(dialpadID)
		}
	case focusTransfer:
		dom.FocusField(transferID, transferToID)
	case focusWish:
		dom.FocusUnlessTyping(wishID(s.view.newestWish().CallID))
	case focusQuestion:
		dom.Focus(questionID)
	case focusNone:
	}
}

// focusAddress moves the keyboard to where Enter calls: the address field, or the
// button when nothing is to be typed there.
func (s *Screen) focusAddress() {
	if s.deps.Dialing.Hidden || s.view.Fill.Asked {
		dom.Focus(enterID)
		return
	}
	dom.FocusField(dialpadID, addressID)
}

func (s *Screen) texts() texts {
	return texts{Localizer: s.deps.Texts, edition: s.edition}
}

// Ids of elements that are looked up.
const (
	addressID    = "address"
	dialpadID    = "dialpad"
	enterID      = "enter" // the button that does what Enter does
	loginID      = "login"
	sipAddressID = "sip-address"
	politeID     = "polite"
	assertiveID  = "assertive"

	historyID       = "history"
	historyKeepID   = "history-keep"
	historyListID   = "history-list"
	historyMenuID   = "history-menu"
	historyMoreID   = "history-more"
	historySearchID = "history-search"

	chatAddressID  = "chat-address"
	chatSearchID   = "chat-search"
	chatTextID     = "chat-text"
	conversationID = "conversation"
	earlierID      = "chat-earlier" // the beginning of what is there of a conversation
	latestID       = "chat-latest"  // its end
	questionID     = "chat-question"
)

func callID(id string) string     { return "call-" + id }
func incomingID(id string) string { return "incoming-" + id }
func remoteID(id string) string   { return "remote-" + id }
func shownID(id string) string    { return "shown-" + id }
func padID(id string) string      { return "pad-" + id }
func selfID(id string) string     { return "self-" + id }
func selfBoxID(id string) string  { return "self-box-" + id }
func moreID(id string) string     { return "more-" + id }
