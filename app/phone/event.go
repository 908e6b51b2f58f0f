package phone

import (
	"strings"
	"time"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/quality"
)

// Cause is why something failed or ended, in the terms of SIP.
type Cause = sipcore.Cause

// Account says who is logged in. It is sticky on the bus.
type Account struct {
	LoggedIn bool
	AOR      string // `sip:user@host`, empty when nobody is logged in
	Name     string // display name, may be empty
	Guest    bool   // it is no account of the person's
}

// LinkState is the state of the connection to the server.
type LinkState string

// The states of the link.
const (
	LinkDown       LinkState = "down"
	LinkConnecting LinkState = "connecting"
	LinkUp         LinkState = "up"
)

// Link is the connection to the server. It is sticky on the bus.
type Link struct {
	State   LinkState
	Server  string        // URL of the server in use or tried
	Attempt int           // of connecting, from 1; 0 when up
	RetryIn time.Duration // until the next attempt, 0 when none is planned
}

// RegistrationState is the state of the registration.
type RegistrationState string

// The states of a registration.
const (
	Unregistered       RegistrationState = "unregistered"
	Registering        RegistrationState = "registering"
	Registered         RegistrationState = "registered"
	RegistrationFailed RegistrationState = "failed"
)

// Registration is the account's registration. It is sticky on the bus.
type Registration struct {
	State   RegistrationState
	AOR     string        // `sip:user@host`
	Expires time.Duration // as granted; 0 unless registered
	Server  string        // URL of the server
	Cause   *Cause        // why it failed, else nil
	Others  []Device      // registered for the same address; none unless registered
}

// Location is where somebody is.
type Location = sipcore.Location

// Direction tells who called.
type Direction string

// The directions of a call.
const (
	In  Direction = "in"
	Out Direction = "out"
)

// Peer is who is at the other end.
type Peer struct {
	URI  string // AOR, `sip:user@host`
	Name string // as the peer calls itself: foreign text, may be empty
}

// Anonymous reports whether the peer hides who it is (RFC 3323).
func (p Peer) Anonymous() bool {
	_, address, _ := strings.Cut(strings.ToLower(p.URI), ":")
	user, host, _ := strings.Cut(address, "@")
	return user == "anonymous" || host == "anonymous.invalid"
}

// CallState is the state of a call as a person sees it.
//
//	out: trying → ringing → early → connecting → active ⇄ held → ended
//	in:  incoming → connecting → active ⇄ held → ended
//
// Every state may lead to ended or failed, which are final.
type CallState string

// The states of a call.
const (
	Trying     CallState = "trying"     // sent, nothing heard yet
	Ringing    CallState = "ringing"    // the other side rings
	Early      CallState = "early"      // sound from the other side before the answer
	Incoming   CallState = "incoming"   // this side rings
	Connecting CallState = "connecting" // answered, media being set up
	Active     CallState = "active"     // answered, media flows
	Held       CallState = "held"       // answered, on hold by one side or both
	Ended      CallState = "ended"      // over in the ordinary way
	Failed     CallState = "failed"     // never came about, or broke
)

// Final reports whether the call is over.
func (s CallState) Final() bool { return s == Ended || s == Failed }

// Answered reports whether the call is established.
func (s CallState) Answered() bool { return s == Connecting || s == Active || s == Held }

// Call is one call at one moment. It is published at every change and is sticky on
// the bus until it is over.
type Call struct {
	ID          string
	Direction   Direction
	Peer        Peer
	State       CallState
	Video       bool // this side sends or means to send video
	RemoteVideo bool // the other side sends, or offers to send, video
	AudioMuted  bool
	VideoMuted  bool
	LocalHold   bool
	RemoteHold  bool
	Conference  string    // the id of the conference that it is joined to; empty for none
	Focus       bool      // the other side is the centre of a conference
	Silenced    bool      // the others in the conference do not hear it
	Location    *Location // where the caller says to be, else nil
	Unlocated   bool      // the server would not have this side's location
	Forwarded   *Peer     // out: where the call was sent on to; nil for nowhere
	ForwardedBy *Peer     // in: who sent it on to this side, where the server is trusted; else nil
	Tones       string    // keys still to be sent, with `,` and `P` for pauses; at a `;` in front the person is asked
	AutoAnswer  bool      // in: the phone answers it by itself in a moment, or has
	Cause       *Cause    // why it ended or failed; nil for an ordinary end
	Transfer    *Transfer // the last one asked of the other side; nil for none
	ReferredBy  *Peer     // at whose wish the call was made, as a call in claims; else nil
	Started     time.Time // when it was dialled or came in
	Answered    time.Time // zero until answered
	Ended       time.Time // zero until over
	Quality     *Summary  // in the history, of a call that was long enough to be measured
	Contact     *Contact  // who the other side is by somebody's records; nil when nobody has said
	Note        string    // what the person noted about it, as far as that was published

	// RemoteWatches: the other side takes, or would take, video.
	RemoteWatches bool
	// Screen: the screen of this side is shown, beside the camera's picture or in its place.
	Screen, ScreenBeside bool
	// RemoteScreen: the other side shows its screen beside its camera's picture.
	RemoteScreen bool
	// Recording: this side makes a file of the call.
	Recording bool
	// VideoAsked: the other side's video has been added to the call, and the person has
	// not said yet whether it is to be seen.
	VideoAsked bool
}

// Summary is how a call was.
type Summary = quality.Summary

// MessageStatus is how far a message has come.
type MessageStatus string

// The states of a message.
const (
	MessageSending   MessageStatus = "sending"
	MessageSent      MessageStatus = "sent"
	MessageDelivered MessageStatus = "delivered"
	MessageDisplayed MessageStatus = "displayed"
	MessageFailed    MessageStatus = "failed"
)

// Message is an instant message in or out. It is published when it arrives and at
// every change of its status.
type Message struct {
	ID          string
	Direction   Direction
	Peer        Peer
	Text        string // foreign text when Direction is In
	ContentType string // e.g. "text/plain"
	Time        time.Time
	Status      MessageStatus
	Cause       *Cause // why it failed, else nil
}

// Digit is one key that was sent or received in a call. Of those that come in the sound
// (RFC 4733) a browser does not tell.
type Digit struct {
	CallID    string
	Digit     string // "0"–"9", "*", "#", "A"–"D"
	Direction Direction
}

// Notice is something the person has to be told. Code is the key of its text,
// Params are the values in it.
type Notice struct {
	Code   string
	Params map[string]string
	CallID string // the call it is about, or empty
}

// Destination is an address to be put into the address field.
type Destination struct {
	To string
	// Asked says that a link wants it called: the person is told which key does that,
	// and then Video says how, whatever the settings prefer.
	Asked, Video bool
}

// Snapshot is the state of the phone at one moment.
type Snapshot struct {
	Account      Account
	Link         Link
	Registration Registration
	Calls        []Call // oldest first
	Wishes       []TransferWish
	DND          DoNotDisturb
	Equipment    Equipment
}

// DoNotDisturb says whether calls are refused because the person is not to be disturbed. It
// is sticky on the bus.
type DoNotDisturb struct{ On bool }
