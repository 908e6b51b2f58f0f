package bus_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"gocommunicator/app/bus"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type (
	ring  struct{ id, state string }
	meter struct {
		track string
		level int
	}
)

// onBus runs a test with a bus of its own on synthetic time. What the bus logs is
// returned by the function that f gets.
func onBus(t *testing.T, f func(b *bus.Bus, logged func() string)) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		var log syncBuffer
		b := bus.New(slog.New(slog.NewTextHandler(&log, nil)))
		f(b, log.String)
		b.Close()
		<-b.Done()
	})
}

type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// record notes what a subscriber of T gets. Read it after synctest.Wait.
func record[T any](b *bus.Bus) (got *[]T, cancel func()) {
	got = new([]T)
	return got, bus.Subscribe(b, func(ev T) { *got = append(*got, ev) })
}

func expect[T comparable](t *testing.T, got *[]T, want ...T) {
	t.Helper()
	synctest.Wait()
	if !slices.Equal(*got, want) {
		t.Errorf("got %v, want %v", *got, want)
	}
}

func TestEventsOfAllTypesKeepTheirOrder(t *testing.T) {
	onBus(t, func(b *bus.Bus, _ func() string) {
		var got []string
		bus.Subscribe(b, func(s string) { got = append(got, s) })
		bus.Subscribe(b, func(n int) { got = append(got, fmt.Sprint(n)) })
		var want []string
		for n := range 100 {
			bus.Publish(b, n)
			bus.Publish(b, fmt.Sprint("after ", n))
			want = append(want, fmt.Sprint(n), fmt.Sprint("after ", n))
		}
		expect(t, &got, want...)
	})
}

func TestPublisherIsNeverCalledBack(t *testing.T) {
	onBus(t, func(b *bus.Bus, _ func() string) {
		var got []string
		bus.Subscribe(b, func(n int) {
			got = append(got, fmt.Sprint("begin ", n))
			if n > 0 {
				bus.Publish(b, n-1)
			}
			got = append(got, fmt.Sprint("end ", n))
		})
		bus.Publish(b, 1)
		expect(t, &got, "begin 1", "end 1", "begin 0", "end 0")
	})
}

func TestSubscriberGetsOnlyWhatComesAfterIt(t *testing.T) {
	onBus(t, func(b *bus.Bus, _ func() string) {
		bus.Publish(b, "before")
		got, _ := record[string](b)
		bus.Publish(b, "after")
		expect(t, got, "after")
	})
}

func TestNilOfAnInterfaceTypeArrives(t *testing.T) {
	onBus(t, func(b *bus.Bus, _ func() string) {
		got, _ := record[error](b)
		bus.Publish[error](b, nil)
		expect(t, got, nil)
	})
}

func TestLateSubscriberFirstGetsWhatStands(t *testing.T) {
	onBus(t, func(b *bus.Bus, _ func() string) {
		bus.Sticky(b, func(r ring) string { return r.id }, func(r ring) bool { return r.state == "over" })
		early, _ := record[ring](b)
		sent := []ring{{"a", "rings"}, {"b", "rings"}, {"a", "talks"}, {"c", "rings"}, {"b", "over"}, {"d", "over"}}
		for _, r := range sent {
			bus.Publish(b, r)
		}
		late, _ := record[ring](b)
		bus.Publish(b, ring{"c", "talks"})
		expect(t, early, append(slices.Clone(sent), ring{"c", "talks"})...)
		expect(t, late, ring{"a", "talks"}, ring{"c", "rings"}, ring{"c", "talks"})
	})
}

func TestStickyWithoutKeyKeepsOne(t *testing.T) {
	onBus(t, func(b *bus.Bus, _ func() string) {
		bus.Sticky[string](b, nil, nil)
		bus.Publish(b, "connecting")
		bus.Publish(b, "up")
		got, _ := record[string](b)
		expect(t, got, "up")
	})
}

