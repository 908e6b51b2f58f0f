package config

import (
	"log/slog"
	"strings"
	"time"
)

// Config is all settings. The tag json is the key; unit, min and max are of a number or a
// length of time as written in the settings; check names a function that a text, or each
// text of a list, has to pass.
type Config struct {
	Webserver    Webserver    `json:"webserver"`
	STUNServers  []STUNServer `json:"stun_servers"`
	TURNServers  []TURNServer `json:"turn_servers"`
	WebSocket    WebSocket    `json:"websocket"`
	User         User         `json:"user"`
	Registration Registration `json:"registration"`
	Dialing      Dialing      `json:"dialing"`
	Contacts     Contacts     `json:"contacts"`
	Chat         Chat         `json:"chat"`
	Session      Session      `json:"session"`
	Sounds       Sounds       `json:"sounds"`
	I18N         I18N         `json:"i18n"`
	Appearance   Appearance   `json:"appearance"`
	Panels       []string     `json:"panels" check:"panel"`         // parts of the screen that there are
	ExtraHeaders []string     `json:"extra_headers" check:"header"` // `Name: value`, added to every INVITE sent
	Media        Media        `json:"media"`
	Log          Log          `json:"log"`
	Trace        Trace        `json:"trace"`
	Embed        Embed        `json:"embed"`
	Notify       Notify       `json:"notifications"`
	Discovery    Discovery    `json:"discovery"`
	Guest        Guest        `json:"guest"`
	Button       Button       `json:"button"`
	UserSettings bool         `json:"user_settings"` // the person may set some of these: see LoadOwn
	Demo         Demo         `json:"demo"`
}

// Webserver is where the page finds its own files.
type Webserver struct {
	// URLPrefix stands before sounds/ and locales/; empty or with a slash at its end.
	URLPrefix string `json:"url_prefix" check:"prefix"`
}

// WebSocket is the connection to the SIP server (RFC 7118).
type WebSocket struct {
	Servers             []Server      `json:"servers"`
	RecoveryMinInterval time.Duration `json:"connection_recovery_min_interval" unit:"s" min:"0.1" max:"3600"`
	RecoveryMaxInterval time.Duration `json:"connection_recovery_max_interval" unit:"s" min:"0.1" max:"3600"`
	ConnectTimeout      time.Duration `json:"connect_timeout" unit:"s" min:"1" max:"120"`
	KeepAlive           time.Duration `json:"keep_alive" unit:"s" min:"0" max:"3600"` // 0: none is sent
}

// Server is a SIP server.
type Server struct {
	// URL is ws: or wss:; after Load for a page it is never relative.
	URL    string `json:"url" check:"websocket"`
	Weight int    `json:"weight" min:"1" max:"65535"` // how often it is taken, against the others
}

// STUNServer is a STUN server. In the settings the URI alone may stand for it.
type STUNServer struct {
	Server string `json:"server" check:"stun"` // e.g. `stun:host:3478` (RFC 7064)
}

// TURNServer is a TURN server. Without a user name the SIP credentials are meant.
type TURNServer struct {
	Server   string `json:"server" check:"turn"` // e.g. `turn:host?transport=udp` (RFC 7065)
	Username string `json:"username" check:"name"`
	Password Secret `json:"password"`
}

// User is who uses the phone.
type User struct {
	DisplayName string `json:"display_name" check:"name"`
	// URI is `sip:user@host`; when it is empty the person is asked to log in.
	URI string `json:"uri" check:"uri"`
	// SIPAuthUser is the name for authentication; when it is empty it is derived:
	// see AuthUser.
	SIPAuthUser string `json:"sip_auth_user" check:"name"`
	// SIPAuthPassword: nil means that the person is asked to log in, empty that no
	// password is needed because the connection itself is authenticated.
	SIPAuthPassword *Secret `json:"sip_auth_password"`
	// SIPAuthUserFullURI derives `user@host` instead of `user`.
	SIPAuthUserFullURI bool `json:"sip_auth_user_full_uri"`
}

