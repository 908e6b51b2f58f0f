package phone

import (
	"errors"

	"gocommunicator/app/config"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
)

// Video adds the picture of the camera to an answered call, or takes it away and gives
// the camera back; the other side's goes on. Without a picture of one's own, off ends the
// other side's too. What the other side or the devices refuse leaves the call as it was,
// and the person is told.
func (p *Phone) Video(id string, on bool) error {
	return p.onMedia(id, func(s *session.Session, m *callMedia) {
		want := media.Want{Audio: true, Video: on}
		if on {
			p.addVideo(s, m, want)
			return
		}
		if m.conn.Sharing() || m.conn.Local().Has(media.Video) && s.Info().RemoteVideo {
			want.Video, want.NoCamera = true, true
		}
		p.depict(s, m, want)
	})
}

// Watch lets the other side's video be seen that it has added, without a camera here.
func (p *Phone) Watch(id string) error {
	return p.onMedia(id, func(s *session.Session, m *callMedia) {
		m.asked.Store(false)
		p.callChanged(s)
	})
}

// onMedia does something to the media of an answered call on the loop.
func (p *Phone) onMedia(id string, do func(*session.Session, *callMedia)) error {
	return p.on(id, isAnswered, func(s *session.Session) {
		m, ok := s.Media().(*callMedia)
		if info := s.Info(); !ok || !isAnswered(callOf(info)) || info.LocalHold || info.RemoteHold {
			n := Explain(session.ErrState)
			n.CallID = s.ID()
			p.notice(n)
			return
		}
		do(s, m)
	})
}

// addVideo asks for the camera first: the person may take their time.
func (p *Phone) addVideo(s *session.Session, m *callMedia, want media.Want) {
	if m.opening {
		return
	}
	m.opening = true
	go func() {
		err := m.conn.Prepare(want)
		p.loop.Post(func() {
			m.opening = false
			if err != nil {
				p.unshown(s, err)
				return
			}
			s.Mute(s.Info().AudioMuted, false)
			p.depict(s, m, want)
		})
	}()
}

// depict offers the picture that is wanted.
func (p *Phone) depict(s *session.Session, m *callMedia, want media.Want) {
	before := m.conn.Want()
	m.asked.Store(false)
	m.conn.SetWant(want)
	m.adding = want.Video && !want.NoCamera
	s.Renegotiate(func(err error) {
		m.adding = false
		if err != nil {
			m.conn.SetWant(before)
			p.unshown(s, err)
			if !s.Info().Video {
				p.unshare(s, m)
			}
		}
	})
}

// unshown says why there is no picture of this side.
func (p *Phone) unshown(s *session.Session, err error) {
	n := Explain(err)
	switch refused := (*sipcore.ResponseError)(nil); {
	case errors.Is(err, sipcore.ErrClosed), s.Info().State == session.StateEnded:
		return
	case errors.As(err, &refused), errors.Is(err, session.ErrBadDescription):
		n = Notice{Code: "error_video_refused"}
	}
	n.CallID = s.ID()
	p.notice(n)
}

// videoRemoved says that the other side does not take this side's picture, or no longer.
func (p *Phone) videoRemoved(m *callMedia) {
	s := p.sessionOf(m)
	if s == nil || !m.met {
		return
	}
	code := "hint_video_removed"
	if m.adding {
		code = "error_video_refused"
	}
	p.notice(Notice{Code: code, CallID: s.ID()})
}

// sessionOf is the answered call that media belong to, else nil.
func (p *Phone) sessionOf(m *callMedia) *session.Session {
	for _, c := range p.live {
		if c.Media() == m && isAnswered(callOf(c.Info())) {
			return c.Session
		}
	}
	return nil
}

// videoOffered tells what becomes of picture that the other side has added. It is called
// while its offer is answered.
func (p *Phone) videoOffered(m *callMedia) bool {
	policy := p.settings().Media.IncomingVideo
	m.asked.Store(policy == config.VideoAsk)
	return policy != config.VideoRefuse
}

// showPicture puts into a call what its media know of the pictures.
func (p *Phone) showPicture(s *session.Session, c *Call) {
	m, ok := s.Media().(*callMedia)
	if !ok {
		return
	}
	m.met = m.met || c.State == Active
	c.Screen, c.ScreenBeside = m.conn.Sharing(), m.conn.Beside()
	c.RemoteScreen = m.conn.RemoteScreen().Has(media.Video)
	c.VideoAsked = c.RemoteVideo && m.asked.Load() && m.conn.Want().Video
}
