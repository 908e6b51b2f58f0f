package media

import (
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Want is what a call is to have. NoCamera leaves the camera alone: picture is received
// and not sent. AnyWay, when it is opened, lets it go without a relay whatever Config says.
type Want struct{ Audio, Video, NoCamera, AnyWay bool }

// devices are those that are needed for it.
func (w Want) devices() Want {
	w.Video = w.Video && !w.NoCamera
	return w
}

func (w Want) has(k Kind) bool {
	return k == Audio && w.Audio || k == Video && w.Video
}

// Kind is "audio" or "video".
type Kind string

// The kinds.
const (
	Audio Kind = "audio"
	Video Kind = "video"
)

// Screen is where a picture may come from: what is shown of the screen goes out as Video, in
// place of the camera's, or beside it on a line of its own.
const Screen Kind = "screen"

// flows is what it is on the way.
func (k Kind) flows() Kind {
	if k == Screen {
		return Video
	}
	return k
}

var kinds = [...]Kind{Audio, Video}

// ICEServer is a STUN or TURN server (RFC 7064, RFC 7065). Username and Credential
// are for TURN.
type ICEServer struct {
	URLs                 []string // "stun:host:port", "turn:host:port?transport=udp", …
	Username, Credential string
}

// Config is what calls are made with.
type Config struct {
	ICEServers []ICEServer
	// RelayOnly lets media go through TURN servers only, so that the other side does
	// not see this one's addresses.
	RelayOnly bool
	// RequireRelay lets nothing go out without a relay candidate, so that the media has
	// a way through any firewall; it may take a shorter one.
	RequireRelay bool
	// GatherTimeout is the longest that an offer or answer waits for candidates;
	// 0 means 1 s.
	GatherTimeout time.Duration
	// AudioCodecs and VideoCodecs are those to be used, by name in lower case ("opus",
	// "g722", "pcmu", "pcma"; "vp8", "vp9", "h264", "av1"), the preferred one first; none
	// means all, Opus first. Where the platform knows none of them it is as if none were
	// named: see Engine.Unmet.
	AudioCodecs, VideoCodecs []string
	// MaxAudio and MaxVideo bound what is sent of a kind, and what the other side is asked
	// for, in kbit/s; 0 means no bound.
	MaxAudio, MaxVideo int
	// NoFEC and DTX are what the other side is asked for that sends Opus: no forward error
	// correction, and nothing while there is silence (RFC 7587 §6.1).
	NoFEC, DTX bool
	// Log is where the engine says what happens; nil means slog.Default().
	Log *slog.Logger
	// Platform stands in for devices and network where there is no browser. In the
	// page it is empty.
	Platform Platform
}

const defaultGatherTimeout = time.Second

func (c Config) withDefaults() Config {
	if c.GatherTimeout <= 0 {
		c.GatherTimeout = defaultGatherTimeout
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

// codecs are those of a kind to be used.
func (c Config) codecs(k Kind) []string {
	if k == Video {
		return c.VideoCodecs
	}
	return c.AudioCodecs
}

// bound is that of a kind, in kbit/s.
func (c Config) bound(k Kind) int {
	if k == Video {
		return c.MaxVideo
	}
	return c.MaxAudio
}

// servers tells whether there is a server that shows addresses other than the host's.
func (c Config) servers() bool {
	return slices.ContainsFunc(c.ICEServers, func(s ICEServer) bool {
		return slices.ContainsFunc(s.URLs, func(u string) bool {
			return strings.HasPrefix(u, "stun") || strings.HasPrefix(u, "turn")
		})
	})
}

// Events is what a Conn reports. The functions are called from any goroutine and must
// not block; nil ones are not called. After StateClosed none is called any more.
type Events struct {
	State func(ConnState)
	// RemoteTracks is called when Remote has got or lost a track.
	RemoteTracks func()
	// LocalTracks is called when Local has got or lost a track.
	LocalTracks func()
	// Offered is called when the other side would send picture in a call that has been
	// without. True has it received, and Want with it; nil refuses. It may be called while
	// an Answer is made.
	Offered func() bool
	// ScreenEnded is called when the browser has ended what is shown of the screen, or the
	// window shown was closed.
	ScreenEnded func()
	// Removed is called when the other side has refused or removed the picture that this
	// one sends, and the camera was given back.
	Removed func()
	// Lost is called when a device was pulled out. Nothing takes its place before
	// Engine.SetInputs is called.
	Lost func()
	// Exchanged is called when one has, after Engine.SetInputs, or could not.
	Exchanged func(Exchange)
	// Digit is called for each telephone event received: "0"–"9", "*", "#", "A"–"D"
	// (RFC 4733 §3.2). Only natively: a browser does not tell.
	Digit func(digit string)
}

// ConnState is how the connection does.
//
//	New ──▶ Connecting ──▶ Connected ◀──▶ Disconnected
//	             │             │               │
//	             └─────────────┴──────┬────────┘
//	                                  ▼
//	                               Failed
//
// Closed comes from any of them, by Close, and is final.
type ConnState int

// The states of a connection.
const (
	StateNew ConnState = iota
	StateConnecting
	StateConnected
	// StateDisconnected: nothing is heard of the other side; it may come back.
	StateDisconnected
	// StateFailed: no path, or the secure handshake failed. A new offer may help.
	StateFailed
	StateClosed
)

var stateNames = [...]string{"new", "connecting", "connected", "disconnected", "failed", "closed"}

func (s ConnState) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return "unknown"
	}
	return stateNames[s]
}

// parseState reads the name of an RTCPeerConnectionState.
func parseState(name string) (ConnState, bool) {
	i := slices.Index(stateNames[:], name)
	return ConnState(i), i >= 0
}
