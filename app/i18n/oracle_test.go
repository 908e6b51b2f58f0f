//go:build !js

package i18n_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"gocommunicator/app/i18n"
)

// texts are all message files of the project, by language.
func texts(t *testing.T) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("../../web/locales/*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string][]byte)
	for _, file := range append(files, "en.json") {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = data
	}
	return all
}

func parse(t *testing.T, lang string, data []byte) map[string]*goi18n.Message {
	t.Helper()
	file, err := goi18n.ParseMessageFileBytes(data, lang+".json", nil)
	if err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	messages := make(map[string]*goi18n.Message)
	for _, m := range file.Messages {
		messages[m.ID] = m
	}
	return messages
}

var placeholder = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

// placeholders are the names of the values in a text, each once, sorted.
func placeholders(m *goi18n.Message) []string {
	return valuesIn(m.Zero + m.One + m.Two + m.Few + m.Many + m.Other)
}

func valuesIn(text string) []string {
	var names []string
	for _, found := range placeholder.FindAllStringSubmatch(text, -1) {
		names = append(names, found[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// plurals are the forms that CLDR gives the languages for whole numbers below a million.
var plurals = map[string]string{
	"bg de en es fr nb nl nn pt": "one other",
	"pl ru":                      "one few many other",
	"sk":                         "one few other",
	"he":                         "one two other",
}

func pluralsOf(t *testing.T, lang string) string {
	t.Helper()
	for langs, forms := range plurals {
		if slices.Contains(strings.Fields(langs), lang) {
			return forms
		}
	}
	t.Fatalf("which plural forms has %s?", lang)
	return ""
}

// formsOf are the forms of a text by name, in the order of CLDR. Only those that say
// one or two themselves may do without the number.
func formsOf(t *testing.T, lang string, m *goi18n.Message) string {
	t.Helper()
	var has []string
	for _, f := range []struct{ name, text string }{
		{"zero", m.Zero}, {"one", m.One}, {"two", m.Two}, {"few", m.Few}, {"many", m.Many}, {"other", m.Other},
	} {
		if f.text == "" {
			continue
		}
		has = append(has, f.name)
		values := valuesIn(f.text)
		if f.name == "one" || f.name == "two" {
			values = valuesIn(f.text + "{{.Count}}")
		}
		if m.One != "" && !slices.Equal(values, valuesIn(m.Other+"{{.Count}}")) {
			t.Errorf("%s: %s has other values for %s: %s", lang, m.ID, f.name, f.text)
		}
	}
	return strings.Join(has, " ")
}

func TestEveryLanguageIsComplete(t *testing.T) {
	all := texts(t)
	english := parse(t, "en", all["en"])
	for _, l := range i18n.Languages() {
		if all[l.Tag] == nil {
			t.Errorf("%s is offered and has no message file", l.Tag)
		}
	}
	for lang, data := range all {
		if !slices.ContainsFunc(i18n.Languages(), func(l i18n.Language) bool { return l.Tag == lang }) {
			t.Errorf("%s has a message file and is not offered", lang)
		}
		messages := parse(t, lang, data)
		for id, m := range english {
			switch own := messages[id]; {
			case own == nil:
				t.Errorf("%s lacks %s", lang, id)
			case !slices.Equal(placeholders(own), placeholders(m)):
				t.Errorf("%s: %s has the values %v, want %v", lang, id, placeholders(own), placeholders(m))
			case m.One == "" && formsOf(t, lang, own) != "other":
				t.Errorf("%s: %s has plural forms and none in English", lang, id)
			case m.One != "" && formsOf(t, lang, own) != pluralsOf(t, lang):
				t.Errorf("%s: %s has the forms %s, want %s", lang, id, formsOf(t, lang, own), pluralsOf(t, lang))
			}
		}
		for id := range messages {
			if english[id] == nil {
				t.Errorf("%s: %s is unknown in English", lang, id)
			}
		}
	}
}

func TestEveryKeyBelongsToAGroup(t *testing.T) {
	for id := range parse(t, "en", texts(t)["en"]) {
		group, name, _ := strings.Cut(id, "_")
		if !slices.Contains([]string{"action", "state", "error", "cause", "label", "hint"}, group) || name == "" {
			t.Errorf("%s belongs to no group", id)
		}
	}
}

// Counts on both sides of every border that a plural rule has.
func counts() []int {
	all := []int{-1, -5, 1000, 1001, 1002, 1011, 9_999_999, 10_000_001}
	for n := range 213 {
		all = append(all, n)
	}
	return all
}

// compare holds every text of a message file, in every plural form, against what
// go-i18n makes of it.
func compare(t *testing.T, lang string, data []byte) {
	t.Helper()
	oracle := goi18n.NewBundle(language.MustParse(lang))
	if _, err := oracle.ParseMessageFileBytes(data, lang+".json"); err != nil {
		t.Fatal(err)
	}
	want := goi18n.NewLocalizer(oracle, lang)
	b, log := newBundle(t)
	load(t, b, lang, string(data))
	got := b.Localizer(lang)

	for id, m := range parse(t, lang, data) {
		values, shown := make(map[string]string), make(map[string]string)
		for i, name := range placeholders(m) {
			values[name] = []string{"Bob", "<b>&amp;</b>", "{{.Name}}"}[i%3]
			shown[name] = values[name]
			if i18n.RightToLeft(lang) {
				shown[name] = "\u2068" + values[name] + "\u2069"
			}
		}
		check := func(got string, c *goi18n.LocalizeConfig) {
			t.Helper()
			want, err := want.Localize(c)
			if err != nil || got != want {
				t.Errorf("%s: %s (count %v) is %q, want %q (%v)", lang, id, c.PluralCount, got, want, err)
			}
		}
		if m.One == "" {
			check(got.T(id, values), &goi18n.LocalizeConfig{MessageID: id, TemplateData: shown})
			continue
		}
		for _, n := range counts() {
			shown["Count"] = strconv.Itoa(n)
			check(got.N(id, n, values), &goi18n.LocalizeConfig{MessageID: id, TemplateData: shown, PluralCount: n})
		}
	}
	if log.Len() > 0 {
		t.Errorf("%s: logged: %s", lang, log)
	}
}

func TestTextsAreThoseOfGoI18n(t *testing.T) {
	for lang, data := range texts(t) {
		compare(t, lang, data)
	}
}

func TestPluralFormsAreThoseOfGoI18n(t *testing.T) {
	for langs, forms := range plurals {
		var texts []string
		for form := range strings.FieldsSeq(forms) {
			texts = append(texts, `"`+form+`": "`+form+` {{.Count}}"`)
		}
		for lang := range strings.FieldsSeq(langs) {
			compare(t, lang, []byte(`{"n": {`+strings.Join(texts, ",")+`}}`))
		}
	}
}
