package ui

import (
	"maps"
	"slices"
	"strings"

	"gocommunicator/app/phone"
	"gocommunicator/ui/dom"
)

// Bounds of what is kept for the screen.
const (
	maxOver    = 20 // calls known to be over
	maxNotices = 3
	maxDigits  = 20 // of a call, each way
)

// Tab is a panel of the compact layout. In the wide one it says what stands in the
// side column.
type Tab string

// The tabs.
const (
	TabPhone    Tab = "phone"
	TabChats    Tab = "chats"
	TabHistory  Tab = "history"
	TabSettings Tab = "settings"
)

// View is everything that is on the screen, folded from the events of the phone. It
// belongs to the UI goroutine.
type View struct {
	Account      phone.Account
	Link         phone.Link
	Registration phone.Registration
	// Calls are those not over yet, oldest first.
	Calls []phone.Call
	// Current is the call on the call panel, empty when there is none. A call that
	// rings here is never the current one.
	Current string
	Picture picture
	// Pad is the call whose keys are shown, empty when none are.
	Pad string
	// Handing is the call that is about to be handed over. Consults are calls made to ask
	// first, each with the one that it is about. Wishes are those of the other sides that the
	// person is to talk to somebody else.
	Handing  handing
	Consults [][2]string
	Wishes   []phone.TransferWish
	// Digits are the keys sent and received, by call; Digit is the last one of any,
	// KeyCount how many there were.
	Digits   map[string]digits
	Digit    string
	KeyCount int
	// Grades are how calls are heard, by call; Chart is the call whose figures are shown.
	Grades map[string]phone.Grade
	Chart  string
	// Participants are those in a server's conference, by the call that leads to it.
	Participants map[string][]phone.Participant
	// Notes are what was written about calls since the page was opened, by call; Noting is the
	// one whose note is open, empty for none.
	Notes  map[string]string
	Noting string
	// DND says that calls are refused; Forwards that all of them go elsewhere.
	DND, Forwards bool
	// Anonymous hides who makes the next call.
	Anonymous bool
	// Last is the call that ended last.
	Last    phone.Call
	History phone.History
	Notices []Notice // oldest first
	// Hint stands under the address field: what is wrong with the address, or how
	// the last call ended.
	Hint Hint
	Tab  Tab
	Page Page
	// Fill is what was put into the address field last, unless the person has done away
	// with it; Fills is how many came.
	Fill  phone.Destination
	Fills int
	// Locating says that the person's location is to go with calls; Place is nil until it
	// is known.
	Locating bool
	Place    *phone.Location
	// Scheme is what an address without one of its own has; empty means sip.
	Scheme string
	Sounds sounds
	// Equipment is the microphones, cameras and loudspeakers.
	Equipment phone.Equipment
	// Chats are the conversations, latest first; Open is the peer of the one that is
	// shown, empty for the list of them; Thread is what of it is in the page.
	Chats  []phone.Chat
	Open   string
	Thread thread
	// AtEnd says that the end of the open conversation is on the screen.
	AtEnd bool
	// Drafts are what was typed and not sent since the page was opened, by peer.
	Drafts map[string]string
	// Search is what messages are searched for, Found those that were.
	Search string
	Found  []phone.Message
	// Deleting is the peer whose messages are about to be deleted, "*" for everybody's.
	Deleting string
	// Told is what was said last to those who do not see it; Tells is how often.
	Told  Hint
	Tells int
	// SoundBlocked says that the browser plays nothing before a click.
	SoundBlocked bool

	over        []string // ids of the calls that ended last, latest first
	devicesTold bool     // since the login

	sounds    dom.Tone // to be heard once, since the last change
	chimed    string   // the message whose tone was heard last
	clear     bool     // the address field is emptied after a call
	notices   int      // so far: names the next one
	noteFills int      // how often the page around the phone has written the note that is open
	offered   string   // the conversation that was opened for a call
}

// digits are the keys of a call, the latest of them.
type digits struct{ Sent, Received string }

// Notice is a sentence that stands until it is dismissed.
type Notice struct {
	ID int
	phone.Notice
}

// Hint is a sentence as key and values; an empty key means none.
type Hint struct {
	Key    string
	Params map[string]string
	Count  int    // chooses the plural form; 0 where there is none
	Tail   string // stands behind the sentence
	Bad    bool   // something went wrong
}

