package i18n_test

import (
	"bytes"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"gocommunicator/app/i18n"
)

func newBundle(t *testing.T) (*i18n.Bundle, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	b, err := i18n.New(slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return b, &log
}

func load(t *testing.T, b *i18n.Bundle, lang, file string) {
	t.Helper()
	if err := b.Load(lang, []byte(file)); err != nil {
		t.Fatal(err)
	}
}

func TestValuesArePutIn(t *testing.T) {
	b, log := newBundle(t)
	load(t, b, "en", `{"plain": "no value", "pair": "{{.Name}} at { {{ .Größe }} }}!", "twice": "{{.A}}{{.A}}"}`)
	en := b.Localizer("en")
	for _, tt := range []struct {
		key    string
		params []any
		want   string
	}{
		{"plain", nil, "no value"},
		{"plain", []any{"Name", "Bob"}, "no value"},
		{"pair", []any{"Name", "Bob", "Größe", 3}, "Bob at { 3 }}!"},
		{"pair", []any{map[string]string{"name": "Bob", "größe": ""}}, "Bob at {  }}!"},
		{"pair", []any{map[string]any{"Name": "{{.Größe}}", "Größe": 3}}, "{{.Größe}} at { 3 }}!"},
		{"twice", []any{"A", "<b>"}, "<b><b>"},
	} {
		if got := en.T(tt.key, tt.params...); got != tt.want {
			t.Errorf("T(%q, %v) = %q, want %q", tt.key, tt.params, got, tt.want)
		}
	}
	if log.Len() > 0 {
		t.Errorf("logged: %s", log)
	}
}

func TestForeignWordsDoNotTurnTheSentence(t *testing.T) {
	b, _ := newBundle(t)
	load(t, b, "en", `{"ringing": "Ringing {{.Name}}…", "n": {"one": "{{.Count}} from {{.Name}}", "other": "{{.Count}} from {{.Name}}"}}`)
	load(t, b, "he", `{"ringing": "מצלצל אצל {{.Name}}…"}`)
	for _, tt := range []struct{ lang, name, want string }{
		{"en", "Bob", "Ringing Bob…"},
		{"en", "Владимир", "Ringing Владимир…"},
		{"en", "דנה (2)", "Ringing \u2068דנה (2)\u2069…"},
		{"en", "سارة", "Ringing \u2068سارة\u2069…"},
		{"he", "bob@example.org", "מצלצל אצל \u2068bob@example.org\u2069…"},
		{"he", "", "מצלצל אצל …"},
		{"ar", "Bob", "Ringing Bob…"}, // English stands in
	} {
		if got := b.Localizer(tt.lang).T("ringing", "Name", tt.name); got != tt.want {
			t.Errorf("%s: %s: %q, want %q", tt.lang, tt.name, got, tt.want)
		}
	}
	if got := b.Localizer("he").N("n", 3, "Name", "דנה"); got != "3 from \u2068דנה\u2069" {
		t.Errorf("N = %q", got)
	}
}

func TestSitesOfferLanguagesOfTheirOwn(t *testing.T) {
	if got := i18n.Offered(nil); !slices.Equal(got, i18n.Languages()) {
		t.Errorf("without a list: %v", got)
	}
	want := []i18n.Language{{"de", "Deutsch"}, {"eo", "esperanto"}, {"en", "English"}, {"x", "x"}}
	got := i18n.Offered([]string{"de", "eo", "en", "x"})
	got[1].Name = strings.ToLower(got[1].Name) // browsers begin it with a capital
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestMissingValueIsLoggedOnce(t *testing.T) {
	b, log := newBundle(t)
	load(t, b, "en", `{"hello": "Hello {{.Name}}!"}`)
	for range 3 {
		if got := b.Localizer("en").T("hello"); got != "Hello !" {
			t.Errorf("got %q", got)
		}
	}
	if n := strings.Count(log.String(), "\n"); n != 1 {
		t.Errorf("logged %d times: %s", n, log)
	}
}

func TestMissingTextIsEnglishThenItsKey(t *testing.T) {
	b, log := newBundle(t)
	load(t, b, "en", `{"a": "A", "n": {"one": "{{.Count}} thing", "other": "{{.Count}} things"}}`)
	load(t, b, "pl", `{"b": "B po polsku"}`)
	pl := b.Localizer("pl")
	for range 2 {
		for id, want := range map[string]string{"a": "A", "b": "B po polsku", "c": "c"} {
			if got := pl.T(id); got != want {
				t.Errorf("T(%q) = %q, want %q", id, got, want)
			}
		}
		// The plural rules are those of the language that the text is in.
		if got := pl.N("n", 2); got != "2 things" {
			t.Errorf("N = %q", got)
		}
	}
	if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "text=c") {
		t.Errorf("logged %d times: %s", n, log)
	}
}

func TestLanguageIsUsedAsSoonAsItIsLoaded(t *testing.T) {
	b, _ := newBundle(t)
	de := b.Localizer("de")
	if got := de.T("action_hangup"); got != "Hang up" || b.Loaded("de") {
		t.Errorf("before: %q, loaded %v", got, b.Loaded("de"))
	}
	load(t, b, "de", `{"action_hangup": "Auflegen"}`)
	if got := de.T("action_hangup"); got != "Auflegen" || !b.Loaded("de") {
		t.Errorf("after: %q, loaded %v", got, b.Loaded("de"))
	}
}

func TestLoadKeepsWhatCanBeUsed(t *testing.T) {
	b, _ := newBundle(t)
	err := b.Load("de", []byte(`{
		"good": "gut",
		"code": "{{if .Name}}x{{end}}",
		"open": "{{.Name",
		"bare": "{{Name}}",
		"number": "{{.1}}",
		"formless": {"one": "eins"}}`))
	for _, id := range []string{"code", "open", "bare", "number", "formless"} {
		if err == nil || !strings.Contains(err.Error(), id) {
			t.Errorf("the error does not name %q: %v", id, err)
		}
	}
	if got := b.Localizer("de").T("good"); got != "gut" {
		t.Errorf("got %q", got)
	}
}

func TestTextsOfASiteCoverOursKeyByKey(t *testing.T) {
	b, _ := newBundle(t)
	load(t, b, "en", `{"a": "A", "hello": "Hello {{.Name}}", "n": {"one": "{{.Count}} thing", "other": "{{.Count}} things"}}`)
	load(t, b, "pl", `{"a": "A po polsku", "hello": "Witaj {{.Name}}"}`)
	problems := b.Cover("pl", []byte(`{"a": "Nasze A", "hello": "{{.Title}}!", "n": {"few": "{{.Count}} rzeczy", "other": "rzeczy"}, "b": "B", "c": 1}`))
	var said []string
	for _, err := range problems {
		said = append(said, err.Error())
	}
	if got, want := strings.Join(said, "\n"), "texts of pl: c: the form \"other\" is no text\n"+
		"texts of pl: b: there is no text of that key\ntexts of pl: hello: there is no {{.Title}} in it"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	pl := b.Localizer("pl")
	for got, want := range map[string]string{pl.T("a"): "Nasze A", pl.T("hello", "Name", "Ola"): "Witaj Ola", pl.N("n", 3): "3 rzeczy"} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, file := range []string{`<!doctype html>`, `null`, `[]`} {
		if problems := b.Cover("pl", []byte(file)); len(problems) != 1 || pl.T("a") != "Nasze A" {
			t.Errorf("%s: %v, %q", file, problems, pl.T("a"))
		}
	}
	// A language of the site's alone.
	if problems := b.Cover("eo", []byte(`{"a": "A esperante"}`)); len(problems) > 0 || b.Localizer("eo").T("a") != "A esperante" {
		t.Errorf("%v, %q", problems, b.Localizer("eo").T("a"))
	}
}

func TestUnreadableFileChangesNothing(t *testing.T) {
	b, _ := newBundle(t)
	for _, tt := range []struct{ lang, file string }{
		{"en", "{"}, {"en", "[1]"}, {"en", `"text"`}, {"en", "null"}, {"en", "12"}, {"not a language", "{}"},
	} {
		if err := b.Load(tt.lang, []byte(tt.file)); err == nil {
			t.Errorf("Load(%q, %s): no error", tt.lang, tt.file)
		}
	}
	if got := b.Localizer("en").T("action_hangup"); got != "Hang up" {
		t.Errorf("got %q", got)
	}
}

func TestMatch(t *testing.T) {
	available := []string{"en", "de", "fr", "he", "nb", "nn", "pt", "ru"}
	for _, tt := range []struct {
		preferred string
		want      string
	}{
		{"de", "de"},
		{"de-AT", "de"},
		{"de_CH", "de"},
		{"pt-BR en", "pt"},
		{"ja fr-CA en", "fr"},
		{"no", "nb"},
		{"nn-NO nb", "nn"},
		{"iw", "he"},
		{"ja zh", "en"},
		{"* <script> de", "de"},
		{"", "en"},
	} {
		if got := i18n.Match(strings.Fields(tt.preferred), available); got != tt.want {
			t.Errorf("Match(%s) = %q, want %q", tt.preferred, got, tt.want)
		}
	}
	if got := i18n.Match([]string{"de"}, []string{"?", ""}); got != i18n.Fallback {
		t.Errorf("with nothing available: %q", got)
	}
}

func TestEveryCauseHasAText(t *testing.T) {
	b, log := newBundle(t)
	seen := make(map[string]bool)
	for code := range 700 {
		key := i18n.CauseKey(code)
		if !seen[key] {
			seen[key] = true
			b.Localizer("en").T(key, "Name", "Bob")
		}
	}
	if log.Len() > 0 {
		t.Errorf("missing: %s", log)
	}
	for code, want := range map[int]string{
		0: "cause_ended", 486: "cause_busy", 600: "cause_busy", 603: "cause_declined", 408: "cause_no_answer",
		404: "cause_not_found", 480: "cause_unavailable", 487: "cause_cancelled", 500: "cause_server_error",
		503: "cause_not_reachable", 488: "cause_incompatible", 299: "cause_failed",
	} {
		if got := i18n.CauseKey(code); got != want {
			t.Errorf("CauseKey(%d) = %s, want %s", code, got, want)
		}
	}
}
