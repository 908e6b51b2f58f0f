package link

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// Server is one place to connect to.
type Server struct {
	URL    string // ws:, wss:, or under js relative to the page, e.g. `/sip`
	Weight int    // higher ones are tried first; equal ones in random order
}

// round hands out servers, the heaviest first, each once before any comes again.
type round struct {
	all  []Server
	left []Server
}

// next takes the next server, beginning a new round when the last is through.
func (r *round) next() Server {
	if len(r.left) == 0 {
		r.left = slices.Clone(r.all)
		rand.Shuffle(len(r.left), func(i, j int) { r.left[i], r.left[j] = r.left[j], r.left[i] })
		slices.SortStableFunc(r.left, func(a, b Server) int { return cmp.Compare(b.Weight, a.Weight) })
	}
	s := r.left[0]
	r.left = r.left[1:]
	return s
}

// exhausted reports whether every server of the round has been tried.
func (r *round) exhausted() bool { return len(r.left) == 0 }

// restart has the next round begin.
func (r *round) restart() { r.left = nil }

// backoff is how long to wait after so many consecutive failures: a random time
// between half of and the whole of min(longest, shortest*2^failures) (RFC 5626 §4.5),
// so that the phones of a server that was restarted do not come back all at once.
func backoff(shortest, longest time.Duration, failures int) time.Duration {
	bound := shortest
	for range failures {
		if bound >= longest/2 {
			bound = longest
			break
		}
		bound *= 2
	}
	return bound/2 + rand.N(bound/2+1)
}
