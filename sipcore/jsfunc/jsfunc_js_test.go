package jsfunc_test

import (
	"syscall/js"
	"testing"

	"gocommunicator/sipcore/jsfunc"
)

func TestFunctionsAreCountedUntilTheyAreReleased(t *testing.T) {
	before := jsfunc.Live()
	called := 0
	f, release := jsfunc.Of(func(js.Value, []js.Value) any { called++; return called })
	if got := f.Invoke().Int(); got != 1 || jsfunc.Live() != before+1 {
		t.Errorf("called %d times, %d live, %d before", called, jsfunc.Live(), before)
	}
	release()
	release()
	if jsfunc.Live() != before {
		t.Errorf("%d live, %d before", jsfunc.Live(), before)
	}
}
