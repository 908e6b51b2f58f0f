//go:build !js

package arch

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "gocommunicator/"

// procedures are the packages that hold one procedure of the RFCs each. They may
// import one another: a session is made of dialogs.
const procedures = "sipcore/register sipcore/dialog sipcore/session sipcore/message sipcore/subscribe"

// mayImport says what each package may import beside the standard library: packages
// of the project and modules, separated by blanks. A trailing /... means all below.
// The longest entry that fits a package counts; test files may import more.
var mayImport = []struct{ pkg, imports string }{
	{"sipcore", "github.com/emiago/sipgo/sip"},
	{"sipcore/link", "sipcore sipcore/promise sipcore/jsfunc github.com/coder/websocket"},
	{"sipcore/transact", "sipcore github.com/emiago/sipgo/sip"},
	{"sipcore/auth", "sipcore github.com/emiago/sipgo/sip"},
	{"sipcore/sdp", "sipcore"},
	{"sipcore/promise", "sipcore/jsfunc"},
	{"sipcore/jsfunc", ""},
	{"sipcore/media", "sipcore sipcore/promise sipcore/jsfunc sipcore/sdp github.com/pion/..."},
	{"sipcore/register", "sipcore github.com/emiago/sipgo/sip"},
	{"sipcore/dialog", "sipcore github.com/emiago/sipgo/sip"},
	{"sipcore/session", "sipcore sipcore/auth sipcore/transact sipcore/sdp github.com/emiago/sipgo/sip " + procedures},
	{"sipcore/message", "sipcore sipcore/transact github.com/emiago/sipgo/sip " + procedures},
	{"sipcore/subscribe", "sipcore sipcore/transact github.com/emiago/sipgo/sip " + procedures},
	{"sipcore/quality", "sipcore sipcore/media github.com/emiago/sipgo/sip"},
	{"sipcore/ua", "sipcore sipcore/link sipcore/transact sipcore/auth sipcore/sdp sipcore/media github.com/emiago/sipgo/sip " + procedures},
	{"sipcore/proxy", "sipcore sipcore/link sipcore/transact sipcore/auth github.com/emiago/sipgo/sip " + procedures},
	{"sipcore/siptest", "sipcore sipcore/... github.com/emiago/sipgo/sip"},

	{"app", "sipcore sipcore/... app/... ui ui/... github.com/maxence-charriere/go-app/v10/pkg/app"},
	{"app/bus", ""},
	{"app/overlay", ""},
	{"app/strip", ""},
	{"app/site", "app/config github.com/andybalholm/brotli"},
	{"app/minify", "github.com/evanw/esbuild/pkg/api"},
	{"app/config", ""},
	{"app/fetch", "sipcore/promise"},
	{"app/i18n", "golang.org/x/text/..."},
	{"app/store", "sipcore/promise sipcore/jsfunc"},
	{"app/phone", "sipcore sipcore/... app/bus app/config app/store"},
	{"app/hostapi", "sipcore sipcore/jsfunc app/bus app/config app/phone app/i18n"},
	{"app/devserver", "sipcore sipcore/... github.com/emiago/sipgo/sip github.com/pion/turn/v5 github.com/pion/logging github.com/google/uuid golang.org/x/net/netutil"},
	{"app/sample", "golang.org/x/text/unicode/norm modernc.org/sqlite"},
	{"app/e2e", "app/e2e/... app/site app/sample app/devserver github.com/chromedp/... github.com/coder/websocket"},
	{"app/bench", "app/e2e/... app/site app/devserver sipcore sipcore/..."},

	{"ui/dom", "ui/... sipcore/jsfunc github.com/maxence-charriere/go-app/v10/pkg/app"},
	{"ui", "ui/... app/bus app/phone app/i18n github.com/maxence-charriere/go-app/v10/pkg/app"},
}

// onlyOn names the packages that one side alone has.
var onlyOn = map[string]string{
	"sipcore/promise": "js",
	"app/devserver":   "native",
	"sipcore/proxy":   "native",
	"app/minify":      "native",
	"app/sample":      "native",
	"app/site":        "native",
	"app/e2e":         "native",
	"app/bench":       "native",
}

// platforms are what the project is built for: this machine, and the page.
var platforms = map[string][]string{
	"native": nil,
	"js":     {"GOOS=js", "GOARCH=wasm"},
}

func TestImportsPointDownwards(t *testing.T) {
	for platform, env := range platforms {
		t.Run(platform, func(t *testing.T) {
			for _, p := range list(t, env, "./...") {
				name, ok := strings.CutPrefix(p.ImportPath, module)
				if !ok {
					continue
				}
				rule, imports, ok := ruleOf(name)
				if !ok {
					t.Errorf("%s has no rule: DESIGN and this table say where a package belongs", name)
					continue
				}
				if only := onlyOn[rule]; only != "" && only != platform && len(p.GoFiles) > 0 && !isDocOnly(p.GoFiles) {
					t.Errorf("%s is for %s only, but has files for %s: %v", name, only, platform, p.GoFiles)
				}
				for _, imported := range p.Imports {
					if isStandard(imported) || fits(imports, strings.TrimPrefix(imported, module)) {
						continue
					}
					t.Errorf("%s must not import %s", name, imported)
				}
			}
		})
	}
}

// Libraries import these for the sake of a type or a constant, which costs little. We
// do not: a page has no use for a network stack, and templates make it large (see
// linker_test.go, which looks at what really gets into the program).
var notInPage = []string{"text/template", "html/template", "net/http", "crypto/tls"}

func TestPageImportsNoNetworkStackAndNoTemplates(t *testing.T) {
	for _, p := range list(t, platforms["js"], "./app") {
		for _, forbidden := range notInPage {
			if strings.HasPrefix(p.ImportPath+"/", module) && slices.Contains(p.Imports, forbidden) {
				t.Errorf("%s is in the page's program and imports %s", p.ImportPath, forbidden)
			}
		}
	}
}

type goPackage struct {
	ImportPath string
	GoFiles    []string
	Imports    []string
}

// list asks the go command for the packages and all they depend on.
func list(t *testing.T, env []string, pattern string) []goPackage {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-e", "-deps", "-json=ImportPath,GoFiles,Imports", pattern)
	cmd.Dir = "../../.."
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", cmd, err)
	}
	var all []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		t.Fatalf("%v lists nothing", cmd)
	}
	return all
}

func ruleOf(name string) (rule, imports string, ok bool) {
	for _, r := range mayImport {
		if (name == r.pkg || strings.HasPrefix(name, r.pkg+"/")) && len(r.pkg) > len(rule) {
			// Below sipcore and app every package has a rule of its own.
			if name != r.pkg && (r.pkg == "sipcore" || r.pkg == "app") {
				continue
			}
			rule, imports, ok = r.pkg, r.imports, true
		}
	}
	return rule, imports, ok
}

func fits(imports, name string) bool {
	for allowed := range strings.FieldsSeq(imports) {
		if below, ok := strings.CutSuffix(allowed, "..."); ok && strings.HasPrefix(name, below) || allowed == name {
			return true
		}
	}
	return false
}

// isStandard reports whether a package is of the standard library, whose paths have
// no dot in their first element.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first+"/" != module
}

func isDocOnly(files []string) bool { return len(files) == 1 && files[0] == "doc.go" }
