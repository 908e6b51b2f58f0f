package i18n

import "strconv"

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
// Values in which or around which is written from right to left stand between Unicode's
// isolates.
func (l *Localizer) T(key string, params ...any) string {
	m, lang := l.bundle.find(l.lang, key)
	return l.render(key, m, other, valuesOf(params, RightToLeft(lang)))
}

// N returns a text that has a count in it, in the plural form of the count, whose sign
// does not matter. The count itself is the value Count; params are those of T.
func (l *Localizer) N(key string, count int, params ...any) string {
	m, lang := l.bundle.find(l.lang, key)
	values := valuesOf(params, RightToLeft(lang))
	values["Count"] = strconv.Itoa(count)
	return l.render(key, m, pluralForm(lang, max(count, -count)), values)
}

func (l *Localizer) render(key string, m message, form string, values map[string]string) string {
	if m == nil {
		l.bundle.report("a text is missing", l.lang, key)
		return key
	}
	t := m[form]
	if t == nil {
		t = m[other]
	}
	filled, missing := t.fill(values)
	if missing != "" {
		l.bundle.report("a value is missing: "+missing, l.lang, key)
	}
	return filled
}
