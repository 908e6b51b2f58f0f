// Package session is what a call is in SIP: an INVITE, the dialogs it makes, the
// offers and answers in them, and their end (RFC 3261 §13–15, RFC 3264, RFC 6337).
//
// A [Session] plays both roles. There is a file per procedure: invite (calling),
// accept (being called), redirect, cancel, bye, prack, reinvite, hold, update, timer,
// refer (asking for a transfer), referred (being asked), replaces, focus, info, dtmf. A [Set] finds the
// session to which a request belongs. Everything runs on the agent's loop; media
// operations, which wait for the browser, run beside it one after the other and come
// back to it.
package session

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/dialog"
	"gocommunicator/sipcore/sdp"
	"gocommunicator/sipcore/transact"
)

var (
	// ErrNoAnswer says that nobody answered in the time set.
	ErrNoAnswer = errors.New("nobody answered")
	// ErrNoAck says that the other side never acknowledged the answer
	// (RFC 3261 §13.3.1.4).
	ErrNoAck = errors.New("the answer was not acknowledged")
	// ErrMediaFailed says that no path for sound and picture was found, or that it
	// broke for good.
	ErrMediaFailed = errors.New("no media path to the other side")
	// ErrBadDescription says that a session description cannot be used.
	ErrBadDescription = errors.New("unusable session description")
	// ErrState says that the session is in no state for what was asked.
	ErrState = errors.New("not possible in this state of the call")
)

// Media is what a session needs of sound and picture; media.Conn has it. Offer,
// Answer, Accept and Rollback may wait; the session calls them one at a time, not on
// the loop. The others return at once.
type Media interface {
	// Offer opens the devices if need be and returns an offer, also a new one later.
	Offer(ctx context.Context) (offer []byte, err error)
	// Answer opens the devices if need be and returns the answer to an offer.
	Answer(ctx context.Context, offer []byte) (answer []byte, err error)
	// Accept takes the other side's answer, provisional while the call rings.
	Accept(ctx context.Context, answer []byte, provisional bool) error
	// Rollback drops an offer that was refused or crossed by another.
	Rollback(ctx context.Context) error
	// SetMuted stops or resumes sending sound or picture.
	SetMuted(audio, video bool)
	// SetHold stops or resumes sending and hearing; the next Offer or Answer says so.
	SetHold(on bool)
	// Close releases devices and connection.
	Close()
}

// MediaState is how the media path does.
type MediaState int

// The states of the media path. Disconnected may pass by itself; Failed does not.
const (
	MediaConnecting MediaState = iota
	MediaConnected
	MediaDisconnected
	MediaFailed
)

// Config is what sessions are made with. It is shared by all of an agent.
type Config struct {
	Agent sipcore.Agent
	// Open prepares the media of one call, with picture or without. on may be
	// called from any goroutine and returns at once.
	Open func(video bool, on func(MediaState)) Media
	// OnChange is called on the loop after whatever Info shows has changed.
	OnChange func(*Session)
	// OnInfo is called on the loop with the body of an INFO received (RFC 6086). What
	// it does not take is answered with 415; nil takes nothing.
	OnInfo func(s *Session, contentType string, body []byte) (taken bool)
	// OnRefer is called on the loop with each wish for a transfer; false refuses it with
	// 603. nil refuses all.
	OnRefer func(*Session, *Referred) bool
	// TrustIdentity takes the caller from Claims.Asserted.
	TrustIdentity bool
	// AudioCodecs are those of which the other side has to know one; none means any that
	// browsers have. See sdp.Negotiation.
	AudioCodecs []string
	// NoAnswer is how long an outgoing call may ring; 0 means 60 s.
	NoAnswer time.Duration
	// ConnectTimeout is how long media may take to connect after the answer; 0 means
	// 30 s.
	ConnectTimeout time.Duration
	// SessionExpires is the interval of the session timer to ask for (RFC 4028 §4
	// recommends 30 min, the least is 90 s); 0 means that none is asked for. What the
	// other side asks for is honoured.
	SessionExpires time.Duration
}

const (
	defaultNoAnswer       = 60 * time.Second
	defaultConnectTimeout = 30 * time.Second
)

// Direction tells who called.
type Direction int

// The directions.
const (
	Outgoing Direction = iota
	Incoming
)

// Info is a session at one moment.
type Info struct {
	ID          string
	Direction   Direction
	Remote      sipcore.Address
	State       State
	Video       bool // this side sends or means to send picture
	RemoteVideo bool // the other side sends, or offers to send, picture
	// RemoteWatches is set when the other side would take picture.
	RemoteWatches bool
	AudioMuted    bool
	VideoMuted    bool
	// LocalHold is set from the moment in which this side puts the other on hold, at
	// which both fall silent to each other; a hold refused is taken back.
	LocalHold  bool
	RemoteHold bool
	// Focus is the conference that the other side is the centre of, if it is one.
	Focus Focus
	// Replaces is the id of the session whose place this one takes, "" for none.
	Replaces string
	// ReferredBy is who asked for the call (RFC 3892), as an incoming one claims; the zero
	// value when nobody did.
	ReferredBy sipcore.Address
	// Err is why the call ended, nil for an ordinary end: a *sipcore.ResponseError,
	// a media error, or one of the sentinels of this package and of sipcore.
	Err error
	// Location is where the caller says to be (RFC 6442), nil when nothing is said.
	Location *sipcore.Location
	// Unlocated is set when a server would not have the caller's location: the call went
	// on without.
	Unlocated bool
	// Claims is what an incoming call says of itself.
	Claims Claims
	// Forwarded is where a call made goes now that it was sent elsewhere, nil before.
	Forwarded *sipcore.Address
	// Elsewhere is set when an incoming call was answered by another device.
	Elsewhere bool
	Started   time.Time
	Answered  time.Time // zero until answered
	Ended     time.Time // zero until over
}

