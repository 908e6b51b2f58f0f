//go:build !js

package i18n_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"gocommunicator/app/i18n"
)

const root = "../.."

var (
	keyForm = regexp.MustCompile(`^(action|cause|error|hint|label|state)_[a-z_]*$`)
	verb    = regexp.MustCompile(`%[-+# 0-9.\[\]*]*[a-zA-Z]`)
)

// source is a Go file of the page.
type source struct {
	name  string
	fset  *token.FileSet
	file  *ast.File
	texts []string // its string literals
}

// sources are the Go files of the project below the folders, tests aside.
func sources(t *testing.T, folders ...string) []source {
	t.Helper()
	var all []source
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			s := source{name: path, fset: token.NewFileSet()}
			s.file, err = parser.ParseFile(s.fset, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(s.file, func(n ast.Node) bool {
				if text, ok := literal(n); ok {
					s.texts = append(s.texts, text)
				}
				return true
			})
			all = append(all, s)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(all) < 5 {
		t.Fatalf("%d files below %v", len(all), folders)
	}
	return all
}

func literal(n ast.Node) (text string, ok bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// uses tells whether the file has a key, whole or in two parts: "action_" + action.
func (s source) uses(key string) bool {
	for _, text := range s.texts {
		if text == key {
			return true
		}
		end, found := strings.CutPrefix(key, text)
		if found && keyForm.MatchString(text) && slices.ContainsFunc(s.texts, func(t string) bool {
			return strings.ReplaceAll(t, "-", "_") == end
		}) {
			return true
		}
	}
	return false
}

// scripts is all JavaScript that is not made of Go.
func scripts(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"wasm_exec/*.js", "web/*.js", "web/parts/*.js"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			all.WriteString(read(t, file))
		}
	}
	return all.String()
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestEveryTextIsUsed(t *testing.T) {
	files, js := sources(t, "ui", "app", "sipcore"), scripts(t)
	for key := range parse(t, "en", texts(t)["en"]) {
		inGo := slices.ContainsFunc(files, func(s source) bool { return s.uses(key) })
		if !inGo && !regexp.MustCompile(`\b`+key+`\b`).MatchString(js) {
			t.Errorf("nothing uses %s", key)
		}
	}
}

// shows are the calls that put a text before a person: which of their arguments that is,
// and, where the first one says what kind of text it is, for which kinds.
var shows = map[string]struct {
	argument int
	kinds    string
}{
	"Text":        {argument: 0},
	"Textf":       {argument: 0},
	"text":        {argument: 2},
	"control":     {argument: 3},
	"Title":       {argument: 0},
	"Placeholder": {argument: 0},
	"Alt":         {argument: 0},
	"Say":         {argument: 1},
	"Aria":        {1, "label description roledescription valuetext placeholder"},
	"Attr":        {1, "title alt placeholder label aria-label aria-description aria-roledescription aria-valuetext"},
}

// shownAttribute is an attribute that is read by people, in the string with which an
// element is made. Texts do not stand there: whatever is in them would end it.
var shownAttribute = regexp.MustCompile(`(^|\|)(title|alt|placeholder|label|aria-label|aria-description|aria-roledescription|aria-valuetext)=`)

// speaks are the calls whose result is in the person's language, whatever they are given.
var speaks = []string{"T", "N", "named", "hint"}

// untranslated are the texts put on the screen that come from no message file.
func (s source) untranslated() []string {
	var found []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		f, ok := n.(*ast.FuncDecl)
		if !ok {
			return true
		}
		ast.Inspect(f, func(n ast.Node) bool {
			var texts []string
			if shown := shownBy(n); shown != nil {
				texts = words(shown, f, make(map[string]bool))
			}
			if text, ok := literal(n); ok && shownAttribute.MatchString(text) {
				texts = append(texts, text)
			}
			for _, text := range texts {
				found = append(found, s.fset.Position(n.Pos()).String()+": "+strconv.Quote(text))
			}
			return true
		})
		return false
	})
	return found
}

// shownBy is the text that a call shows, nil when it shows none.
func shownBy(n ast.Node) ast.Expr {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil
	}
	how, known := shows[calledName(call)]
	if !known || len(call.Args) <= how.argument {
		return nil
	}
	if how.kinds != "" {
		kind, _ := literal(call.Args[0])
		if !slices.Contains(strings.Fields(how.kinds), kind) {
			return nil
		}
	}
	return call.Args[how.argument]
}

