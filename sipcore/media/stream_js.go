package media

import "syscall/js"

// Stream is sound and picture together. In the page it is a MediaStream, the same one
// as long as its Conn lives: tracks come and go in it.
type Stream struct{ value js.Value }

func newStream() Stream { return Stream{js.Global().Get("MediaStream").New()} }

// JSValue is the MediaStream, made for srcObject; null for the zero Stream.
func (s Stream) JSValue() js.Value {
	if s.value.IsUndefined() {
		return js.Null()
	}
	return s.value
}

// Has tells whether there is a track of a kind.
func (s Stream) Has(k Kind) bool {
	return !s.value.IsUndefined() && s.tracks(k).Length() > 0
}

func (s Stream) tracks(k Kind) js.Value {
	if k == Video {
		return s.value.Call("getVideoTracks")
	}
	return s.value.Call("getAudioTracks")
}

// holds tells whether a track is in it.
func (s Stream) holds(track js.Value) bool {
	return !s.value.Call("getTrackById", track.Get("id")).IsNull()
}

func (s Stream) add(track js.Value)    { s.value.Call("addTrack", track) }
func (s Stream) remove(track js.Value) { s.value.Call("removeTrack", track) }

func (s Stream) clear() {
	tracks := s.value.Call("getTracks")
	for i := range tracks.Length() {
		s.remove(tracks.Index(i))
	}
}