// Session is one call. Its methods are for the loop only, save ID.
type Session struct {
	id    string
	cfg   Config
	set   *Set
	info  Info
	media Media
	ops   queue

	// The INVITE that made the session: one of the two.
	out    sipcore.ClientTransaction
	in     sipcore.ServerTransaction
	dialog *dialog.Dialog            // the one that the call is in; nil before
	early  map[string]*dialog.Dialog // by remote tag, while calling

	tried    []sipcore.Address // all that this call went to
	targets  []sipcore.Address // those of them to which it has still to go
	redirect *sip.Response     // the latest that named any

	earlyTag string // remote tag of the dialog whose early media is heard
	earlySDP []byte // its description
	// earlyReliable says that this was sent reliably: it is the answer, and new offers may
	// follow by UPDATE before the call is answered (RFC 6337 §2.2).
	earlyReliable bool
	settled       bool // the media has taken it as the answer
	turn          sdp.Negotiation
	offering      bool // the media is making an offer
	mending       bool // an answer made no sense: what held before is offered once more
	// answering is the re-INVITE or UPDATE whose offer is being answered.
	answering sipcore.ServerTransaction
	wishes    []func(error)             // wait for the next new offer of this side
	offered   []func(error)             // wait for the outcome of the present one
	crossings int                       // how often that has crossed one of the other side
	unwanted  map[string]*dialog.Dialog // by remote tag: forks that answered too late

	holdAgreed bool // this side holds by what both sides have agreed on

	rseq    uint32 // of the reliable provisional response sent; 0 for none
	rseqDue bool   // its PRACK has not come

	referrals map[uint32]*referral // by CSeq: transfers asked of the other side
	replaces  *Session             // ends when this one is answered
	progress  func(code int, reason string)

	timer   timer
	updates bool // the other side takes UPDATE

	acked   bool // the INVITE is complete: 2xx and ACK
	mediaUp bool
	byeDue  bool // hung up before the ACK to our 2xx: BYE follows it

	pending2xx map[uint32]*pending2xx // by CSeq: 2xx sent, ACK not yet there
	timers     []*sipcore.Timer
}

func newSession(id string, cfg Config, set *Set, dir Direction, remote sipcore.Address, video bool) *Session {
	if cfg.NoAnswer == 0 {
		cfg.NoAnswer = defaultNoAnswer
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = defaultConnectTimeout
	}
	state := StateCalling
	if dir == Incoming {
		state = StateIncoming
	}
	return &Session{
		id: id, cfg: cfg, set: set,
		info: Info{
			ID: id, Direction: dir, Remote: remote, State: state, Video: video,
			Started: time.Now(),
		},
		turn:       sdp.Negotiation{Audio: cfg.AudioCodecs},
		early:      map[string]*dialog.Dialog{},
		unwanted:   map[string]*dialog.Dialog{},
		pending2xx: map[uint32]*pending2xx{},
		referrals:  map[uint32]*referral{},
	}
}

// NewID makes the id of a session to be.
func NewID() string { return strconv.FormatUint(rand.Uint64(), 36) }

// Extensions are the option tags of what sessions take part in (RFC 3261 §20.37).
func Extensions() []string { return []string{reliable100, timerTag, replacesTag, noReferSub} }

// Supported is the header that names them.
func Supported() sip.Header { return sip.NewHeader("Supported", strings.Join(Extensions(), ", ")) }

// ID tells the session from others. It is no secret and no header.
func (s *Session) ID() string { return s.id }

// Info returns the session as it is now.
func (s *Session) Info() Info { return s.info }

// Dialog names the dialog that the call is in, or was; the zero value before there is one.
func (s *Session) Dialog() dialog.ID {
	if s.dialog == nil {
		return dialog.ID{}
	}
	return s.dialog.ID()
}

// Media returns the call's media, nil before it was opened.
func (s *Session) Media() Media { return s.media }

// Mute stops or resumes sending sound and picture.
func (s *Session) Mute(audio, video bool) {
	if s.over() {
		return
	}
	s.info.AudioMuted, s.info.VideoMuted = audio, video
	if s.media != nil {
		s.media.SetMuted(audio, video)
	}
	s.changed()
}

func (s *Session) loop() *sipcore.Loop { return s.cfg.Agent.Loop() }

func (s *Session) over() bool { return s.info.State == StateEnded }

