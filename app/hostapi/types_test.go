//go:build !js

package hostapi

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gocommunicator/app/phone"
)

const (
	typesFile  = "../../web/embed.d.ts"
	readmeFile = "../../README.md"
)

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// sources are the files of this package without its tests.
func sources(t *testing.T) []*ast.File {
	t.Helper()
	names, err := fs.Glob(os.DirFS("."), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

// text is that of a string literal, and empty for anything else.
func text(n ast.Node) string {
	literal, ok := n.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	s, _ := strconv.Unquote(literal.Value) // the parser has seen that it is one
	return s
}

// published are the topics in this package's source that are no commands.
func published(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	for _, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			if s := text(n); strings.HasPrefix(s, "jsc/") && !strings.HasSuffix(s, "*") && commands[s] == nil {
				found[s] = true
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(found))
}

var (
	member = regexp.MustCompile(`(?m)^  ['"]?([a-z][a-z_/]*)['"]?\??: `)
	inline = regexp.MustCompile(`([a-z_]+)\??: `)
)

// interfaceOf gives the text between the braces of an interface in web/embed.d.ts.
func interfaceOf(t *testing.T, types, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(types, "\nexport interface "+name+" ")
	if !ok {
		t.Fatalf("%s has no interface %s", typesFile, name)
	}
	body, _, _ := strings.Cut(rest, "\n}\n")
	return body
}

func members(t *testing.T, types, name string) []string {
	t.Helper()
	var names []string
	for _, m := range member.FindAllStringSubmatch(interfaceOf(t, types, name), -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return names
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	for _, name := range want {
		if !slices.Contains(got, name) {
			t.Errorf("%s lacks %s", what, name)
		}
	}
	for _, name := range got {
		if !slices.Contains(want, name) {
			t.Errorf("%s has %s, which is not there", what, name)
		}
	}
}

// People who bundle get the types of every topic, and of no other.
func TestTypesAreThoseOfTheTopics(t *testing.T) {
	types := read(t, typesFile)
	same(t, "PublishedTopics", members(t, types, "PublishedTopics"), published(t))
	same(t, "Commands", members(t, types, "Commands"), topics())
}

func TestReadmeHasEveryTopic(t *testing.T) {
	readme := read(t, readmeFile)
	for _, topic := range append(published(t), topics()...) {
		if !strings.Contains(readme, "`"+topic+"`") {
			t.Errorf("the table of topics lacks %s", topic)
		}
	}
}

func TestTypesHaveTheFieldsOfWhatIsPublished(t *testing.T) {
	types := read(t, typesFile)
	switches := members(t, types, "DeviceSwitches")
	for name, payload := range map[string]map[string]any{
		"CallState":         callPayload(phone.Call{}),
		"CallQuality":       new(phone.Quality).Plain(),
		"CallSummary":       summaryPayload(phone.Call{}),
		"TransferRequest":   wishPayload(phone.TransferWish{}),
		"Participants":      participantsPayload(phone.Participants{}),
		"RegistrationState": registrationPayload(phone.Registration{}),
		"LinkState":         linkPayload(phone.Link{}),
		"Message":           messagePayload(phone.Message{}),
		"Snapshot":          new(Bridge).snapshotPayload(phone.Snapshot{}),
		"Transfer":          transferPayload(&phone.Transfer{}).(map[string]any),
		"Peer":              peerPayload(phone.Peer{}),
		"Cause":             causePayload(&phone.Cause{}).(map[string]any),
		"Devices":           phone.Equipment{}.Plain(),
	} {
		got := members(t, types, name)
		if name == "Devices" {
			got = append(got, switches...)
		}
		same(t, name, got, slices.Sorted(maps.Keys(payload)))
	}
	var settings []string
	for _, path := range callSettings {
		_, key, _ := strings.Cut(path, ".")
		settings = append(settings, key)
	}
	same(t, "CallSettings", members(t, types, "CallSettings"), settings)
}

// commandFields are the fields that a command reads, by its topic; of those that read an
// object of fixed fields.
func commandFields(t *testing.T) map[string][]string {
	t.Helper()
	fields := map[string][]string{}
	for _, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			pair, ok := n.(*ast.KeyValueExpr)
			if !ok || commands[text(pair.Key)] == nil {
				return true
			}
			ast.Inspect(pair.Value, func(n ast.Node) bool {
				object, ok := n.(*ast.StructType)
				if !ok {
					return true
				}
				topic := text(pair.Key)
				for _, field := range object.Fields.List {
					fields[topic] = append(fields[topic], reflect.StructTag(text(field.Tag)).Get("json"))
				}
				return false
			})
			return false
		})
	}
	if len(fields) < 20 {
		t.Fatalf("only %d commands found", len(fields))
	}
	return fields
}

func TestTypesHaveTheFieldsOfTheCommands(t *testing.T) {
	body := interfaceOf(t, read(t, typesFile), "Commands")
	comments := regexp.MustCompile(`/\*\*.*?\*/`)
	for topic, want := range commandFields(t) {
		_, rest, _ := strings.Cut(body, "'"+topic+"': ")
		line, _, _ := strings.Cut(rest, "\n")
		line = strings.ReplaceAll(comments.ReplaceAllString(line, ""), "ACall", "{ id?: string }")
		var got []string
		for _, m := range inline.FindAllStringSubmatch(line, -1) {
			got = append(got, m[1])
		}
		same(t, topic, got, want)
	}
}