// Registration says how the phone registers (RFC 3261 §10).
type Registration struct {
	OnStartup   bool          `json:"on_startup"` // register as soon as logged in
	Expiry      time.Duration `json:"expiry" unit:"s" min:"10" max:"31536000"`
	UserControl bool          `json:"user_control"` // buttons to register and unregister
	// Server is the URI of the registrar, `sip:host`; empty means the host of the
	// user's URI.
	Server string `json:"server" check:"registrar"`
}

// Dialing says what the person can do to make a call.
type Dialing struct {
	AutoDial        AutoDial      `json:"auto_dial"`
	EditDestination bool          `json:"edit_destination"` // the address field can be changed
	ShowDestination bool          `json:"show_destination"` // the address field is shown
	AudioDialing    bool          `json:"audio_dialing"`    // there is a button for a call without video
	VideoDialing    bool          `json:"video_dialing"`    // there is a button for a call with video
	PreferVideo     bool          `json:"prefer_video"`     // Enter in the address field calls with video
	NoAnswerTimeout time.Duration `json:"no_answer_timeout" unit:"s" min:"1" max:"3600"`
	ClearDialbox    bool          `json:"clear_dialbox"` // empty the address field after a call
	Anonymous       bool          `json:"anonymous"`     // who calls is hidden, unless a call says otherwise
	// EmergencyNumbers are called, and call back, whatever else is set; so are
	// urn:service:sos and those below it.
	EmergencyNumbers []string `json:"emergency_numbers" check:"name"`

	// How telephone numbers are dialled: see sipcore.Numbering.
	CountryCode         string `json:"country_code" check:"dialled"`
	InternationalPrefix string `json:"international_prefix" check:"dialled"`
	NationalPrefix      string `json:"national_prefix" check:"dialled"`
	OutsideLine         string `json:"outside_line" check:"dialled"`
	InternalDigits      int    `json:"internal_digits" min:"0" max:"15"`
}

// AutoDial is a call prepared, or made, when the phone starts.
type AutoDial struct {
	DefaultDestination string `json:"default_destination" check:"name"` // name or address; empty for none
	OnStartup          bool   `json:"on_startup"`                       // call without being told to, also whom a link names
	UseVideo           bool   `json:"use_video"`
	// FromAddress says that the address of the page names the destination: whoever made
	// that link is not the person, who is to be asked first unless OnStartup.
	FromAddress bool `json:"-"`
}

// Contacts is how the phone learns who calls.
type Contacts struct {
	// LookupURL is asked at each call: {number}, {uri} and {id} stand for what is known of it.
	LookupURL     string        `json:"lookup_url" check:"web"`
	LookupTimeout time.Duration `json:"lookup_timeout_ms" unit:"ms" min:"200" max:"30000"`
}

// Chat is the exchange of messages.
type Chat struct {
	Enable      bool `json:"enable"`
	SendDisplay bool `json:"send_display"` // senders who ask are told when the person has seen a message
}

