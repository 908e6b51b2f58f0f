//go:build !js

package site

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestDebianPackageLeavesTheSettingsToTheAdministrator(t *testing.T) {
	if _, err := exec.LookPath("dpkg-deb"); err != nil {
		t.Skip("no dpkg-deb")
	}
	dist, out := t.TempDir(), t.TempDir()
	version := write(t, Config{Dist: dist, Base: "/phone/", Place: "/usr/share/gocommunicator"}).Version
	cmd := exec.Command("./deb.sh", dist, "1.2", out)
	cmd.Env = append(os.Environ(), "DEBFULLNAME=Ann", "DEBEMAIL=ann@example.org", "SOURCE_DATE_EPOCH=1700000000")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	file := filepath.Join(out, "gocommunicator_1.2_all.deb")
	if said, err := exec.Command("dpkg-deb", "-R", file, filepath.Join(out, "x")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	root := filepath.Join(out, "x")
	for name, want := range map[string]string{
		"DEBIAN/control":                         "Maintainer: Ann <ann@example.org>\n",
		"DEBIAN/conffiles":                       "/etc/gocommunicator/config.json\n",
		"etc/gocommunicator/nginx.conf":          `alias "/usr/share/gocommunicator/v/";`,
		"etc/gocommunicator/apache.conf":         "<Directory /usr/share/gocommunicator>\n",
		"usr/share/doc/gocommunicator/copyright": "golang.org/x/sync",
		"usr/share/gocommunicator/index.html":    "v/" + version + "/app.wasm",
	} {
		if got := text(t, root, name); !strings.Contains(got, want) {
			t.Errorf("%s lacks %q:\n%s", name, want, got)
		}
	}
	if to, err := os.Readlink(filepath.Join(root, "usr/share/gocommunicator/config.json")); to != "/etc/gocommunicator/config.json" {
		t.Errorf("config.json leads to %q, %v", to, err)
	}
	if there(root, "usr/share/gocommunicator/.htaccess") {
		t.Error("the web server is set up twice")
	}
}
