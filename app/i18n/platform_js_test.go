package i18n

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// The browser's plural rules choose among the forms that the texts have as those of
// x/text do, by which the native side goes.
func TestBrowserCountsAsNatively(t *testing.T) {
	forms := map[plural.Form]string{
		plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many",
	}
	for langs, has := range map[string]string{
		"bg de en es fr nb nl nn pt pt-BR": "one",
		"pl ru":                            "one few many",
		"sk":                               "one few",
		"he":                               "one two",
	} {
		for lang := range strings.FieldsSeq(langs) {
			chosen := func(form string) string {
				if slices.Contains(strings.Fields(has), form) {
					return form
				}
				return other
			}
			for n := range 10_001 {
				want := chosen(forms[plural.Cardinal.MatchPlural(language.Make(lang), n, 0, 0, 0, 0)])
				if got := chosen(pluralForm(lang, n)); got != want {
					t.Errorf("%s: %d has the form %q, want %q", lang, n, got, want)
				}
			}
		}
	}
}
