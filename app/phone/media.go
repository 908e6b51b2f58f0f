package phone

import (
	"context"
	"errors"
	"sync/atomic"

	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/ua"
)

// callMedia is the media of a call as a session wants it. A camera that cannot be had
// does not cost the call: the other side is heard and seen, and the person is told.
type callMedia struct {
	conn *media.Conn
	tell func(Notice)

	begun atomic.Bool // there has been an offer and an answer
	asked atomic.Bool // the other side has added video, and the person has not decided
	// Owned by the loop.
	opening bool // a camera or the screen, for its picture to be added
	met     bool // the call has been active
	adding  bool // of video, until the other side has said what it makes of it
}

// openMedia prepares the media of a call. It is called on the loop.
func (p *Phone) openMedia(video bool, on func(session.MediaState)) session.Media {
	m := &callMedia{tell: p.notice}
	m.conn = p.engine.Open(media.Want{Audio: true, Video: video, AnyWay: p.next.anyWay}, media.Events{
		State: func(s media.ConnState) {
			if state, ok := ua.MediaStates[s]; ok {
				on(state)
			}
		},
		Digit:        func(digit string) { p.loop.Post(func() { p.eventReceived(m, digit) }) },
		RemoteTracks: p.tracksChanged,
		ScreenEnded:  func() { p.loop.Post(func() { p.screenEnded(m) }) },
		Offered:      func() bool { return p.videoOffered(m) },
		Removed:      func() { p.loop.Post(func() { p.videoRemoved(m) }) },
		LocalTracks: func() {
			p.tracksChanged()
			p.FindDevices() // now they have names
		},
		Lost: p.FindDevices,
		Exchanged: func(x media.Exchange) {
			p.loop.Post(func() { p.changedDevice(x.Was.Role, x) })
		},
	})
	return m
}

// tracksChanged has all calls published again, so that the screen attaches what there
// is to see and hear.
func (p *Phone) tracksChanged() {
	p.loop.Post(func() {
		for _, c := range p.live {
			p.callChanged(c.Session)
		}
	})
}

func (m *callMedia) Offer(ctx context.Context) ([]byte, error) {
	if m.begun.Load() { // who adds video is told that there is no camera, and that is all
		return m.conn.Offer(ctx)
	}
	return m.withoutCamera(func() ([]byte, error) { return m.conn.Offer(ctx) })
}

func (m *callMedia) Answer(ctx context.Context, offer []byte) ([]byte, error) {
	sdp, err := m.withoutCamera(func() ([]byte, error) { return m.conn.Answer(ctx, offer) })
	if err == nil {
		m.begun.Store(true)
	}
	return sdp, err
}

func (m *callMedia) withoutCamera(try func() ([]byte, error)) ([]byte, error) {
	sdp, err := try()
	var device *media.MediaError
	if errors.As(err, &device) && device.Kind == media.Video {
		m.tell(Explain(err))
		m.conn.SetWant(media.Want{Audio: true, Video: true, NoCamera: true})
		sdp, err = try()
	}
	return sdp, err
}

func (m *callMedia) Accept(ctx context.Context, answer []byte, provisional bool) error {
	err := m.conn.Accept(ctx, answer, provisional)
	if err == nil && !provisional {
		m.begun.Store(true)
	}
	return err
}

func (m *callMedia) Rollback(ctx context.Context) error { return m.conn.Rollback(ctx) }

func (m *callMedia) SetMuted(audio, video bool) { m.conn.SetMuted(audio, video) }

func (m *callMedia) SetHold(on bool) { m.conn.SetHold(on) }

func (m *callMedia) Close() { m.conn.Close() }
