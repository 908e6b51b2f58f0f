package phone

import (
	"errors"

	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
)

// Screen shows the screen, a window or a tab to the other side of an answered call, or ends
// that: beside the camera's picture where the other side takes both, else in its place. The
// browser asks the person which; who would rather not is told nothing.
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
			case m.conn.Beside():
				p.besideCamera(s, m)
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

// besideCamera offers the screen on a line of its own. Who refuses the offer for it gets the
// screen in place of the camera's picture, and the person need not know.
func (p *Phone) besideCamera(s *session.Session, m *callMedia) {
	s.Renegotiate(func(err error) {
		switch {
		case err != nil:
			go func() {
				if err := m.conn.Cover(); err != nil {
					p.log.Info("screen in place of the camera", "err", err)
				}
			}()
		case m.conn.Loose():
			p.reoffer(s)
		}
	})
}

// reoffer has the other side learn what has changed here.
func (p *Phone) reoffer(s *session.Session) {
	s.Renegotiate(func(err error) {
		if err != nil {
			p.log.Info("new offer", "err", err)
		}
	})
}

// unshare ends what is shown of the screen. Without a camera nothing is shown any more.
func (p *Phone) unshare(s *session.Session, m *callMedia) {
	if !m.conn.Sharing() {
		return
	}
	beside := m.conn.Beside()
	go func() {
		if m.conn.Unshare() != nil {
			return // it has ended
		}
		p.loop.Post(func() {
			switch want := m.conn.Want(); {
			case want.NoCamera && (beside || s.Info().Video):
				want.Video = s.Info().RemoteVideo
				p.depict(s, m, want)
			case beside:
				p.reoffer(s)
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
