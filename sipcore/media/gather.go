package media

import (
	"context"
	"strings"
	"time"
)

// settle is how long the first host candidate waits for its siblings on other
// interfaces. They come within a few milliseconds of each other.
const settle = 20 * time.Millisecond

// readiness is whether a description can go out with the candidates it has.
type readiness int

const (
	notReady readiness = iota
	settling           // it would do; others are about to come
	ready
)

// gathering is the rule by which a description is released. SIP has no trickle here,
// so what goes out must do; but waiting for the browser to call it complete costs
// seconds when one of the servers does not answer.
type gathering struct {
	relay   bool // nothing goes out without a relay candidate
	servers bool // STUN or TURN is configured
}

// judge looks at a local description.
func (g gathering) judge(sdp string, complete bool) readiness {
	have := candidateTypes(sdp)
	switch {
	case complete:
		return ready
	case have["relay"]:
		return ready
	case g.relay:
		return notReady
	case have["srflx"]:
		return ready
	case have["host"] && !g.servers:
		return settling
	default:
		return notReady
	}
}

// usable tells whether a description may go out when no time is left.
func (g gathering) usable(sdp string) bool {
	return !g.relay || candidateTypes(sdp)["relay"]
}

// candidateTypes are the types of the candidates that every transport of a description
// has: lines bundled onto another line's transport have none of their own (RFC 8843). An
// active TCP candidate counts for nothing, since nobody can reach it (RFC 6544 §4.5): who is
// told of no other has nowhere to send to.
func candidateTypes(sdp string) map[string]bool {
	session, sections, _ := strings.Cut(sdp, "\nm=")
	common := map[string]bool{}
	bundled := strings.Contains(session, "a=group:BUNDLE")
	for i, section := range strings.Split(sections, "\nm=") {
		own := map[string]bool{}
		for line := range strings.Lines(section) {
			if !strings.HasPrefix(line, "a=candidate:") || strings.Contains(line, " tcptype active") {
				continue
			}
			if _, rest, ok := strings.Cut(line, " typ "); ok {
				typ, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
				own[typ] = true
			}
		}
		switch {
		case i == 0 || bundled:
			for typ := range own {
				common[typ] = true
			}
		default:
			for typ := range common {
				if !own[typ] {
					delete(common, typ)
				}
			}
		}
	}
	return common
}

// wait returns the local description as soon as it can work, and at the latest after
// timeout: then with what there is, or with ErrNoRelay. progress tells that it may
// have changed.
func (g gathering) wait(
	ctx context.Context, timeout time.Duration, progress <-chan struct{}, local func() (sdp string, complete bool),
) (string, error) {
	deadline := time.NewTimer(timeout)
	defer deadline.Stop()
	var settled <-chan time.Time
	for {
		sdp, complete := local()
		switch g.judge(sdp, complete) {
		case ready:
			if !g.usable(sdp) {
				return "", ErrNoRelay
			}
			return sdp, nil
		case settling:
			if settled == nil {
				timer := time.NewTimer(settle)
				defer timer.Stop()
				settled = timer.C
			}
		case notReady:
		}
		select {
		case <-progress:
		case <-settled:
			sdp, _ := local()
			return sdp, nil
		case <-deadline.C:
			sdp, _ := local()
			if !g.usable(sdp) {
				return "", ErrNoRelay
			}
			return sdp, nil
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
}
