package phone

import (
	"errors"
	"time"

	"gocommunicator/app/config"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
)

// ErrRecordingOff says that the settings do not let calls be recorded.
var ErrRecordingOff = errors.New("calls are not to be recorded")

// firstTone is how long after the beginning of a recording its first tone is heard: what
// is sent has become the mixture by then.
const firstTone = time.Second

// recording is a call of which the page makes a file. It belongs to the loop.
type recording struct {
	mix   media.Mix // in which the tone is put, unless the call is in a conference
	timer *sipcore.Timer
}

// Record has an answered call recorded, or no longer. The page records as long as Call says
// so; the other side hears a tone as often as the settings say. The error is
// ErrRecordingOff, ErrNoCall or ErrWhichCall.
func (p *Phone) Record(id string, on bool) error {
	if on && p.settings().Session.Recording != config.RecordingAllowed {
		return ErrRecordingOff
	}
	could := func(c Call) bool { return isAnswered(c) && c.Recording != on }
	return p.on(id, could, func(s *session.Session) {
		live := p.live[s.ID()]
		if on == (live.recording != nil) || !isAnswered(callOf(s.Info())) {
			return
		}
		if on {
			live.recording = &recording{}
			p.beepIn(firstTone, live)
		} else {
			live.endRecording()
		}
		p.callChanged(s)
	})
}

func (live *liveCall) endRecording() {
	if r := live.recording; r != nil {
		live.recording = nil
		r.timer.Stop()
		r.mix.Set(nil)
	}
}

// beepIn has the other side hear that it is recorded, after a time and from then on as often
// as the settings say.
func (p *Phone) beepIn(after time.Duration, live *liveCall) {
	r := live.recording
	every := p.deps.Config.Session.RecordingNotice
	call, ok := live.Media().(*callMedia)
	if every == 0 || !ok {
		return
	}
	mix := func() *media.Mix {
		if p.joined.member(live.ID()) != nil {
			return &p.joined.mix
		}
		r.mix.Set(map[*media.Conn]bool{call.conn: false})
		return &r.mix
	}
	mix()
	r.timer = p.loop.After(after, func() {
		if info := live.Info(); !info.LocalHold && !info.RemoteHold {
			mix().Beep(call.conn)
		}
		p.beepIn(every, live)
	})
}
