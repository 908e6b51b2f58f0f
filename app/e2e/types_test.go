//go:build linux

package e2e

import (
	"os/exec"
	"path/filepath"
	"testing"

	"gocommunicator/app/e2e/need"
)

// What people who bundle write compiles, and their mistakes do not: each line of
// testdata/types/wrong.ts is expected to be refused. The scripts of the page and the samples
// keep to the types they are described with.
func TestTypesTakeWhatIsRightAndRefuseWhatIsWrong(t *testing.T) {
	node := need.Program(t, "node")
	compiler := need.File(t, "build/peers/node_modules/typescript/bin/tsc", "make peers")
	cmd := exec.CommandContext(t.Context(), node, compiler, "--project", filepath.Join(need.Root(t), "app/e2e/testdata/types"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
