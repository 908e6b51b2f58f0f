package i18n

import (
	"slices"
	"strings"
)

// Language is one that the phone speaks.
type Language struct {
	Tag  string // BCP 47; the name of its message file
	Name string // as its speakers call it
}

// Languages are those that the phone speaks, in the order of a menu. All but the
// first are to be fetched from locales/<tag>.json and given to Load.
func Languages() []Language {
	return []Language{
		{Fallback, "English"},
		{"bg", "Български"},
		{"de", "Deutsch"},
		{"es", "Español"},
		{"fr", "Français"},
		{"he", "עברית"},
		{"nb", "Norsk bokmål"},
		{"nl", "Nederlands"},
		{"nn", "Norsk nynorsk"},
		{"pl", "Polski"},
		{"pt", "Português"},
		{"ru", "Русский"},
		{"sk", "Slovenčina"},
	}
}

// Offered are the languages of a site that lists those it wants, in its order, also such
// as the program does not know and the site has a message file for. One that lists none
// wants all of Languages.
func Offered(tags []string) []Language {
	if len(tags) == 0 {
		return Languages()
	}
	var offered []Language
	known := Languages()
	for _, tag := range tags {
		if i := slices.IndexFunc(known, func(l Language) bool { return l.Tag == tag }); i >= 0 {
			offered = append(offered, known[i])
		} else if tag != "" {
			offered = append(offered, Language{tag, ownName(tag)})
		}
	}
	return offered
}

// RightToLeft tells which way a language is written.
func RightToLeft(tag string) bool {
	primary, _, _ := strings.Cut(tag, "-")
	switch primary {
	case "ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi":
		return true
	}
	return false
}

// Match returns the available language that suits best somebody who prefers these, best
// first, as in navigator.languages: by lookup (RFC 4647 §3.4), then another variant of the
// same language. When none suits it is the first available, when none is available
// English. What is no language tag is passed over.
func Match(preferred, available []string) string {
	var tags, names []string
	for _, name := range available {
		if tag := canonical(name); tag != "" {
			tags, names = append(tags, tag), append(names, name)
		}
	}
	if len(names) == 0 {
		return Fallback
	}
	for _, name := range preferred {
		for tag := canonical(name); tag != ""; tag = broader(tag) {
			for i, t := range tags {
				if t == tag || broader(tag) == "" && strings.HasPrefix(t, tag+"-") {
					return names[i]
				}
			}
		}
	}
	return names[0]
}

// broader takes the last subtag off a tag; nothing is left of a language alone, except
// that Norwegian without saying which is mostly Bokmål.
func broader(tag string) string {
	if i := strings.LastIndexByte(tag, '-'); i >= 0 {
		return tag[:i]
	}
	if tag == "no" {
		return "nb"
	}
	return ""
}
