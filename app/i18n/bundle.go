package i18n

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
)

// Fallback is the language that is always there.
const Fallback = "en"

//go:embed en.json
var english []byte

// Bundle holds the texts of all languages loaded. Its methods may be called from any
// goroutine.
type Bundle struct {
	log *slog.Logger

	mu       sync.RWMutex
	catalogs map[string]*catalog // by language as given to Load
	reported map[string]bool     // what has been logged, so that it is only once
}

// catalog is one language.
type catalog struct {
	lang     string // canonical
	messages map[string]message
}

// message is one text in the plural forms that its language has for it, by the names of
// CLDR.
type message map[string]text

// pluralForms are the plural categories of CLDR, which message files name too.
var pluralForms = []string{"zero", "one", "two", "few", "many", other}

// other is the form that every text has.
const other = "other"

// New returns a bundle with the English texts. A nil logger means slog.Default().
func New(log *slog.Logger) (*Bundle, error) {
	if log == nil {
		log = slog.Default()
	}
	b := &Bundle{log: log, catalogs: make(map[string]*catalog), reported: make(map[string]bool)}
	if err := b.Load(Fallback, english); err != nil {
		return nil, err
	}
	return b, nil
}

// Load reads a message file and makes it the texts of a language (BCP 47, as in
// `pt-BR`), in place of those it had. Texts that cannot be used are left out and
// named by the error; a file that cannot be read changes nothing.
func (b *Bundle) Load(lang string, data []byte) error {
	c, problems := read(lang, data)
	if c == nil {
		return problems[0]
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.catalogs[lang] = c
	return errors.Join(problems...)
}

// read makes the texts of a message file; nil when there are none.
func read(lang string, data []byte) (*catalog, []error) {
	tag := canonical(lang)
	if tag == "" {
		return nil, []error{fmt.Errorf("%q is no language", lang)}
	}
	var file map[string]any
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, []error{fmt.Errorf("texts of %s: %w", lang, err)}
	}
	if file == nil {
		return nil, []error{fmt.Errorf("texts of %s: there are none", lang)}
	}
	c := &catalog{lang: tag, messages: make(map[string]message, len(file))}
	var problems []error
	for _, id := range slices.Sorted(maps.Keys(file)) {
		forms, err := compileForms(file[id])
		if err != nil {
			problems = append(problems, fmt.Errorf("texts of %s: %s: %w", lang, id, err))
			continue
		}
		c.messages[id] = forms
	}
	return c, problems
}

// Cover lays the texts of a message file over those of a language that have the same keys.
// There is an error for each text that is not used, with its key.
func (b *Bundle) Cover(lang string, data []byte) []error {
	c, problems := read(lang, data)
	if c == nil {
		return problems
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	below := b.catalogs[lang]
	if below == nil {
		below = &catalog{lang: c.lang}
	}
	all := make(map[string]message, len(below.messages))
	maps.Copy(all, below.messages)
	for _, id := range slices.Sorted(maps.Keys(c.messages)) {
		ours := b.catalogs[Fallback].messages[id]
		switch value := c.messages[id].strange(ours); {
		case ours == nil:
			problems = append(problems, fmt.Errorf("texts of %s: %s: there is no text of that key", lang, id))
		case value != "":
			problems = append(problems, fmt.Errorf("texts of %s: %s: there is no {{.%s}} in it", lang, id, value))
		default:
			all[id] = c.messages[id]
		}
	}
	b.catalogs[lang] = &catalog{lang: below.lang, messages: all}
	return problems
}

// strange is the name of a value that another message is not given.
func (m message) strange(ours message) string {
	known := map[string]bool{"": true}
	for _, t := range ours {
		for _, p := range t {
			known[p.value] = true
		}
	}
	for _, t := range m {
		for _, p := range t {
			if !known[p.value] {
				return p.value
			}
		}
	}
	return ""
}

// Loaded reports whether a language is there.
func (b *Bundle) Loaded(lang string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.catalogs[lang] != nil
}

// compileForms reads an entry of a message file of go-i18n: one text, or a text for
// each plural category that its language has. Other keys are notes for translators.
func compileForms(entry any) (message, error) {
	sources, ok := entry.(map[string]any)
	if !ok {
		sources = map[string]any{other: entry}
	}
	forms := make(message, len(sources))
	for name, source := range sources {
		text, isText := source.(string)
		if !slices.Contains(pluralForms, name) {
			continue
		}
		if !isText {
			return nil, fmt.Errorf("the form %q is no text", name)
		}
		if text == "" {
			continue
		}
		t, err := compile(text)
		if err != nil {
			return nil, err
		}
		forms[name] = t
	}
	if forms[other] == nil {
		return nil, errors.New(`the form "other" is missing`)
	}
	return forms, nil
}

// find returns a message in a language or else in English, and the language it is in.
func (b *Bundle) find(lang, id string) (message, string) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, l := range [...]string{lang, Fallback} {
		if c := b.catalogs[l]; c != nil && c.messages[id] != nil {
			return c.messages[id], c.lang
		}
	}
	return nil, Fallback
}

// report logs a fault in the texts, each once.
func (b *Bundle) report(fault, lang, id string) {
	key := fault + "\x00" + lang + "\x00" + id
	b.mu.Lock()
	known := b.reported[key]
	b.reported[key] = true
	b.mu.Unlock()
	if !known {
		b.log.Error(fault, "language", lang, "text", id)
	}
}
