package ui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"gocommunicator/app/bus"
	"gocommunicator/app/i18n"
	"gocommunicator/app/phone"
)

var errRefused = errors.New("refused")

// line is a phone of which only the calls that were asked for are noted.
type line struct {
	Phone // the methods that no test reaches
	done  []string
}

func (l *line) note(what string) error {
	l.done = append(l.done, what)
	return nil
}

func (l *line) Dial(d phone.Dial) (string, error) {
	switch d.To {
	case "nobody":
		return "", errRefused
	case "busy":
		return "", phone.ErrBusy
	}
	return "a", l.note("dial " + d.To)
}

func (l *line) Join(ids ...string) error         { return l.note(fmt.Sprint("join ", ids)) }
func (l *line) Silence(id string, on bool) error { return l.note(fmt.Sprint("silence ", id, " ", on)) }

func (l *line) Record(id string, on bool) error { return l.note(fmt.Sprint("record ", id, " ", on)) }
func (l *line) Split(id string) error           { return l.note("split " + id) }
func (l *line) Hold(id string, on bool) error   { return l.note(fmt.Sprint("hold ", id, " ", on)) }
func (l *line) Mute(id string, audio, _ *bool) error {
	return l.note(fmt.Sprint("mute ", id, " ", *audio))
}
func (l *line) MoreHistory()                       { l.note("more") }
func (l *line) SeeHistory()                        { l.note("see") }
func (l *line) DeleteCall(id string)               { l.note("delete " + id) }
func (l *line) Hangup(id string) error             { return l.note("hangup " + id) }
func (l *line) SendDTMF(id, tones string) error    { return l.note("dtmf " + id + " " + tones) }
func (l *line) Reject(id string, code int) error   { return l.note("reject " + id) }
func (l *line) Answer(id string, video bool) error { return l.note("answer " + id) }

// newScreen is a screen drawn by go-app's test engine.
func newScreen(t *testing.T) (*Screen, *line, app.TestEngine) {
	t.Helper()
	bundle, err := i18n.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	l := &line{}
	b := bus.New(nil)
	t.Cleanup(b.Close)
	s := New(Deps{
		Bus: b, Phone: l, Texts: bundle.Localizer("en"), Languages: i18n.Languages(), Echo: "echo@localhost",
		UserControl: true,
		Keys:        true, KeyTones: true, MessageTone: true, Trace: true,
	})
	t.Cleanup(s.Close)
	engine := app.NewTestEngine()
	if err := engine.Load(&mounted{Screen: s}); err != nil {
		t.Fatal(err)
	}
	engine.ConsumeAll()
	return s, l, engine
}

// mounted does what the shell does when it is put into a page, which natively never
// happens.
type mounted struct {
	app.Compo
	Screen *Screen
}

func (m *mounted) OnPreRender(ctx app.Context) { m.Screen.mount(ctx) }
func (m *mounted) Render() app.UI              { return &shell{Screen: m.Screen} }

func TestManyEventsWakeTheScreenOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, engine := newScreen(t)
		wakes := 0
		wake := s.dispatch
		s.dispatch = func() { wakes++; wake() }
		for range 10_000 { // more than go-app's queue holds
			bus.Publish(s.deps.Bus, phone.Link{State: phone.LinkConnecting})
		}
		bus.Publish(s.deps.Bus, phone.Link{State: phone.LinkUp})
		synctest.Wait()
		if wakes != 1 {
			t.Errorf("woken %d times", wakes)
		}
		engine.ConsumeAll()
		if s.view.Link.State != phone.LinkUp {
			t.Errorf("the link is %q", s.view.Link.State)
		}
		bus.Publish(s.deps.Bus, phone.Link{State: phone.LinkDown})
		synctest.Wait()
		engine.ConsumeAll()
		if wakes != 2 || s.view.Link.State != phone.LinkDown {
			t.Errorf("woken %d times, the link is %q", wakes, s.view.Link.State)
		}
		s.deps.Bus.Close()
	})
}

func TestEscapeClosesWhatOpenedLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l, _ := newScreen(t)
		s.change(func(v *View) {
			v.foldAccount(phone.Account{LoggedIn: true})
			v.Tab = TabSettings
			v.foldNotice(phone.Notice{Code: "error_link_down"})
			v.foldCall(in("a", phone.Incoming))
		})
		s.escape()
		if got := strings.Join(l.done, ","); got != "reject a" {
			t.Errorf("done: %q", got)
		}
		s.change(func(v *View) { v.foldCall(in("a", phone.Ended)) })
		s.escape()
		if len(s.view.Notices) != 0 || s.view.Tab != TabSettings {
			t.Errorf("%d notices, tab %q", len(s.view.Notices), s.view.Tab)
		}
		s.escape()
		if s.view.Tab != TabPhone {
			t.Errorf("tab %q", s.view.Tab)
		}
		s.escape()
		if len(l.done) != 1 {
			t.Errorf("done: %q", l.done)
		}
		s.deps.Bus.Close()
	})
}