// Session is what goes on during a call.
type Session struct {
	MaxCalls     int           `json:"max_calls" min:"1" max:"20"` // another call coming in gets 486
	ShowDTMFPad  bool          `json:"show_dtmf_pad"`
	DTMFDuration time.Duration `json:"dtmf_duration" unit:"ms" min:"40" max:"6000"`
	DTMFMethod   string        `json:"dtmf_method" check:"dtmf"`    // one of DTMFAuto, DTMFSound, DTMFInfo
	DialpadTone  bool          `json:"dialpad_tone"`                // keys are heard, of both sides
	MessageTone  bool          `json:"message_tone"`                // a message that comes in is heard
	Recording    string        `json:"recording" check:"recording"` // RecordingOff or RecordingAllowed
	// RecordingNotice is the time between the tones that all others hear while a call is
	// recorded; 0: none.
	RecordingNotice       time.Duration `json:"recording_notice" unit:"s" min:"0" max:"120"`
	RequireRelayCandidate bool          `json:"require_relay_candidate"`   // no call without a TURN relay at hand
	Transfer              string        `json:"transfer" check:"transfer"` // one of TransferAsk, TransferAllow, TransferRefuse

	CallWaiting     bool          `json:"call_waiting"`                   // calls ring during another; else that is busy
	DNDCode         int           `json:"dnd_code" min:"400" max:"699"`   // what refuses calls that are not to disturb
	ForwardAlways   string        `json:"forward_always" check:"name"`    // address; empty for none
	ForwardBusy     string        `json:"forward_busy" check:"name"`      // address; empty for none
	ForwardNoAnswer string        `json:"forward_no_answer" check:"name"` // address; empty for none
	ForwardAfter    time.Duration `json:"forward_after" unit:"s" min:"1" max:"120"`
	RejectAnonymous bool          `json:"reject_anonymous"` // who hides is refused (RFC 5079)
	TrustIdentity   bool          `json:"trust_identity"`   // what the server says of callers and forwarding is true

	AutoAnswer       string        `json:"auto_answer" check:"auto_answer"` // one of AutoAnswerOff, AutoAnswerTrusted, AutoAnswerAlways
	AutoAnswerDelay  time.Duration `json:"auto_answer_delay" unit:"s" min:"1" max:"60"`
	AutoAnswerVideo  bool          `json:"auto_answer_video"`            // with picture when one is offered
	AutoAnswerInCall bool          `json:"auto_answer_in_call"`          // also during another call, which is held
	IntercomMuted    bool          `json:"intercom_muted"`               // the microphone is off in calls answered because the caller asked
	TrustedCallers   []string      `json:"trusted_callers" check:"name"` // addresses and domains that may ask to be answered
}

// Whether calls can be recorded.
const (
	RecordingOff     = "off"
	RecordingAllowed = "allowed" // by the person, into a file of theirs
)

// Whose calls the phone answers by itself.
const (
	AutoAnswerOff     = "off"     // only of trusted callers who ask for it
	AutoAnswerTrusted = "trusted" // of trusted callers
	AutoAnswerAlways  = "always"
)

// How keys are sent in a call.
const (
	DTMFAuto  = "auto" // in the sound when the other side takes them so, else as INFO
	DTMFSound = "rtp"  // in the sound (RFC 4733) or not at all
	DTMFInfo  = "info" // as INFO (RFC 6086)
)

// What becomes of the wish of the other side that this one talks to somebody else.
const (
	TransferAsk    = "ask" // the person decides
	TransferAllow  = "allow"
	TransferRefuse = "refuse"
)

// Sounds is what the phone itself makes heard, until the person chooses otherwise.
type Sounds struct {
	Ring        bool `json:"ring"` // a call that comes in is heard
	RingVolume  int  `json:"ring_volume" min:"5" max:"100"`
	Tones       bool `json:"tones"` // so is everything else: ringing at the other side, busy, messages, keys
	TonesVolume int  `json:"tones_volume" min:"5" max:"100"`
}

// I18N is the language.
type I18N struct {
	Translate   bool     `json:"translate"`                     // false: English
	ShowMenu    bool     `json:"show_menu"`                     // the language can be chosen
	DefaultLang string   `json:"default_lang" check:"language"` // BCP 47; empty means the browser's
	Languages   []string `json:"languages" check:"language"`    // BCP 47, those to choose from; empty means all
	// Texts is a folder of the site's own texts, `<language>.json`, which take the place of
	// those of the same key; empty, or with a slash at its end.
	Texts string `json:"texts" check:"prefix"`
}

// Appearance is how the phone looks.
type Appearance struct {
	Theme string `json:"theme" check:"theme"` // one of ThemeSystem, ThemeLight, ThemeDark, ThemeContrast
	CSS   string `json:"css" check:"web"`     // address of the site's own style sheet; empty for none
}

