package ui

import (
	"context"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/app/i18n"
	"gocommunicator/app/phone"
)

// Phone is what the screen asks of the phone. Every method returns without waiting
// for the network; what comes of it is told by events. *phone.Phone is one.
type Phone interface {
	Login(phone.Login) error
	Logout()
	ForgetLogin()
	Register() error
	Unregister() error
	Dial(phone.Dial) (id string, err error)
	// LoginGuest needs no account.
	LoginGuest() error
	Answer(id string, video bool) error
	Reject(id string, code int) error
	Hangup(id string) error
	Hold(id string, on bool) error
	// SetDND has calls refused, or let through again.
	SetDND(on bool)
	// CheckForward says what is wrong with an address to forward calls to.
	CheckForward(to string) error
	Video(id string, on bool) error
	Watch(id string) error
	Screen(id string, on bool) error
	SendDTMF(id, tones string) error
	// ConfirmDTMF sends the keys that wait for it, or drops them.
	ConfirmDTMF(id string, send bool) error
	Join(ids ...string) error
	Split(id string) error
	Silence(id string, on bool) error
	Transfer(id, to string) error
	TransferTo(id, other string) error
	AnswerTransfer(id string, accept bool) error
	// Trace is the SIP messages of late, oldest first, without secrets.
	Trace() []phone.Traced
	ClearTrace()
	// Servers are those that the phone uses, with the passwords for them.
	Servers() phone.Servers
	Mute(id string, audio, video *bool) error
	Talk(id string, on bool) error
	FindDevices()
	ChooseDevice(kind, id string) error
	Turn(name string, on bool) error
	SendMessage(to, text string) (id string, err error)
	RetryMessage(id string)
	OpenChat(to string) (peer string, err error)
	CloseChat(peer string)
	DeleteChat(peer string)
	DeleteChats()
	SetDraft(peer, text string)
	Seen(peer string)
	// Messages and SearchMessages wait for the browser.
	Messages(ctx context.Context, peer string, before phone.Message, limit int) []phone.Message
	SearchMessages(ctx context.Context, text string, limit int) []phone.Message
	MoreHistory()
	SearchHistory(text string)
	SeeHistory()
	DeleteCall(id string)
	ClearHistory()
	ExportHistory(f phone.Format, save func(phone.File))
	Record(id string, on bool) error
	// Recorded are the calls of which the sound gets into the recording of one.
	Recorded(id string) []string
	SetNote(id, text string) error
	OpenContact(id, address string)
	// Qualities are the figures of a call measured after a moment, oldest first; asking
	// has more measured.
	Qualities(id string, after time.Time) []*phone.Quality
	// Local and Remote are the sound and picture of a call. Both give the same
	// stream for the same call as long as it lasts.
	Local(id string) phone.Stream
	Remote(id string) phone.Stream
	// RemoteScreen is what the other side shows beside its camera: another stream each time.
	RemoteScreen(id string) phone.Stream
}

// Deps is what the screen needs. Bus, Phone and Texts must be set.
type Deps struct {
	Bus   *bus.Bus
	Phone Phone
	Texts *i18n.Localizer // to begin with; SetTexts changes it
	// Languages are those to choose from; with fewer than two there is no choice.
	Languages []i18n.Language
	// SetLanguage is called on the UI goroutine with the tag of the language
	// chosen. It must not wait: the texts follow by SetTexts.
	SetLanguage func(tag string)
	// User is what the login form begins with. Its AuthUser goes with its URI.
	User phone.Login
	// StayLoggedIn offers to keep what the password comes to.
	StayLoggedIn bool
	// Demo is the accounts for trying out, the zero value where there are none.
	Demo Demo
	// Echo is the address of a service that sends sound back, offered to whoever
	// has no call yet; empty when there is none.
	Echo string
	// Dialing is what the person can do to make a call.
	Dialing Dialing
	// UserControl offers to register and to unregister.
	UserControl bool
	// Chat lets messages be written and read.
	Chat bool
	// Keys lets keys be sent in a call, KeyTones makes them heard, those of the other
	// side too.
	Keys, KeyTones bool
	// MessageTone lets a message that comes in be heard.
	MessageTone bool
	// Own is what the person may set for themselves; nil where the site does not let
	// them.
	Own Own
	// Ring and Signals are how loud the ring and the other tones are until the person
	// sets them.
	Ring, Signals Volume
	// Recording lets calls be recorded.
	Recording bool
	// Notifications lets the system tell of calls and messages while the page is hidden.
	Notifications bool
	// Trace lets the SIP messages be looked at.
	Trace bool
	// Guests lets people in without an account.
	Guests bool
	// Button is all there is, unless its To is empty: then there is none. Panels are to be
	// empty.
	Button Button
	// Panels are the names of those that there are: see panels.go; nil means all of them.
	Panels []string
	// Theme is one of themes, which holds until the person chooses; empty is the first.
	Theme string
}

// echo is the echo service's address as far as it can be called.
func (d Deps) echo() string {
	if d.Dialing.none() {
		return ""
	}
	return d.Echo
}

// Dialing is what the person can do to make a call. The zero value allows everything.
type Dialing struct {
	ReadOnly    bool // only the page around the phone fills the address field
	Hidden      bool // the address field is not shown, and so not changed either
	NoAudio     bool // no calls without video
	NoVideo     bool // no calls with video
	PreferVideo bool // Enter in the address field calls with video
	Clear       bool // the address field is emptied after a call
}

// locked tells that the person cannot change the address.
func (d Dialing) locked() bool { return d.ReadOnly || d.Hidden }

// none tells that the person makes no calls at all.
func (d Dialing) none() bool { return d.NoAudio && d.NoVideo }

// video tells whether a call is made with video, as wanted or as far as there is only
// one kind of call.
func (d Dialing) video(wanted bool) bool { return wanted && !d.NoVideo || d.NoAudio }

// Button is a button that calls somebody.
type Button struct {
	To    string // as typed
	Label string // empty: ours
	Video bool
}

// Demo is the accounts of the embedded server, whose password is their name.
type Demo struct {
	Domain string
	Names  []string
}