func (s *Session) changed() {
	if s.cfg.OnChange != nil {
		s.cfg.OnChange(s)
	}
}

// enter moves to another state and tells of it. A move that the diagram does not
// have is a fault of ours: it is logged and not made.
func (s *Session) enter(to State) {
	if s.info.State == to {
		return
	}
	if !slices.Contains(transitions[s.info.State], to) {
		s.cfg.Agent.Log().Error("session: impossible transition", "id", s.id, "from", s.info.State, "to", to)
		return
	}
	s.info.State = to
	s.changed()
}

// openMedia prepares the media of the call once.
func (s *Session) openMedia() {
	if s.media != nil {
		return
	}
	s.media = s.cfg.Open(s.info.Video, func(state MediaState) {
		s.loop().Post(func() { s.mediaState(state) })
	})
	s.media.SetMuted(s.info.AudioMuted, s.info.VideoMuted)
	if s.info.LocalHold {
		s.media.SetHold(true)
	}
}

func (s *Session) mediaState(state MediaState) {
	if s.over() {
		return
	}
	switch state {
	case MediaConnected:
		s.mediaUp = true
		s.activate()
	case MediaFailed:
		s.cfg.Agent.Log().Warn("session: media path failed", "id", s.id)
		if s.info.State == StateConnecting || s.info.State == StateActive {
			s.hangup(ErrMediaFailed) // before, it is early media of one fork
		}
	case MediaConnecting, MediaDisconnected:
	}
}

// activate makes the call active once both signalling and media are there.
func (s *Session) activate() {
	if s.acked && s.mediaUp && s.info.State == StateConnecting {
		s.enter(StateActive)
	}
}

// answered notes that the call was answered and gives media its time to connect.
func (s *Session) answered() {
	s.info.Answered = time.Now()
	s.enter(StateConnecting)
	s.after(s.cfg.ConnectTimeout, func() {
		if s.acked && s.info.State == StateConnecting { // without ACK: see send2xx
			s.hangup(ErrMediaFailed)
		}
	})
}

// after runs f on the loop when d has passed, unless the session is over by then.
func (s *Session) after(d time.Duration, f func()) {
	s.timers = append(s.timers, s.loop().After(d, f))
}

// end is the one way out: it releases everything and tells of it. err nil means an
// ordinary end. What has to be sent has been sent before.
func (s *Session) end(err error) {
	if s.over() {
		return
	}
	for _, t := range s.timers {
		t.Stop()
	}
	s.timers = nil
	s.timer.stop()
	s.ops.close()
	if s.answering != nil { // RFC 3261 §15.1.2
		s.reply(s.answering, sip.StatusRequestTerminated, "Request Terminated")
		s.answering = nil
	}
	if s.media != nil {
		s.media.Close()
	}
	if s.dialog != nil {
		s.dialog.State = dialog.Terminated
	}
	s.info.Err = err
	s.info.Ended = time.Now()
	s.enter(StateEnded)
	s.offered, s.wishes = append(s.offered, s.wishes...), nil
	s.negotiated(fmt.Errorf("%w: the call has ended", ErrState))
	if err != nil {
		cause := sipcore.CauseOf(err)
		if cause.Code == 500 {
			cause.Reason = "Internal Error" // our own words are nobody else's business
		}
		s.progressed(cause.Code, cause.Reason)
	}
	if !s.byeDue && len(s.referrals) == 0 {
		s.release()
	}
}

// progressed tells who asked for the call how it goes.
func (s *Session) progressed(code int, reason string) {
	if s.progress != nil {
		s.progress(code, reason)
	}
}

// release lets go of the dialogs: nothing is sent or received for them any more.
func (s *Session) release() {
	for seq := range s.pending2xx {
		s.stop2xx(seq)
	}
	s.set.remove(s)
}

// respond answers a request and logs when that fails: the end of the transaction
// tells the rest.
func (s *Session) respond(tx sipcore.ServerTransaction, res *sip.Response) {
	if err := tx.Respond(res); err != nil {
		s.cfg.Agent.Log().Warn("session: response not sent", "id", s.id, "code", res.StatusCode, "err", err)
	}
}

func (s *Session) reply(tx sipcore.ServerTransaction, code int, reason string, headers ...sip.Header) {
	transact.Respond(s.cfg.Agent.Log(), tx, code, reason, headers...)
}

// reasonHeader says to the other side why a call is given up (RFC 3326).
func reasonHeader(err error) []sip.Header {
	cause := sipcore.CauseOf(err)
	switch {
	case cause == nil:
		return nil
	case errors.Is(err, ErrNoAnswer):
		cause = &sipcore.Cause{Code: 408, Reason: "No Answer"}
	case errors.Is(err, ErrMediaFailed):
		cause = &sipcore.Cause{Code: 488, Reason: "Media Failed"}
	case cause.Code == 500:
		cause.Reason = "Internal Error" // our own words are nobody else's business
	}
	return []sip.Header{sip.NewHeader("Reason", fmt.Sprintf(`SIP;cause=%d;text="%s"`, cause.Code, sipcore.QuoteName(cause.Reason)))}
}