// The themes, until the person chooses another.
const (
	ThemeSystem   = "system" // as the system says
	ThemeLight    = "light"
	ThemeDark     = "dark"
	ThemeContrast = "contrast" // light or dark as the system says, with high contrast
)

// Media is how sound and picture are set up.
type Media struct {
	// GatherTimeout is the longest that an offer or answer waits for candidates.
	GatherTimeout time.Duration `json:"gather_timeout" unit:"ms" min:"0" max:"30000"`
	// RelayOnly sends everything through TURN and hides the person's addresses.
	RelayOnly bool `json:"relay_only"`
	// QualityCollector is told after each call how it was heard (RFC 6035), `sip:user@host`; empty
	// tells nobody.
	QualityCollector string `json:"quality_collector" check:"uri"`
	// IncomingVideo is what becomes of video that the other side adds to a call: one of
	// VideoAsk, VideoShow, VideoRefuse.
	IncomingVideo string `json:"incoming_video" check:"incoming_video"`
	// AudioCodecs and VideoCodecs are those to be used, the preferred one first; empty means
	// the browser's.
	AudioCodecs []string `json:"audio_codecs" check:"audio_codec"`
	VideoCodecs []string `json:"video_codecs" check:"video_codec"`
	// MaxBitrateAudio and MaxBitrateVideo are the most that is sent, and asked of the other
	// side, in kbit/s; 0 means no bound.
	MaxBitrateAudio int  `json:"max_bitrate_audio" min:"0" max:"510"`
	MaxBitrateVideo int  `json:"max_bitrate_video" min:"0" max:"50000"`
	OpusFEC         bool `json:"opus_fec"` // the other side is asked to send each sound twice, so that loss is not heard
	OpusDTX         bool `json:"opus_dtx"` // the other side is asked to send nothing while nobody speaks
	// What the browser does to the sound of the microphone and the picture of the camera,
	// until the person chooses otherwise.
	EchoCancellation bool `json:"echo_cancellation"`
	NoiseSuppression bool `json:"noise_suppression"`
	AutoGain         bool `json:"auto_gain"`
	BackgroundBlur   bool `json:"background_blur"` // where the browser can
	// PushToTalk opens the microphone only while a key is held, likewise.
	PushToTalk bool `json:"push_to_talk"`
}

// What becomes of video that the other side adds to a call.
const (
	VideoAsk    = "ask"    // the person decides
	VideoShow   = "show"   // it is seen at once; the camera stays off
	VideoRefuse = "refuse" // it is never seen
)

// Log is what the phone writes to the console of the browser.
type Log struct {
	Level slog.Level `json:"level"`
}

// Trace is the record of what was sent to the server and received from it.
type Trace struct {
	Enable bool `json:"enable"` // it is kept, without secrets, and can be looked at
}

// Embed is the phone as a widget in pages of others.
type Embed struct {
	// AllowedOrigins are those of the pages that may hold the phone in a frame, beside its
	// own: `https://host`, with a port unless that is the usual one; `:*` is any port.
	AllowedOrigins []string `json:"allowed_origins" check:"origin"`
}

// Notify is what the system shows of the phone while its page is hidden.
type Notify struct {
	Enable bool `json:"enable"` // it is offered to the person, who decides
}

// Discovery is the asking of domains how their phones are to be set.
type Discovery struct {
	Enabled bool `json:"enabled"` // when somebody logs in whom no server is named for, or calls an address of another domain
}

// Guest is whoever calls without an account.
type Guest struct {
	// EnrolURL is asked by POST for an account that lasts a while: see Enrolment. Empty: none
	// is made.
	EnrolURL string `json:"enrol_url" check:"web"`
	// Anonymous says that the SIP server takes calls of those who have no account.
	Anonymous bool `json:"anonymous"`
	// Domain is where names without one are called by those without account, who then have
	// an address there, `sip:guest-…@domain`. Empty: they are nobody.
	Domain string `json:"domain" check:"name"`
}