func TestKeyboardSendsKeysOnlyWhileTheyAreShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l, _ := newScreen(t)
		s.change(func(v *View) {
			v.foldAccount(phone.Account{LoggedIn: true})
			v.foldCall(out("a", phone.Active))
		})
		s.key("1")
		s.showPad("a", true)
		for _, key := range []string{"5", "*", "#", "a", "D", "e", "Enter", "F1", "", "12"} {
			s.key(key)
		}
		s.key("Escape")
		s.key("2")
		if got := strings.Join(l.done, ","); got != "dtmf a 5,dtmf a *,dtmf a #,dtmf a a,dtmf a D" {
			t.Errorf("done: %q", got)
		}
		if s.view.Pad != "" {
			t.Error("Escape did not close the keys")
		}
		s.deps.Bus.Close()
	})
}

func TestKeysAreNotOfferedWhereTheyAreTurnedOffOrOfNoUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := newScreen(t)
		button := regexp.MustCompile(`<button[^>]*data-action="dtmf-pad"[^>]*>`)
		hidden := func(c phone.Call) bool {
			s.view = *fold(c)
			return !strings.Contains(button.FindString(app.HTMLString(&shell{Screen: s})), `hidden="false"`)
		}
		if hidden(out("a", phone.Active)) || hidden(in("a", phone.Held)) || !hidden(out("a", phone.Ringing)) {
			t.Error("keys are for calls that are answered")
		}
		s.deps.Keys = false
		if !hidden(out("a", phone.Active)) {
			t.Error("offered against the settings")
		}
		s.deps.Bus.Close()
	})
}

func TestWhatIsWrongWithAnAddressStandsUnderTheField(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l, _ := newScreen(t)
		s.dialTyped(false) // natively the field is always empty
		if s.view.Hint.Key != "error_address_empty" || len(l.done) != 0 {
			t.Errorf("hint %q, done %q", s.view.Hint.Key, l.done)
		}
		s.dial("nobody", false)
		if s.view.Hint.Key != "error_internal" || len(s.view.Notices) != 0 {
			t.Errorf("hint %q, notices %v", s.view.Hint.Key, s.view.Notices)
		}
		s.dial("bob", false)
		if s.view.Hint.Key != "" || len(l.done) != 1 {
			t.Errorf("hint %q, done %q", s.view.Hint.Key, l.done)
		}
		s.deps.Bus.Close()
	})
}

func TestWhatWasWrongWithALoginGivesWayToWhatIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := newScreen(t)
		s.view.foldNotice(phone.Notice{Code: "error_registration_password"})
		l := &login{Screen: s}
		l.wrong(sipAddressID, Hint{Key: "error_login_address", Bad: true})
		if l.hint.Key != "error_login_address" || len(s.view.Notices) > 0 {
			t.Errorf("hint %q, notices %v", l.hint.Key, s.view.Notices)
		}
		s.deps.Bus.Close()
	})
}

func TestButtonPressedTwiceIsNoMistake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := newScreen(t)
		s.view.foldCall(phone.Call{ID: "a", Direction: phone.Out, State: phone.Trying, Started: time.Now()})
		time.Sleep(200 * time.Millisecond)
		s.dial("busy", false)
		if len(s.view.Notices) > 0 {
			t.Errorf("at once: %+v", s.view.Notices)
		}
		time.Sleep(time.Second)
		s.dial("busy", false)
		if len(s.view.Notices) != 1 {
			t.Errorf("later: %+v", s.view.Notices)
		}
		s.deps.Bus.Close()
	})
}

// The names of controls and regions are a contract with tests and host pages.
func TestControlsKeepTheirNames(t *testing.T) {
	video := func(c phone.Call) phone.Call {
		c.Video, c.RemoteVideo = true, true
		return c
	}
	off := video(out("a", phone.Active))
	off.AudioMuted, off.VideoMuted = true, true
	keyed := fold(out("a", phone.Active))
	keyed.Pad = "a"
	tests := []struct {
		name string
		view *View
		want string
	}{
		{"logged out", &View{Tab: TabPhone}, "region=login region=status action=login input=sip-address input=password input=display-name"},
		{"logged in", fold(), "region=dialpad region=history region=settings region=status region=calls input=address " +
			"action=dial-audio action=dial-video action=key-0 action=key-9 action=key-star action=key-hash " +
			"action=logout action=register action=language action=open-help"},
		{"ringing here", fold(video(in("a", phone.Incoming))), "id=a action=answer action=answer-video action=reject"},
		{"in a call", fold(video(out("a", phone.Active))), "region=call id=a action=mute action=camera-off action=hangup media=remote media=self"},
		{
			"keys of a call", keyed, "action=dtmf-pad action=key-0 action=key-1 action=key-2 action=key-3 action=key-4 action=key-5 " +
				"action=key-6 action=key-7 action=key-8 action=key-9 action=key-star action=key-hash action=key-A action=key-B action=key-C action=key-D",
		},
		{"muted", fold(off), "action=unmute action=camera-on"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, _, _ := newScreen(t)
				s.view = *tt.view
				html := app.HTMLString(&shell{Screen: s})
				for _, w := range strings.Fields(tt.want) {
					name, value, _ := strings.Cut(w, "=")
					if !strings.Contains(html, `data-`+name+`="`+value+`"`) {
						t.Errorf("there is no data-%s=%q", name, value)
					}
				}
				s.deps.Bus.Close()
			})
		})
	}
}