// Call finds a call that is not over yet.
func (v *View) Call(id string) (phone.Call, bool) {
	if i := v.index(id); i >= 0 {
		return v.Calls[i], true
	}
	return phone.Call{}, false
}

// Incoming are the calls that ring here, oldest first.
func (v *View) Incoming() []phone.Call { return v.calls(rings) }

// Running are the calls that do not ring here, oldest first.
func (v *View) Running() []phone.Call {
	return v.calls(func(c phone.Call) bool { return !rings(c) })
}

func rings(c phone.Call) bool { return c.State == phone.Incoming }

func answered(c phone.Call) bool { return c.State.Answered() }

func (v *View) calls(want func(phone.Call) bool) []phone.Call {
	var calls []phone.Call
	for _, c := range v.Calls {
		if want(c) {
			calls = append(calls, c)
		}
	}
	return calls
}

func (v *View) index(id string) int {
	return slices.IndexFunc(v.Calls, func(c phone.Call) bool { return c.ID == id })
}

func (v *View) foldAccount(a phone.Account) {
	if !a.LoggedIn {
		v.Locating, v.Place = false, nil
	}
	if a.AOR != v.Account.AOR || !a.LoggedIn {
		v.Last, v.Hint, v.devicesTold = phone.Call{}, Hint{}, false
		v.Drafts, v.Search, v.Found = nil, "", nil
		v.open("")
	}
	v.Account = a
}

// foldCall takes in what has become of a call. A call that is over stays over,
// whatever comes late.
func (v *View) foldCall(c phone.Call) {
	if slices.Contains(v.over, c.ID) {
		return
	}
	if c.State.Final() || c.Transfer.UnderWay() { // it is not on the line any more
		v.Notices = slices.DeleteFunc(slices.Clone(v.Notices), func(n Notice) bool {
			return n.CallID == c.ID && strings.Contains(n.Code, "_transfer_")
		})
	}
	if c.State.Final() {
		v.foldEnd(c)
		return
	}
	i := v.index(c.ID)
	isNew := i < 0
	was, _ := v.Call(c.ID)
	wasRinging := rings(was)
	if isNew {
		v.Calls = append(v.Calls, c)
	} else {
		v.Calls = slices.Clone(v.Calls)
		v.Calls[i] = c
	}
	if rings(c) && c.AutoAnswer && (isNew || !was.AutoAnswer) {
		v.sounds |= dom.Announce
	}
	if !rings(c) && (isNew || wasRinging) || answered(c) && !answered(was) && v.Current != c.ID {
		v.show(c.ID)
	}
}

func (v *View) foldEnd(c phone.Call) {
	v.Calls = slices.DeleteFunc(slices.Clone(v.Calls), func(o phone.Call) bool { return o.ID == c.ID })
	v.sounds |= refusal(c)
	v.settled("error_busy") // another can be made
	v.Last, v.over = c, append([]string{c.ID}, v.over...)
	v.over = v.over[:min(len(v.over), maxOver)]
	if v.Current == c.ID {
		v.Current = ""
		if running := v.Running(); len(running) > 0 {
			v.Current = running[len(running)-1].ID
			for _, o := range running {
				if c.Conference != "" && o.Conference == c.Conference {
					v.Current = o.ID // the others in the conference are still talked to
				}
			}
		}
		v.Picture.Full = v.Picture.Full && v.Current != ""
	}
	if v.clear && c.Direction == phone.Out {
		v.fill(phone.Destination{})
	}
	if v.Pad == c.ID {
		v.Pad = ""
	}
	if v.Handing.Call == c.ID {
		v.Handing = handing{}
	}
	v.Consults = slices.DeleteFunc(slices.Clone(v.Consults), func(asked [2]string) bool { return slices.Contains(asked[:], c.ID) })
	v.Digits = maps.Clone(v.Digits)
	delete(v.Digits, c.ID)
	v.foldParticipants(phone.Participants{CallID: c.ID})
	v.Grades = maps.Clone(v.Grades)
	delete(v.Grades, c.ID)
	if v.Chart == c.ID {
		v.Chart = ""
	}
	told := slices.ContainsFunc(v.Notices, func(n Notice) bool { return n.CallID == c.ID })
	if v.Hint = outcome(c); told {
		v.Hint = Hint{}
	}
}

// settled takes away the notices about something that is in order again: a word of
// their codes.
func (v *View) settled(about string) {
	v.Notices = slices.DeleteFunc(slices.Clone(v.Notices), func(n Notice) bool {
		return strings.Contains(n.Code, about)
	})
}