func calledName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// words are the literals with a letter in them that become part of an expression's
// value, also by way of a variable of the function.
func words(e ast.Node, f *ast.FuncDecl, seen map[string]bool) []string {
	var found []string
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if slices.Contains(speaks, calledName(n)) || calledName(n) == "Format" {
				return false
			}
		case *ast.IndexExpr:
			return false // the index is no part of the value
		case *ast.BasicLit:
			if text, ok := literal(n); ok && !keyForm.MatchString(text) && strings.ContainsFunc(verb.ReplaceAllString(text, ""), unicode.IsLetter) {
				found = append(found, text)
			}
		case *ast.Ident:
			if !seen[n.Name] {
				seen[n.Name] = true
				for _, value := range assigned(n.Name, f) {
					found = append(found, words(value, f, seen)...)
				}
			}
		}
		return true
	})
	return found
}

// assigned are the values that a function gives to a variable.
func assigned(name string, f *ast.FuncDecl) []ast.Expr {
	var values []ast.Expr
	ast.Inspect(f, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for i, to := range a.Lhs {
			if ident, ok := to.(*ast.Ident); ok && ident.Name == name {
				values = append(values, a.Rhs[min(i, len(a.Rhs)-1)])
			}
		}
		return true
	})
	return values
}

func TestNoTextStandsUntranslatedInTheCode(t *testing.T) {
	shown := 0
	for _, s := range sources(t, "ui") {
		for _, text := range s.untranslated() {
			t.Errorf("%s comes from no message file", text)
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if shownBy(n) != nil {
				shown++
			}
			return true
		})
	}
	if shown < 50 {
		t.Errorf("only %d texts found: the test has gone blind", shown)
	}
}

func TestUntranslatedTextsAreFound(t *testing.T) {
	for code, want := range map[string]string{
		`x.Text("Call")`:                                   "Call",
		`x.Text("…")`:                                      "",
		`x.Text(t.T("label_calls") + " now")`:              " now",
		`x.Text(fmt.Sprintf("%d:%02d", 1, 2))`:             "",
		`x.Text(fmt.Sprintf("%d s", 1))`:                   "%d s",
		`x.Aria("label", "Close")`:                         "Close",
		`x.Aria("live", "polite")`:                         "",
		`x.Attr("title", "Close")`:                         "Close",
		`x.Class("call").Title(t.named("label_video", p))`: "",
		`a := "Again"; x.Text(a)`:                          "Again",
		`a := t.T("action_close"); x.Text(a)`:              "",
		`dom.Say("id", "Hello")`:                           "Hello",
		`text("p", "class=quiet", "Hello")`:                "Hello",
		`text("p", "class=quiet", t.T("label_calls"))`:     "",
		`control("x", "link", "x", "Close", true, do)`:     "Close",
		`control("x", "link", "x", c.T.T("action_close"))`: "",
		`tag("p", "class=quiet", app.Text("Hello"))`:       "Hello",
		`tag("a", "class=quiet|aria-label=Close")`:         "class=quiet|aria-label=Close",
		`tag("a", "title="+t.T("action_close"))`:           "title=",
		`tag("p", "aria-labelledby=name|class=title")`:     "",
		`x.Text(at.Format("Monday"))`:                      "",
	} {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "", "package p\nfunc f() { "+code+" }", 0)
		if err != nil {
			t.Fatal(err)
		}
		found := source{fset: fset, file: file}.untranslated()
		if got := strings.Join(found, ""); (want == "") != (got == "") || !strings.Contains(got, strconv.Quote(want)[1:]) && want != "" {
			t.Errorf("%s: found %s, want %q", code, got, want)
		}
	}
}

// The loader speaks before the program is there: English by itself, other languages from
// their files.
func TestLoaderSaysWhatTheTextsSay(t *testing.T) {
	loader := read(t, filepath.Join(root, "wasm_exec/loader.js"))
	var english map[string]any
	if err := json.Unmarshal(texts(t)["en"], &english); err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`(?m)^  ([a-z_]+): '(.*)',$`).FindAllStringSubmatch(between(t, loader, "const ENGLISH = {", "};"), -1)
	if len(said) < 7 {
		t.Errorf("only %d texts found: the pattern has gone blind", len(said))
	}
	for _, m := range said {
		if english[m[1]] != m[2] {
			t.Errorf("%s is %q for the loader and %q in the texts", m[1], m[2], english[m[1]])
		}
	}
	var tags []string
	for _, l := range i18n.Languages()[1:] {
		tags = append(tags, "'"+l.Tag+"'")
	}
	if got := between(t, loader, "const LANGUAGES = [", "]"); got != strings.Join(tags, ", ") {
		t.Errorf("the loader knows %s, want %v", got, tags)
	}
}

func between(t *testing.T, s, from, to string) string {
	t.Helper()
	_, s, found := strings.Cut(s, from)
	s, _, ended := strings.Cut(s, to)
	if !found || !ended {
		t.Fatalf("there is no %s…%s", from, to)
	}
	return s
}
