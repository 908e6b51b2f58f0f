//go:build !js

package media

import "sync"

// Stream is sound and picture together. Natively it only tells what is there: what is
// received goes to Platform.Sink.
type Stream struct{ state *streamState }

type streamState struct {
	mu    sync.Mutex
	kinds map[Kind]bool
}

func newStream() Stream { return Stream{&streamState{kinds: map[Kind]bool{}}} }

// Has tells whether there is a track of a kind.
func (s Stream) Has(k Kind) bool {
	if s.state == nil {
		return false
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	return s.state.kinds[k]
}

// set puts a kind in or takes it out and tells whether that changed anything.
func (s Stream) set(k Kind, there bool) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	changed := s.state.kinds[k] != there
	s.state.kinds[k] = there
	return changed
}

func (s Stream) clear() {
	for _, k := range kinds {
		s.set(k, false)
	}
}
