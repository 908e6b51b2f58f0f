package link

import (
	"testing"
	"time"
)

func TestRoundTriesHeavierServersFirstAndEachOnce(t *testing.T) {
	r := round{all: []Server{{"light", 1}, {"a", 5}, {"heavy", 9}, {"b", 5}}}
	firstOfEqual := make(map[string]bool)
	for range 100 {
		var order []string
		for range r.all {
			order = append(order, r.next().URL)
		}
		if order[0] != "heavy" || order[3] != "light" || order[1] == order[2] {
			t.Fatalf("tried in the order %v", order)
		}
		if !r.exhausted() {
			t.Fatal("the round goes on")
		}
		firstOfEqual[order[1]] = true
	}
	if len(firstOfEqual) != 2 {
		t.Errorf("among equal servers always the same is tried first")
	}
}

func TestBackoffGrowsAndStaysInItsBounds(t *testing.T) {
	const shortest, longest = 2 * time.Second, 30 * time.Second
	tests := []struct {
		failures int
		bound    time.Duration
	}{{0, 2 * time.Second}, {1, 4 * time.Second}, {2, 8 * time.Second}, {3, 16 * time.Second}, {4, longest}, {5, longest}, {1 << 40, longest}}
	for _, tt := range tests {
		var low, high time.Duration = time.Hour, 0
		for range 1000 {
			d := backoff(shortest, longest, tt.failures)
			low, high = min(low, d), max(high, d)
		}
		if low < tt.bound/2 || high > tt.bound {
			t.Errorf("%d failures: between %v and %v, want between %v and %v", tt.failures, low, high, tt.bound/2, tt.bound)
		}
		if high-low < tt.bound/4 {
			t.Errorf("%d failures: always about %v", tt.failures, low)
		}
	}
}