func (v *View) foldLink(l phone.Link) {
	v.Link = l
	if l.State == phone.LinkUp {
		v.settled("link")
	}
	if l.State != phone.LinkDown { // another try, or another account
		v.settled("error_discovery")
		v.settled("error_guest_account")
	}
}

func (v *View) foldRegistration(r phone.Registration) {
	v.Registration = r
	if r.State == phone.Registered {
		v.settled("registration")
	}
	// Once for each login, where it does not stand in the way of anything.
	if n := len(r.Others); n > 0 && !v.devicesTold && len(v.Calls) == 0 && v.Hint.Key == "" && !v.Fill.Asked {
		v.Hint, v.devicesTold = Hint{Key: "state_devices", Count: n}, true
	}
}

func (v *View) foldEquipment(e phone.Equipment) { v.Equipment = e }

func (v *View) foldHistory(h phone.History) { v.History = h }

func (v *View) foldDigit(d phone.Digit) {
	if v.index(d.CallID) < 0 {
		return
	}
	v.Digits = maps.Clone(v.Digits)
	if v.Digits == nil {
		v.Digits = map[string]digits{}
	}
	shown := v.Digits[d.CallID]
	which := &shown.Sent
	if d.Direction == phone.In {
		which = &shown.Received
	}
	*which += d.Digit
	*which = (*which)[max(0, len(*which)-maxDigits):]
	v.Digits[d.CallID] = shown
	v.Digit, v.KeyCount = d.Digit, v.KeyCount+1
}

// chime lets a message that has come be heard.
func (v *View) chime(m phone.Message) {
	if m.Direction == phone.In && m.ID != v.chimed {
		v.chimed = m.ID
		v.sounds |= dom.Message
	}
}

// show puts a call on the call panel. What was said of earlier calls has been read.
func (v *View) show(id string) {
	v.Current, v.Tab, v.Hint = id, TabPhone, Hint{}
	if v.index(v.Noting) < 0 {
		v.Noting = "" // it was about a call before
	}
	v.Notices = slices.DeleteFunc(slices.Clone(v.Notices), func(n Notice) bool {
		return n.CallID != "" && n.CallID != id
	})
}

// foldNotice adds a notice; one that says the same as another takes its place.
func (v *View) foldNotice(n phone.Notice) {
	notices := slices.DeleteFunc(slices.Clone(v.Notices), func(o Notice) bool {
		return o.Code == n.Code && maps.Equal(o.Params, n.Params)
	})
	n.Params = maps.Clone(n.Params)
	for key, value := range n.Params { // names are foreign
		n.Params[key] = printable(value)
	}
	if strings.Contains(n.Code, "_device_") { // there is one
		v.Notices = notices
		v.settled("_unplugged_")
		notices = v.Notices
	}
	v.notices++
	notices = append(notices, Notice{ID: v.notices, Notice: n})
	v.Notices = notices[max(0, len(notices)-maxNotices):]
	if n.CallID != "" && v.Last.ID == n.CallID {
		v.Hint = Hint{}
	}
}

func (v *View) dismiss(id int) {
	v.Notices = slices.DeleteFunc(slices.Clone(v.Notices), func(n Notice) bool { return n.ID == id })
}

func (v *View) foldDestination(d phone.Destination) {
	v.fill(d)
	v.Tab, v.Hint = TabPhone, Hint{}
}

func (v *View) fill(d phone.Destination) { v.Fill, v.Fills, v.Scheme = d, v.Fills+1, schemeOf(d.To) }

// typed is what follows from a change of the address by the person: what was said of
// the one before holds no longer.
func (v *View) typed() { v.Fill, v.Hint = phone.Destination{}, Hint{} }

// says is what stands under the address field: the hint, else which key does what a
// link asks for.
func (v *View) says(d Dialing) Hint {
	if v.Hint.Key != "" || !v.Fill.Asked || d.none() {
		return v.Hint
	}
	key := "hint_dial_asked"
	if v.enterVideo(d) {
		key = "hint_dial_asked_video"
	}
	return Hint{Key: key, Params: map[string]string{"Address": printable(v.Fill.To)}}
}

// enterVideo tells whether Enter in the address field calls with video.
func (v *View) enterVideo(d Dialing) bool {
	if v.Fill.Asked {
		return d.video(v.Fill.Video)
	}
	return d.video(d.PreferVideo)
}
