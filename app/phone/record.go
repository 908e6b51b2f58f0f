package phone

import (
	"errors"
	"slices"
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
	told  []string // calls that the tone is for: one more has it sounded soon
}

// Record has an answered call recorded, or no longer. The page records as long as Call says
// so; all whom Recorded names hear a tone as often as the settings say. The error is
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

// Recorded are the ids of the calls of which what is said gets into the recording of one:
// that, and who is talked with in the same conference. Who is on hold takes no part, and
// while the one itself is, nobody else does. It may be called from any goroutine.
func (p *Phone) Recorded(id string) (ids []string) {
	calls := p.Snapshot().Calls
	talks := func(c *Call) bool { return !c.LocalHold && !c.RemoteHold }
	conference := ""
	for i := range calls {
		if c := &calls[i]; c.ID == id && talks(c) {
			conference = c.Conference
		}
	}
	for i := range calls {
		if c := &calls[i]; c.ID == id || conference != "" && c.Conference == conference && talks(c) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// tellRecorded has the tone sounded soon where somebody is recorded who has not been told.
func (p *Phone) tellRecorded() {
	for id, live := range p.live {
		r := live.recording
		if r == nil {
			continue
		}
		told := len(r.told)
		for _, other := range p.Recorded(id) {
			if !slices.Contains(r.told, other) {
				r.told = append(r.told, other)
			}
		}
		if p.beepsIn(live) != nil && len(r.told) > told {
			r.timer.Stop()
			p.beepIn(firstTone, live)
		}
	}
}

// beepsIn is the mix in which the tone of a recording is heard: that of the conference,
// or one of its own. It is nil where no tone is wanted.
func (p *Phone) beepsIn(live *liveCall) *media.Mix {
	conn := p.conn(live.ID())
	if conn == nil || p.settings().Session.RecordingNotice == 0 {
		return nil
	}
	if p.joined.member(live.ID()) != nil {
		return &p.joined.mix
	}
	live.recording.mix.Set(map[*media.Conn]bool{conn: false})
	return &live.recording.mix
}

// beepIn has those who are recorded hear it, after a time and from then on as often as the
// settings say. Of several recordings of one conference the first one speaks for all.
func (p *Phone) beepIn(after time.Duration, live *liveCall) {
	live.recording.timer = p.loop.After(after, func() {
		mix := p.beepsIn(live)
		if mix == nil {
			return
		}
		all, info := p.Recorded(live.ID()), live.Info()
		speaks := !info.LocalHold && !info.RemoteHold
		for _, other := range all {
			if other == live.ID() {
				break
			}
			if first := p.live[other]; first != nil && first.recording != nil {
				speaks = false
			}
		}
		for _, other := range all {
			if speaks {
				mix.Beep(p.conn(other))
			}
		}
		p.beepIn(p.settings().Session.RecordingNotice, live)
	})
}
