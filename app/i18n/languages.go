package i18n

import "golang.org/x/text/language"

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
		{"de", "Deutsch"},
	}
}

// Match returns the available language that suits best somebody who prefers these, best
// first, as in navigator.languages. When none suits it is the first available, when none
// is available English. What is no language tag is passed over.
func Match(preferred, available []string) string {
	var tags []language.Tag
	var names []string
	for _, name := range available {
		if tag, err := language.Parse(name); err == nil {
			tags, names = append(tags, tag), append(names, name)
		}
	}
	if len(names) == 0 {
		return Fallback
	}
	var wanted []language.Tag
	for _, name := range preferred {
		if tag, err := language.Parse(name); err == nil {
			wanted = append(wanted, tag)
		}
	}
	_, best, confidence := language.NewMatcher(tags).Match(wanted...)
	if confidence == language.No {
		best = 0
	}
	return names[best]
}
