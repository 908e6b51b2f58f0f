package phone

import (
	"errors"

	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
)

// Screen shows the screen, a window or a tab to the other side of an answered call, in
// place of the camera's picture, or ends that. The browser asks the person which; who would
// rather not is told nothing.
func (p *Phone) Screen(id string, on bool) error {
	return p.onMedia(id, func(s *session.Session, m *callMedia) {
		switch {
		case !on:
			p.unshare(s, m)
		case !m.opening && !m.conn.Sharing():
			p.share(s, m)
		}
	})
}

func (p *Phone) share(s *session.Session, m *callMedia) {
	m.opening = true
	go func() {
		sent, err := m.conn.Share()
		p.loop.Post(func() {
			m.opening = false
			var device *media.MediaError
			switch {
			case errors.As(err, &device) && device.Reason == media.NotAllowed:
				return
			case err != nil:
				p.unshown(s, err)
				return
			case !sent:
				want := m.conn.Want()
				want.NoCamera = want.NoCamera || !want.Video
				want.Video = true
				p.depict(s, m, want)
			}
			p.callChanged(s)
		})
	}()
}

// unshare ends what is shown of the screen. Without a camera nothing is shown any more.
func (p *Phone) unshare(s *session.Session, m *callMedia) {
	if !m.conn.Sharing() {
		return
	}
	go func() {
		if m.conn.Unshare() != nil {
			return // it has ended
		}
		p.loop.Post(func() {
			if want := m.conn.Want(); want.NoCamera && s.Info().Video {
				want.Video = s.Info().RemoteVideo
				p.depict(s, m, want)
			}
			p.callChanged(s)
		})
	}()
}

// screenEnded follows the browser, which has ended what is shown of the screen.
func (p *Phone) screenEnded(m *callMedia) {
	if s := p.sessionOf(m); s != nil {
		p.unshare(s, m)
	}
}
