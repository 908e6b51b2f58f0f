// GoCommunicator: the phone in the page, and natively the servers and tools around it.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"syscall/js"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	fetchjson "gocommunicator/app/fetch"
	"gocommunicator/app/hostapi"
	"gocommunicator/app/phone"
	"gocommunicator/app/store"
	"gocommunicator/sipcore/jsfunc"
	"gocommunicator/sipcore/promise"
	"gocommunicator/ui"
)

// main puts the phone together in the page and draws it. It never returns.
func main() {
	level := new(slog.LevelVar)
	log := slog.New(newConsole(level))
	slog.SetDefault(log)
	events := bus.New(log)

	set, problems := readSettings(context.Background())
	cfg := set.cfg
	if set.unwelcome { // else a page could lay it under the person's clicks
		cfg.Guest = config.Guest{}
	}
	level.Set(cfg.Log.Level)
	forgetful := make(chan error, 1) // told once
	remembered := store.Open(store.Config{Log: log, OnFallback: func(err error) { forgetful <- err }})
	storage := js.Global().Get("localStorage")
	p := phone.New(phone.Deps{
		Bus: events, Config: cfg, Log: log, InstanceID: instanceID(), Store: remembered,
		Fetch: fetchjson.JSON, Page: set.page,
		Kept: storage.Call("getItem", equipmentKey).String(), // "<null>" when there is nothing
		DND:  recallDND(),
		Keep: func(text string) { remember(storage, equipmentKey, text) },
	})
	bus.Subscribe(events, rememberDND)
	speaker, err := newSpeaker(log, events, cfg)
	if err != nil {
		log.Error("texts", "err", err) // English is compiled in and was tested
		return
	}
	var own ui.Own
	if cfg.UserSettings {
		own = set
	}
	if _, err := hostapi.New(hostapi.Deps{Bus: events, Phone: p, Texts: speaker, Own: own, Log: log}); err != nil {
		log.Error("the page cannot speak with the phone", "err", err)
	}
	panels, button := cfg.Panels, ui.Button{}
	if cfg.Button.Shown {
		panels, button = []string{}, ui.Button{To: cfg.Button.To, Label: cfg.Button.Label, Video: cfg.Button.Video}
	}
	screen := ui.New(ui.Deps{
		Bus: events, Phone: p,
		Texts:        speaker.localizer(),
		Languages:    speaker.choice(),
		SetLanguage:  speaker.choose,
		StayLoggedIn: store.CanSeal(),
		User:         userOf(cfg),
		Own:          own,
		Demo:         ui.Demo{Domain: cfg.Demo.Domain, Names: cfg.Demo.Accounts},
		Echo:         echoAddress(cfg),
		Dialing: ui.Dialing{
			ReadOnly: !cfg.Dialing.EditDestination, Hidden: !cfg.Dialing.ShowDestination,
			NoAudio: !cfg.Dialing.AudioDialing, NoVideo: !cfg.Dialing.VideoDialing,
			PreferVideo: cfg.Dialing.PreferVideo, Clear: cfg.Dialing.ClearDialbox,
		},
		UserControl: cfg.Registration.UserControl,
		Chat:        cfg.Chat.Enable,
		Keys:        cfg.Session.ShowDTMFPad,
		KeyTones:    cfg.Session.DialpadTone,
		MessageTone: cfg.Session.MessageTone,
		Ring:        ui.Volume{On: cfg.Sounds.Ring, Percent: cfg.Sounds.RingVolume},
		Signals:     ui.Volume{On: cfg.Sounds.Tones, Percent: cfg.Sounds.TonesVolume},
		Recording:   cfg.Session.Recording == config.RecordingAllowed,
		Trace:       cfg.Trace.Enable,
		Panels:      panels,
		Button:      button,
		Guests:      cfg.Guest.EnrolURL != "" || cfg.Guest.Anonymous,
		Theme:       cfg.Appearance.Theme,

		Notifications: cfg.Notify.Enable,
	})
	set.apply = func(cfg config.Config) {
		p.Configure(cfg)
		screen.Configure(userOf(cfg), cfg.Dialing.PreferVideo)
	}
	speaker.start(screen)
	applyStyle(log, events, cfg.Appearance.CSS)
	for _, problem := range problems {
		bus.Publish(events, problem)
	}
	go func() { bus.Publish(events, phone.Explain(<-forgetful)) }()
	hangUpOnLeaving(p)
	if !set.unwelcome { // else somebody may have laid it under the person's clicks
		start(events, p, cfg)
	}
	screen.Run()
}

// userOf is what the login form begins with.
func userOf(cfg config.Config) phone.Login {
	return phone.Login{URI: cfg.User.URI, AuthUser: cfg.User.SIPAuthUser, DisplayName: cfg.User.DisplayName}
}

