package i18n

import (
	"strings"
	"sync"
	"syscall/js"
)

// canonical is a language tag as BCP 47 wants it written, empty when it is none.
func canonical(tag string) (canon string) {
	defer func() {
		if recover() != nil { // the browser throws a RangeError
			canon = ""
		}
	}()
	tags := js.Global().Get("Intl").Call("getCanonicalLocales", strings.ReplaceAll(tag, "_", "-"))
	if tags.Length() == 0 {
		return ""
	}
	return tags.Index(0).String()
}

// rules are the browser's plural rules by language: its tables need not be in the program.
var rules sync.Map

// pluralForm is the plural category of a count in a language.
func pluralForm(lang string, count int) string {
	rule, known := rules.Load(lang)
	if !known {
		rule = js.Global().Get("Intl").Get("PluralRules").New(lang)
		rules.Store(lang, rule)
	}
	return rule.(js.Value).Call("select", count).String()
}

// ownName is what the speakers of a language call it, its tag when nobody knows.
func ownName(tag string) (name string) {
	if canonical(tag) == "" {
		return tag
	}
	names := js.Global().Get("Intl").Get("DisplayNames").New(tag, map[string]any{"type": "language"})
	return names.Call("of", tag).String()
}
