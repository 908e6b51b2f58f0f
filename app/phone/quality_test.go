package phone

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
)

// meter is a connection that is measured: it counts how often, and how many at once.
type meter struct {
	slow        time.Duration
	err         error
	asked, most atomic.Int32
	open        atomic.Int32
}

func (m *meter) Stats(ctx context.Context) (media.Stats, error) {
	n := uint64(50 * m.asked.Add(1))
	m.most.Store(max(m.most.Load(), m.open.Add(1)))
	defer m.open.Add(-1)
	select {
	case <-time.After(m.slow):
	case <-ctx.Done():
		return media.Stats{}, ctx.Err()
	}
	return media.Stats{Audio: media.KindStats{Codec: "opus/48000/2", PacketsReceived: n}, Pair: media.Pair{Local: "relay", Protocol: "tls"}}, m.err
}

// measuring has a phone measure a connection, on synthetic time.
func measuring(t *testing.T, m *meter, test func(l *callLog, end func() *Summary, heard *atomic.Int32)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := newCallLog(t, nil)
		var heard atomic.Int32
		var w *watch
		bus.Subscribe(l.deps.Bus, func(*Quality) { heard.Add(1) })
		do := func(f func()) {
			if err := l.loop.Do(t.Context(), f); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		do(func() {
			v := &view{}
			l.mu.Lock()
			l.views["1"] = v
			l.mu.Unlock()
			w = l.watch("1", v, m)
		})
		end := func() (s *Summary) {
			do(func() { s = w.end(&session.Session{}) })
			l.setCall(Call{ID: "1", State: Ended})
			return s
		}
		test(l, end, &heard)
		end()
	})
}

func TestCallIsMeasuredOftenWhileSomebodyLooksAndSeldomElse(t *testing.T) {
	m := &meter{}
	measuring(t, m, func(l *callLog, _ func() *Summary, heard *atomic.Int32) {
		time.Sleep(60*time.Second + time.Millisecond)
		if n := m.asked.Load(); n != 3+12 {
			t.Errorf("asked %d times in a minute without anybody", n)
		}
		m.asked.Store(0)
		for range 60 {
			l.Qualities("1", time.Time{})
			time.Sleep(time.Second)
		}
		if n := m.asked.Load(); n != 60 {
			t.Errorf("asked %d times in a minute that somebody looked", n)
		}
		m.asked.Store(0)
		time.Sleep(time.Minute)
		if n := m.asked.Load(); n < 12 || n > 15 {
			t.Errorf("asked %d times in the minute after that", n)
		}
		synctest.Wait()
		if all := l.Qualities("1", time.Time{}); len(all) != int(heard.Load()) || all[0].Codec != "opus/48000/2" {
			t.Errorf("%d kept, %d published", len(all), heard.Load())
		}
		last := now().Add(-6 * time.Second)
		if late := l.Qualities("1", last); len(late) == 0 || len(late) > 2 || !late[0].Time.After(last) {
			t.Errorf("%d after the moment given", len(late))
		}
	})
}

func TestFiguresKeptAreBounded(t *testing.T) {
	measuring(t, &meter{}, func(l *callLog, _ func() *Summary, _ *atomic.Int32) {
		for range 400 {
			l.Qualities("1", time.Time{})
			time.Sleep(time.Second)
		}
		if n := len(l.Qualities("1", time.Time{})); n != kept {
			t.Errorf("%d", n)
		}
	})
}

func TestSlowBrowserIsAskedOnceAtATime(t *testing.T) {
	m := &meter{slow: 3500 * time.Millisecond}
	measuring(t, m, func(l *callLog, _ func() *Summary, heard *atomic.Int32) {
		for range 30 {
			l.Qualities("1", time.Time{})
			time.Sleep(time.Second)
		}
		if m.most.Load() != 1 || heard.Load() < 6 {
			t.Errorf("%d at once, %d heard", m.most.Load(), heard.Load())
		}
	})
	m = &meter{slow: time.Hour} // never answers
	measuring(t, m, func(_ *callLog, _ func() *Summary, heard *atomic.Int32) {
		time.Sleep(time.Minute)
		if m.most.Load() != 1 || heard.Load() != 0 || m.asked.Load() < 6 {
			t.Errorf("%d at once, %d heard, %d asked", m.most.Load(), heard.Load(), m.asked.Load())
		}
	})
}

func TestMeasuringEndsWithTheCall(t *testing.T) {
	m := &meter{slow: 500 * time.Millisecond}
	measuring(t, m, func(l *callLog, end func() *Summary, heard *atomic.Int32) {
		time.Sleep(3200 * time.Millisecond) // one is under way
		before := heard.Load()
		s := end()
		if s == nil || s.MOS < 4.3 || s.Worst < 4.3 || s.Codec != "opus/48000/2" || s.Route != "relay" || s.Protocol != "tls" {
			t.Errorf("%+v", s)
		}
		asked := m.asked.Load()
		time.Sleep(time.Minute)
		if m.asked.Load() != asked || heard.Load() != before || m.open.Load() != 0 || l.Qualities("1", time.Time{}) != nil {
			t.Errorf("it goes on: %d asked, %d heard, %d under way", m.asked.Load()-asked, heard.Load()-before, m.open.Load())
		}
	})
	broken := &meter{err: errors.New("closed")}
	measuring(t, broken, func(l *callLog, end func() *Summary, _ *atomic.Int32) {
		time.Sleep(time.Minute)
		if s := end(); s != nil {
			t.Errorf("measured nothing, and says %+v", s)
		}
	})
}
