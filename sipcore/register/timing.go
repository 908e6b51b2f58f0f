package register

import (
	"math/rand/v2"
	"time"
)

const (
	refreshMargin = 5 * time.Second // before the end, where the lifetime permits
	minRefresh    = time.Second     // however little is granted
	maxRefresh    = 24 * time.Hour  // however much is granted
	firstRetry    = 5 * time.Second
	maxRetry      = 5 * time.Minute
	maxRetryAfter = time.Hour // a registrar may ask for more, but not be obeyed
)

// refreshIn is when to refresh a binding: after 80 to 90 % of its life, so that phones
// that lost their server together do not come back together, and some seconds before
// the end.
func refreshIn(granted time.Duration) time.Duration {
	d := granted*8/10 + spread(granted/10)
	d = max(min(d, granted-refreshMargin), granted/2)
	return min(max(d, minRefresh), maxRefresh)
}

// backOff is how long to wait after a number of earlier failures: twice as long each
// time, of that 50 to 100 % (RFC 5626 §4.5).
func backOff(failures int) time.Duration {
	d := maxRetry
	if failures < 10 {
		d = min(firstRetry<<failures, maxRetry)
	}
	return d/2 + spread(d/2)
}

func spread(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return rand.N(d)
}