func TestLatestReplacesWhatWaits(t *testing.T) {
	onBus(t, func(b *bus.Bus, _ func() string) {
		bus.Latest(b, func(m meter) string { return m.track })
		got, _ := record[meter](b)
		release := make(chan struct{})
		bus.Subscribe(b, func(struct{}) { <-release })
		bus.Publish(b, struct{}{}) // holds the timeline
		for level := range 50 {
			bus.Publish(b, meter{"in", level})
			bus.Publish(b, meter{"out", -level})
		}
		close(release)
		expect(t, got, meter{"in", 49}, meter{"out", -49})
		bus.Publish(b, meter{"in", 1}) // delivered ones are not replaced
		expect(t, got, meter{"in", 49}, meter{"out", -49}, meter{"in", 1})
	})
}

func TestPanicHurtsNobodyElse(t *testing.T) {
	onBus(t, func(b *bus.Bus, logged func() string) {
		bus.Subscribe(b, func(string) { panic("ouch") })
		got, _ := record[string](b)
		bus.Publish(b, "one")
		bus.Publish(b, "two")
		expect(t, got, "one", "two")
		if log := logged(); !strings.Contains(log, "ouch") || !strings.Contains(log, "bus_test.go:") {
			t.Errorf("the log names neither panic nor subscriber: %s", log)
		}
	})
}

func TestSlowSubscriberIsReported(t *testing.T) {
	for _, tt := range []struct {
		takes time.Duration
		want  string // in the log; "" for an empty log
	}{
		{10 * time.Millisecond, ""},
		{60 * time.Millisecond, "a subscriber is slow"},
		{time.Minute, "a subscriber is stuck"},
	} {
		t.Run(tt.takes.String(), func(t *testing.T) {
			onBus(t, func(b *bus.Bus, logged func() string) {
				got := 0
				bus.Subscribe(b, func(int) { time.Sleep(tt.takes); got++ })
				bus.Publish(b, 1)
				time.Sleep(tt.takes)
				synctest.Wait()
				log := logged()
				if got != 1 || !strings.Contains(log, tt.want) || tt.want == "" && log != "" {
					t.Errorf("called %d times, log: %s", got, log)
				}
			})
		})
	}
}

func TestCanceledSubscriberIsNotCalledAgain(t *testing.T) {
	onBus(t, func(b *bus.Bus, _ func() string) {
		got, cancel := record[int](b)
		bus.Publish(b, 1)
		expect(t, got, 1)
		bus.Publish(b, 2)
		cancel()
		cancel()
		expect(t, got, 1)
	})
}

func TestCancelInsideAHandler(t *testing.T) {
	onBus(t, func(b *bus.Bus, _ func() string) {
		var got []string
		var cancelFirst, cancelThird func()
		cancelFirst = bus.Subscribe(b, func(n int) {
			got = append(got, fmt.Sprint("first ", n))
			cancelFirst()
			cancelThird()
		})
		bus.Subscribe(b, func(n int) { got = append(got, fmt.Sprint("second ", n)) })
		cancelThird = bus.Subscribe(b, func(n int) { got = append(got, fmt.Sprint("third ", n)) })
		bus.Publish(b, 1)
		bus.Publish(b, 2)
		expect(t, &got, "first 1", "second 1", "second 2")
	})
}

func TestCloseDeliversWhatIsQueued(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bus.New(nil)
		got, _ := record[string](b)
		bus.Publish(b, "queued")
		b.Close()
		b.Close()
		bus.Publish(b, "too late")
		<-b.Done()
		expect(t, got, "queued")
	})
}

func TestManyPublishersLoseNothing(t *testing.T) {
	onBus(t, func(b *bus.Bus, _ func() string) {
		const publishers, events = 8, 200
		next := [publishers]int{}
		bus.Subscribe(b, func(ev [2]int) {
			if ev[1] != next[ev[0]] {
				t.Errorf("publisher %d: got event %d, want %d", ev[0], ev[1], next[ev[0]])
			}
			next[ev[0]] = ev[1] + 1
		})
		var all sync.WaitGroup
		for p := range publishers {
			all.Go(func() {
				for n := range events {
					bus.Publish(b, [2]int{p, n})
				}
			})
		}
		all.Wait()
		synctest.Wait()
		for p, n := range next {
			if n != events {
				t.Errorf("publisher %d: %d of %d arrived", p, n, events)
			}
		}
	})
}