func TestSettingsTakeControlsAway(t *testing.T) {
	failed := fold(out("a", phone.Failed))
	failed.History.Calls = []phone.Call{out("a", phone.Failed)}
	failed.Registration = phone.Registration{State: phone.RegistrationFailed, Cause: &phone.Cause{Code: 403}}
	tests := []struct {
		name      string
		dialing   Dialing
		uncontrol bool
		there     string
		not       string
	}{
		{name: "all is allowed", there: `readonly="false" "dial-audio" "dial-video" "erase" "key-1" "redial" "register"`},
		{name: "fixed destination", dialing: Dialing{ReadOnly: true}, there: `"dial-audio" "redial"`, not: `readonly="false" "erase" "key-1"`},
		{name: "hidden destination", dialing: Dialing{Hidden: true}, there: `"dial-audio" "dial-video"`, not: `"erase" "key-1"`},
		{name: "no audio", dialing: Dialing{NoAudio: true}, there: `"dial-video" "redial"`, not: `"dial-audio"`},
		{name: "no video", dialing: Dialing{NoVideo: true}, there: `"dial-audio" "redial"`, not: `"dial-video"`},
		{name: "no calls", dialing: Dialing{NoAudio: true, NoVideo: true}, not: `"dial-audio" "dial-video" "redial" "dial-echo"`},
		{name: "registration left alone", uncontrol: true, there: `"logout"`, not: `action="register" action="unregister"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, _, _ := newScreen(t)
				s.view, s.deps.Dialing, s.deps.UserControl = *failed, tt.dialing, !tt.uncontrol
				html := app.HTMLString(&shell{Screen: s})
				if !strings.Contains(html, "The server does not allow this account to register") {
					t.Error("it is not said why the registration failed")
				}
				for _, w := range strings.Fields(tt.there) {
					if !strings.Contains(html, w) {
						t.Errorf("there is no %s", w)
					}
				}
				for _, w := range strings.Fields(tt.not) {
					if strings.Contains(html, w) {
						t.Errorf("there is %s", w)
					}
				}
				s.deps.Bus.Close()
			})
		})
	}
}

func TestForeignTextIsTextAndNoHTML(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, _ := newScreen(t)
		evil := in("a", phone.Incoming)
		evil.Peer = phone.Peer{URI: `sip:"><img@x`, Name: `<script>alert(1)</script>`}
		s.view = *fold(evil)
		if html := app.HTMLString(&shell{Screen: s}); strings.Contains(html, "<script") || strings.Contains(html, "<img") {
			t.Error("the name of a caller became markup")
		}
		s.deps.Bus.Close()
	})
}

// No component sets a style attribute: a strict Content-Security-Policy forbids it.
func TestNothingIsStyledInline(t *testing.T) {
	inline := regexp.MustCompile(`\.Styles?\(|app\.Raw\(|["|]style[="]`)
	for _, bad := range []string{`x.Style("top", "0")`, `tag("p", "style=top:0")`, `tag("p", "class=a|style=top:0")`, `x.Attr("style", top)`} {
		if !inline.MatchString(bad) {
			t.Errorf("%s is not found", bad)
		}
	}
	eachSource(t, func(file, source string) {
		if inline.MatchString(source) {
			t.Errorf("%s styles inline or writes HTML", file)
		}
	})
}

func TestEveryTextExists(t *testing.T) {
	bundle, err := i18n.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	texts := bundle.Localizer("en")
	key := regexp.MustCompile(`"((?:action|cause|error|hint|label|state)_[a-z_]+[a-z])"`)
	found := 0
	eachSource(t, func(file, source string) {
		for _, m := range key.FindAllStringSubmatch(source, -1) {
			found++
			if texts.T(m[1], "Name", "", "Address", "", "Digits", "", "Time", "", "Count", "", "Text", "") == m[1] {
				t.Errorf("%s: there is no text %s", file, m[1])
			}
		}
	})
	if found < 40 {
		t.Errorf("only %d keys found: the pattern has gone blind", found)
	}
}

func eachSource(t *testing.T, do func(file, source string)) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no sources", err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		do(file, string(source))
	}
}
