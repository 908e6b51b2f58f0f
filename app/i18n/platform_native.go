//go:build !js

package i18n

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// canonical is a language tag as BCP 47 wants it written, empty when it is none.
func canonical(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return ""
	}
	t, err = language.All.Canonicalize(t)
	if err != nil {
		return ""
	}
	return t.String()
}

// pluralForm is the plural category of a count in a language.
func pluralForm(lang string, count int) string {
	form := plural.Cardinal.MatchPlural(language.Make(lang), count, 0, 0, 0, 0)
	return map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many",
		plural.Other: other,
	}[form]
}

// ownName is what the speakers of a language call it, its tag when nobody knows.
func ownName(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.Self.Name(t); name != "" {
		return name
	}
	return tag
}
