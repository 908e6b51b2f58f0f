//go:build !js

package devserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/google/uuid"

	"gocommunicator/sipcore"
	"gocommunicator/sipcore/auth"
	"gocommunicator/sipcore/link"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/message"
	"gocommunicator/sipcore/register"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/ua"
)

// saidFor is how long a digit that is said back is to sound.
const saidFor = 160 * time.Millisecond

// serviceCalls is how many calls a service has at the same time; more are busy.
const serviceCalls = 20

// service is a phone without a person: it answers every call. Its state belongs to
// its loop.
type service struct {
	log    *slog.Logger
	loop   *sipcore.Loop
	agent  *ua.UA
	engine *media.Engine
	video  bool // pictures are answered
	says   bool // digits are said back
}

// startServices starts echo and music and waits until both have registered.
func (s *Server) startServices(ctx context.Context) error {
	for _, what := range []struct {
		name   string
		engine func(media.Config) (*media.Engine, error)
		echo   bool
	}{
		{echoName, media.NewEcho, true},
		{musicName, media.NewTones, false},
	} {
		log := s.log.With("part", what.name)
		engine, err := what.engine(media.Config{
			Log:      log,
			Platform: media.Platform{Loopback: s.settings.addr.IsLoopback()},
		})
		if err != nil {
			return fmt.Errorf("%s: %w", what.name, err)
		}
		v := &service{log: log, loop: sipcore.NewLoop(log), engine: engine, video: what.echo, says: what.echo}
		s.services = append(s.services, v)
		if err := v.start(ctx, what.name, s); err != nil {
			return fmt.Errorf("%s: %w", what.name, err)
		}
	}
	return nil
}

// start connects and waits for the registration.
func (v *service) start(ctx context.Context, name string, s *Server) error {
	registered := make(chan error, 1)
	report := func(status register.Status) {
		var err error
		switch status.State {
		case register.Registered:
		case register.Failed:
			err = fmt.Errorf("not registered: %+v", status.Cause)
		default:
			return
		}
		select {
		case registered <- err:
		default: // only the first is waited for
		}
	}
	cfg := ua.Config{
		Loop: v.loop,
		Log:  v.log,
		Account: sipcore.Address{
			Name: strings.ToUpper(name[:1]) + name[1:],
			URI:  sip.Uri{Scheme: "sip", User: name, Host: s.settings.Domain},
		},
		Credentials:    auth.Credentials{Username: name, Password: s.settings.servicePW},
		InstanceID:     "urn:uuid:" + uuid.NewString(),
		UserAgent:      "GoCommunicator " + name,
		Link:           link.Config{Servers: []link.Server{{URL: "pipe:"}}, Dial: s.Dialer(), KeepAlive: -1},
		Open:           v.open,
		RefuseMessages: true,
		Events: ua.Events{
			Registration: report,
			Incoming:     v.incoming,
			Call:         v.changed,
			Info:         v.info,
		},
	}
	var err error
	if doErr := v.loop.Do(ctx, func() {
		if v.agent, err = ua.New(cfg); err != nil {
			return
		}
		v.agent.Open()
		v.agent.Register()
	}); doErr != nil {
		return doErr
	}
	if err != nil {
		return err
	}
	select {
	case err := <-registered:
		return err
	case <-ctx.Done():
		return fmt.Errorf("not registered: %w", ctx.Err())
	}
}

// close ends the calls and everything else, and waits for it.
func (v *service) close() {
	done := make(chan struct{})
	v.loop.Post(func() {
		if v.agent == nil {
			close(done)
			return
		}
		v.agent.Close(func() { close(done) })
	})
	<-done
	v.engine.Close()
	v.loop.Close()
	<-v.loop.Done()
}

// incoming answers a call, unless there are too many.
func (v *service) incoming(s *session.Session) {
	info := s.Info()
	v.log.Info("called", "by", info.Remote.AOR(), "video", info.RemoteVideo)
	if len(v.agent.Sessions()) > serviceCalls {
		v.log.Warn("call refused: too many", "limit", serviceCalls)
		s.Reject(sip.StatusBusyHere)
		return
	}
	if err := s.Accept(v.video && info.RemoteVideo); err != nil {
		v.log.Warn("call not answered", "err", err)
	}
}

func (v *service) changed(s *session.Session) {
	if info := s.Info(); info.State == session.StateEnded {
		v.log.Info("call ended", "with", info.Remote.AOR(), "err", info.Err)
	}
}

// open prepares the media of a call.
func (v *service) open(video bool, on func(session.MediaState)) session.Media {
	var conn *media.Conn
	conn = v.engine.Open(media.Want{Audio: true, Video: video}, media.Events{
		State: func(s media.ConnState) {
			if state, ok := ua.MediaStates[s]; ok {
				on(state)
			}
		},
		Digit: func(digit string) { v.loop.Post(func() { v.heard(conn, digit) }) },
	})
	return conn
}

// heard takes a digit that came as a telephone event (RFC 4733).
func (v *service) heard(conn *media.Conn, digit string) {
	for _, s := range v.agent.Sessions() {
		if s.Media() == session.Media(conn) {
			v.sayBack(s, digit)
		}
	}
}

// info takes a digit that came in an INFO.
func (v *service) info(s *session.Session, contentType string, body []byte) (taken bool) {
	digit, ok := session.ParseDigit(contentType, body)
	if ok {
		v.sayBack(s, digit)
	}
	return ok && v.says
}

// sayBack sends a digit back as INFO; a phone that has no use for that gets it as a
// message.
func (v *service) sayBack(s *session.Session, digit string) {
	if !v.says {
		return
	}
	peer := s.Info().Remote
	err := s.SendDigit(digit, saidFor, func(err error) {
		var refused *sipcore.ResponseError
		if !errors.As(err, &refused) {
			return
		}
		m := message.Message{Peer: peer, ContentType: "text/plain", Body: []byte("You pressed " + digit)}
		v.agent.Message(m, func(err error) {
			if err != nil {
				v.log.Info("digit not said back", "err", err)
			}
		})
	})
	if err != nil {
		v.log.Info("digit not said back", "err", err)
	}
}
