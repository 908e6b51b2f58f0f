//go:build !js

package hostapi

import (
	"context"
	"os/exec"
	"testing"
	"time"
)

// web/arbiter.js is JavaScript for its own sake: its tests are too.
func TestArbiterOfThePage(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, node, "--test", "testdata/arbiter.test.mjs").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
