package hostapi

import (
	"log/slog"
	"maps"
	"slices"

	"gocommunicator/app/bus"
	"gocommunicator/app/phone"
	"gocommunicator/sipcore"
)

// Phone is what the commands of a page come to. *phone.Phone is one.
type Phone interface {
	Login(phone.Login) error
	Logout()
	Register() error
	Unregister() error
	Dial(phone.Dial) (id string, err error)
	LoginGuest() error
	Answer(id string, video bool) error
	Reject(id string, code int) error
	Hangup(id string) error
	Mute(id string, audio, video *bool) error
	Hold(id string, on bool) error
	Record(id string, on bool) error
	Video(id string, on bool) error
	Watch(id string) error
	Transfer(id, to string) error
	TransferTo(id, other string) error
	AnswerTransfer(id string, accept bool) error
	Screen(id string, on bool) error
	SendDTMF(id, tones string) error
	ConfirmDTMF(id string, send bool) error
	Join(ids ...string) error
	Split(id string) error
	Silence(id string, on bool) error
	SendMessage(to, text string) (id string, err error)
	SetDestination(to string)
	Found(id string, c phone.Contact) error
	Note(id, text string) error
	SetDND(on bool)
	CheckForward(to string) error
	FindDevices()
	ChooseDevice(kind, id string) error
	Turn(name string, on bool) error
	Talk(id string, on bool) error
	Snapshot() phone.Snapshot
}

// Own is what the person may set, by paths of the settings and as texts.
type Own interface {
	Text(path string) string
	Set(texts map[string]string) (problems map[string]string)
}

// Texts are the texts of notices in the person's language. *i18n.Localizer is such.
type Texts interface {
	T(key string, params ...any) string
}

// Deps is what a Bridge joins. Bus, Phone and Texts must be set.
type Deps struct {
	Bus   *bus.Bus
	Phone Phone
	Texts Texts        // used on the timeline of the bus
	Own   Own          // nil where the site lets nobody set anything
	Log   *slog.Logger // nil means slog.Default()
}

// Bridge joins the phone and a page. Its methods may be called from any goroutine and do
// not wait.
type Bridge struct {
	deps     Deps
	commands *sipcore.Loop // does what the page asks for, in the order of asking
	cancel   []func()
	release  func() // lets go of the page
}

// snapshotWanted asks the timeline for a snapshot, so that it stands in the right place
// among the changes.
type snapshotWanted struct{}

// newBridge starts a bridge. publish is called on the timeline of the bus with every topic and
// its data: nil, a bool, string, int64, float64, or a map[string]any or []any of such.
func newBridge(deps Deps, publish func(topic string, data any)) *Bridge {
	if deps.Log == nil {
		deps.Log = slog.Default()
	}
	b := &Bridge{deps: deps, commands: sipcore.NewLoop(deps.Log), release: func() {}}
	old := &legacy{publish: publish, live: make(map[string]bool)}
	b.cancel = []func(){
		bus.Subscribe(deps.Bus, func(l phone.Link) {
			publish("jsc/link/state", linkPayload(l))
			old.link(l)
		}),
		bus.Subscribe(deps.Bus, func(r phone.Registration) {
			publish("jsc/registration/state", registrationPayload(r))
		}),
		bus.Subscribe(deps.Bus, func(c phone.Call) {
			publish("jsc/call/state", callPayload(c))
			old.call(c)
		}),
		bus.Subscribe(deps.Bus, func(q *phone.Quality) { publish("jsc/call/quality", q.Plain()) }),
		bus.Subscribe(deps.Bus, func(w phone.TransferWish) {
			if !w.Over {
				publish("jsc/call/transfer/requested", wishPayload(w))
			}
		}),
		bus.Subscribe(deps.Bus, func(p phone.Participants) {
			publish("jsc/call/participants", participantsPayload(p))
		}),
		bus.Subscribe(deps.Bus, func(e phone.Equipment) {
			publish("jsc/devices/state", e.Plain())
		}),
		bus.Subscribe(deps.Bus, old.digit),
		bus.Subscribe(deps.Bus, func(m phone.Message) {
			publish(messageTopic(m), messagePayload(m))
		}),
		bus.Subscribe(deps.Bus, func(n phone.Notice) {
			old.notice(n)
			publish("jsc/error", map[string]any{"code": n.Code, "message": deps.Texts.T(n.Code, n.Params)})
		}),
		bus.Subscribe(deps.Bus, func(w *phone.ContactWanted) {
			publish("jsc/contact/lookup", map[string]any{"id": w.CallID, "uri": w.URI, "number": w.Number})
		}),
		bus.Subscribe(deps.Bus, func(o *phone.ContactOpened) {
			publish("jsc/contact/open", map[string]any{"id": o.CallID, "url": o.URL})
		}),
		bus.Subscribe(deps.Bus, func(*phone.ContactFailed) {
			publish("jsc/error", map[string]any{"code": "error_contact", "message": deps.Texts.T("error_contact")})
		}),
		bus.Subscribe(deps.Bus, func(c *phone.CallOver) { publish("jsc/call/summary", summaryPayload(c.Call)) }),
		bus.Subscribe(deps.Bus, func(snapshotWanted) {
			publish("jsc/ua/snapshot", b.snapshotPayload(deps.Phone.Snapshot()))
		}),
		bus.Subscribe(deps.Bus, func(d phone.DoNotDisturb) {
			publish("jsc/ua/dnd/state", map[string]any{"on": d.On})
		}),
	}
	return b
}

// topics are those of the commands, sorted.
func topics() []string { return slices.Sorted(maps.Keys(commands)) }

// command queues what the page has published, as JSON; no JSON at all stands for null.
// What is no command is passed over.
func (b *Bridge) command(topic string, data []byte) {
	do, known := commands[topic]
	if !known {
		return
	}
	b.commands.Post(func() {
		if err := do(b, data); err != nil {
			b.deps.Log.Warn("command of the page", "topic", topic, "err", err)
			bus.Publish(b.deps.Bus, explain(topic, err))
		}
	})
}

// Close ends the bridge; commands that are queued are still done.
func (b *Bridge) Close() {
	b.release()
	for _, cancel := range b.cancel {
		cancel()
	}
	b.commands.Close()
}