// start does what the settings want done without anybody asking: log in, fill the
// address field, call.
func start(events *bus.Bus, p *phone.Phone, cfg config.Config) {
	auto := cfg.Dialing.AutoDial
	if cfg.Button.Shown {
		auto = config.AutoDial{}
	}
	if auto.DefaultDestination != "" {
		// A link alone never places a call: whoever made it is not the person.
		bus.Publish(events, phone.Destination{
			To: auto.DefaultDestination, Asked: auto.FromAddress && !auto.OnStartup, Video: auto.UseVideo,
		})
	}
	if auto.DefaultDestination != "" && auto.OnStartup {
		callOnce(events, p, phone.Dial{To: auto.DefaultDestination, Video: auto.UseVideo})
	}
	if cfg.User.URI == "" || cfg.User.SIPAuthPassword == nil {
		switch {
		case cfg.Button.Shown: // is for whoever comes by
		case !ui.Remembers():
			p.ForgetLogin()
		case p.LoginRemembered():
			awaitConnecting(events)
		}
		return
	}
	err := p.Login(phone.Login{
		URI: cfg.User.URI, AuthUser: cfg.User.AuthUser(cfg.User.URI),
		Password: string(*cfg.User.SIPAuthPassword), DisplayName: cfg.User.DisplayName,
	})
	if err != nil {
		bus.Publish(events, phone.Explain(err))
		return
	}
	awaitConnecting(events)
}

// awaitConnecting lets the phone begin to connect before the screen is drawn, which
// takes the page's only thread for a while: the server answers meanwhile.
func awaitConnecting(events *bus.Bus) {
	begun := make(chan struct{}, 1)
	cancel := bus.Subscribe(events, func(l phone.Link) {
		if l.State != phone.LinkDown || l.Attempt > 0 {
			select {
			case begun <- struct{}{}:
			default:
			}
		}
	})
	defer cancel()
	select {
	case <-begun:
	case <-time.After(500 * time.Millisecond):
	}
}

// callOnce calls as soon as there is a connection for the first time.
func callOnce(events *bus.Bus, p *phone.Phone, d phone.Dial) {
	var cancel func()
	cancel = bus.Subscribe(events, func(l phone.Link) {
		if l.State != phone.LinkUp {
			return
		}
		cancel()
		if _, err := p.Dial(d); err != nil {
			bus.Publish(events, phone.Explain(err))
		}
	})
}

// hangUpOnLeaving ends calls when the tab is closed or another page loaded: the other
// side is told by BYE instead of finding out by silence.
func hangUpOnLeaving(p *phone.Phone) {
	leave, _ := jsfunc.Of(func(js.Value, []js.Value) any {
		p.Leave()
		return nil
	})
	js.Global().Call("addEventListener", "pagehide", leave)
	// A page that the browser kept while the person was elsewhere comes back logged out.
	again, _ := jsfunc.Of(func(_ js.Value, args []js.Value) any {
		if args[0].Get("persisted").Bool() {
			js.Global().Get("location").Call("reload")
		}
		return nil
	})
	js.Global().Call("addEventListener", "pageshow", again)
}

// echoAddress is the address of the embedded server's echo service, empty with others.
func echoAddress(cfg config.Config) string {
	if cfg.Demo.Domain == "" {
		return ""
	}
	return "echo@" + cfg.Demo.Domain
}

// equipmentKey is where the browser keeps which devices were chosen.
const equipmentKey = "gocommunicator.devices"

// instanceKey is where a tab keeps its instance id over reloads.
const instanceKey = "gocommunicator.instance"

// instanceID names this tab to registrars (RFC 5626 §4.1). A tab, not a browser, is a
// device: two tabs with one id would throw each other out.
func instanceID() string {
	storage := js.Global().Get("sessionStorage") // the loader sees to it that it does not throw
	if id := storage.Call("getItem", instanceKey); id.Type() == js.TypeString && claim(id.String()) {
		return id.String()
	}
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	id := fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	remember(storage, instanceKey, id)
	claim(id)
	return id
}

// claim makes an instance id this tab's own as long as it is open. A tab that was
// duplicated has a copy of the other's storage, and with it an id that is in use.
func claim(id string) bool {
	locks := js.Global().Get("navigator").Get("locks")
	if !locks.Truthy() {
		return true // an old browser, or a page without https: nobody can tell
	}
	claimed := make(chan bool, 1)
	f, release := jsfunc.Of(func(_ js.Value, args []js.Value) any {
		claimed <- args[0].Truthy()
		if !args[0].Truthy() {
			return nil
		}
		return js.Global().Get("Promise").New(never) // held until the tab is gone
	})
	defer release()
	_, err := promise.Try(func() js.Value {
		return locks.Call("request", instanceKey+"."+id, map[string]any{"ifAvailable": true}, f).Call("catch", never)
	})
	if err != nil {
		return true
	}
	select {
	case free := <-claimed:
		return free
	case <-time.After(time.Second):
		return true // it was refused: a page whose storage is blocked has no locks either
	}
}

// never is what a promise that stays open is made with, and what nothing comes of.
var never, _ = jsfunc.Of(func(js.Value, []js.Value) any { return nil })

// remember keeps a text if the storage takes it: a full one throws.
func remember(storage js.Value, key, text string) {
	if _, err := promise.Try(func() js.Value { return storage.Call("setItem", key, text) }); err != nil {
		slog.Warn("not remembered", "key", key, "err", err)
	}
}

// browserLanguages are those that the person prefers, best first.
func browserLanguages() []string {
	list := js.Global().Get("navigator").Get("languages")
	var languages []string
	for i := range list.Length() {
		languages = append(languages, list.Index(i).String())
	}
	return languages
}