// Button is a page with nothing on it but a button that calls somebody.
type Button struct {
	To    string `json:"to" check:"name"`    // name or address; empty: there is no such page
	Label string `json:"label" check:"name"` // of the button; empty: ours
	Video bool   `json:"video"`              // with video
	Only  bool   `json:"only"`               // the page is always that, else with ?button in its address
	// Shown says that the page is that.
	Shown bool `json:"-"`
}

// Demo is the accounts of the embedded server, whose password is their name.
type Demo struct {
	Domain   string   `json:"domain" check:"name"`
	Accounts []string `json:"accounts" check:"name"`
}

// panels are all that there are, in the order of a site that lists them.
var panels = []string{"dialpad", "chat", "history", "settings", "devices", "desktop", "shortcuts", "check", "share", "help", "trace"}

// Default is what holds where the settings say nothing.
func Default() Config {
	return Config{
		WebSocket: WebSocket{
			RecoveryMinInterval: 2 * time.Second,
			RecoveryMaxInterval: 30 * time.Second,
			ConnectTimeout:      10 * time.Second,
			KeepAlive:           25 * time.Second,
		},
		Registration: Registration{OnStartup: true, Expiry: time.Hour},
		Dialing: Dialing{
			EditDestination: true,
			ShowDestination: true,
			AudioDialing:    true,
			VideoDialing:    true,
			NoAnswerTimeout: time.Minute,

			EmergencyNumbers: []string{"112", "911"},

			InternationalPrefix: "00", NationalPrefix: "0", InternalDigits: 6,
		},
		Contacts: Contacts{LookupTimeout: 3 * time.Second},

		Chat: Chat{Enable: true, SendDisplay: true},
		Session: Session{
			MaxCalls:     4,
			ShowDTMFPad:  true,
			DTMFDuration: 100 * time.Millisecond,
			DTMFMethod:   DTMFAuto,
			Transfer:     TransferAsk,
			DialpadTone:  true,
			MessageTone:  true,

			Recording: RecordingOff, RecordingNotice: 15 * time.Second,
			CallWaiting: true, DNDCode: 486, ForwardAfter: 20 * time.Second,
			AutoAnswer: AutoAnswerOff, AutoAnswerDelay: 3 * time.Second, IntercomMuted: true,
		},
		Sounds: Sounds{Ring: true, RingVolume: 80, Tones: true, TonesVolume: 80},
		I18N:   I18N{Translate: true, ShowMenu: true},

		Appearance: Appearance{Theme: ThemeSystem},
		Panels:     panels,
		Media: Media{
			GatherTimeout: time.Second, IncomingVideo: VideoAsk, OpusFEC: true,
			EchoCancellation: true, NoiseSuppression: true, AutoGain: true,
		},
		Log:    Log{Level: slog.LevelInfo},
		Trace:  Trace{Enable: true},
		Notify: Notify{Enable: true},

		Discovery: Discovery{Enabled: true},

		UserSettings: true,
	}
}

// AuthUser is the name with which somebody of that URI authenticates: the one in the
// settings, else the user part or, with sip_auth_user_full_uri, `user@host`.
func (u User) AuthUser(uri string) string {
	if u.SIPAuthUser != "" {
		return u.SIPAuthUser
	}
	_, full, _ := strings.Cut(uri, ":")
	if u.SIPAuthUserFullURI {
		return full
	}
	user, _, _ := strings.Cut(full, "@")
	return user
}

// Secret is a password. It prints as dots; string(s) is the password.
type Secret string

// String hides the password.
func (Secret) String() string { return "•••" }

// GoString hides the password.
func (s Secret) GoString() string { return s.String() }

// LogValue hides the password.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText hides the password.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
