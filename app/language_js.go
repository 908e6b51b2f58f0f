package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"syscall/js"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/i18n"
	"gocommunicator/app/phone"
	"gocommunicator/ui"
)

// languageKey is where the language chosen is remembered.
const languageKey = "gocommunicator.language"

// speaker keeps the language of the phone and fetches texts when they are needed.
type speaker struct {
	log    *slog.Logger
	events *bus.Bus
	cfg    config.Config
	bundle *i18n.Bundle

	mu      sync.Mutex
	lang    string
	screen  *ui.Screen
	covered map[string]bool // languages of which the site's own texts were asked for
}

// newSpeaker chooses the language: that of the settings or the address, else the one
// chosen before, else the browser's.
func newSpeaker(log *slog.Logger, events *bus.Bus, cfg config.Config) (*speaker, error) {
	bundle, err := i18n.New(log)
	if err != nil {
		return nil, err
	}
	s := &speaker{log: log, events: events, cfg: cfg, bundle: bundle, lang: i18n.Fallback, covered: map[string]bool{}}
	if cfg.I18N.Translate {
		preferred := browserLanguages()
		if v := js.Global().Get("localStorage").Call("getItem", languageKey); v.Type() == js.TypeString {
			preferred = append([]string{v.String()}, preferred...)
		}
		if cfg.I18N.DefaultLang != "" {
			preferred = append([]string{cfg.I18N.DefaultLang}, preferred...)
		}
		var tags []string
		for _, l := range i18n.Offered(cfg.I18N.Languages) {
			tags = append(tags, l.Tag)
		}
		s.lang = i18n.Match(preferred, tags)
	}
	return s, nil
}

// T is a text in the present language.
func (s *speaker) T(key string, params ...any) string { return s.localizer().T(key, params...) }

func (s *speaker) localizer() *i18n.Localizer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bundle.Localizer(s.lang)
}

// choice is the languages of the menu; none when there is no choice.
func (s *speaker) choice() []i18n.Language {
	if !s.cfg.I18N.Translate || !s.cfg.I18N.ShowMenu {
		return nil
	}
	return i18n.Offered(s.cfg.I18N.Languages)
}

// start has the screen speak the language once its texts are there.
func (s *speaker) start(screen *ui.Screen) {
	s.mu.Lock()
	s.screen = screen
	lang := s.lang
	s.mu.Unlock()
	go s.speak(lang)
}

// choose changes the language and remembers it. It does not wait.
func (s *speaker) choose(lang string) {
	s.mu.Lock()
	s.lang = lang
	s.mu.Unlock()
	remember(js.Global().Get("localStorage"), languageKey, lang)
	go s.speak(lang)
}

// speak loads the texts of a language and shows them, unless another one has been
// chosen meanwhile. Without them it is English, and a line in the log.
func (s *speaker) speak(lang string) {
	if !s.bundle.Loaded(lang) {
		data, err := fetch(context.Background(), s.cfg.Webserver.URLPrefix+"locales/"+lang+".json")
		if err == nil {
			err = s.bundle.Load(lang, data)
		}
		if err != nil {
			s.log.Error("texts", "language", lang, "err", err)
		}
	}
	s.cover(lang)
	s.mu.Lock()
	current, screen := s.lang == lang, s.screen
	s.mu.Unlock()
	if current {
		screen.SetTexts(s.bundle.Localizer(lang))
	}
}

// cover lays the texts of the site's own over ours, once for each language. One that it has
// no file for stays as it is.
func (s *speaker) cover(lang string) {
	s.mu.Lock()
	done := s.covered[lang] || s.cfg.I18N.Texts == ""
	s.covered[lang] = true
	s.mu.Unlock()
	if done {
		return
	}
	path := s.cfg.I18N.Texts + lang + ".json"
	data, err := fetch(context.Background(), path)
	problems := []error{err}
	switch {
	case err == nil:
		problems = s.bundle.Cover(lang, data)
	case errors.Is(err, errNoFile):
		s.log.Info("no texts of the site", "language", lang, "err", err)
		return
	}
	for _, err := range problems {
		s.log.Warn("texts of the site", "path", path, "err", err)
		bus.Publish(s.events, phone.Notice{Code: "error_config", Params: map[string]string{"Path": path, "Problem": err.Error()}})
	}
}
