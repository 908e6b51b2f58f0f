package sipcore_test

import (
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"gocommunicator/sipcore"
)

func bubble(t *testing.T, test func(t *testing.T, l *sipcore.Loop)) {
	synctest.Test(t, func(t *testing.T) {
		l := sipcore.NewLoop(slog.New(slog.DiscardHandler))
		defer func() { l.Close(); <-l.Done() }()
		test(t, l)
	})
}

func TestLoopRunsInOrder(t *testing.T) {
	bubble(t, func(t *testing.T, l *sipcore.Loop) {
		var got []int
		l.Post(func() {
			for i := range 100 {
				l.Post(func() {
					got = append(got, i)
					if i == 50 {
						l.Post(func() { got = append(got, 1000) })
					}
				})
			}
		})
		synctest.Wait()
		for i := range 100 {
			if got[i] != i {
				t.Fatalf("at %d: %d", i, got[i])
			}
		}
		if got[100] != 1000 {
			t.Error("posted on the loop, not run last")
		}
	})
}

func TestPanicOnTheLoopIsContained(t *testing.T) {
	bubble(t, func(t *testing.T, l *sipcore.Loop) {
		l.Post(func() { panic("x") })
		if err := l.Do(t.Context(), func() {}); err != nil {
			t.Error(err)
		}
	})
}

func TestStoppedTimerNeverRuns(t *testing.T) {
	bubble(t, func(t *testing.T, l *sipcore.Loop) {
		ran := false
		if err := l.Do(t.Context(), func() {
			timer := l.After(time.Second, func() { ran = true })
			time.Sleep(2 * time.Second) // its time has come, it waits behind us
			timer.Stop()
		}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if ran {
			t.Error("ran after Stop")
		}
	})
}

func TestClosedLoopRefuses(t *testing.T) {
	bubble(t, func(t *testing.T, l *sipcore.Loop) {
		ran := false
		l.Post(func() { ran = true })
		l.Close()
		<-l.Done()
		if !ran {
			t.Error("what was queued did not run")
		}
		if l.Post(func() {}) {
			t.Error("posted after Close")
		}
		if err := l.Do(t.Context(), func() {}); !errors.Is(err, sipcore.ErrClosed) {
			t.Errorf("Do after Close: %v", err)
		}
	})
}
