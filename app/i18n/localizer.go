package i18n

import (
	"strconv"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Localizer gives the texts in one language. Its methods may be called from any
// goroutine.
type Localizer struct {
	bundle *Bundle
	lang   string
}

// Localizer returns the texts in a language, one of Languages. While that language is
// not loaded, and where it lacks a text, English stands in.
func (b *Bundle) Localizer(lang string) *Localizer { return &Localizer{b, lang} }

// Lang is the language, as in the attribute lang of HTML.
func (l *Localizer) Lang() string { return l.lang }

// T returns a text with values put in. params is either one map[string]string or
// map[string]any, or names and values in turns: T("state_call_trying", "Name", "Bob").
// A name may begin with a small letter. A key that nobody knows comes back as it is.
func (l *Localizer) T(key string, params ...any) string {
	m, _ := l.bundle.find(l.lang, key)
	return l.render(key, m, plural.Other, valuesOf(params))
}

// N returns a text that has a count in it, in the plural form of the count. The count
// itself is the value Count; params are those of T.
func (l *Localizer) N(key string, count int, params ...any) string {
	m, tag := l.bundle.find(l.lang, key)
	values := valuesOf(params)
	values["Count"] = strconv.Itoa(count)
	return l.render(key, m, formOf(tag, count), values)
}

func (l *Localizer) render(key string, m message, form plural.Form, values map[string]string) string {
	if m == nil {
		l.bundle.report("a text is missing", l.lang, key)
		return key
	}
	t := m[form]
	if t == nil {
		t = m[plural.Other]
	}
	filled, missing := t.fill(values)
	if missing != "" {
		l.bundle.report("a value is missing: "+missing, l.lang, key)
	}
	return filled
}

// formOf is the plural form of a count; the sign does not matter.
func formOf(tag language.Tag, count int) plural.Form {
	return plural.Cardinal.MatchPlural(tag, max(count, -count), 0, 0, 0, 0)
}
